"""A stand's queue on paper: blank numbers for a failure of the application, and the poster.

Black on white. Lengths in points.
"""

from collections.abc import Callable
from datetime import date
from io import BytesIO

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from salon.fair.models import Edition, PartnerBody
from salon.platform.formats import day as day_words
from salon.platform.pdf.sheet import Sheet, draw_qr
from salon.platform.pdf.text import draw, fit, put

ACROSS, DOWN = 2, 5
MARGIN = 28.0
PADDING = 14.0
SERIES = "P"
"""Letter of the paper numbers, so that they differ from those of the application."""
POSTER_MARGIN = 50.0
QR_SIDE = 340.0


def blank_tickets_pdf(edition: Edition, body: PartnerBody, day_on: date, sheets: int) -> bytes:
    """Return sheets of ten numbers to cut out, from P1 on."""

    def draw_sheets(canvas: Canvas) -> None:
        for sheet in range(sheets):
            for place in range(ACROSS * DOWN):
                number = sheet * ACROSS * DOWN + place + 1
                _blank(canvas, edition, body, day_on, number, divmod(place, ACROSS))
            canvas.showPage()

    return _pdf(edition, f"Numéros de secours du stand {body.short_name}", draw_sheets)


def poster_pdf(edition: Edition, body: PartnerBody, address: str) -> bytes:
    """Return the A4 poster, whose QR code opens the page where numbers are taken."""

    def draw_poster(canvas: Canvas) -> None:
        width, top = A4[0] - 2 * POSTER_MARGIN, A4[1] - POSTER_MARGIN
        left = POSTER_MARGIN
        put(canvas, edition.short_name, left, top, width, 16)
        put(canvas, body.short_name, left, top - 28, width, 54, bold=True, smallest=24)
        place = f"Hall {body.stand.hall.name}, stand {body.stand.number}"
        put(canvas, place, left, top - 96, width, 26)
        put(canvas, "Sans rendez-vous", left, top - 150, width, 30)
        put(canvas, "Prenez un numéro", left, top - 186, width, 56, bold=True, smallest=30)
        draw_qr(canvas, address, (A4[0] - QR_SIDE) / 2, top - 260 - QR_SIDE, QR_SIDE)
        bottom = top - 280 - QR_SIDE
        words = "Lisez ce code avec votre téléphone, ou demandez un numéro à un agent."
        put(canvas, words, left, bottom, width, 20, lines=2)
        put(canvas, address, left, bottom - 56, width, 13)
        canvas.showPage()

    return _pdf(edition, f"File du stand {body.short_name}", draw_poster)


def _blank(
    canvas: Canvas,
    edition: Edition,
    body: PartnerBody,
    day_on: date,
    number: int,
    place: tuple[int, int],
) -> None:
    width, height = (A4[0] - 2 * MARGIN) / ACROSS, (A4[1] - 2 * MARGIN) / DOWN
    left = MARGIN + place[1] * width
    top = A4[1] - MARGIN - place[0] * height
    canvas.setStrokeGray(0.45)
    canvas.setLineWidth(0.6)
    canvas.setDash(4, 3)
    canvas.rect(left, top - height, width, height)
    canvas.setDash()
    canvas.setFillColor(black)
    inside = width - 2 * PADDING
    put(canvas, body.short_name, left + PADDING, top - 12, inside, 17, bold=True, smallest=9)
    where = f"Hall {body.stand.hall.name}, stand {body.stand.number}"
    put(canvas, where, left + PADDING, top - 33, inside, 11)
    figure = fit(f"{SERIES}{number}", inside, 76, 66, 30, True)
    draw(canvas, figure, left + (width - figure.width) / 2, top - 48)
    put(canvas, "Pris à         h", left + PADDING, top - height + 34, inside, 11)
    day = f"{edition.short_name}, {day_words(day_on)}"
    put(canvas, day, left + PADDING, top - height + 19, inside, 8)


def _pdf(edition: Edition, title: str, draw_pages: Callable[[Canvas], None]) -> bytes:
    stream = BytesIO()
    canvas = Sheet(stream, A4, title=title, author=edition.organiser)
    draw_pages(canvas)
    canvas.save()
    return stream.getvalue()
