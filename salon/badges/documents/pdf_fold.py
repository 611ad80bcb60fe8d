"""The A4 sheet folded in four: badge, programme, plan, practical information. In points.

Folded twice towards the back, the badge is in front, the programme behind, the rest inside.
"""

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from salon.badges.documents.pdf_badge import panel_badge, stamp
from salon.badges.documents.pdf_panels import (
    HEIGHT,
    WIDTH,
    draw_appointments,
    draw_practical,
    draw_programme,
    room_for,
)
from salon.badges.documents.pdf_plan import draw_plan
from salon.badges.models.badge_layouts import BadgeFace, FairFace
from salon.platform.documents.pdf.colours import GREY, LINE
from salon.platform.documents.pdf.pictures import draw_picture
from salon.platform.documents.pdf.text import draw, fit


def folded_sheet(canvas: Canvas, face: BadgeFace, fair: FairFace) -> None:
    """Draw one person's A4 page."""
    space = room_for(len(face.appointments))
    stamp(canvas, f"panels-{space:.0f}", *A4, lambda: _panels(canvas, fair, space))
    if face.appointments:
        draw_appointments(canvas, face.appointments)
    canvas.saveState()
    canvas.translate(WIDTH, 0)
    panel_badge(canvas, face, fair, HEIGHT)
    canvas.restoreState()


def _panels(canvas: Canvas, fair: FairFace, space: float) -> None:
    draw_programme(canvas, fair, space)
    for panel, x in ((draw_practical, WIDTH), (draw_plan, 2 * WIDTH)):
        canvas.saveState()
        canvas.translate(x, 2 * HEIGHT)
        canvas.rotate(180)
        panel(canvas, fair)
        canvas.restoreState()
    _shore(canvas)
    _fold_marks(canvas)


def _shore(canvas: Canvas) -> None:
    """Draw hills along the foot of the two inner panels, which open side by side."""
    canvas.saveState()
    canvas.translate(2 * WIDTH, 2 * HEIGHT)
    canvas.rotate(180)
    draw_picture(canvas, "hills.svg", 0, 0, 2 * WIDTH)
    canvas.restoreState()


def _fold_marks(canvas: Canvas) -> None:
    """Draw dashes along both folds, with instructions in small print beside them."""
    canvas.saveState()
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.setDash([2, 3])
    canvas.line(0, HEIGHT, 2 * WIDTH, HEIGHT)
    canvas.line(WIDTH, 0, WIDTH, 2 * HEIGHT)
    canvas.setFillColor(GREY)
    first = fit("1. Pliez ici vers l’arrière", 60 * mm, 4 * mm, 6.5, 5)
    draw(canvas, first, 6 * mm, HEIGHT - 0.8 * mm)
    canvas.translate(WIDTH, 6 * mm)
    canvas.rotate(90)
    draw(canvas, fit("2. Puis ici vers l’arrière", 60 * mm, 4 * mm, 6.5, 5), 0, 3.2 * mm)
    canvas.restoreState()
