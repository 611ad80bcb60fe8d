"""Times that may be booked on a theme, and the nearest ones to a given time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from salon.appointments.engine.slots import Demand, Slot, slots
from salon.appointments.queries.settings import booking_of
from salon.appointments.queries.situation import Offering, offering_of, situation_of
from salon.badges.models import HalfDay
from salon.fair.models import Edition
from salon.platform.settings.clock import local

NOON_HOUR = 13


@dataclass(frozen=True)
class BookableTime:
    """A time that may be booked, with one slot for each agent who can receive."""

    starts_at: datetime
    ends_at: datetime
    slots: tuple[Slot, ...]


def demand_of(offering: Offering, theme_id: int, agent_id: int | None = None) -> Demand:
    """Return the demand of a theme, with one agent only if given."""
    demand = offering.demands.get(theme_id)
    if demand is None:
        return Demand(booking_of(theme_id).minutes // 5, frozenset())
    if agent_id is None:
        return demand
    return replace(demand, agents=demand.agents & {agent_id})


def offers_of(
    edition: Edition,
    theme_id: int,
    now: datetime,
    agent_id: int | None = None,
    without: Collection[int] = (),
) -> list[BookableTime]:
    """Return the times at which a theme may be booked now, earliest first; none when it is closed.

    `agent_id`: only this agent; `without`: appointments that are about to move.
    """
    offering = offering_of(edition)
    if theme_id in offering.closed:
        return []
    free_slots = slots(
        situation_of(edition, now, without=without), demand_of(offering, theme_id, agent_id)
    )
    return group_by_start(free_slots)


def group_by_start(slots: Sequence[Slot]) -> list[BookableTime]:
    """Group slots by start, in time."""
    times: dict[int, list[Slot]] = {}
    for slot in slots:
        times.setdefault(slot.start, []).append(slot)
    return [
        BookableTime(group[0].starts_at, group[0].ends_at, tuple(group))
        for _, group in sorted(times.items())
    ]


def nearest_offers(
    edition: Edition,
    theme_id: int,
    at: datetime,
    now: datetime,
    agent_id: int | None = None,
    most: int = 3,
) -> list[BookableTime]:
    """Return the free times nearest to a time that is not free, in time."""
    return nearest(offers_of(edition, theme_id, now, agent_id), at, most)


def nearest(offers: Sequence[BookableTime], at: datetime, most: int = 3) -> list[BookableTime]:
    """Return the offers nearest to an instant, in time."""
    closest = sorted(offers, key=lambda offer: (abs(offer.starts_at - at), offer.starts_at))[:most]
    return sorted(closest, key=lambda offer: offer.starts_at)


def offers_in_part(
    edition: Edition, theme_id: int, part: HalfDay, now: datetime, day_on: date | None = None
) -> list[BookableTime]:
    """Return the times of a theme in that part of that day, or of any, earliest first."""
    offers = offers_of(edition, theme_id, now)
    return [offer for offer in offers if is_in_part(offer.starts_at, part, day_on)]


def is_in_part(at: datetime, part: HalfDay, day_on: date | None = None) -> bool:
    """Return whether an instant is in that part of that day, or of any for None."""
    if day_on is not None and local(at).date() != day_on:
        return False
    if part == HalfDay.WHOLE_DAY:
        return True
    return (local(at).hour < NOON_HOUR) == (part == HalfDay.MORNING)
