"""The safety register as PDF: the answers and the findings of each stand.

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
from salon.exhibitors.engine.safety_questions import (
    Answers,
    answer_text,
    applicable_questions,
    unanswered,
)
from salon.exhibitors.queries.safety import Sheet, StandSafety
from salon.fair.models import Edition
from salon.platform.formats import plural, short_moment
from salon.platform.pdf_text import Block, draw, new_sheet, printable, wrap

MARGIN, FOOT = 50.0, 62.0
WIDTH = A4[0] - 2 * MARGIN
SIGNATURE = 120.0
WHOLE, A_FEW_LINES = A4[1] - MARGIN - FOOT, 48.0
"""A block higher than a page starts where a few of its lines fit, and goes on overleaf."""
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
    """Return the register as PDF; `now` is its version."""
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
    """Return pages of lines from top to bottom, the last with room for a signature."""
    blocks = [_block(line) for line in lines]
    pages: list[list[Placed]] = [[]]
    top = A4[1] - MARGIN
    for number, (line, block) in enumerate(zip(lines, blocks, strict=True)):
        following = blocks[number + 1 : number + 1 + line.keep]
        together = block.height + sum(piece.height + 2 for piece in following)
        needed = together if together <= WHOLE else A_FEW_LINES
        if top - line.before - needed < FOOT and pages[-1]:
            pages.append([])
            top = A4[1] - MARGIN
        elif pages[-1]:
            top -= line.before
        for text in block.lines:
            piece = Block((text,), block.font, block.size)
            if top - piece.height < FOOT:
                pages.append([])
                top = A4[1] - MARGIN
            is_first = text is block.lines[0] and line.rule and bool(pages[-1])
            pages[-1].append((piece, MARGIN + line.indent, top, is_first))
            top -= piece.height
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
    """Draw the box of the *chargé de sécurité*'s signature at the foot of the last page."""
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
    yield from _named("À voir d’abord", [stand for stand in rows if stand.has_something_to_submit])
    yield from _named("Fiches à compléter", [stand for stand in rows if not stand.is_complete])
    for hall, stands in groupby(rows, key=lambda stand: stand.hall):
        title = f"Hall {hall}" if hall else "Sans stand à ce jour"
        parts = [list(_stand(stand)) for stand in stands]
        yield Line(title, 15, bold=True, before=18, keep=len(parts[0]))
        for head, *other_lines in parts:
            yield replace(head, keep=len(other_lines))
            yield from other_lines


def _named(title: str, rows: Sequence[StandSafety]) -> Iterator[Line]:
    """Return the stands of a list in one paragraph, each with its number and name."""
    if rows:
        yield Line(f"{title} ({len(rows)})", 12, bold=True, before=12, keep=1)
        yield Line(
            " ; ".join(f"{stand.number} {stand.exhibitor.name}".strip() for stand in rows) + "."
        )


def _summary(rows: Sequence[StandSafety]) -> str:
    complete = sum(stand.is_complete for stand in rows)
    set_aside = sum(bool(finding.reason) for stand in rows for finding in stand.findings)
    counts = [
        f"{label.lower()} : {sum(stand.verdict == verdict for stand in rows)}"
        for verdict, label in ((gravity, gravity.label) for gravity in reversed(Verdict))
        if verdict != Verdict.NOTHING
    ]
    counts.append(f"règles levées : {set_aside}")
    return (
        f"{plural(len(rows), 'stand')}, {complete} avec une fiche complète ; {', '.join(counts)}."
    )


def _stand(stand: StandSafety) -> Iterator[Line]:
    exhibitor = stand.exhibitor
    place = f"Stand {stand.number} – " if stand.number else ""
    status = stand.verdict.label if stand.is_complete else f"fiche {stand.sheet.label.lower()}"
    head = f"{place}{exhibitor.name}, {exhibitor.area} m² : {status}"
    yield Line(head, 11, bold=True, before=14, rule=True, keep=1)
    for finding in stand.findings:
        verdict = "Règle levée" if finding.reason else finding.finding.verdict.label
        yield Line(
            f"{verdict} – {finding.label} (art. {finding.article}). {finding.finding.text}",
            indent=8,
        )
        if finding.reason:
            author = (
                f" ({finding.by}, {short_moment(finding.at)})" if finding.by and finding.at else ""
            )
            yield Line(f"Motif de l’organisation{author} : {finding.reason}", indent=20)
    if stand.sheet == Sheet.MISSING:
        yield Line("Aucune réponse à ce jour.", indent=8)
        return
    for text in _answered(stand.answers):
        yield Line(text, 8.5, indent=8)


def _answered(answers: Answers) -> Iterator[str]:
    """Return the positive answers, then those that are « non », then the missing ones."""
    positive, refused = [], 0
    for question in applicable_questions(answers):
        text = answer_text(question, answers)
        if text == "Non":
            refused += 1
        elif text:
            positive.append(f"{question.short} : {text[0].lower()}{text[1:]}")
    if positive:
        yield "Réponses – " + " ; ".join(positive) + "."
    if refused:
        yield f"« Non » à {plural(refused, 'autre question', 'autres questions')}."
    left = unanswered(answers)
    if left:
        yield "Sans réponse – " + ", ".join(question.short for question in left) + "."
