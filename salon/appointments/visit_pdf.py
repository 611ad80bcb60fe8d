"""Mon parcours on one A5 page: hours, where, how far. Black on white; lengths in points."""

from datetime import datetime
from io import BytesIO

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from salon.appointments.queries.visit import Visit
from salon.appointments.visit import Kind, Stop, steps_of
from salon.fair.models import Edition
from salon.formats import hour, short_moment
from salon.pdf_text import draw, fit, flow, printable
from salon.staffing.rota_pdf import draw_qr
from salon.times import now

MARGIN = 28.0
WIDTH = A5[0] - 2 * MARGIN
HEAD, FOOT = 66.0, 74.0
HOURS = 62.0
LARGEST, SMALLEST = 44.0, 21.0
QR_SIDE = 58.0
WORDS = {
    Kind.BOOKED: "rendez-vous pris",
    Kind.MEETING: "rendez-vous à prendre",
    Kind.TALK: "conférence",
    Kind.STAND: "en passant",
}


def visit_page(visit: Visit, edition: Edition, who: str, address: str) -> bytes:
    """The visit as a PDF of one page; its QR code opens `address`, where it is up to date."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=A5, lang="fr-FR")
    canvas.setTitle(printable(f"Mon parcours – {edition.short_name}")[0])
    canvas.setAuthor(printable(edition.organiser)[0])
    canvas.setViewerPreference("DisplayDocTitle", "true")
    _head(canvas, visit, edition, who)
    _lines(canvas, visit)
    _foot(canvas, address, now())
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _head(canvas: Canvas, visit: Visit, edition: Edition, who: str) -> None:
    top = A5[1] - MARGIN
    canvas.setFillColor(black)
    title = f"Mon parcours – {who}" if who else "Mon parcours"
    draw(canvas, fit(title, WIDTH, 26, 22, 11, True), MARGIN, top)
    hours = f"{hour(visit.wish.starts_at)} – {hour(visit.wish.ends_at)}"
    under = f"{edition.short_name}, {edition.day_label}, {hours}"
    draw(canvas, fit(under, WIDTH, 14, 10, 7), MARGIN, top - 30)
    canvas.setLineWidth(1.6)
    canvas.line(MARGIN, top - HEAD + 16, MARGIN + WIDTH, top - HEAD + 16)


def _lines(canvas: Canvas, visit: Visit) -> None:
    top, steps = A5[1] - MARGIN - HEAD, steps_of(visit.stops)
    height = min(LARGEST, max(SMALLEST, (top - FOOT) / max(1, len(steps))))
    for stop, minutes in steps:
        if top - height < FOOT:
            break
        _line(canvas, stop, minutes, top, height)
        top -= height
    if not steps:
        words = "Aucune étape à ces heures\u00a0: élargissez-les, ou choisissez d’autres sujets."
        draw(canvas, flow(words, WIDTH, 60, 12, 10), MARGIN, top)


def _line(canvas: Canvas, stop: Stop, minutes: int, top: float, height: float) -> None:
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


def _foot(canvas: Canvas, address: str, at: datetime) -> None:
    draw_qr(canvas, address, MARGIN - 4, MARGIN - 12, QR_SIDE)
    words = "Ce code ouvre votre parcours à jour. Les stands sont proposés en chemin, sans heure."
    left = MARGIN + QR_SIDE + 8
    below = draw(canvas, flow(words, A5[0] - MARGIN - left, 30, 9, 7), left, MARGIN + 38)
    printed = f"Imprimé le {short_moment(at)}"
    draw(canvas, fit(printed, A5[0] - MARGIN - left, 12, 8, 6), left, below - 4)
