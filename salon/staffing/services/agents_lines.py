"""Turn a line of a list into the facts of an agent, or into refusals."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from salon.fair.models import Edition
from salon.fair.queries import bodies_of, themes_of
from salon.platform.documents.spreadsheets.cells import YES_OR_NO
from salon.platform.documents.spreadsheets.reader import SheetLine
from salon.platform.settings.clock import paris
from salon.platform.words.email_addresses import checked_address
from salon.platform.words.errors import RuleBroken
from salon.platform.words.people import CIVILITY_WORDS, bare_name
from salon.platform.words.texts import folded, holds_link
from salon.staffing.imports import agents as files
from salon.staffing.imports.agents import items
from salon.staffing.models import PeriodKind
from salon.staffing.rules import agents_import as rules
from salon.staffing.services.agent_facts import Facts, Period

HOUR = re.compile(
    r"(?:(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?\s+)?"
    r"(?P<hour>\d{1,2})\s*(?:h|:|heures?)\s*(?P<minute>\d{2})?",
    re.I,
)
NOTE = re.compile(r"\((?P<note>.*)\)\s*$")
PERIODS = re.compile(r"[|\n]\s*(?=\d|$)")
"""A period begins with a figure: a note may hold the sign that stands between two."""
LONGEST_NOTE = 120
PLAIN = ("first_name", "last_name", "function", "email", "phone", "needs_note")
NAMES = ("first_name", "last_name")
NEEDED = (*files.NEEDED, "civility", "body")


@dataclass(frozen=True)
class Names:
    """The values that lines may name at an edition, by folded name; `stand_of`: the stand of each
    body.
    """

    bodies: Mapping[str, int]
    themes: Mapping[str, int]
    stands: Mapping[str, int]
    stand_of: Mapping[int, int]
    days: Sequence[date]

    @classmethod
    def of(cls, edition: Edition) -> "Names":
        bodies, stands = {}, {}
        for body in bodies_of(edition):
            for name in (body.name, body.short_name, body.slug):
                bodies[folded(name)] = body.id
                stands[folded(name)] = body.stand_id
        numbers = {folded(body.stand.number): body.stand_id for body in bodies_of(edition)}
        themes = {
            folded(name): theme.id
            for theme in themes_of(edition)
            for name in (theme.name, theme.slug)
        }
        stand_by_body = {body.id: body.stand_id for body in bodies_of(edition)}
        return cls(
            bodies, themes, stands | numbers, stand_by_body, [day.day_on for day in edition.days]
        )


@dataclass(frozen=True)
class ReadLine:
    """A line once read; `facts` is None when something is `wrong` with it."""

    number: int
    label: str
    email: str
    facts: Facts | None
    wrong: tuple[RuleBroken, ...] = ()


def read_line(
    line: SheetLine, former: Facts | None, names: Names, own_body: int | None
) -> ReadLine:
    """Return the facts that a line gives of an agent.

    `former`: the current facts of the agent of this address; a column that is not in the list
    leaves them as they are. `own_body`: the body coordinated by the author, None for an organiser.
    """
    errors: list[RuleBroken] = []
    values: dict[str, Any] = {}
    for name in _columns(line, former, own_body):
        try:
            values[name] = _read(name, line.cells.get(name, ""), names)
        except RuleBroken as refusal:
            errors.append(refusal)
    name_typed = " ".join(filter(None, (line.cells.get("first_name"), line.cells.get("last_name"))))
    email = line.cells.get("email", "")
    if errors:
        return ReadLine(line.number, name_typed, email, None, tuple(errors))
    values.setdefault("body", former.body_id if former else own_body)
    facts = _facts(values, former, names)
    return ReadLine(line.number, facts.full_name, facts.email, facts)


def _columns(line: SheetLine, former: Facts | None, own_body: int | None) -> list[str]:
    """Return the columns to read: those of the list, and those required of a new agent."""
    needed = [] if former else [column for column in NEEDED if column != "body" or own_body is None]
    return [
        column.name
        for column in files.COLUMNS
        if column.name in line.cells or column.name in needed
    ]


def _facts(values: dict[str, Any], former: Facts | None, names: Names) -> Facts:
    body_id = values.pop("body")
    stands, wished = values.pop("stands", None), values.pop("wished", None)
    periods = {
        kind: values.pop(name, None)
        for name, kind in (
            ("unavailable", PeriodKind.UNAVAILABLE),
            ("avoided", PeriodKind.AVOIDED),
        )
    }
    if former is None:
        own_stands = {names.stand_of[body_id]: False}
        former = Facts("", "", "", "", body_id, stands=own_stands)
    stand_wishes = former.stands if stands is None else dict.fromkeys(stands, False)
    liked = [stand_id for stand_id, is_wished in former.stands.items() if is_wished]
    liked = liked if wished is None else list(wished)
    stand_wishes = {**dict.fromkeys(stand_wishes, False), **dict.fromkeys(liked, True)}
    all_periods = [
        *(period for period in former.periods if periods[period.kind] is None),
        *(
            Period(starts_at, ends_at, kind, note)
            for kind, spans in periods.items()
            for starts_at, ends_at, note in spans or ()
        ),
    ]
    field_names = {field.name for field in fields(Facts)}
    themes = {"theme_ids": values["themes"]} if "themes" in values else {}
    return replace(
        former,
        **{name: value for name, value in values.items() if name in field_names},
        **themes,
        body_id=body_id,
        stands=stand_wishes or {names.stand_of[body_id]: False},
        periods=tuple(sorted(all_periods, key=lambda period: (period.starts_at, period.ends_at))),
    )


def _read(name: str, cell: str, names: Names) -> Any:
    """Return the value of a cell. Raises the error of its column."""
    column = files.BY_NAME[name]
    if name in NAMES:
        cell = bare_name(cell)
    if len(cell) > column.longest:
        raise rules.CellTooLong(column.head, column.longest)
    if files.is_hostile(cell):
        raise rules.CellUnprintable(column.head)
    if name in NEEDED and not cell:
        raise rules.CellMissing(column.head)
    if name in NAMES and holds_link(cell):
        raise rules.LinkInName(column.head)
    if name == "email":
        return _email(cell)
    if name in PLAIN:
        return cell
    return READERS[name](cell, names)


@lru_cache(maxsize=1024)
def _email(cell: str) -> str:
    if checked_address(cell) is None:
        raise rules.WrongAddress(cell)
    return cell


def _word(
    words: Mapping[str, Any], refusal: type[rules.UnknownWord]
) -> Callable[[str, Names], Any]:
    return lambda cell, _: _value_of(cell, words, refusal)


def _value_of(cell: str, words: Mapping[str, Any], refusal: type[rules.UnknownWord]) -> Any:
    value = words.get(folded(cell))
    if value is None:
        raise refusal(cell)
    return value


def _values_of(cell: str, words: Mapping[str, Any], refusal: type[rules.UnknownWord]) -> list[Any]:
    values: dict[Any, None] = {}
    for item in items(cell):
        values[_value_of(item, words, refusal)] = None
    return list(values)


def _yes(cell: str, _: Names) -> bool:
    answer = YES_OR_NO.get(folded(cell))
    if answer is None:
        raise rules.NotYesOrNo(files.BY_NAME["is_coordinator"].head, cell)
    return answer


def _moment(cell: str, names: Names) -> datetime | None:
    return moment_of(cell, names.days) if cell else None


def moment_of(text: str, days: Sequence[date]) -> datetime:
    """Return the instant of « 9 h 30 », « 9:30 », « 01/10 9:30 ». Raises UnknownHour,
    DayMissing.
    """
    match = HOUR.fullmatch(text.strip())
    if match is None:
        raise rules.UnknownHour(text)
    if match["day"] is None and len(days) > 1:
        raise rules.DayMissing(text)
    try:
        clock = time(int(match["hour"]), int(match["minute"] or 0))
        day = days[0] if match["day"] is None else _day(match, days)
    except ValueError:
        raise rules.UnknownHour(text) from None
    return paris(day, clock)


def _day(match: re.Match[str], days: Sequence[date]) -> date:
    year = int(match["year"] or days[0].year)
    return date(year, int(match["month"]), int(match["day"]))


def _periods(cell: str, names: Names) -> list[tuple[datetime, datetime, str]]:
    """Return « 11 h - 12 h 30 (réunion) | 16 h - 17 h » as (start, end, note)."""
    spans = [span.strip() for span in PERIODS.split(cell)]
    return [_period(span, names.days) for span in spans if span]


def _period(text: str, days: Sequence[date]) -> tuple[datetime, datetime, str]:
    note = NOTE.search(text)
    hours = NOTE.sub("", text).strip()
    ends = [part for part in re.split(r"\s*(?:-|–|\bà\b)\s*", hours) if part]
    if len(ends) != 2:
        raise rules.UnknownHour(text)
    start = moment_of(ends[0], days)
    day = HOUR.fullmatch(ends[0].strip())
    same_day = [_day(day, days)] if day is not None and day["day"] is not None else days
    return (
        start,
        moment_of(ends[1], same_day),
        (note["note"].strip() if note else "")[:LONGEST_NOTE],
    )


def _themes(cell: str, names: Names) -> frozenset[int]:
    return frozenset(_values_of(cell, names.themes, rules.UnknownTheme))


READERS: Mapping[str, Callable[[str, Names], Any]] = {
    "body": lambda cell, names: _value_of(cell, names.bodies, rules.UnknownBody),
    "civility": _word(CIVILITY_WORDS, rules.UnknownCivility),
    "themes": _themes,
    "stands": lambda cell, names: _values_of(cell, names.stands, rules.UnknownStand),
    "wished": lambda cell, names: _values_of(cell, names.stands, rules.UnknownStand),
    "languages": lambda cell, _: _values_of(cell, files.LANGUAGES, rules.UnknownLanguage),
    "needs": lambda cell, _: _values_of(cell, files.NEEDS, rules.UnknownNeed),
    "arrives_at": _moment,
    "leaves_at": _moment,
    "unavailable": _periods,
    "avoided": _periods,
    "is_coordinator": _yes,
}
