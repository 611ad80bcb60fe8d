"""From a line of a list to what is said of an agent, or to what is the matter with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from email_validator import EmailNotValidError, validate_email

from salon.fair.models import Edition
from salon.fair.queries import bodies_of, themes_of
from salon.platform.clock import paris
from salon.platform.errors import RuleBroken
from salon.platform.texts import folded, holds_link, person_name
from salon.staffing.imports import agents as files
from salon.staffing.imports.agents import AgentsLine, items
from salon.staffing.models import PeriodKind
from salon.staffing.rules import agents_import as rules
from salon.staffing.services.agent_facts import Facts, Period

HOUR = re.compile(
    r"(?:(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?\s+)?"
    r"(?P<hour>\d{1,2})\s*(?:h|:|heures?)\s*(?P<minute>\d{2})?",
    re.I,
)
NOTE = re.compile(r"\((?P<note>[^()]*)\)\s*$")
LONGEST_NOTE = 120
PLAIN = ("first_name", "last_name", "function", "email", "phone", "needs_note")
NAMES = ("first_name", "last_name")
NEEDED = (*files.NEEDED, "civility", "body")


@dataclass(frozen=True)
class Names:
    """What the lines may name at an edition, by folded name; `stand_of`: that of each body."""

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
        numbers = {folded(one.stand.number): one.stand_id for one in bodies_of(edition)}
        themes = {
            folded(name): one.id for one in themes_of(edition) for name in (one.name, one.slug)
        }
        own = {one.id: one.stand_id for one in bodies_of(edition)}
        return cls(bodies, themes, stands | numbers, own, [one.day_on for one in edition.days])


@dataclass(frozen=True)
class ReadLine:
    """A line once read; `facts` is None when something is `wrong` with it."""

    number: int
    who: str
    email: str
    facts: Facts | None
    wrong: tuple[RuleBroken, ...] = ()


def read_line(
    line: AgentsLine, former: Facts | None, names: Names, own_body: int | None
) -> ReadLine:
    """What a line says of an agent.

    `former`: what is said of the agent of this address now; a column that is not in the list
    leaves it as it is. `own_body`: of who imports, when they coordinate one.
    """
    wrong: list[RuleBroken] = []
    values: dict[str, Any] = {}
    for name in _columns(line, former, own_body):
        try:
            values[name] = _read(name, line.cells.get(name, ""), names)
        except RuleBroken as refusal:
            wrong.append(refusal)
    said = " ".join(filter(None, (line.cells.get("first_name"), line.cells.get("last_name"))))
    email = line.cells.get("email", "")
    if wrong:
        return ReadLine(line.number, said, email, None, tuple(wrong))
    values.setdefault("body", former.body_id if former else own_body)
    facts = _facts(values, former, names)
    return ReadLine(line.number, facts.full_name, facts.email, facts)


def _columns(line: AgentsLine, former: Facts | None, own_body: int | None) -> list[str]:
    """The columns to read: those of the list, and those that a new agent cannot do without."""
    needed = [] if former else [one for one in NEEDED if one != "body" or own_body is None]
    return [one.name for one in files.COLUMNS if one.name in line.cells or one.name in needed]


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
        own = {names.stand_of[body_id]: False}
        former = Facts("", "", "", "", body_id, stands=own)
    held = former.stands if stands is None else dict.fromkeys(stands, False)
    liked = [one for one, is_wished in former.stands.items() if is_wished]
    liked = liked if wished is None else list(wished)
    held = {**dict.fromkeys(held, False), **dict.fromkeys(liked, True)}
    kept = [
        *(one for one in former.periods if periods[one.kind] is None),
        *(
            Period(starts_at, ends_at, kind, note)
            for kind, said in periods.items()
            for starts_at, ends_at, note in said or ()
        ),
    ]
    known = {one.name for one in fields(Facts)}
    themes = {"theme_ids": values["themes"]} if "themes" in values else {}
    return replace(
        former,
        **{name: value for name, value in values.items() if name in known},
        **themes,
        body_id=body_id,
        stands=held or {names.stand_of[body_id]: False},
        periods=tuple(sorted(kept, key=lambda one: (one.starts_at, one.ends_at))),
    )


def _read(name: str, cell: str, names: Names) -> Any:
    """The value of a cell. Raises the error of its column."""
    column = files.BY_NAME[name]
    if name in NAMES:
        cell = person_name(cell)
    if len(cell) > column.longest:
        raise rules.CellTooLong(column.head, column.longest)
    if files.hostile(cell):
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
    try:
        validate_email(cell, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise rules.WrongAddress(cell) from None
    return cell


def _word(
    words: Mapping[str, Any], refusal: type[rules.UnknownWord]
) -> Callable[[str, Names], Any]:
    return lambda cell, _: _known(cell, words, refusal)


def _known(cell: str, words: Mapping[str, Any], refusal: type[rules.UnknownWord]) -> Any:
    found = words.get(folded(cell))
    if found is None:
        raise refusal(cell)
    return found


def _all_known(cell: str, words: Mapping[str, Any], refusal: type[rules.UnknownWord]) -> list[Any]:
    found: dict[Any, None] = {}
    for one in items(cell):
        found[_known(one, words, refusal)] = None
    return list(found)


def _yes(cell: str, _: Names) -> bool:
    found = files.YES.get(folded(cell))
    if found is None:
        raise rules.NotYesOrNo(files.BY_NAME["is_coordinator"].head, cell)
    return found


def _moment(cell: str, names: Names) -> datetime | None:
    return moment_of(cell, names.days) if cell else None


def moment_of(text: str, days: Sequence[date]) -> datetime:
    """« 9 h 30 », « 9:30 », « 01/10 9:30 ». Raises UnknownHour, DayMissing."""
    found = HOUR.fullmatch(text.strip())
    if found is None:
        raise rules.UnknownHour(text)
    if found["day"] is None and len(days) > 1:
        raise rules.DayMissing(text)
    try:
        clock = time(int(found["hour"]), int(found["minute"] or 0))
        day = days[0] if found["day"] is None else _day(found, days)
    except ValueError:
        raise rules.UnknownHour(text) from None
    return paris(day, clock)


def _day(found: re.Match[str], days: Sequence[date]) -> date:
    year = int(found["year"] or days[0].year)
    return date(year, int(found["month"]), int(found["day"]))


def _periods(cell: str, names: Names) -> list[tuple[datetime, datetime, str]]:
    """« 11 h - 12 h 30 (réunion) | 16 h - 17 h » as (start, end, note)."""
    return [_period(one, names.days) for one in items(cell)]


def _period(text: str, days: Sequence[date]) -> tuple[datetime, datetime, str]:
    note = NOTE.search(text)
    hours = NOTE.sub("", text).strip()
    ends = [one for one in re.split(r"\s*(?:-|–|\bà\b)\s*", hours) if one]
    if len(ends) != 2:
        raise rules.UnknownHour(text)
    start = moment_of(ends[0], days)
    day = HOUR.fullmatch(ends[0].strip())
    same = [_day(day, days)] if day is not None and day["day"] is not None else days
    return start, moment_of(ends[1], same), (note["note"].strip() if note else "")[:LONGEST_NOTE]


def _themes(cell: str, names: Names) -> frozenset[int]:
    return frozenset(_all_known(cell, names.themes, rules.UnknownTheme))


READERS: Mapping[str, Callable[[str, Names], Any]] = {
    "body": lambda cell, names: _known(cell, names.bodies, rules.UnknownBody),
    "civility": _word(files.CIVILITIES, rules.UnknownCivility),
    "themes": _themes,
    "stands": lambda cell, names: _all_known(cell, names.stands, rules.UnknownStand),
    "wished": lambda cell, names: _all_known(cell, names.stands, rules.UnknownStand),
    "languages": lambda cell, _: _all_known(cell, files.LANGUAGES, rules.UnknownLanguage),
    "needs": lambda cell, _: _all_known(cell, files.NEEDS, rules.UnknownNeed),
    "arrives_at": _moment,
    "leaves_at": _moment,
    "unavailable": _periods,
    "avoided": _periods,
    "is_coordinator": _yes,
}
