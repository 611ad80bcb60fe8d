"""Common parts of the printed rota: the published version, its number and date at the foot of each
page.

Black on white: no meaning rests on colour alone. Lengths in points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from salon.platform.formats import short_moment
from salon.platform.pdf_text import Block, draw, fit, new_sheet, printable
from salon.staffing.queries.papers import PublishedRota

MARGIN, FOOT = 42.0, 46.0
PALE, SOFT = 0.9, 0.45
"""Greys: of a filled box, of a thin line."""
Size = tuple[float, float]


@dataclass(frozen=True)
class Page:
    """A page: its line in the bookmarks, and the drawing above the foot."""

    name: str
    draw: Callable[[Canvas], None]


def write_pages(title: str, pages: Sequence[Page], rota: PublishedRota, size: Size) -> bytes:
    """Return the pages as a PDF in French, each in the bookmarks, numbered."""
    stream = BytesIO()
    canvas = new_sheet(stream, size, title, rota.edition.organiser)
    canvas.setSubject(printable(version_of(rota))[0])
    for number, page in enumerate(pages, 1):
        key = f"page-{number}"
        canvas.bookmarkPage(key)
        canvas.addOutlineEntry(printable(page.name)[0], key)
        page.draw(canvas)
        _foot(canvas, rota, size, f"page {number} sur {len(pages)}")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def version_of(rota: PublishedRota) -> str:
    """Return « Planning version 3, publiée le 01/10/2021 à 8 h 45 »."""
    version = rota.publication
    return f"Planning version {version.number}, publiée le {short_moment(version.published_at)}"


def _foot(canvas: Canvas, rota: PublishedRota, size: Size, number: str) -> None:
    width = size[0] - 2 * MARGIN
    canvas.setFillColor(black)
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, FOOT - 4, MARGIN + width, FOOT - 4)
    words = fit(f"{version_of(rota)} – {rota.edition.short_name}", width - 90, 12, 9, 6)
    draw(canvas, words, MARGIN, FOOT - 9)
    page = fit(number, 80, 12, 9, 7)
    draw(canvas, page, MARGIN + width - page.width, FOOT - 9)


def put(
    canvas: Canvas,
    text: str,
    x: float,
    top: float,
    width: float,
    size: float,
    *,
    bold: bool = False,
    smallest: float = 6,
    lines: int = 1,
) -> Block:
    """Draw text from `top` down, shrunk to fit on at most `lines` lines; return the block."""
    block = fit(text, width, size * 1.15 * lines, size, smallest, bold)
    draw(canvas, block, x, top)
    return block


def draw_qr(canvas: Canvas, address: str, left: float, bottom: float, side: float) -> None:
    """Draw a QR code (level M) of `side` points, quiet zone included, that opens an address."""
    code = QrCodeWidget(address, barLevel="M")
    first, low, last, _ = code.getBounds()
    scale = side / (last - first)
    drawing = Drawing(side, side, transform=[scale, 0, 0, scale, -first, -low])
    drawing.add(code)
    renderPDF.draw(drawing, canvas, left, bottom)
