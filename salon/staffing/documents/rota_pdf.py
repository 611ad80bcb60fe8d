"""Common parts of the printed rota: the published version, its number and date at the foot of each
page.

Black on white: no meaning rests on colour alone. Lengths in points.
"""

from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4

from salon.platform.documents.pdf.sheet import About, Sheet
from salon.platform.words.formats import short_moment
from salon.staffing.queries.papers import PublishedRota

PALE, PALE_LINE, SOFT = HexColor("#E6E6E6"), HexColor("#CCCCCC"), HexColor("#737373")
"""Greys: of a filled box, of a guide, of a thin line."""


def open_rota_sheet(rota: PublishedRota, title: str, size: tuple[float, float] = A4) -> Sheet:
    """Return a sheet whose foot is « Planning version 3, publiée le 01/10/2021 à 8 h 45 »."""
    published_at = short_moment(rota.publication.published_at)
    version = f"Planning version {rota.publication.number}, publiée le {published_at}"
    foot = [f"{version} – {rota.edition.short_name}"]
    author = rota.edition.organiser
    return Sheet(About(title, author, version, foot), None, size)


def draw_thick_rule(sheet: Sheet, y: float) -> None:
    sheet.setStrokeColor(black)
    sheet.setLineWidth(2)
    sheet.line(sheet.margin, y, sheet.size[0] - sheet.margin, y)
