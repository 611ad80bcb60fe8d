"""Arrivals measured at an edition, from its scans and from the figures kept after them."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.queries.visit_days import comes_on
from salon.entrance.engine.forecast import QUARTER, MeasuredArrivals
from salon.entrance.queries.attendance import arrived_by_quarter
from salon.fair.models import Edition
from salon.fair.queries import editions_before
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions

FEWEST = 20
"""People entered below whom a curve says nothing."""


@across_editions()
def find_measured_arrivals(
    edition: Edition,
) -> tuple[MeasuredArrivals, Edition] | tuple[None, None]:
    """Return the arrivals of the latest earlier edition that were measured, and that edition."""
    for past_edition in editions_before(edition):
        measured = measured_arrivals(past_edition)
        if measured is not None:
            return measured, past_edition
    return None, None


def measured_arrivals(edition: Edition) -> MeasuredArrivals | None:
    """Return the arrivals of an edition; None for fewer than FEWEST people."""
    people: Counter[int] = Counter()
    for at, count in arrived_by_quarter(edition).items():
        if count:
            people[(at - _opening_before(edition, at)) // QUARTER] += count
    if people.total() < FEWEST:
        return None
    came_or_not = (AttendeeStatus.REGISTERED, AttendeeStatus.ERASED)
    counts = [
        func.count(case((comes_on(edition, day.day_on), Attendee.id))) for day in edition.days
    ]
    registered = current_session().execute(
        select(*counts).where(Attendee.edition_id == edition.id, Attendee.status.in_(came_or_not))
    )
    return MeasuredArrivals(people, sum(registered.one()))


def _opening_before(edition: Edition, at: datetime) -> datetime:
    """Return the opening of the day of an entry, which may be some hours earlier."""
    openings = [day.opens_at for day in edition.days]
    begun = [opening for opening in openings if opening - timedelta(hours=12) <= at]
    return max(begun, default=openings[0])
