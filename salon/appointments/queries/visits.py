"""Visits that the stands of the village received, and the agents busy with them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil

from sqlalchemy import select

from salon.appointments.models import Appointment, Ticket
from salon.fair.models import Edition, PartnerBody
from salon.fair.queries import bodies_of
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local, paris
from salon.staffing.engine.half_hours import HALF_HOUR, half_hours

FEWEST = 5
"""Visits of a stand below which they say nothing."""
LONGEST = timedelta(minutes=60)
"""A visit still open after this time was closed late."""


@dataclass(frozen=True)
class MeasuredStand:
    """A body's visits at an edition. `busy`: agents receiving at once, rounded up, by rank of the
    day and half hour of the clock."""

    body: PartnerBody
    visits: int
    busy: Mapping[tuple[int, time], int]

    def in_edition(self, edition: Edition) -> dict[datetime, int]:
        """Return `busy` by half hour of the days of another edition."""
        return {
            paris(edition.days[rank].day_on, at, edition.time_zone): agents
            for (rank, at), agents in self.busy.items()
            if rank < len(edition.days)
        }


def measured_stands(edition: Edition) -> list[MeasuredStand]:
    """Return the stands of the village that received at least FEWEST visits, begun and ended."""
    ranks = {day.day_on: rank for rank, day in enumerate(edition.days)}
    visits: dict[int, int] = defaultdict(int)
    minutes: dict[int, dict[tuple[int, time], float]] = defaultdict(lambda: defaultdict(float))
    for stand_id, began_at, ended_at in _visits(edition):
        rank = ranks.get(local(began_at).date())
        if rank is None:
            continue
        visits[stand_id] += 1
        end = min(ended_at, began_at + LONGEST)
        for start in half_hours(began_at, end):
            shared = min(end, start + HALF_HOUR) - max(began_at, start)
            minutes[stand_id][rank, local(start).time()] += shared / HALF_HOUR
    return [
        MeasuredStand(
            body,
            visits[body.stand_id],
            {at: ceil(load - 0.05) for at, load in minutes[body.stand_id].items()},
        )
        for body in bodies_of(edition)
        if visits[body.stand_id] >= FEWEST
    ]


def _visits(edition: Edition) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield (stand, begin, end) of appointments kept and of people received from the queue."""
    meetings = select(Appointment.stand_id, Appointment.arrived_at, Appointment.closed_at).where(
        Appointment.edition_id == edition.id, Appointment.closed_at > Appointment.arrived_at
    )
    queued = select(Ticket.stand_id, Ticket.called_at, Ticket.closed_at).where(
        Ticket.edition_id == edition.id,
        Ticket.appointment_id.is_(None),
        Ticket.closed_at > Ticket.called_at,
    )
    for statement in (meetings, queued):
        for stand_id, began_at, ended_at in current_session().execute(statement):
            if began_at and ended_at:
                yield stand_id, began_at, ended_at
