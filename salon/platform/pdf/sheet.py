"""The canvas of every PDF: it says what it is, embeds its fonts, numbers its pages."""

from collections.abc import Sequence
from io import BytesIO
from typing import IO, Any

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from salon.platform.pdf.text import REGULAR, font, printable, put

MARGIN, FOOT = 42.0, 46.0
"""Usual margin; height that the foot takes, from the edge of the page."""
FOOT_SIZE, FOOT_LEADING, NUMBER_WIDTH = 9.0, 10.5, 90.0


class Sheet(Canvas):
    """Pages of a file whose metadata name it, its author and its language.

    `foot` is printed on each page with « page 2 sur 5 », which is written at the end.
    ReportLab tags nothing: the content of a PDF is on a page too (docs/decisions/0024).
    """

    def __init__(
        self,
        stream: IO[bytes] | None = None,
        pagesize: tuple[float, float] = A4,
        *,
        title: str,
        author: str,
        subject: str = "",
        foot: Sequence[str] = (),
        margin: float = MARGIN,
        **options: Any,
    ) -> None:
        font(REGULAR[0])
        self.stream = stream or BytesIO()
        options |= {"lang": "fr-FR", "initialFontName": REGULAR[0]}
        super().__init__(self.stream, pagesize, **options)
        self.setTitle(printable(title)[0])
        self.setAuthor(printable(author)[0])
        self.setSubject(printable(subject)[0])
        self.setViewerPreference("DisplayDocTitle", "true")
        self.foot, self.margin = foot, margin
        self.bookmark = ""
        self._waiting: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """End the page; with a foot, it waits until the number of pages is known."""
        if not self.foot:
            self._end_page()
            return
        self._waiting.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]
        self.bookmark = ""

    def save(self) -> None:
        pages = self._waiting
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            draw_foot(self, self.foot, number, len(pages), self.margin)
            self._end_page()
        super().save()

    def _end_page(self) -> None:
        if self.bookmark:
            key = f"page-{self.getPageNumber()}"
            self.bookmarkPage(key)
            self.addOutlineEntry(printable(self.bookmark)[0], key)
            self.bookmark = ""
        super().showPage()

    def finished(self) -> bytes:
        """Save the file and return its bytes."""
        self.save()
        assert isinstance(self.stream, BytesIO)
        return self.stream.getvalue()


def draw_foot(canvas: Any, lines: Sequence[str], number: int, total: int, margin: float) -> None:
    """Draw a rule at the foot of the page, the lines under it, and the number of the page.

    `canvas`: a Canvas, whose type stubs do not know its page size.
    """
    right = canvas._pagesize[0] - margin
    canvas.setFillColor(black)
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.6)
    canvas.line(margin, FOOT - 4, right, FOOT - 4)
    top, room = FOOT - 9, right - margin - NUMBER_WIDTH
    put(canvas, f"page {number} sur {total}", right, top, NUMBER_WIDTH, FOOT_SIZE, align="right")
    for row, line in enumerate(lines):
        put(canvas, line, margin, top - row * FOOT_LEADING, room, FOOT_SIZE)


def draw_qr(canvas: Canvas, address: str, left: float, bottom: float, side: float) -> None:
    """Draw a QR code (level M) of `side` points, quiet zone included, that opens an address."""
    code = QrCodeWidget(address, barLevel="M")
    first, low, last, _ = code.getBounds()
    scale = side / (last - first)
    drawing = Drawing(side, side, transform=[scale, 0, 0, scale, -first, -low])
    drawing.add(code)
    renderPDF.draw(drawing, canvas, left, bottom)
