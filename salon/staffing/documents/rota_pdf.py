"""Common parts of the printed rota: the published version, its number and date at the foot of each
page.

Black on white: no meaning rests on colour alone. Lengths in points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from salon.platform.formats import short_moment
from salon.platform.pdf.sheet import Sheet
from salon.staffing.queries.papers import PublishedRota

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
    version = version_of(rota)
    foot = [f"{version} – {rota.edition.short_name}"]
    sheet = Sheet(
        None, size, title=title, author=rota.edition.organiser, subject=version, foot=foot
    )
    for page in pages:
        sheet.bookmark = page.name
        page.draw(sheet)
        sheet.showPage()
    return sheet.finished()


def version_of(rota: PublishedRota) -> str:
    """Return « Planning version 3, publiée le 01/10/2021 à 8 h 45 »."""
    version = rota.publication
    return f"Planning version {version.number}, publiée le {short_moment(version.published_at)}"
