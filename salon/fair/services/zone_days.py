"""The hours of zones follow a change of days, and come back when it is undone."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Edition, Zone, ZoneHours
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    DaysChange,
    Facts,
    Fate,
    Hours,
)
from salon.platform.settings.clock import local, paris

Openings = Mapping[date, tuple[time, time]]
"""When the fair opens and closes on each of its days, on the clock."""
FATES = (Fate.MOVED, Fate.SHORTENED, Fate.UPDATED, Fate.KEPT)


def follow_days(session: Session, edition: Edition, change: DaysChange) -> Consequences:
    """Change the hours of zones with the days; name those that changed, and those to read again:
    they have their own hours on a day that has others."""
    before, after = openings_of(change.before), openings_of(change.after)
    names: dict[Fate, list[str]] = {fate: [] for fate in FATES}
    former: list[Facts] = []
    zones = select(Zone).where(Zone.edition_id == edition.id).order_by(Zone.id)
    for zone in session.scalars(zones).all():
        hours = hours_after(zone.hours, change.moves, before, after)
        if hours != zone.hours:
            fate = Fate.SHORTENED if len(hours) == len(zone.hours) else Fate.UPDATED
            names[Fate.MOVED if change.moves_days else fate].append(zone.label)
            former.append([Zone.__tablename__, zone.id, _columns(zone.hours)])
            _set_hours(zone, hours)
        elif any(before.get(day.day_on) != after.get(day.day_on) for day in hours if day.day_on):
            names[Fate.KEPT].append(zone.label)
    return [
        Consequence(fate, "Zones", names[fate], former if fate == Fate.MOVED else ())
        for fate in FATES
    ]


def openings_of(hours: Hours) -> Openings:
    spans = ((local(opens_at), local(closes_at)) for opens_at, closes_at in hours)
    return {opens.date(): (opens.time(), closes.time()) for opens, closes in spans}


def restore_hours(edition: Edition, zone: Zone | None, former: Mapping[str, Any]) -> None:
    """Give back its hours to a zone that is still there. 1.0.0 kept those of its first day."""
    if zone is None:
        return
    first = ZoneHours(*(former[name] for name in ZoneHours._fields))
    if "later_hours" in former:
        _set_hours(zone, (first, *(ZoneHours(*hours) for hours in former["later_hours"])))
    else:
        _set_hours(zone, (first, *first.repeated([day.day_on for day in edition.days])))


def _set_hours(zone: Zone, hours: Sequence[ZoneHours]) -> None:
    for name, value in _columns(hours).items():
        setattr(zone, name, value)


def _columns(hours: Sequence[ZoneHours]) -> dict[str, object]:
    return {**hours[0]._asdict(), "later_hours": hours[1:]}


def hours_after(
    hours: Sequence[ZoneHours], moves: Mapping[date, date], before: Openings, after: Openings
) -> tuple[ZoneHours, ...]:
    """Return the hours of a zone on the new days: those of a day given up go, and an added day has
    those of the first. A zone that opened on days given up alone keeps its hours."""
    by_day: dict[date, ZoneHours] = {}
    for day_hours in hours:
        if day_hours.day_on is None:
            return tuple(hours)
        day = moves.get(day_hours.day_on, day_hours.day_on)
        if day_hours.day_on not in before or day in after:
            moved = day_hours.moved(day - day_hours.day_on)
            by_day[day] = _fitted(moved, before.get(day_hours.day_on), after.get(day))
    if not by_day:
        return tuple(hours)
    first = by_day[min(by_day)]
    first_day = next((day for day in sorted(after) if first.covers(day)), None)
    if first_day is not None and first.closes_at is not None:
        for day in after.keys() - set(moves.values()) - by_day.keys():
            repeated = first.repeated_on(day, first_day)
            by_day[day] = _fitted(repeated, after[first_day], after[day])
    return tuple(by_day[day] for day in sorted(by_day))


def _fitted(
    hours: ZoneHours, former: tuple[time, time] | None, new: tuple[time, time] | None
) -> ZoneHours:
    """Return hours that open and close with the fair where they did, and close with it where they
    would last longer. `former`, `new`: the fair's, on the day that they were of and on theirs."""
    opens_at, closes_at, early_from = hours
    if former is None or new is None:
        return hours
    if opens_at is not None and local(opens_at).time() == former[0]:
        opens_at = paris(local(opens_at).date(), new[0])
    if closes_at is not None and local(closes_at).date() == hours.day_on:
        closes = local(closes_at).time()
        if closes == former[1] or new[1] < closes < former[1]:
            closes_at = paris(hours.day_on, new[1])
    if opens_at is not None and closes_at is not None and opens_at >= closes_at:
        return hours
    return ZoneHours(opens_at, closes_at, early_from)
