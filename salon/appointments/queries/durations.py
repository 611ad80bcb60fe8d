"""How long the appointments of each theme lasted."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from salon.appointments.models import Appointment
from salon.appointments.queries.settings import USUAL_MINUTES, theme_bookings
from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.platform.database.db import current_session

FEWEST = 5
"""Appointments of a theme below which their median says nothing."""
TOLERANCE = 5


@dataclass(frozen=True)
class MeasuredTheme:
    """A theme's planned duration and the median of its appointments, in minutes."""

    name: str
    planned_minutes: int
    median_minutes: int
    count: int

    @property
    def differs(self) -> bool:
        return abs(self.median_minutes - self.planned_minutes) >= TOLERANCE


def measured_themes(edition: Edition) -> list[MeasuredTheme]:
    """Return the themes of an edition with at least FEWEST appointments begun and closed."""
    statement = select(Appointment.theme_id, Appointment.arrived_at, Appointment.closed_at).where(
        Appointment.edition_id == edition.id,
        Appointment.closed_at > Appointment.arrived_at,
    )
    minutes: dict[int, list[float]] = defaultdict(list)
    for theme_id, arrived_at, closed_at in current_session().execute(statement):
        if arrived_at and closed_at:
            minutes[theme_id].append((closed_at - arrived_at).total_seconds() / 60)
    from statistics import median  # with it come fractions and random

    bookings = theme_bookings(edition)
    return [
        MeasuredTheme(
            theme.name,
            bookings[theme.id].minutes if theme.id in bookings else USUAL_MINUTES,
            round(median(minutes[theme.id])),
            len(minutes[theme.id]),
        )
        for theme in themes_of(edition)
        if len(minutes[theme.id]) >= FEWEST
    ]
