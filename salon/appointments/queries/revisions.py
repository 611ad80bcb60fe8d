"""When the times that may be booked have changed."""

from collections.abc import Hashable
from datetime import datetime

from sqlalchemy import func, select

from salon.appointments.models import Hold
from salon.platform.db import current_session
from salon.platform.public_pages import read_revision

BOOKINGS = "bookings"


def bookings_state(now: datetime) -> Hashable:
    """Return a value that differs once a time is taken or freed, be it by the end of a hold."""
    ended = select(func.count()).select_from(Hold).where(Hold.expires_at <= now)
    return read_revision(BOOKINGS), current_session().scalar(ended)
