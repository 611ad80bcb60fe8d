"""The cover of the paper pack, and the blank slips at its end."""

from collections.abc import Sequence

from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas

from salon.paper.documents.pdf_frame import (
    BODY_TOP,
    FOOT,
    HAIR,
    LEFT,
    QR_SIDE,
    RIGHT,
    THICK,
    TOP,
    WIDTH,
    box,
    one_line,
    rule,
    write,
    write_right,
)
from salon.paper.presenters.content import EMERGENCY, DoorLine, Facts
from salon.platform.formats import number as number_of
from salon.platform.pdf.sheet import draw_qr
from salon.platform.pdf.text import draw, fit, flow
from salon.platform.typography import sentence

SLIP_COLUMNS, SLIP_ROWS, SLIP_PAGES = 2, 4, 3
WHAT_TO_DO = (
    "Laissez entrer\u00a0: personne n’attend devant une porte parce qu’un écran est noir.",
    "Cherchez la personne dans la liste par nom\u00a0; sinon dans la liste par commune.",
    "Cochez sa case. En tête de feuille, notez la porte, et l’heure de début et de fin.",
    "Pas dans les listes\u00a0? Faites remplir une fiche (dernières pages), puis laissez entrer.",
    "Au retour du réseau, lisez le code de la feuille avec un téléphone, cochez, envoyez.",
    "Deux fois la même feuille n’ajoute rien. Le salon fini, détruisez ce dossier plein de noms.",
)
MOST_DOORS = 8


def cover(canvas: Canvas, facts: Facts, parts: Sequence[tuple[str, int]], address: str) -> None:
    """Draw the cover. `parts`: the title of each part and its first page."""
    canvas.setFillColor(black)
    canvas.setStrokeColor(black)
    room = WIDTH - QR_SIDE - 20
    draw(canvas, fit("Dossier papier", room, 44, 40, 24, True), LEFT, TOP)
    draw(canvas, fit(sentence(facts.day), room, 24, 19, 12, True), LEFT, TOP - 48)
    draw(canvas, fit(f"{facts.fair}, {facts.place}", room, 15, 11.5, 7), LEFT, TOP - 74)
    draw_qr(canvas, address, RIGHT - QR_SIDE + 6, TOP - QR_SIDE + 6, QR_SIDE)
    write_right(canvas, one_line("Ressaisir\u00a0: ce code", 90, 7.5), RIGHT, TOP - QR_SIDE - 4)
    y = TOP - 104
    rule(canvas, y, THICK)
    _version(canvas, facts, y - 8)
    y = _steps(canvas, y - 62)
    middle = LEFT + WIDTH / 2 + 8
    left = _numbers(canvas, facts.urgent, LEFT, y - 26, WIDTH / 2 - 14)
    right = _doors(canvas, facts.doors, middle, y - 26, WIDTH / 2 - 8)
    _parts(canvas, parts, max(FOOT + 34 + 19 * len(parts), min(left, right) - 34))


def _version(canvas: Canvas, facts: Facts, top: float) -> None:
    """Draw the number of the pack in large print: two packs of a day must not be confused."""
    number = f"n°\u00a0{facts.number}"
    cells = (
        ("Dossier", number, 92.0, True),
        ("Imprimé le", facts.made_at, 146.0, True),
        ("Pourquoi", facts.reason, 128.0, False),
        ("Ouverture", facts.hours, 92.0, False),
        ("Attendus", number_of(facts.people), 60.0, False),
    )
    x = LEFT
    for words, text, width, bold in cells:
        write(canvas, one_line(words, width - 8, 8), x, top - 10)
        write(canvas, one_line(text, width - 8, 13, 8, bold), x, top - 27)
        x += width
    rule(canvas, top - 40)


def _steps(canvas: Canvas, top: float) -> float:
    write(canvas, one_line("Quand plus rien ne marche", WIDTH, 17, 12, True), LEFT, top - 14)
    y = top - 32
    for number, words in enumerate(WHAT_TO_DO, 1):
        canvas.circle(LEFT + 10, y - 8, 10, fill=1)
        canvas.setFillColor(white)
        draw(canvas, fit(str(number), 16, 16, 12, 9, True), LEFT + 10, y - 1.5, "centre")
        canvas.setFillColor(black)
        draw(canvas, flow(words, WIDTH - 32, 32, 12.6, 9), LEFT + 32, y)
        y -= 33
    return y


