"""People let in at an edition, counted from presences and from the figures saved before a purge.

`attendance_of` returns what may be published; the rule is in
`salon/platform/words/small_counts.py`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from salon.badges.models import Attendee, Badge, Category, Commune, Epci
from salon.entrance.engine.forecast import QUARTER, quarter_of
from salon.entrance.models import KeptFigure, Presence
from salon.entrance.queries import entries
from salon.entrance.queries.entries import arrivals_by_day
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local
from salon.platform.words.small_counts import (
    REST,
    TimeCount,
    is_small,
    merge_groups,
    merge_times,
)

OTHERS = "Autres organismes"
"""The group of people of no EPCI."""
Value = TypeVar("Value")


@dataclass(frozen=True)
class GroupCount:
    """People of a category or of an EPCI; `siren` is "" for what is not an EPCI."""

    label: str
    people: int
    siren: str = ""


@dataclass(frozen=True)
class Attendance:
    """Figures that may be published: no count of people is from 1 to 4, nor can be computed.

    People are counted once, whatever their badges, in the quarter hour of their first entry. The
    three tables of them have the same total, `people`. `by_day` counts them on each day on which
    they came; it is empty for a fair of one day, and where it would tell of few people.
    """

    people: int
    by_day: Mapping[date, int]
    by_quarter: Sequence[TimeCount]
    by_category: Sequence[GroupCount]
    by_epci: Sequence[GroupCount]


def attendance_of(edition: Edition, now: datetime) -> Attendance | None:
    """Return the attendance of an edition that is over, small counts merged.

    None before its end, because figures read again and again while people enter would tell when
    each one did; None as well when fewer than five people came in all.
    """
    if not edition.days or not edition.is_over(now):
        return None
    figures = entry_figures(edition)
    total = figures["total"].total()
    if not total or is_small(total):
        return None
    epcis = merge_groups(figures["epci"], REST)
    sirens, first_entries = _sirens(epcis), entered_by_quarter(edition.id)
    return Attendance(
        people=total,
        by_day=_days(edition, total, first_entries),
        by_quarter=_quarters(first_entries),
        by_category=[
            GroupCount(label, people)
            for label, people in merge_groups(figures["category"], REST).items()
        ],
        by_epci=[
            GroupCount(label, people, sirens.get(label, "")) for label, people in epcis.items()
        ],
    )


def entry_figures(edition: Edition) -> dict[str, Counter[str]]:
    """Return people who entered, by kind and label of a KeptFigure, with those saved."""
    siren = func.coalesce(Attendee.epci_siren, Commune.epci_siren)
    by_epci = (
        _people(edition.id, Epci.name)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == siren)
    )
    execute = current_session().execute
    figures: dict[str, Counter[str]] = {
        "total": Counter(),
        "category": Counter(
            {
                Category(category).label: people
                for category, people in execute(_people(edition.id, Attendee.category))
            }
        ),
        "epci": Counter({name or OTHERS: people for name, people in execute(by_epci)}),
        "door": Counter(
            {
                f"Porte {door}": people
                for door, people in execute(_people(edition.id, Presence.first_door))
            }
        ),
        "quarter": _labelled(_first_entries(edition.id)),
        "arrival": _labelled(entries.by_quarter(chain(*arrivals_by_day(edition).values()))),
    }
    figures["total"][""] = figures["category"].total()
    statement = select(KeptFigure).where(KeptFigure.edition_id == edition.id)
    for figure in current_session().scalars(statement):
        figures[figure.kind][figure.label] += figure.value
    return figures


def _labelled(people: Mapping[datetime, int]) -> Counter[str]:
    return Counter({at.isoformat(): count for at, count in people.items()})


def _people(edition_id: int, group: InstrumentedAttribute[Value]) -> Select[Value, int]:
    """Select (group, people who entered) of an edition."""
    return (
        select(group, func.count(Attendee.id.distinct()))
        .select_from(Presence)
        .join(Badge, Badge.id == Presence.badge_id)
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .where(Badge.edition_id == edition_id, Presence.first_entry_at.is_not(None))
        .group_by(group)
    )


def _first_entries(edition_id: int) -> Counter[datetime]:
    """Return the people whose first entry of all is in each quarter hour."""
    statement = (
        select(func.min(Presence.first_entry_at))
        .join(Badge, Badge.id == Presence.badge_id)
        .where(Badge.edition_id == edition_id, Presence.first_entry_at.is_not(None))
        .group_by(Badge.attendee_id)
    )
    firsts = current_session().scalars(statement)
    return Counter(quarter_of(at) for at in firsts if at is not None)


def count_entered(edition_id: int) -> int:
    """Return people who entered, with those saved."""
    entered = (
        select(func.count(Badge.attendee_id.distinct()))
        .join(Presence, Presence.badge_id == Badge.id)
        .where(Badge.edition_id == edition_id, Presence.first_entry_at.is_not(None))
    )
    kept_total = select(func.sum(KeptFigure.value)).where(
        KeptFigure.edition_id == edition_id, KeptFigure.kind == "total"
    )
    return sum(current_session().scalar(statement) or 0 for statement in (entered, kept_total))


def entered_by_quarter(edition_id: int) -> Counter[datetime]:
    """Return first entries by quarter hour, with those saved."""
    return _first_entries(edition_id) + _saved(edition_id, "quarter")


def arrived_by_quarter(edition: Edition) -> Counter[datetime]:
    """Return the people of each day by the quarter hour of their first entry that day, with those
    saved: who comes on two days counts on both. 1.0.0 saved first entries alone."""
    saved = _saved(edition.id, "arrival") or _saved(edition.id, "quarter")
    return entries.by_quarter(chain(*arrivals_by_day(edition).values())) + saved


def entered_by_day(edition: Edition) -> Counter[date]:
    """Return the people who entered on each day of the fair, with those saved."""
    people: Counter[date] = Counter({day.day_on: 0 for day in edition.days})
    for at, count in arrived_by_quarter(edition).items():
        people[local(at).date()] += count
    return people


def _saved(edition_id: int, kind: str) -> Counter[datetime]:
    statement = select(KeptFigure.label, KeptFigure.value).where(
        KeptFigure.edition_id == edition_id, KeptFigure.kind == kind
    )
    rows = current_session().execute(statement)
    return Counter({datetime.fromisoformat(label): value for label, value in rows})


def _days(edition: Edition, total: int, first_entries: Counter[datetime]) -> dict[date, int]:
    """Return the people of each day of a fair of several; none when somebody could be told from
    them: those of a day who had come before, and those who did not come that day, must not be
    few."""
    if _saved(edition.id, "quarter") and not _saved(edition.id, "arrival"):
        return {}
    people = entered_by_day(edition)
    first_by_day: Counter[date] = Counter()
    for at, count in first_entries.items():
        first_by_day[local(at).date()] += count
    told = [
        number
        for day, count in people.items()
        for number in (count, count - first_by_day[day], total - count)
    ]
    if len(people) < 2 or any(number < 0 or is_small(number) for number in told):
        return {}
    return dict(sorted(people.items()))


def _quarters(people: Counter[datetime]) -> list[TimeCount]:
    """Return the quarter hours of each day, from the first entry to the last, merged in the day;
    a day with few people is merged with another."""
    busy = sorted(at for at, count in people.items() if count)
    days = groupby(busy, key=lambda at: local(at).date())
    merged = [count for _, quarters in days for count in merge_times(_day(people, quarters))]
    return merge_times(merged)


def _day(people: Counter[datetime], busy: Iterable[datetime]) -> list[TimeCount]:
    first, *other_quarters = busy
    return list(_series(people, first, other_quarters[-1] if other_quarters else first))


def _series(people: Counter[datetime], at: datetime, last: datetime) -> Iterator[TimeCount]:
    while at <= last:
        yield TimeCount(at, at + QUARTER, people[at])
        at += QUARTER


def _sirens(names: Iterable[str]) -> dict[str, str]:
    """Return the SIREN of each EPCI of these names, unless several bear the name."""
    rows = current_session().execute(select(Epci.name, Epci.siren).where(Epci.name.in_(names)))
    sirens: dict[str, str] = {}
    for name, siren in rows:
        sirens[name] = "" if name in sirens else siren
    return sirens
