"""Reports and tables: a story of paragraphs and tables that flows over as many pages as it takes.

Text is escaped: nothing in it is interpreted. Lengths in points.
"""

from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from typing import Any, Literal, cast
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    PageTemplate,
    Paragraph,
    TableStyle,
)

from salon.platform.documents.pdf.sheet import FOOT, MARGIN, About, Sheet
from salon.platform.documents.pdf.tags import TaggedCanvas, element
from salon.platform.documents.pdf.text import LEADING, REGULAR, Align, draw, fit, flow, printable
from salon.platform.words.formats import NBSP

ALIGNED: dict[Align, Literal[0, 1, 2]] = {"left": 0, "centre": 1, "right": 2}
RUNNING_HEAD, A_FEW_LINES = 30.0, 48.0
Style = Sequence[tuple[Any, ...]]


def write_report(
    story: Sequence[Flowable],
    about: About,
    *,
    running_head: Flowable | None = None,
    draw_first: Callable[[Canvas], None] = lambda canvas: None,
    margin: float = MARGIN,
    top: float | None = None,
) -> bytes:
    """Return the story as an A4 PDF. `running_head`: heads each page after the first.

    `top`: the margin above the text, when it differs from the others.
    """
    stream = BytesIO()
    document = BaseDocTemplate(
        stream,
        pagesize=A4,
        keepTogetherClass=Together,
        title=printable(about.title)[0],
        author=printable(about.author)[0],
        subject=about.subject,
    )
    width, bottom = A4[0] - 2 * margin, FOOT + 8 + 10 * (len(about.foot) - 1)

    edge = A4[1] - (margin if top is None else top)

    def page(name: str, head: float, draw: Callable[[Canvas], None]) -> PageTemplate:
        frame = Frame(margin, bottom, width, edge - head - bottom, *4 * (0,))
        return PageTemplate(
            name, [frame], lambda canvas, _: draw(canvas), autoNextPageTemplate="next"
        )

    def draw_head(canvas: Canvas) -> None:
        if running_head and isinstance(canvas, TaggedCanvas):
            with canvas.artifact():
                draw_flowable(canvas, running_head, margin, edge, width)

    head = RUNNING_HEAD if running_head else 0
    document.addPageTemplates([page("first", 0, draw_first), page("next", head, draw_head)])
    document.build(list(story), canvasmaker=partial(Sheet, about, margin=margin))
    return stream.getvalue()


def paragraph(
    text: str,
    size: float = 10,
    *,
    bold: bool = False,
    before: float = 0,
    indent: float = 0,
    colour: Color = black,
    align: Align = "left",
    leading: float = 1.25,
    keep: bool = False,
) -> Paragraph:
    """Return a paragraph; `keep`: on the same page as the next piece."""
    clean, name = printable(text, bold=bold)
    style = ParagraphStyle(
        name,
        fontName=name,
        bulletFontName=name,
        fontSize=size,
        leading=size * leading,
        spaceBefore=before,
        leftIndent=indent,
        textColor=colour,
        alignment=ALIGNED[align],
        keepWithNext=keep,
        allowWidows=0,
        allowOrphans=0,
    )
    return Paragraph(escape(clean) or NBSP, style)


def heading(text: str, size: float, before: float = 12, **options: Any) -> Paragraph:
    """Return a title that stays on the page of what it names."""
    title = paragraph(text, size, bold=True, before=before, **{"keep": True, **options})
    return Heading(escape(printable(text, bold=True)[0]) or NBSP, title.style)


