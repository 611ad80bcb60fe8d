"""The safety register as PDF: the answers and the findings of each stand, by hall and stand."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from reportlab.lib.colors import black
from reportlab.platypus import Flowable, HRFlowable

from salon.fair.models import Edition
from salon.platform.documents.pdf.report import Together, heading, paragraph, table, write_report
from salon.platform.documents.pdf.sheet import About
from salon.platform.words.formats import plural, short_moment
from salon.safety.engine.assessment import AID, TEXTS, Verdict
from salon.safety.engine.questions import Answers, answer_text, applicable_questions, unanswered
from salon.safety.queries import Sheet, StandSafety

MARGIN = 50.0
TITLE = "Registre de sécurité des stands"


def write_register(edition: Edition, rows: Sequence[StandSafety], now: datetime) -> bytes:
    """Return the register as PDF; `now` is its version."""
    return write_report(
        list(_story(edition, rows, now)),
        About(
            f"{TITLE} – {edition.short_name}",
            edition.organiser,
            TEXTS,
            foot=[f"{edition.short_name}, registre établi le {short_moment(now)}", AID],
        ),
        margin=MARGIN,
    )


def _story(edition: Edition, rows: Sequence[StandSafety], now: datetime) -> Iterator[Flowable]:
    yield paragraph(TITLE, 20, bold=True)
    place = f"{edition.name}, {edition.day_label}, {edition.place}"
    yield paragraph(place, 10.5, before=4)
    for text in (f"{TEXTS}. {AID}", f"Version du {short_moment(now)}. {_summary(rows)}"):
        yield paragraph(text, 9.5, before=4)
    yield from _named("À voir d’abord", [stand for stand in rows if stand.has_something_to_submit])
    yield from _named("Fiches à compléter", [stand for stand in rows if not stand.is_complete])
    for hall, stands in groupby(rows, key=lambda stand: stand.hall):
        yield heading(f"Hall {hall}" if hall else "Sans stand à ce jour", 15, before=18)
        for stand in stands:
            yield Together(list(_stand(stand)))
    yield _signature()


def _signature() -> Flowable:
    """Return the box of the *chargé de sécurité*'s signature."""
    head = paragraph("Vu par le chargé de sécurité")
    names = [paragraph(f"{label} :", 9.5) for label in ("Nom", "Date", "Signature")]
    style = [("BOX", (0, 0), (-1, -1), 0.6, black), ("SPAN", (0, 0), (-1, 0))]
    rows: list[list[Any]] = [[head, "", ""], names]
    return table(rows, (190, 130, 175), style, heights=(26, 70), padding=(10, 6), before=24)


def _named(title: str, rows: Sequence[StandSafety]) -> Iterator[Flowable]:
    """Return the stands of a list in one paragraph, each with its number and name."""
    if rows:
        yield heading(f"{title} ({len(rows)})", 12)
        names = " ; ".join(f"{stand.number} {stand.exhibitor.name}".strip() for stand in rows)
        yield paragraph(f"{names}.", 9.5, before=2)


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


def _stand(stand: StandSafety) -> Iterator[Flowable]:
    exhibitor = stand.exhibitor
    place = f"Stand {stand.number} – " if stand.number else ""
    status = stand.verdict.label if stand.is_complete else f"fiche {stand.sheet.label.lower()}"
    head = f"{place}{exhibitor.name}, {exhibitor.area} m² : {status}"
    yield HRFlowable("100%", 0.6, color=black, spaceBefore=9, spaceAfter=3)
    yield paragraph(head, 11, bold=True)
    for finding in stand.findings:
        verdict = "Règle levée" if finding.reason else finding.finding.verdict.label
        text = f"{verdict} – {finding.label} (art. {finding.article}). {finding.finding.text}"
        yield paragraph(text, 9.5, before=2, indent=8)
        if finding.reason:
            author = ""
            if finding.author and finding.at:
                author = f" ({finding.author}, {short_moment(finding.at)})"
            reason = f"Motif de l’organisation{author} : {finding.reason}"
            yield paragraph(reason, 9.5, before=2, indent=20)
    if stand.sheet == Sheet.MISSING:
        yield paragraph("Aucune réponse à ce jour.", 9.5, before=2, indent=8)
        return
    for text in _answered(stand.answers):
        yield paragraph(text, 8.5, before=2, indent=8)


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
