"""Leases of queued work: one worker takes a row for a while, another if it never comes back.

A table of such work has `id`, `status` (WorkStatus) and `leased_until`.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from salon.platform.clock import real_now
from salon.platform.db import current_session


class WorkStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


TO_RUN = (WorkStatus.WAITING, WorkStatus.RUNNING)
Work = TypeVar("Work", bound=Any)


def has_work(table: type[Any]) -> bool:
    """Return whether `lease_next` would find a row. Locks nothing."""
    return current_session().scalar(_takeable(table).with_only_columns(table.id)) is not None


def lease_next(session: Session, table: type[Work], lease: timedelta) -> Work | None:
    """Lease the oldest row that waits or whose lease is over, for `lease` from now."""
    work: Work | None = session.scalar(_takeable(table).with_for_update(skip_locked=True))
    if work is not None:
        work.status, work.leased_until = "running", real_now() + lease
    return work


def _takeable(table: type[Work]) -> Select[Work]:
    return (
        select(table)
        .where(
            table.status.in_(TO_RUN),
            or_(table.leased_until.is_(None), table.leased_until <= real_now()),
        )
        .order_by(table.id)
        .limit(1)
    )
