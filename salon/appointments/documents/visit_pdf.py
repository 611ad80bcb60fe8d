"""Mon parcours on A5, recto verso when it is long: hours, places, walking times. Points."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from salon.appointments.engine.visit import Kind, Stop, steps_of
from salon.appointments.queries.visit import Visit
from salon.fair.models import Edition
from salon.platform.clock import now
from salon.platform.formats import hour, plural, short_moment
from salon.platform.pdf.sheet import Sheet, draw_qr
from salon.platform.pdf.text import draw, fit, flow

MARGIN = 28.0
WIDTH = A5[0] - 2 * MARGIN
HEAD, FOOT = 66.0, 74.0
HOURS = 62.0
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
    stream = BytesIO()
    title = f"Mon parcours – {edition.short_name}"
    canvas = Sheet(stream, A5, title=title, author=edition.organiser)
    printed_at = now()
    pages = pages_of(steps_of(visit.stops))
    for number, steps in enumerate(pages, start=1):
        _head(canvas, visit, edition, visitor_name)
        _steps(canvas, steps)
        following = pages[number] if number < len(pages) else []
        _foot(canvas, address, printed_at, len(following), number, len(pages))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def pages_of(steps: Sequence[Step]) -> list[Sequence[Step]]:
    """Divide the steps evenly into pages; a visit without steps has one page."""
    count = max(1, -(-len(steps) // MOST_STEPS))
    size = -(-len(steps) // count)
    return [steps[page * size : (page + 1) * size] for page in range(count)]


def _head(canvas: Canvas, visit: Visit, edition: Edition, visitor_name: str) -> None:
    top = A5[1] - MARGIN
    canvas.setFillColor(black)
    title = f"Mon parcours – {visitor_name}" if visitor_name else "Mon parcours"
    draw(canvas, fit(title, WIDTH, 26, 22, 11, True), MARGIN, top)
    hours = f"{hour(visit.wish.starts_at)} – {hour(visit.wish.ends_at)}"
    under = f"{edition.short_name}, {edition.day_label}, {hours}"
    draw(canvas, fit(under, WIDTH, 14, 10, 7), MARGIN, top - 30)
    canvas.setLineWidth(1.6)
    canvas.line(MARGIN, top - HEAD + 16, MARGIN + WIDTH, top - HEAD + 16)


def _steps(canvas: Canvas, steps: Sequence[Step]) -> None:
    top = A5[1] - MARGIN - HEAD
    height = min(LARGEST, ROOM / max(1, len(steps)))
    for rank, (stop, minutes) in enumerate(steps):
        _step(canvas, stop, minutes, top - rank * height, height)
    if not steps:
        words = "Aucune étape à ces heures\u00a0: élargissez-les, ou choisissez d’autres sujets."
        draw(canvas, flow(words, WIDTH, 60, 12, 10), MARGIN, top)


def _step(canvas: Canvas, stop: Stop, minutes: int, top: float, height: float) -> None:
    size = min(12.5, height * 0.4)
    about = stop.kind == Kind.STAND
    at = f"vers {hour(stop.about_at)}" if about else hour(stop.starts_at)
    draw(canvas, fit(at, HOURS - 6, height, size, 6, not about), MARGIN, top)
    title = fit(stop.title, WIDTH - HOURS, size * 1.2, size, 6, not about)
    draw(canvas, title, MARGIN + HOURS, top)
    walk = f", {minutes}\u00a0min à pied" if minutes else ""
    under = f"{WORDS[stop.kind]} – {stop.place.name}{walk}"
    small = max(6.0, size * 0.78)
    draw(
        canvas,
        fit(under, WIDTH - HOURS, small * 1.2, small, 5.5),
        MARGIN + HOURS,
        top - size * 1.25,
    )
    canvas.setStrokeGray(0.7)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, top - height + 5, MARGIN + WIDTH, top - height + 5)


def _foot(
    canvas: Canvas, address: str, printed_at: datetime, overleaf: int, page: int, pages: int
) -> None:
    draw_qr(canvas, address, MARGIN - 4, MARGIN - 12, QR_SIDE)
    words = "Ce code ouvre votre parcours à jour. Les stands sont proposés en chemin, sans heure."
    left = MARGIN + QR_SIDE + 8
    width = A5[0] - MARGIN - left
    top = MARGIN + 38
    if overleaf:
        more = f"+ {plural(overleaf, 'étape')} au verso"
        top = draw(canvas, fit(more, width, 14, 10, 8, True), left, top) - 2
    below = draw(canvas, flow(words, width, 30, 9, 7), left, top)
    printed = f"Imprimé le {short_moment(printed_at)}"
    if pages > 1:
        printed += f" – page {page} sur {pages}"
    draw(canvas, fit(printed, width, 12, 8, 6), left, below - 4)
