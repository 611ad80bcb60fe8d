"""The register for the *chargé de sécurité*, A4: what each stand says and what the rules find.

Black on white, by hall and stand, pages numbered. Lengths in points.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from salon.exhibitors.engine.safety import AID, TEXTS, Verdict
from salon.exhibitors.engine.safety_questions import Answers, asked, shown, unanswered
from salon.exhibitors.queries.safety import Sheet, StandSafety
from salon.fair.models import Edition
from salon.platform.formats import plural, short_moment
from salon.platform.pdf_text import Block, draw, new_sheet, printable, wrap

MARGIN, FOOT = 50.0, 62.0
WIDTH = A4[0] - 2 * MARGIN
SIGNATURE = 120.0
WHOLE, A_FEW_LINES = A4[1] - MARGIN - FOOT, 48.0
"""What is higher than a page begins where a few of its lines fit, and goes on overleaf."""
TITLE = "Registre de sécurité des stands"


@dataclass(frozen=True)
class Line:
    """A paragraph: `before` is the space above it, `rule` draws a line there."""

    text: str
    size: float = 9.5
    bold: bool = False
    indent: float = 0
    before: float = 2
    rule: bool = False
    keep: int = 0
    """How many of the next lines must stand on the same page."""


def write_register(edition: Edition, rows: Sequence[StandSafety], now: datetime) -> bytes:
    """The register as PDF; `now` is its version."""
    pages = _pages(list(_lines(edition, rows, now)))
    stream = io.BytesIO()
    title = f"{TITLE} – {edition.short_name}"
    canvas = new_sheet(stream, A4, title, edition.organiser)
    canvas.setSubject(TEXTS)
    for number, page in enumerate(pages, 1):
        for block, x, top, has_rule in page:
            if has_rule:
                canvas.setLineWidth(0.6)
                canvas.line(MARGIN, top + 5, MARGIN + WIDTH, top + 5)
            draw(canvas, block, x, top)
        if number == len(pages):
            _sign(canvas)
        foot = f"{edition.short_name}, registre établi le {short_moment(now)}"
        _write(canvas, f"{foot} – page {number} sur {len(pages)}", 8, MARGIN, 44)
        _write(canvas, AID, 8, MARGIN, 32)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


Placed = tuple[Block, float, float, bool]


def _pages(lines: Sequence[Line]) -> list[list[Placed]]:
    """The lines from top to bottom of as many pages as needed, the last with room to sign."""
    blocks = [_block(line) for line in lines]
    pages: list[list[Placed]] = [[]]
    top = A4[1] - MARGIN
    for number, (line, block) in enumerate(zip(lines, blocks, strict=True)):
        following = blocks[number + 1 : number + 1 + line.keep]
        together = block.height + sum(one.height + 2 for one in following)
        needed = together if together <= WHOLE else A_FEW_LINES
        if top - line.before - needed < FOOT and pages[-1]:
            pages.append([])
            top = A4[1] - MARGIN
        elif pages[-1]:
            top -= line.before
        for text in block.lines:
            one = Block((text,), block.font, block.size)
            if top - one.height < FOOT:
                pages.append([])
                top = A4[1] - MARGIN
            is_first = text is block.lines[0] and line.rule and bool(pages[-1])
            pages[-1].append((one, MARGIN + line.indent, top, is_first))
            top -= one.height
    if top < FOOT + SIGNATURE:
        pages.append([])
    return pages


def _block(line: Line) -> Block:
    clean, name = printable(line.text, bold=line.bold)
    return Block(tuple(wrap(clean, name, line.size, WIDTH - line.indent)), name, line.size)


def _write(canvas: Canvas, text: str, size: float, x: float, top: float) -> None:
    clean, name = printable(text)
    draw(canvas, Block((clean,), name, size), x, top)


def _sign(canvas: Canvas) -> None:
    """Where the *chargé de sécurité* writes and signs, at the foot of the last page."""
    top = FOOT + SIGNATURE - 12
    canvas.setLineWidth(0.6)
    canvas.rect(MARGIN, FOOT + 6, WIDTH, SIGNATURE - 24)
    _write(canvas, "Vu par le chargé de sécurité", 10, MARGIN + 10, top - 14)
    for label, x in (("Nom", 10), ("Date", 200), ("Signature", 330)):
        _write(canvas, f"{label} :", 9.5, MARGIN + x, top - 36)


def _lines(edition: Edition, rows: Sequence[StandSafety], now: datetime) -> Iterator[Line]:
    yield Line(TITLE, 20, bold=True)
    yield Line(f"{edition.name}, {edition.day_label}, {edition.place}", 10.5, before=4)
    yield Line(f"{TEXTS}. {AID}", 9.5, before=4)
    yield Line(f"Version du {short_moment(now)}. {_summary(rows)}", 9.5, before=4)
    yield from _named("À voir d’abord", [one for one in rows if one.has_something_to_submit])
    yield from _named("Fiches à compléter", [one for one in rows if not one.is_complete])
    for hall, stands in groupby(rows, key=lambda one: one.hall):
        title = f"Hall {hall}" if hall else "Sans stand à ce jour"
        parts = [list(_stand(one)) for one in stands]
        yield Line(title, 15, bold=True, before=18, keep=len(parts[0]))
        for head, *more in parts:
            yield replace(head, keep=len(more))
            yield from more


def _named(title: str, rows: Sequence[StandSafety]) -> Iterator[Line]:
    """The stands of a list in one paragraph, each by its number and its name."""
    if rows:
        yield Line(f"{title} ({len(rows)})", 12, bold=True, before=12, keep=1)
        yield Line(" ; ".join(f"{one.number} {one.exhibitor.name}".strip() for one in rows) + ".")


def _summary(rows: Sequence[StandSafety]) -> str:
    complete = sum(one.is_complete for one in rows)
    counts = [
        f"{label.lower()} : {sum(one.verdict == verdict for one in rows)}"
        for verdict, label in ((one, one.label) for one in reversed(Verdict))
        if verdict != Verdict.NOTHING
    ]
    counts.append(
        f"règles levées : {sum(bool(found.reason) for one in rows for found in one.findings)}"
    )
    return (
        f"{plural(len(rows), 'stand')}, {complete} avec une fiche complète ; {', '.join(counts)}."
    )


def _stand(one: StandSafety) -> Iterator[Line]:
    exhibitor = one.exhibitor
    place = f"Stand {one.number} – " if one.number else ""
    status = one.verdict.label if one.is_complete else f"fiche {one.sheet.label.lower()}"
    head = f"{place}{exhibitor.name}, {exhibitor.area} m² : {status}"
    yield Line(head, 11, bold=True, before=14, rule=True, keep=1)
    for found in one.findings:
        verdict = "Règle levée" if found.reason else found.finding.verdict.label
        yield Line(
            f"{verdict} – {found.label} (art. {found.article}). {found.finding.text}", indent=8
        )
        if found.reason:
            who = f" ({found.by}, {short_moment(found.at)})" if found.by and found.at else ""
            yield Line(f"Motif de l’organisation{who} : {found.reason}", indent=20)
    if one.sheet == Sheet.MISSING:
        yield Line("Aucune réponse à ce jour.", indent=8)
        return
    for text in _answered(one.answers):
        yield Line(text, 8.5, indent=8)


def _answered(answers: Answers) -> Iterator[str]:
    """The answers that say something, then those that say no, then what is missing."""
    said, refused = [], 0
    for question in asked(answers):
        text = shown(question, answers)
        if text == "Non":
            refused += 1
        elif text:
            said.append(f"{question.short} : {text[0].lower()}{text[1:]}")
    if said:
        yield "Réponses – " + " ; ".join(said) + "."
    if refused:
        yield f"« Non » à {plural(refused, 'autre question', 'autres questions')}."
    left = unanswered(answers)
    if left:
        yield "Sans réponse – " + ", ".join(one.short for one in left) + "."
