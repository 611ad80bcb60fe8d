"""Entries of the fair, day by day, read from the counted scans of its own doors.

A presence holds the first entry of an edition alone; who came on which day is only in the scans.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from salon.badges.models import Badge
from salon.entrance.engine.forecast import quarter_of
from salon.entrance.models import Direction, Scan
from salon.fair.models import Door, Edition, Zone, ZoneKind
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, paris


class Arrival(NamedTuple):
    """The first entry of a person in a span of time."""

    attendee_id: int
    at: datetime
    door: str


def span_of(day: date) -> tuple[datetime, datetime]:
    """Return the midnights that begin and end a day of the fair."""
    return paris(day, time()), paris(day + timedelta(days=1), time())


def live_day(edition: Edition, at: datetime) -> date:
    """Return the day of the fair that is shown at a moment: the latest that began, else the
    first."""
    today = local(at).date()
    days = [day.day_on for day in edition.days]
    begun = [day for day in days if day <= today]
    return begun[-1] if begun else next(iter(days), today)


def entries_of(edition_id: int, since: datetime, until: datetime) -> Select[int, datetime, str]:
    """Select (person, instant, door) of each counted entry by a door of the fair itself, in time;
    somebody who comes back is there again."""
    return (
        select(Badge.attendee_id, Scan.happened_at, Scan.door)
        .select_from(Scan)
        .join(Badge, Badge.id == Scan.badge_id)
        .outerjoin(Door, and_(Door.edition_id == Scan.edition_id, Door.code == Scan.door))
        .outerjoin(Zone, and_(Zone.id == Door.zone_id, Zone.kind != ZoneKind.FAIR))
        .where(_counted_entries(edition_id, since, until), Zone.id.is_(None))
        .order_by(Scan.happened_at, Scan.id)
    )


def _counted_entries(edition_id: int, since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(
        Scan.edition_id == edition_id,
        Scan.is_counted,
        Scan.direction == Direction.IN.value,
        Scan.happened_at >= since,
        Scan.happened_at < until,
    )


def arrivals_between(edition_id: int, since: datetime, until: datetime) -> list[Arrival]:
    """Return the first entry of each person in a span, in time."""
    arrivals: dict[int, Arrival] = {}
    for row in current_session().execute(entries_of(edition_id, since, until)):
        arrivals.setdefault(row[0], Arrival(*row))
    return list(arrivals.values())


def arrivals_by_day(edition: Edition) -> dict[date, list[Arrival]]:
    """Return the first entry of each person on each day of the fair."""
    return {day.day_on: arrivals_between(edition.id, *span_of(day.day_on)) for day in edition.days}


def by_quarter(arrivals: Iterable[Arrival]) -> Counter[datetime]:
    """Count arrivals by the quarter hour in which they are."""
    return Counter(quarter_of(arrival.at) for arrival in arrivals)


def people_by_zone(edition_id: int, since: datetime, until: datetime) -> dict[int, int]:
    """Return the people who entered each zone inside the fair in a span, by zone that has any."""
    statement = (
        select(Zone.id, func.count(Badge.attendee_id.distinct()))
        .select_from(Scan)
        .join(Badge, Badge.id == Scan.badge_id)
        .join(Door, and_(Door.edition_id == Scan.edition_id, Door.code == Scan.door))
        .join(Zone, and_(Zone.id == Door.zone_id, Zone.kind != ZoneKind.FAIR))
        .where(_counted_entries(edition_id, since, until))
        .group_by(Zone.id)
    )
    return {row[0]: row[1] for row in current_session().execute(statement)}
