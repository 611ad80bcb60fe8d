"""Days on which an agent of a list comes: a column by day (« Présence jeudi »: oui, matin,
9 h - 12 h), or one that names them (« Présence »: jeudi / vendredi matin)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from string import ascii_lowercase

from salon.platform.documents.spreadsheets.cells import YES_OR_NO
from salon.platform.documents.spreadsheets.reader import Heading
from salon.platform.words.formats import DAYS, MONTHS
from salon.platform.words.texts import folded
from salon.staffing.imports.hours import Hours, moment_of, part_of_day, periods_of
from salon.staffing.rules import agents_import as rules

Span = tuple[datetime, datetime]
LISTED = Heading("presence", "Présence", ("presences", "jours", "jours de presence"), longest=200)
FRONTS = ("presence", "present", "presente", "disponible", "disponibilite", "vient")
TICKS = frozenset("✓✔☑✅")
WHOLE = frozenset(("present", "presente", "presents", "p", "ok"))
ABSENT = frozenset(("absent", "absente", "a"))
EVERY_DAY = frozenset(
    ("tous", "toutes", "tous les jours", "les deux", "les deux jours", "les 2 jours", "2 jours")
)
SEPARATORS = re.compile(r"[/,;|+&\n]|\bet\b")


def presence_headings(days: Sequence[date]) -> list[Heading]:
    """Return the columns that may say when agents come, the last ones a column by day."""
    return [LISTED, *(_heading(at, day) for at, day in enumerate(days))]


def _heading(at: int, day: date) -> Heading:
    names = _names(at, day)
    synonyms = [
        *(f"{front} {name}" for front in FRONTS for name in (f"le {names[0]}", *names)),
        *names,
    ]
    return Heading(_column(at), f"Présence {DAYS[day.weekday()]}", tuple(synonyms), longest=100)


def _column(at: int) -> str:
    return f"presence_{ascii_lowercase[at % 26]}"


def _names(at: int, day: date) -> list[str]:
    """Return the ways to name a day, folded, the weekday first."""
    weekday, month = DAYS[day.weekday()], folded(MONTHS[day.month - 1])
    numbers = [f"{day.day} {month}", f"{day.day} {day.month}", f"{day:%d %m}"]
    dates = [*numbers, f"{weekday} {day.day}", *(f"{weekday} {number}" for number in numbers)]
    return [weekday, *dates, f"jour {at + 1}", f"j{at + 1}"]


def read_presence(cells: Mapping[str, str], hours: Hours) -> dict[date, list[Span]] | None:
    """Return when an agent comes, by day; None when the list has no such column.

    Raises UnknownPresence, PresenceMissing.
    """
    columns = {_column(at): day for at, day in enumerate(hours)}
    named = {day: cells[column] for column, day in columns.items() if column in cells}
    if not named and LISTED.name not in cells:
        return None
    spans = {day: _spans_of(cell, day, hours) for day, cell in named.items()}
    for day, part in _listed(cells.get(LISTED.name, ""), hours):
        spans.setdefault(day, []).extend(_spans_of(part, day, hours))
    if not any(spans.values()):
        raise rules.PresenceMissing
    return spans


def absences_of(presence: Mapping[date, Sequence[Span]], hours: Hours) -> list[Span]:
    """Return the opening hours outside the presence, in time."""
    absences = []
    for day, (opens_at, closes_at) in hours.items():
        at = opens_at
        for starts_at, ends_at in sorted(presence.get(day, ())):
            if at < starts_at:
                absences.append((at, min(starts_at, closes_at)))
            at = max(at, ends_at)
        if at < closes_at:
            absences.append((at, closes_at))
    return absences


def _spans_of(cell: str, day: date, hours: Hours) -> list[Span]:
    """Return the spans that a cell says of a day: « oui », « matin », « 9 h 30 - 12 h »."""
    words, of_day = folded(cell), {day: hours[day]}
    if words in WHOLE or set(cell.strip()) & TICKS or YES_OR_NO.get(words):
        return [hours[day]]
    if words in ABSENT or words in YES_OR_NO:
        return []
    try:
        if part := part_of_day(cell, of_day):
            return [part]
        if re.search(r"[-–]|\bà\b", cell):
            return [(start, end) for start, end, _ in periods_of(cell, of_day)]
        return [(moment_of(cell, of_day), hours[day][1])]
    except rules.UnknownHour:
        raise rules.UnknownPresence(cell) from None


def _listed(cell: str, hours: Hours) -> Iterator[tuple[date, str]]:
    """Yield the days that a cell names, each with what it says of it."""
    if folded(cell) in EVERY_DAY or YES_OR_NO.get(folded(cell)):
        yield from ((day, "oui") for day in hours)
        return
    names = {name: day for at, day in enumerate(hours) for name in _names(at, day)}
    for item in filter(None, map(folded, SEPARATORS.split(cell))):
        day = _longest_name(item, names)
        if day is None:
            raise rules.UnknownPresence(cell)
        yield names[day], item.removeprefix(day).strip() or "oui"


def _longest_name(item: str, names: Iterable[str]) -> str | None:
    starting = [name for name in names if f"{item} ".startswith(f"{name} ")]
    return max(starting, key=len, default=None)
