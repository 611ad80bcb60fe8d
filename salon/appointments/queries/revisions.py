"""When the times that may be booked have changed."""

from sqlalchemy import bindparam, func, select

from salon.appointments.models import Hold
from salon.platform.pages.public_pages import REVISION

BOOKINGS = "bookings"
ROTA = "rota"
OF_FACTS = (REVISION, ROTA)
"""Revisions of what slots are computed from, but the taken time."""
OF_TIMES = (REVISION, BOOKINGS)
"""Revisions of the times that may be booked."""
ENDED_HOLDS = select(func.count()).select_from(Hold).where(Hold.expires_at <= bindparam("present"))
"""The number of holds that are over: one that ends frees its time without a write."""
