"""The sheets that people sign: one line each, with room for a signature."""

from collections.abc import Sequence
from datetime import datetime

from reportlab.lib.colors import black
from reportlab.platypus import Flowable

from salon.badges.documents.attendee_list import function_of
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.documents.pdf.report import Fitted, paragraph, table, write_report
from salon.platform.documents.pdf.sheet import About
from salon.platform.words.formats import plural, short_moment

SIGNED_COLUMNS = (180, 190, 141)
"""Widths of an attendance sheet: the name, whom the person represents, room to sign."""
LINES_AT_ONCE = 100


def attendance_sheet(edition: Edition, people: Sequence[Attendee], now: datetime) -> bytes:
    """Return the list of people as a PDF with room for each to sign."""
    title = "Liste d’émargement"
    story: list[Flowable] = [
        paragraph(title, 20, bold=True),
        paragraph(f"{edition.name}, {edition.day_label}. {plural(len(people), 'personne')}", 10.5),
        _signed([_heads()], before=8),
    ]
    for start in range(0, len(people), LINES_AT_ONCE):
        lines = people[start : start + LINES_AT_ONCE]
        story.append(_signed([_signed_line(person) for person in lines]))
    return write_report(
        story,
        About(
            f"{title} – {edition.short_name}",
            edition.organiser,
            foot=[f"{edition.short_name}, liste établie le {short_moment(now)}"],
        ),
        running_head=_signed([_heads()]),
    )


def _heads() -> list[object]:
    return [Fitted(words, 9, bold=True) for words in ("Nom, prénom", "Représente", "Signature")]


def _signed_line(person: Attendee) -> list[object]:
    name = Fitted(f"{person.last_name} {person.first_name}", 10.5, bold=True, lines=2)
    represents = ", ".join(filter(None, (function_of(person), person.on_behalf_of)))
    return [name, Fitted(represents, 9, smallest=8, lines=2), ""]


def _signed(rows: list[list[object]], before: float = 0) -> Flowable:
    style = [("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    least = 0 if before or len(rows) == 1 else 30
    return table(rows, SIGNED_COLUMNS, style, least=least, padding=(4, 3), before=before)
