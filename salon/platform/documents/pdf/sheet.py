"""The canvas of every PDF: it says what it is, embeds its fonts, numbers its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from salon.platform.documents.pdf.tags import TaggedCanvas
from salon.platform.documents.pdf.text import REGULAR, font, printable, put
from salon.platform.documents.qr import QUIET_ZONE, dark_runs, qr_rows

MARGIN, FOOT = 42.0, 46.0
"""Usual margin; height that the foot takes, from the edge of the page."""
FOOT_SIZE, FOOT_LEADING, NUMBER_WIDTH = 9.0, 10.5, 90.0


@dataclass(frozen=True)
class About:
    """What a file says of itself: in its metadata, and in the lines of its `foot`.

    `is_reproducible`: it says no date of its own, so that the same content gives the same bytes.
    """

    title: str
    author: str
    subject: str = ""
    foot: Sequence[str] = ()
    is_reproducible: bool = False


class Sheet(TaggedCanvas):
    """Pages of a file whose metadata name it, its author and its language.

    `foot` is printed on each page with « page 2 sur 5 », at the end unless the `total` is given.
    Its text is tagged; the content of a PDF is on a page too (docs/decisions/0024).
    """

    def __init__(
        self,
        about: About,
        stream: IO[bytes] | None = None,
        pagesize: tuple[float, float] = A4,
        *,
        total: int | None = None,
        margin: float = MARGIN,
        **options: Any,
    ) -> None:
        font(REGULAR[0])
        self.stream = stream or BytesIO()
        options |= {"initialFontName": REGULAR[0], "lang": "fr-FR", "pdfVersion": (1, 7)}
        options["invariant"] = about.is_reproducible
        super().__init__(self.stream, pagesize, **options)
        self.setTitle(printable(about.title)[0])
        self.setAuthor(printable(about.author)[0])
        self.setSubject(printable(about.subject)[0])
        self.setViewerPreference("DisplayDocTitle", "true")
        self.size, self.margin, self.foot, self.total = pagesize, margin, about.foot, total
        self.bookmark = ""
        """Title of the current page in the outline."""
        self._waiting: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """End the page; with a foot, it waits until the number of pages is known."""
        if self.foot and self.total is None:
            self._waiting.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]
            self.bookmark, self._marks = "", []
        else:
            self._end_page(self.total)

    def save(self) -> None:
        pages = self._waiting
        for page in pages:
            self.__dict__.update(page)
            self._end_page(len(pages))
        self.write_structure()
        super().save()

    def finished(self) -> bytes:
        """Save the file and return its bytes."""
        self.save()
        assert isinstance(self.stream, BytesIO)
        return self.stream.getvalue()

    def _end_page(self, total: int | None) -> None:
        number = self.getPageNumber()
        if self.bookmark:
            self.bookmarkPage(f"page-{number}")
            self.addOutlineEntry(printable(self.bookmark)[0], f"page-{number}")
            self.bookmark = ""
        if self.foot:
            with self.artifact():
                self._draw_foot(f"page {number} sur {total}")
        super().showPage()
        self.note_page()

    def _draw_foot(self, page: str) -> None:
        """Draw a rule, the lines under it, and the number of the page on the right."""
        left, right = self.margin, self.size[0] - self.margin
        self.setFillColor(black)
        self.setStrokeColor(black)
        self.setLineWidth(0.6)
        self.line(left, FOOT - 4, right, FOOT - 4)
        top, room = FOOT - 9, right - left - NUMBER_WIDTH
        put(self, page, right, top, NUMBER_WIDTH, FOOT_SIZE, align="right")
        for row, line in enumerate(self.foot):
            put(self, line, left, top - row * FOOT_LEADING, room, FOOT_SIZE, smallest=4)


def draw_qr(canvas: Canvas, payload: str, x: float, y: float, side: float) -> None:
    """Draw the code with its quiet zone in a square, lower left corner at x, y."""
    rows = qr_rows(payload)
    module = side / (len(rows) + 2 * QUIET_ZONE)
    quiet = QUIET_ZONE * module
    dark = "\n".join(f"{left} {up} {length} 1 re" for left, up, length in dark_runs(rows[::-1]))
    drawing = f"q {module:.4f} 0 0 {module:.4f} {x + quiet:.3f} {y + quiet:.3f} cm 0 g\n{dark}\nf Q"
    if not isinstance(canvas, TaggedCanvas):
        canvas.addLiteral(drawing)
        return
    with canvas.element("Figure", "Code QR"), canvas.marked():
        canvas.addLiteral(drawing)
