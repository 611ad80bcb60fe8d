"""Turn a line of a list into the facts of an agent, or into refusals."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from salon.fair.models import Edition
from salon.fair.queries import bodies_of, themes_of
from salon.platform.documents.spreadsheets.cells import YES_OR_NO
from salon.platform.documents.spreadsheets.reader import SheetLine
from salon.platform.words.email_addresses import checked_address
from salon.platform.words.errors import RuleBroken
from salon.platform.words.people import (
    CIVILITY_WORDS,
    bare_name,
    names_several_people,
    without_title,
)
from salon.platform.words.phones import readable_number
from salon.platform.words.search import SHORTEST_WORD, nearest
from salon.platform.words.texts import folded, holds_link
from salon.staffing.imports import agents as files
from salon.staffing.imports.agents import items
from salon.staffing.imports.hours import Hours, arrival_of, departure_of, periods_of
from salon.staffing.imports.presence import absences_of, read_presence
from salon.staffing.models import PeriodKind
from salon.staffing.rules import agents_import as rules
from salon.staffing.services.agent_facts import Facts, Period

Value = TypeVar("Value")

PLAIN = ("first_name", "last_name", "function", "email", "needs_note")
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
    hours: Hours
    short_names: Mapping[int, str]

    @classmethod
    def of(cls, edition: Edition) -> "Names":
        bodies, stands = {}, {}
        for body in bodies_of(edition):
            for name in (body.slug, body.name, body.short_name):
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
            bodies,
            themes,
            stands | numbers,
            stand_by_body,
            hours={day.day_on: (day.opens_at, day.closes_at) for day in edition.days},
            short_names={body.id: body.short_name for body in bodies_of(edition)},
        )


@dataclass(frozen=True)
class ReadLine:
    """A line once read; `facts` is None when something is `wrong` with it. `note`: what it says
    that is not stored."""

    number: int
    label: str
    email: str
    facts: Facts | None
    wrong: tuple[RuleBroken, ...] = ()
    note: str = ""


def read_line(
    line: SheetLine, former: Facts | None, names: Names, own_body: int | None
) -> ReadLine:
    """Return the facts that a line gives of an agent.

    `former`: the current facts of the agent of this address; a column that is not in the list
    leaves them as they are. `own_body`: the body coordinated by the author, None for an organiser.
    """
    errors: list[RuleBroken] = []
    values: dict[str, Any] = {}
    absences: list[tuple[datetime, datetime]] | None = None
    try:
        presence = read_presence(line.cells, names.hours)
        if presence is not None:
            absences = absences_of(presence, names.hours)
            # An hour without a day is of the only day on which the agent comes.
            days = {day: ends for day, ends in names.hours.items() if presence.get(day)}
            names = replace(names, hours=days)
    except RuleBroken as refusal:
        errors.append(refusal)
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
    if absences is not None:
        values["unavailable"] = [
            *values.get("unavailable", ()),
            *((starts_at, ends_at, "") for starts_at, ends_at in absences),
        ]
    titles = _titles_in(line)
    if titles and not (line.cells.get("function") or (former and former.function)):
        values["function"] = titles
    facts = _facts(values, former, names)
    is_lost = titles and facts.function != titles
    note = f"Le titre «\u00a0{titles}\u00a0» n’est pas gardé." if is_lost else ""
    return ReadLine(line.number, facts.full_name, facts.email, facts, note=note)


def _titles_in(line: SheetLine) -> str:
    """Return the ranks and titles that stand in front of the names, or for a civility: « Cdt »."""
    cells = [line.cells.get(name, "") for name in ("civility", *NAMES)]
    fronts = [without_title(f"{cells[0]} X")[1], *(without_title(cell)[1] for cell in cells[1:])]
    words = " ".join(fronts).split()
    return " ".join(dict.fromkeys(word for word in words if folded(word) not in CIVILITY_WORDS))


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


def _read(name: str, cell: str, names: Names) -> object:
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
    if name in (*NAMES, "civility") and names_several_people(cell):
        raise rules.SeveralPeople
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
    words: Mapping[str, Value], refusal: type[rules.UnknownWord]
) -> Callable[[str, Names], Value]:
    return lambda cell, _: _value_of(cell, words, refusal)


def _value_of(cell: str, words: Mapping[str, Value], refusal: type[rules.UnknownWord]) -> Value:
    value = words.get(folded(cell))
    if value is None:
        raise refusal(cell)
    return value


def _values_of(
    cell: str, words: Mapping[str, Value], refusal: type[rules.UnknownWord]
) -> list[Value]:
    values: dict[Value, None] = {}
    for item in items(cell):
        values[_value_of(item, words, refusal)] = None
    return list(values)


def _body(cell: str, names: Names) -> int:
    """Return the body of a cell: by its name, without spaces and dots, or without its number where
    only one has those letters. Raises UnknownBody, with those that may be meant."""
    typed = folded(cell).replace(" ", "")
    for number in (r"$^", r"\d+$"):
        same = {
            body_id
            for name, body_id in names.bodies.items()
            if re.sub(number, "", name.replace(" ", "")) == typed
        }
        if len(same) == 1:
            return same.pop()
    near: Counter[int] = Counter()
    for word in folded(cell).split():
        if len(word) >= SHORTEST_WORD:
            near.update({*nearest(word, ((body, name) for name, body in names.bodies.items()), 9)})
    raise rules.UnknownBody(cell, [names.short_names[body] for body, _ in near.most_common(5)])


def _telephone(cell: str, _: Names) -> str:
    if not cell:
        return ""
    number = readable_number(cell)
    if number is None:
        raise rules.UnknownTelephone(cell)
    return number


def _yes(cell: str, _: Names) -> bool:
    answer = YES_OR_NO.get(folded(cell))
    if answer is None:
        raise rules.NotYesOrNo(files.BY_NAME["is_coordinator"].head, cell)
    return answer


def _themes(cell: str, names: Names) -> frozenset[int]:
    return frozenset(_values_of(cell, names.themes, rules.UnknownTheme))


READERS: Mapping[str, Callable[[str, Names], object]] = {
    "body": _body,
    "phone": _telephone,
    "civility": _word(CIVILITY_WORDS, rules.UnknownCivility),
    "themes": _themes,
    "stands": lambda cell, names: _values_of(cell, names.stands, rules.UnknownStand),
    "wished": lambda cell, names: _values_of(cell, names.stands, rules.UnknownStand),
    "languages": lambda cell, _: _values_of(cell, files.LANGUAGES, rules.UnknownLanguage),
    "needs": lambda cell, _: _values_of(cell, files.NEEDS, rules.UnknownNeed),
    "arrives_at": lambda cell, names: arrival_of(cell, names.hours),
    "leaves_at": lambda cell, names: departure_of(cell, names.hours),
    "unavailable": lambda cell, names: periods_of(cell, names.hours),
    "avoided": lambda cell, names: periods_of(cell, names.hours),
    "is_coordinator": _yes,
}
