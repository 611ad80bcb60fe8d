"""Who came, and on which days: from the readings at doors, in rooms, and the marks at stands."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from salon.badges.models import Attendee, Badge, MergedPerson
from salon.entrance.models import Direction, KeptFigure, Scan
from salon.entrance.queries.inside import ids_inside
from salon.fair.models import Door, Stand, Zone, ZoneKind
from salon.platform.database.day_presences import DayPresence
from salon.platform.database.day_presences import DayPresences as PresencesOfPeople
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, paris
from salon.staffing.models import Shift, ShiftStatus

OWNER = func.coalesce(MergedPerson.kept_id, Badge.attendee_id)
"""The registration that a badge counts for: the one that was kept of those merged."""


class Reading(NamedTuple):
    """A counted scan, or a mark at a stand. `place` "": a door of the fair itself."""

    attendee_id: int
    at: datetime
    direction: str
    door: str
    place: str


def _of_day(column: Any, day: date | None) -> ColumnElement[bool]:
    if day is None:
        return and_(column.is_not(None))
    return and_(column >= paris(day, time()), column < paris(day + timedelta(days=1), time()))


def came(edition_id: int, day: date | None = None) -> ColumnElement[bool]:
    """Match the registrations of people who were read or marked at the fair, that day if any."""
    read = (
        select(OWNER)
        .select_from(Scan)
        .join(Badge, Badge.id == Scan.badge_id)
        .outerjoin(MergedPerson, MergedPerson.attendee_id == Badge.attendee_id)
        .where(Scan.edition_id == edition_id, Scan.is_counted, _of_day(Scan.happened_at, day))
    )
    marked = (
        select(Shift.agent_id)
        .where(Shift.edition_id == edition_id, Shift.status == ShiftStatus.PUBLISHED)
        .where(_of_day(Shift.arrived_at, day))
    )
    return or_(Attendee.id.in_(read), func.coalesce(Attendee.agent_id.in_(marked), false()))


class DayPresences:
    """The source of presences (`salon.platform.database.day_presences.Source`)."""

    def of_people(self, edition_id: int, attendee_ids: Collection[int]) -> PresencesOfPeople:
        readings = sorted(
            (*_scans_of(edition_id, attendee_ids), *_marks_of(edition_id, attendee_ids)),
            key=lambda reading: reading.at,
        )
        days: dict[int, dict[date, list[Reading]]] = {}
        for reading in readings:
            by_day = days.setdefault(reading.attendee_id, {})
            by_day.setdefault(local(reading.at).date(), []).append(reading)
        return {
            attendee_id: [_presence(day, of_day) for day, of_day in sorted(by_day.items())]
            for attendee_id, by_day in days.items()
        }

    def matching(self, edition_id: int, presence: str) -> ColumnElement[bool]:
        state, _, moment = presence.partition(":")
        if state == "inside":
            return ids_inside(edition_id, datetime.fromisoformat(moment))
        condition = came(edition_id, date.fromisoformat(moment) if moment else None)
        return condition if state == "came" else ~condition

    def are_readings_destroyed(self, edition_id: int) -> bool:
        statement = select(exists().where(KeptFigure.edition_id == edition_id))
        return bool(current_session().scalar(statement))


def _presence(day: date, readings: list[Reading]) -> DayPresence:
    at_doors = [reading for reading in readings if not reading.place]
    entry = next((reading for reading in at_doors if reading.direction == Direction.IN), None)
    elsewhere = next((reading for reading in readings if reading.place), None)
    last = readings[-1]
    has_left = not last.place and last.direction == Direction.OUT
    return DayPresence(
        day,
        entered_at=entry.at if entry else None,
        door=entry.door if entry else "",
        left_at=last.at if has_left else None,
        seen_at=elsewhere.at if elsewhere else None,
        place=elsewhere.place if elsewhere else "",
    )


def _scans_of(edition_id: int, attendee_ids: Collection[int]) -> Iterator[Reading]:
    """Yield the counted scans of people of the edition.

    In Core, by the indexes of people and badges: by the criterion of the edition, which the session
    would add, all the badges and scans of a large fair would be read.
    """
    scans, badges, merged = Scan.__table__, Badge.__table__, MergedPerson.__table__
    theirs = select(merged.c.attendee_id).where(merged.c.kept_id.in_(attendee_ids))
    owner = func.coalesce(merged.c.kept_id, badges.c.attendee_id)
    statement: Any = (
        select(owner, scans.c.happened_at, scans.c.direction, scans.c.door, Zone.label)
        .select_from(badges)
        .join(scans, scans.c.badge_id == badges.c.id)
        .outerjoin(merged, merged.c.attendee_id == badges.c.attendee_id)
        .outerjoin(Door, and_(Door.edition_id == edition_id, Door.code == scans.c.door))
        .outerjoin(Zone, and_(Zone.id == Door.zone_id, Zone.kind != ZoneKind.FAIR))
        .where(
            or_(badges.c.attendee_id.in_(attendee_ids), badges.c.attendee_id.in_(theirs)),
            scans.c.is_counted,
        )
    )
    for attendee_id, at, direction, door, place in current_session().execute(statement):
        yield Reading(attendee_id, at, direction, door, place or "")


def _marks_of(edition_id: int, attendee_ids: Collection[int]) -> Iterator[Reading]:
    statement = (
        select(Attendee.id, Shift.arrived_at, Stand.number)
        .join(Shift, Shift.agent_id == Attendee.agent_id)
        .join(Stand, Stand.id == Shift.stand_id)
        .where(
            Attendee.id.in_(list(attendee_ids)),
            Shift.edition_id == edition_id,
            Shift.status == ShiftStatus.PUBLISHED,
            Shift.arrived_at.is_not(None),
        )
    )
    for attendee_id, at, number in current_session().execute(statement):
        assert at is not None
        yield Reading(attendee_id, at, Direction.IN, "", f"stand {number}")
