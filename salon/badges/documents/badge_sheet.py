"""Badges on paper: one PDF for any number of holders, the same bytes for the same input."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from salon.badges.documents.pdf_badge import COMPACT, compact_badge, label_badge
from salon.badges.documents.pdf_fold import folded_sheet
from salon.badges.models.badge_layouts import BadgeFace, FairFace, Layout
from salon.platform.documents.pdf.colours import INK
from salon.platform.documents.pdf.sheet import About, Sheet
from salon.platform.documents.pdf.text import draw, fit
from salon.platform.words.typography import of

rl_config.useA85 = 0

COLUMNS, ROWS = 2, 5
PAGES = {
    Layout.A4: A4,
    Layout.A6: A4,
    Layout.LABEL_62: (62 * mm, 100 * mm),
    Layout.LABEL_102: (102 * mm, 152 * mm),
}
CUT_LINE = HexColor("#B4BDC2")


def write_badges(
    stream: BinaryIO,
    faces: Iterable[BadgeFace],
    fair: FairFace,
    layout: Layout,
    on_page: Callable[[int], None] | None = None,
) -> int:
    """Write the file and return how many badges are in it.

    `on_page` is called after each page with the number of badges drawn so far.
    """
    canvas = _open(stream, fair, layout)
    printed_count = 0
    for page in _in_groups(faces, COLUMNS * ROWS if layout is Layout.A4 else 1):
        _draw_page(canvas, page, fair, layout)
        canvas.showPage()
        printed_count += len(page)
        if on_page:
            on_page(printed_count)
    if not printed_count:
        width, height = PAGES[layout]
        block = fit("Aucun badge à imprimer.", width - 20 * mm, 20 * mm, 14, 8)
        draw(canvas, block, 10 * mm, height - 10 * mm)
        canvas.showPage()
    canvas.save()
    return printed_count


def _open(stream: BinaryIO, fair: FairFace, layout: Layout) -> Canvas:
    title, author = f"Badges – {fair.name}", fair.organiser or fair.name
    canvas = Sheet(
        About(title, author, layout.label, is_reproducible=True),
        stream,
        PAGES[layout],
        pageCompression=1,
    )
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


def _in_groups(faces: Iterable[BadgeFace], size: int) -> Iterator[list[BadgeFace]]:
    left = iter(faces)
    while group := list(islice(left, size)):
        yield group


def _draw_page(canvas: Canvas, page: list[BadgeFace], fair: FairFace, layout: Layout) -> None:
    width, height = PAGES[layout]
    if layout is Layout.A4:
        _sheet_of_ten(canvas, page, fair)
    elif layout is Layout.A6:
        folded_sheet(canvas, page[0], fair)
    else:
        label_badge(canvas, page[0], fair, width, height)


def _sheet_of_ten(canvas: Canvas, page: list[BadgeFace], fair: FairFace) -> None:
    width, height = COMPACT
    left = (A4[0] - COLUMNS * width) / 2
    bottom = (A4[1] - ROWS * height) / 2
    for place, face in enumerate(page):
        row, column = divmod(place, COLUMNS)
        canvas.saveState()
        canvas.translate(left + column * width, bottom + (ROWS - 1 - row) * height)
        compact_badge(canvas, face, fair)
        canvas.restoreState()
    names = (
        f"{of(page[0].last_name)} à {page[-1].last_name}" if len(page) > 1 else page[0].last_name
    )
    note = fit(f"Feuille {canvas.getPageNumber()} – {names}", width, 4 * mm, 7, 6)
    canvas.setFillColor(INK)
    draw(canvas, note, left + 4.5 * mm, bottom - 2 * mm)
    canvas.setStrokeColor(CUT_LINE)
    canvas.setLineWidth(0.3)
    xs = [left + column * width for column in range(COLUMNS + 1)]
    ys = [bottom + row * height for row in range(ROWS + 1)]
    canvas.grid(xs, ys)
    mark = 5 * mm
    canvas.setStrokeColor(INK)
    canvas.lines(
        [(x, y, x, y + way * mark) for x in xs for y, way in ((ys[0], -1), (ys[-1], 1))]
        + [(x, y, x + way * mark, y) for y in ys for x, way in ((xs[0], -1), (xs[-1], 1))]
    )
