"""Programme and practical information, each drawn on an A6 panel. In points.

The holder's own appointments, under the programme, are the only part that differs between people.
"""

from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from salon.badges.models.badge_layouts import AppointmentLine, FairFace, ProgrammeLine
from salon.platform.documents.pdf.colours import GREY, INK, LINE, SEA, SUN
from salon.platform.documents.pdf.text import Block, draw, fit, flow
from salon.platform.words.formats import plural
from salon.platform.words.typography import sentence

WIDTH, HEIGHT = A4[0] / 2, A4[1] / 2
MARGIN = 9 * mm
ROOM = WIDTH - 2 * MARGIN
HEAD, FOOT = 28 * mm, 12 * mm
HILLS = 20 * mm
"""Height left free at the foot of the two inner panels."""

MOST_APPOINTMENTS = 4
APPOINTMENT, AROUND = 9 * mm, 15 * mm
"""Heights: of one appointment, and of their title and note."""
MAY_CHANGE = "Tels qu’à l’impression\u00a0: si l’un change, un message vous le dit."

BADGE_HELP = (
    "À l’entrée, présentez le code de ce badge\u00a0: il se lit sur papier ou sur votre téléphone.",
    "Empêché\u00a0? Le lien reçu par courriel permet d’annuler ou de vous faire remplacer.",
    "Badge oublié ou abîmé\u00a0? L’accueil vous en imprime un autre.",
)


def heading(canvas: Canvas, title: str, under: str) -> None:
    """Draw the title of a panel and a line under it."""
    top = HEIGHT - MARGIN
    canvas.setFillColor(SEA)
    top = draw(canvas, fit(title, ROOM, 9 * mm, 19, 12, True), MARGIN, top)
    canvas.setFillColor(GREY)
    draw(canvas, fit(under, ROOM, 5 * mm, 9, 6), MARGIN, top)
    canvas.setFillColor(SUN)
    canvas.rect(MARGIN, HEIGHT - HEAD + 4 * mm, 14 * mm, 1 * mm, stroke=0, fill=1)


def room_for(appointments: int) -> float:
    """Return the height that a number of appointments takes under the programme."""
    return AROUND + min(appointments, MOST_APPOINTMENTS) * APPOINTMENT if appointments else 0


def draw_appointments(canvas: Canvas, lines: Sequence[AppointmentLine]) -> None:
    """Draw the holder's appointments at the foot of the programme; the first ones when there are
    many."""
    top = FOOT + room_for(len(lines))
    canvas.setFillColor(SUN)
    canvas.rect(MARGIN, top - 1 * mm, 14 * mm, 1 * mm, stroke=0, fill=1)
    canvas.setFillColor(SEA)
    draw(canvas, fit("Vos rendez-vous", ROOM, 6 * mm, 13, 9, True), MARGIN, top - 2 * mm)
    top -= 9 * mm
    for hour, theme, details in lines[:MOST_APPOINTMENTS]:
        canvas.setFillColor(SEA)
        draw(canvas, fit(hour, 16 * mm, 5 * mm, 10, 6, True), MARGIN, top)
        column = ROOM - 17 * mm
        canvas.setFillColor(INK)
        below = draw(canvas, fit(theme, column, 4.4 * mm, 10, 6.5, True), MARGIN + 17 * mm, top)
        canvas.setFillColor(GREY)
        draw(canvas, fit(details, column, 3.9 * mm, 8.6, 5.5), MARGIN + 17 * mm, below)
        top -= APPOINTMENT
    remaining = len(lines) - MOST_APPOINTMENTS
    remaining_line = (
        f"… et {remaining} de plus sur la page de votre badge. " if remaining > 0 else ""
    )
    canvas.setFillColor(GREY)
    draw(canvas, fit(remaining_line + MAY_CHANGE, ROOM, 5 * mm, 7.5, 5), MARGIN, top - 0.5 * mm)


def draw_programme(canvas: Canvas, fair: FairFace, space: float = 0) -> None:
    """Draw the programme. `space`: the height left free at the foot."""
    heading(canvas, "Programme", f"{sentence(fair.day)}, {fair.hours}")
    hours = 17 * mm
    column = ROOM - hours
    foot = FOOT + space
    room = HEIGHT - HEAD - foot
    lines = fair.programme or [("", "À venir", "")]
    for size in (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5):
        gap = size * 0.75
        rows = [_programme_row(line, column, size) for line in lines]
        if sum(title.height + place.height + gap for _, title, place in rows) <= room:
            break
    top = HEIGHT - HEAD
    for number, (hour, title, place) in enumerate(rows):
        if top - title.height - place.height < foot:
            canvas.setFillColor(GREY)
            left = plural(len(rows) - number, "autre temps fort", "autres temps forts")
            left_line = fit(f"… et {left}", ROOM, size * 1.2, size, 6)
            draw(canvas, left_line, MARGIN, top)
            break
        canvas.setFillColor(SEA)
        draw(canvas, hour, MARGIN, top)
        canvas.setFillColor(INK)
        below = draw(canvas, title, MARGIN + hours, top)
        canvas.setFillColor(GREY)
        below = draw(canvas, place, MARGIN + hours, below)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.4)
        if number < len(rows) - 1:
            canvas.line(MARGIN, below - gap * 0.4, MARGIN + ROOM, below - gap * 0.4)
        top = below - gap


def _programme_row(line: ProgrammeLine, column: float, size: float) -> tuple[Block, Block, Block]:
    hour, title, room = line
    return (
        fit(hour, 16 * mm, size * 1.2, size, size * 0.6, True),
        flow(title, column, size * 4, size, size, True),
        fit(room, column, size * 1.1, size * 0.86, size * 0.6),
    )


def draw_practical(canvas: Canvas, fair: FairFace) -> None:
    heading(canvas, "Infos pratiques", f"{fair.place}, {fair.address}")
    indent = 5 * mm
    room = HEIGHT - HEAD - HILLS
    for size in (12.5, 12.0, 11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5):
        blocks = [
            flow(text, ROOM - indent, room, size, size) for text in (*fair.practical, *BADGE_HELP)
        ]
        gap = size * 0.7
        if sum(block.height + gap for block in blocks) <= room:
            break
    top = HEIGHT - HEAD
    for block in blocks:
        if top - block.height < HILLS:
            draw(canvas, fit("…", ROOM, size * 1.2, size, size), MARGIN + indent, top)
            break
        canvas.setFillColor(SUN)
        canvas.circle(MARGIN + 1.2 * mm, top - size * 0.55, 1.1 * mm, stroke=0, fill=1)
        canvas.setFillColor(INK)
        top = draw(canvas, block, MARGIN + indent, top) - gap
