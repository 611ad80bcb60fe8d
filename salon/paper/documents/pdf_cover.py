"""The cover of the paper pack, and the blank slips at its end."""

from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from salon.paper.documents.pdf_frame import (
    BODY_TOP,
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
from salon.platform.documents.pdf.report import Fitted, draw_flowable, table
from salon.platform.documents.pdf.sheet import FOOT, draw_qr
from salon.platform.documents.pdf.text import put
from salon.platform.words.formats import number as number_of
from salon.platform.words.typography import sentence

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
    room = WIDTH - QR_SIDE - 20
    put(canvas, "Dossier papier", LEFT, TOP, room, 40, bold=True, smallest=24)
    put(canvas, sentence(facts.day), LEFT, TOP - 48, room, 19, bold=True, smallest=12)
    put(canvas, f"{facts.fair}, {facts.place}", LEFT, TOP - 74, room, 11.5, smallest=7)
    draw_qr(canvas, address, RIGHT - QR_SIDE + 6, TOP - QR_SIDE + 6, QR_SIDE)
    write_right(canvas, one_line("Ressaisir\u00a0: ce code", 90, 7.5), RIGHT, TOP - QR_SIDE - 4)
    rule(canvas, TOP - 104, THICK)
    y = draw_flowable(canvas, _version(facts), LEFT, TOP - 108, WIDTH)
    y = _steps(canvas, y - 8)
    half = WIDTH / 2 - 14
    left = draw_flowable(canvas, _numbers(facts.urgent, half), LEFT, y - 16, half)
    right = draw_flowable(canvas, _doors(facts.doors, half), RIGHT - half, y - 16, half)
    contents = _parts(parts)
    top = max(FOOT + 10 + contents.wrap(WIDTH, TOP)[1], min(left, right) - 24)
    draw_flowable(canvas, contents, LEFT, top, WIDTH)


def _version(facts: Facts) -> Flowable:
    """Return the number of the pack in large print: two packs of a day must not be confused."""
    cells = (
        ("Dossier", f"n°\u00a0{facts.number}", True),
        ("Imprimé le", facts.made_at, True),
        ("Pourquoi", facts.reason, False),
        ("Ouverture", facts.hours, False),
        ("Attendus", number_of(facts.people), False),
    )
    row: list[object] = [
        [Fitted(name, 8), Fitted(text, 13, bold=bold)] for name, text, bold in cells
    ]
    style = [("LINEBELOW", (0, 0), (-1, -1), 0.6, black)]
    return table([row], (92, 146, 128, 92, WIDTH - 458), style, padding=(0, 7))


def _steps(canvas: Canvas, top: float) -> float:
    put(canvas, "Quand plus rien ne marche", LEFT, top, WIDTH, 17, bold=True)
    y = top - 32
    for number, words in enumerate(WHAT_TO_DO, 1):
        canvas.circle(LEFT + 10, y - 8, 10, fill=1)
        canvas.setFillColor(white)
        put(canvas, str(number), LEFT + 10, y - 1.5, 16, 12, bold=True, align="centre")
        canvas.setFillColor(black)
        draw_flowable(canvas, Fitted(words, 12.6, smallest=9, height=32), LEFT + 32, y, WIDTH - 32)
        y -= 33
    return y


def _titled(
    title: str, rows: Sequence[list[Any]], widths: tuple[float, float], *style: tuple[object, ...]
) -> Flowable:
    """Return a table of two columns under its title."""
    head = [Fitted(title, 14, bold=True), ""]
    styles = [("SPAN", (0, 0), (-1, 0)), ("LINEBELOW", (0, 0), (-1, 0), 1.1, black), *style]
    return table([head, *rows], widths, styles, padding=(0, 2.5))


def _numbers(urgent: Sequence[str], width: float) -> Flowable:
    rows: list[list[object]] = [
        [Fitted(number, 13, bold=True), Fitted(words, 10.5)] for number, words in EMERGENCY
    ]
    lines = urgent or [f"Le poste de secours du salon\u00a0: {'_' * 20}"]
    style = [("SPAN", (0, at), (-1, at)) for at in range(len(rows) + 1, len(rows) + 1 + len(lines))]
    rows += [[Fitted(line, 11 if urgent else 9, bold=bool(urgent)), ""] for line in lines]
    return _titled("Urgences", rows, (42, width - 42), *style)


def _doors(doors: Sequence[DoorLine], width: float) -> Flowable:
    rows: list[list[object]] = [
        [Fitted(door.code, 13, bold=True), [Fitted(door.label, 10.5), Fitted(door.admits, 7.5)]]
        for door in doors[:MOST_DOORS]
    ]
    if len(doors) > MOST_DOORS:
        rows.append(["", Fitted(f"et {len(doors) - MOST_DOORS} autres", 9)])
    return _titled("Portes et espaces", rows, (44, width - 44))


def _parts(parts: Sequence[tuple[str, int]]) -> Flowable:
    rows = [
        [Fitted(title, 11.5), Fitted(f"page {page}", 11.5, bold=True, align="right")]
        for title, page in parts
    ]
    lines = ("LINEBELOW", (0, 1), (-1, -1), HAIR, black)
    return _titled("Dans ce dossier", rows, (WIDTH - 80, 80), lines)


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
