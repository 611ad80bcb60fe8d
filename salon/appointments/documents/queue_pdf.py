"""A stand's queue on paper: blank numbers for a failure of the application, and the poster.

Black on white. Lengths in points.
"""

from datetime import date

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4

from salon.fair.models import Edition, PartnerBody
from salon.platform.documents.pdf.sheet import About, Sheet, draw_qr
from salon.platform.documents.pdf.text import put
from salon.platform.words.formats import day as day_words

ACROSS, DOWN = 2, 5
MARGIN = 28.0
PADDING = 14.0
SERIES = "P"
"""Letter of the paper numbers, so that they differ from those of the application."""
POSTER_MARGIN = 50.0
QR_SIDE = 340.0


def blank_tickets_pdf(edition: Edition, body: PartnerBody, day_on: date, sheets: int) -> bytes:
    """Return sheets of ten numbers to cut out, from P1 on."""
    title = f"Numéros de secours du stand {body.short_name}"
    sheet = Sheet(About(title, edition.organiser))
    for page in range(sheets):
        for place in range(ACROSS * DOWN):
            number = page * ACROSS * DOWN + place + 1
            _blank(sheet, edition, body, day_on, number, divmod(place, ACROSS))
        sheet.showPage()
    return sheet.finished()


def poster_pdf(edition: Edition, body: PartnerBody, address: str) -> bytes:
    """Return the A4 poster, whose QR code opens the page where numbers are taken."""
    sheet = Sheet(About(f"File du stand {body.short_name}", edition.organiser))
    place = f"Hall {body.stand.hall.name}, stand {body.stand.number}"
    words = "Lisez ce code avec votre téléphone, ou demandez un numéro à un agent."
    left, top, width = POSTER_MARGIN, A4[1] - POSTER_MARGIN, A4[0] - 2 * POSTER_MARGIN
    put(sheet, edition.short_name, left, top, width, 16)
    put(sheet, body.short_name, left, top - 28, width, 54, bold=True, smallest=24)
    put(sheet, place, left, top - 96, width, 26)
    put(sheet, "Sans rendez-vous", left, top - 150, width, 30)
    put(sheet, "Prenez un numéro", left, top - 186, width, 56, bold=True, smallest=30)
    draw_qr(sheet, address, (A4[0] - QR_SIDE) / 2, top - 260 - QR_SIDE, QR_SIDE)
    bottom = top - 280 - QR_SIDE
    put(sheet, words, left, bottom, width, 20, lines=2)
    put(sheet, address, left, bottom - 56, width, 13)
    sheet.showPage()
    return sheet.finished()


def _blank(
    sheet: Sheet,
    edition: Edition,
    body: PartnerBody,
    day_on: date,
    number: int,
    place: tuple[int, int],
) -> None:
    width, height = (A4[0] - 2 * MARGIN) / ACROSS, (A4[1] - 2 * MARGIN) / DOWN
    left = MARGIN + place[1] * width
    top = A4[1] - MARGIN - place[0] * height
    sheet.setStrokeGray(0.45)
    sheet.setLineWidth(0.6)
    sheet.setDash(4, 3)
    sheet.rect(left, top - height, width, height)
    sheet.setDash()
    sheet.setFillColor(black)
    inner_width = width - 2 * PADDING
    put(sheet, body.short_name, left + PADDING, top - 12, inner_width, 17, bold=True, smallest=9)
    location = f"Hall {body.stand.hall.name}, stand {body.stand.number}"
    put(sheet, location, left + PADDING, top - 33, inner_width, 11)
    figure = f"{SERIES}{number}"
    middle = left + width / 2
    put(sheet, figure, middle, top - 48, inner_width, 66, bold=True, smallest=30, align="centre")
    put(sheet, "Pris à         h", left + PADDING, top - height + 34, inner_width, 11)
    day = f"{edition.short_name}, {day_words(day_on)}"
    put(sheet, day, left + PADDING, top - height + 19, inner_width, 8)