def flow_pages(
    sheet: Sheet,
    pieces: Sequence[Flowable],
    draw_head: Callable[[Sheet, bool], float],
    bottom: float = FOOT,
) -> None:
    """Draw the pieces on as many pages of `sheet` as they take, each under its head.

    `draw_head(sheet, is_first)` draws the head of a page and returns where it ends.
    """
    width = sheet.size[0] - 2 * sheet.margin
    waiting, is_first = list(pieces), True
    while waiting or is_first:
        start = top = draw_head(sheet, is_first)
        is_first = False
        while waiting:
            if top < start:
                top -= waiting[0].getSpaceBefore()
            _, height = waiting[0].wrapOn(sheet, width, top - bottom)
            if height > top - bottom:
                parts = waiting[0].splitOn(sheet, width, top - bottom)
                if not parts and top < start:
                    break
                waiting[:1] = parts or waiting[:1]
            top = draw_flowable(sheet, waiting.pop(0), sheet.margin, top, width)
        sheet.showPage()


class Together(KeepTogether):
    """Pieces on one page; longer than a page, they begin where a few of their lines fit."""

    _H: float
    _content: list[Flowable]

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        is_longer_than_a_page = A4[1] - MARGIN - FOOT < self._H
        if is_longer_than_a_page and height > A_FEW_LINES:
            return list(self._content)
        return super().split(width, height)


class Heading(Paragraph):
    """A title in the structure of the file."""

    def draw(self) -> None:
        with element(self.canv, "H2"):
            super().draw()


class Fitted(Flowable):
    """Text in a cell that shrinks to `smallest`, then is cut with « … », rather than overflow."""

    def __init__(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        smallest: float = 6,
        lines: int = 1,
        height: float = 0,
        align: Align = "left",
        colour: Color = black,
    ) -> None:
        """`lines`: at most one or two. With a `height`, as many lines as it holds."""
        super().__init__()
        self.text, self.size, self.smallest, self.bold = text, size, smallest, bold
        self.lines, self.most, self.align, self.colour = lines, height, align, colour

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        most = self.most or self.size * LEADING * self.lines
        fitting = flow if self.most else fit
        self.block = fitting(self.text, width, most, self.size, self.smallest, self.bold)
        self.width = width
        return width, self.block.height

    def draw(self) -> None:
        x = {"left": 0.0, "centre": self.width / 2, "right": self.width}[self.align]
        self.canv.setFillColor(self.colour)
        draw(self.canv, self.block, x, self.block.height, self.align)


def table(
    rows: Sequence[list[Any]],
    widths: Sequence[float],
    style: Style = (),
    *,
    heads: int = 0,
    heights: Sequence[float] | float | None = None,
    least: float = 0,
    padding: tuple[float, float] = (0, 2),
    before: float = 0,
) -> LongTable:
    """Return a table of cells; its first `heads` rows are repeated on each page.

    `least`: of the height of a row. `padding`: at the sides of a cell, above and under it.
    `style`: commands of ReportLab.
    """
    across, above = padding
    plain: Style = (
        *((f"{side}PADDING", (0, 0), (-1, -1), across) for side in ("LEFT", "RIGHT")),
        *((f"{side}PADDING", (0, 0), (-1, -1), above) for side in ("TOP", "BOTTOM")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONTNAME", (0, 0), (-1, -1), REGULAR[0]),
    )
    return LongTable(
        rows,
        widths,
        heights,
        style=TableStyle([*plain, *style]),
        repeatRows=heads,
        hAlign="LEFT",
        minRowHeights=[least] * len(rows),
        spaceBefore=before,
        renderCB=cast(Any, _tag_table),
    )


def _tag_table(table: Any, step: str, row: int = 0, *_: Any) -> None:
    """Open and close the elements of a table as ReportLab draws its rows and cells."""
    kinds = {"Table": "Table", "Row": "TR", "Cell": "TH" if row < table.repeatRows else "TD"}
    canvas, kind = table.canv, kinds.get(step.removeprefix("start").removeprefix("end"))
    if kind and isinstance(canvas, TaggedCanvas):
        canvas.begin(kind) if step.startswith("start") else canvas.end()


def draw_flowable(canvas: Canvas, piece: Flowable, x: float, top: float, width: float) -> float:
    """Draw a piece on a page of fixed layout, from `top` down; return where it ends."""
    _, height = piece.wrapOn(canvas, width, top)
    piece.drawOn(canvas, x, top - height)
    return top - height
