"""Who is registered for which day of the fair."""

from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, true

from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.models.visit_days import days_visited
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.words import formats


def visit_labels(edition: Edition, visit_days: str) -> tuple[str, str]:
    """Return the days and the hours of the fair for somebody who comes on these days."""
    if edition.is_postponed:
        return edition.day_label, edition.hours_label
    days = days_visited(visit_days, [fair_day.day_on for fair_day in edition.days])
    return formats.days(days), edition.hours_of(days)


def comes_on(edition: Edition, day: date) -> ColumnElement[bool]:
    """Match people who come on a day of the fair: they chose it, or none of the days it has."""
    days = [fair_day.day_on.isoformat() for fair_day in edition.days]
    chosen = [Attendee.visit_days.contains(fair_day) for fair_day in days]
    if not chosen:
        return true()
    return or_(Attendee.visit_days.contains(day.isoformat()), ~or_(*chosen))


def expected_by_half_day(edition: Edition, day: date) -> dict[str, int]:
    """Return people registered for a day by half-day: morning, afternoon, whole day."""
    statement = (
        select(Attendee.half_day, func.count().label("people"))
        .where(
            Attendee.edition_id == edition.id,
            Attendee.status == AttendeeStatus.REGISTERED,
            comes_on(edition, day),
        )
        .group_by(Attendee.half_day)
    )
    return {row.half_day: row.people for row in current_session().execute(statement)}
