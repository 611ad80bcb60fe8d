"""Rate limits, counted in the database so that every worker shares them.

A window of real time begins at its first try. A refused try is not counted, so a limit always ends.
"""

from datetime import datetime, timedelta

from sqlalchemy import case, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from salon.db import Model, UtcDateTime, transaction
from salon.errors import TooManyTries
from salon.times import real_now


class RateCounter(Model):
    """How many times `key` acted in the window that began at `window_at`."""

    __tablename__ = "rate_counters"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    count: Mapped[int] = mapped_column(default=0)


def count_try(key: str, allowed: int, seconds: int) -> None:
    """Counts one try of `key`. Raises TooManyTries beyond `allowed` per window of `seconds`."""
    now = real_now()
    length = timedelta(seconds=seconds)
    ended = RateCounter.window_at <= now - length
    with transaction() as writing:
        dialect = sqlite if writing.get_bind().dialect.name == "sqlite" else postgresql
        statement = dialect.insert(RateCounter).values(key=key, window_at=now, count=1)
        statement = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "window_at": case((ended, now), else_=RateCounter.window_at),
                "count": case((ended, 1), else_=RateCounter.count + 1),
            },
            where=or_(ended, RateCounter.count < allowed),
        )
        if writing.scalar(statement.returning(RateCounter.count)) is not None:
            return
        began = writing.get_one(RateCounter, key).window_at
    raise TooManyTries(int((began + length - now).total_seconds()) + 1)
