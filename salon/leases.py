"""Work that waits in a table: one worker takes it for a while, another if it never comes back.

A table of such work has `id`, `status` ("waiting", then "running") and `leased_until`.
"""

from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from salon.times import real_now

TO_RUN = ("waiting", "running")
Work = TypeVar("Work", bound=Any)


def lease_next(writing: Session, table: type[Work], lease: timedelta) -> Work | None:
    """The oldest work that waits, or whose lease is over: it is running from now, for `lease`."""
    now = real_now()
    found = writing.scalar(
        select(table)
        .where(
            table.status.in_(TO_RUN),
            or_(table.leased_until.is_(None), table.leased_until <= now),
        )
        .order_by(table.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is not None:
        found.status, found.leased_until = "running", now + lease
    return found
