"""People let in at an edition, counted from presences and from the figures saved before a purge.

`attendance_of` returns what may be published; the rule is in
`salon/platform/words/small_counts.py`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select

from salon.badges.models import Badge, Epci
from salon.entrance.engine.forecast import QUARTER
from salon.entrance.models import KeptFigure, Presence
from salon.entrance.queries.live import entries_by_quarter, live_figures
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
    three tables have the same total, `people`.
    """

    people: int
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
    figures = entry_figures(edition.id, now)
    total = figures["total"].total()
    if not total or is_small(total):
        return None
    epcis = merge_groups(figures["epci"], REST)
    sirens = _sirens(epcis)
    return Attendance(
        people=total,
        by_quarter=_quarters(entered_by_quarter(edition.id)),
        by_category=[
            GroupCount(label, people)
            for label, people in merge_groups(figures["category"], REST).items()
        ],
        by_epci=[
            GroupCount(label, people, sirens.get(label, "")) for label, people in epcis.items()
        ],
    )


def entry_figures(edition_id: int, now: datetime) -> dict[str, Counter[str]]:
    """Return people who entered, by kind and label of a KeptFigure, with those saved."""
    live = live_figures(edition_id, now)
    figures = {
        "total": Counter({"": live.entered}),
        "category": Counter({count.label: count.entered for count in live.by_category}),
        "epci": Counter({count.label: count.entered for count in live.by_epci}),
        "door": Counter({count.label: count.entered for count in live.by_door}),
        "quarter": Counter({at.isoformat(): people for at, people in live.by_quarter}),
    }
    statement = select(KeptFigure).where(KeptFigure.edition_id == edition_id)
    for figure in current_session().scalars(statement):
        figures[figure.kind][figure.label] += figure.value
    return figures


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
    people = Counter(dict(entries_by_quarter(edition_id)))
    statement = select(KeptFigure.label, KeptFigure.value).where(
        KeptFigure.edition_id == edition_id, KeptFigure.kind == "quarter"
    )
    for label, value in current_session().execute(statement):
        people[datetime.fromisoformat(label)] += value
    return people


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
