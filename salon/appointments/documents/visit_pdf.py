"""Mon parcours on A5, recto verso when it is long: hours, places, walking times. Points."""

from collections.abc import Sequence

from reportlab.lib.pagesizes import A5
from reportlab.platypus import Flowable

from salon.appointments.engine.visit import Kind, Stop, steps_of
from salon.appointments.queries.visit import Visit
from salon.fair.models import Edition
from salon.platform.documents.pdf.colours import LINE
from salon.platform.documents.pdf.report import Fitted, draw_flowable, table
from salon.platform.documents.pdf.sheet import About, Sheet, draw_qr
from salon.platform.documents.pdf.text import put
from salon.platform.settings.clock import now
from salon.platform.words.formats import day_of, hour, plural, short_moment

MARGIN = 28.0
WIDTH = A5[0] - 2 * MARGIN
HEAD, FOOT = 66.0, 74.0
HOURS = 76.0
LARGEST, SMALLEST = 44.0, 21.0
"""Height of a step, in points."""
ROOM = A5[1] - MARGIN - HEAD - FOOT
MOST_STEPS = int(ROOM / SMALLEST)
"""Steps on one page."""
QR_SIDE = 58.0
Step = tuple[Stop, int]
"""(stop, minutes of walk to it)."""
WORDS = {
    Kind.BOOKED: "rendez-vous pris",
    Kind.MEETING: "rendez-vous à prendre",
    Kind.TALK: "conférence",
    Kind.STAND: "en passant",
}


def visit_page(visit: Visit, edition: Edition, visitor_name: str, address: str) -> bytes:
    """Return the visit as a PDF.

    The QR code of each page opens `address`, where the visit is up to date.
    """
    title = f"Mon parcours – {edition.short_name}"
    sheet = Sheet(About(title, edition.organiser), None, A5)
    printed_line = f"Imprimé le {short_moment(now())}"
    pages = pages_of(steps_of(visit.stops))
    for number, steps in enumerate(pages, start=1):
        _head(sheet, visit, edition, visitor_name)
        draw_flowable(sheet, _steps(steps), MARGIN, A5[1] - MARGIN - HEAD, WIDTH)
        overleaf = len(pages[number]) if number < len(pages) else 0
        page = f" – page {number} sur {len(pages)}" if len(pages) > 1 else ""
        _foot(sheet, address, overleaf, printed_line + page)
        sheet.showPage()
    return sheet.finished()


def pages_of(steps: Sequence[Step]) -> list[Sequence[Step]]:
    """Divide the steps evenly into pages; a visit without steps has one page."""
    count = max(1, -(-len(steps) // MOST_STEPS))
    size = -(-len(steps) // count)
    return [steps[page * size : (page + 1) * size] for page in range(count)]


def _head(sheet: Sheet, visit: Visit, edition: Edition, visitor_name: str) -> None:
    top = A5[1] - MARGIN
    title = f"Mon parcours – {visitor_name}" if visitor_name else "Mon parcours"
    with sheet.element("H1"):
        put(sheet, title, MARGIN, top, WIDTH, 22, bold=True, smallest=11)
    hours = f"{hour(visit.wish.starts_at)} – {hour(visit.wish.ends_at)}"
    under = f"{edition.short_name}, {day_of(visit.wish.starts_at)}, {hours}"
    put(sheet, under, MARGIN, top - 30, WIDTH, 10, smallest=7)
    sheet.setLineWidth(1.6)
    sheet.line(MARGIN, top - HEAD + 16, MARGIN + WIDTH, top - HEAD + 16)


def _steps(steps: Sequence[Step]) -> Flowable:
    if not steps:
        words = "Aucune étape à ces heures\u00a0: élargissez-les, ou choisissez d’autres sujets."
        return Fitted(words, 12, smallest=10, height=60)
    height = min(LARGEST, ROOM / len(steps))
    rows = [_step(stop, minutes, height) for stop, minutes in steps]
    style = [("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("RIGHTPADDING", (0, 0), (0, -1), 8)]
    return table(rows, (HOURS, WIDTH - HOURS), style, heights=[height] * len(rows))


def _step(stop: Stop, minutes: int, height: float) -> list[object]:
    size = min(12.5, height * 0.4)
    has_hour = stop.kind != Kind.STAND
    at = hour(stop.starts_at) if has_hour else f"vers {hour(stop.about_at)}"
    walk = f", {minutes}\u00a0min à pied" if minutes else ""
    under = f"{WORDS[stop.kind]} – {stop.place.name}{walk}"
    return [
        Fitted(at, size, bold=has_hour),
        [Fitted(stop.title, size, bold=has_hour), Fitted(under, max(6, size * 0.78), smallest=5.5)],
    ]


def _foot(sheet: Sheet, address: str, overleaf: int, printed_line: str) -> None:
    draw_qr(sheet, address, MARGIN - 4, MARGIN - 12, QR_SIDE)
    words = "Ce code ouvre votre parcours à jour. Les stands sont proposés en chemin, sans heure."
    left, top = MARGIN + QR_SIDE + 8, MARGIN + 38
    width = A5[0] - MARGIN - left
    if overleaf:
        overleaf_line = f"+ {plural(overleaf, 'étape')} au verso"
        top -= put(sheet, overleaf_line, left, top, width, 10, bold=True, smallest=8).height + 2
    top = draw_flowable(sheet, Fitted(words, 9, smallest=7, height=30), left, top, width)
    put(sheet, printed_line, left, top - 4, width, 8)