def _title(canvas: Canvas, words: str, x: float, top: float, width: float) -> float:
    write(canvas, one_line(words, width, 14, 10, True), x, top - 12)
    canvas.setLineWidth(1.1)
    canvas.line(x, top - 17, x + width, top - 17)
    return top - 20


def _numbers(canvas: Canvas, urgent: Sequence[str], x: float, top: float, width: float) -> float:
    y = _title(canvas, "Urgences", x, top, width)
    for number, words in EMERGENCY:
        write(canvas, one_line(number, 40, 13, 11, True), x, y - 13)
        write(canvas, one_line(words, width - 44, 10.5, 8), x + 42, y - 13)
        y -= 17.5
    for line in urgent:
        write(canvas, one_line(line, width, 11, 7, True), x, y - 13)
        y -= 17.5
    if not urgent:
        canvas.setLineWidth(HAIR)
        write(canvas, one_line("Le poste de secours du salon\u00a0:", width, 9), x, y - 13)
        canvas.line(x + 132, y - 15, x + width, y - 15)
        y -= 20
    return y


def _doors(canvas: Canvas, doors: Sequence[DoorLine], x: float, top: float, width: float) -> float:
    y = _title(canvas, "Portes et espaces", x, top, width)
    for door in doors[:MOST_DOORS]:
        write(canvas, one_line(door.code, 40, 13, 8, True), x, y - 13)
        write(canvas, one_line(door.label, width - 46, 10.5, 7), x + 44, y - 9)
        write(canvas, one_line(door.admits, width - 46, 7.5, 6), x + 44, y - 18)
        y -= 22.5
    if len(doors) > MOST_DOORS:
        more = f"et {len(doors) - MOST_DOORS} autres"
        write(canvas, one_line(more, width, 9), x + 44, y - 10)
        y -= 14
    return y


def _parts(canvas: Canvas, parts: Sequence[tuple[str, int]], top: float) -> None:
    y = _title(canvas, "Dans ce dossier", LEFT, top, WIDTH)
    for title, page in parts:
        write(canvas, one_line(title, WIDTH - 80, 11.5, 8), LEFT, y - 13)
        write_right(canvas, one_line(f"page {page}", 70, 11.5, 8, True), RIGHT, y - 13)
        y -= 19
        canvas.setLineWidth(HAIR)
        canvas.line(LEFT, y + 1.5, RIGHT, y + 1.5)


def slips(canvas: Canvas, facts: Facts, page: int) -> None:
    """Draw eight slips for people who are in no list, numbered over the pages, to be cut out."""
    width, height = WIDTH / SLIP_COLUMNS, (BODY_TOP - FOOT - 8) / SLIP_ROWS
    canvas.setDash(3, 3)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT + width, BODY_TOP, LEFT + width, BODY_TOP - SLIP_ROWS * height)
    for row in range(SLIP_ROWS + 1):
        canvas.line(LEFT, BODY_TOP - row * height, RIGHT, BODY_TOP - row * height)
    canvas.setDash()
    slips_per_page = SLIP_COLUMNS * SLIP_ROWS
    for place in range(slips_per_page):
        row, column = divmod(place, SLIP_COLUMNS)
        number = f"{facts.number}-{page * slips_per_page + place + 1:02d}"
        left = LEFT + column * width + (9 if column else 0)
        _slip(canvas, number, left, BODY_TOP - row * height - 6, width - 14)


def _slip(canvas: Canvas, number: str, x: float, top: float, width: float) -> None:
    write(canvas, one_line(f"Fiche {number}", width, 11, 9, True), x, top - 12)
    title = one_line("Inscription sur place", 100, 8)
    write_right(canvas, title, x + width, top - 12)
    y = top - 32
    for words in ("Nom", "Prénom", "Fonction", "Commune ou organisme", "Courriel (facultatif)"):
        write(canvas, one_line(words, 90, 8), x, y)
        start = x + (42 if len(words) < 10 else 94)
        canvas.setLineWidth(HAIR)
        canvas.line(start, y - 2, x + width, y - 2)
        y -= 20
    x_box = x
    for words in ("Élu", "Visiteur", "Presse", "Autre"):
        box(canvas, x_box, y - 1, 8)
        write(canvas, one_line(words, 60, 8), x_box + 12, y)
        x_box += 58
    y -= 19
    write(
        canvas,
        one_line("Entré à ____ h ____     porte ______     par __________", width, 8.5),
        x,
        y,
    )
