"""Rate limits, counted in the database so that every worker shares them.

Fixed windows of real time. A refused try is not counted, so a limit always ends.
"""

from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from salon.db import Model, UtcDateTime, transaction
from salon.errors import TooManyTries
from salon.times import real_now


class RateCounter(Model):
    """How many times `key` acted in the window that began at `window_at`."""

    __tablename__ = "rate_counters"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


def count_try(key: str, allowed: int, seconds: int) -> None:
    """Counts one try of `key`. Raises TooManyTries beyond `allowed` per window of `seconds`."""
    now = real_now()
    window = datetime.fromtimestamp(now.timestamp() // seconds * seconds, now.tzinfo)
    with transaction() as writing:
        dialect = sqlite if writing.get_bind().dialect.name == "sqlite" else postgresql
        statement = dialect.insert(RateCounter).values(key=key, window_at=window, count=1)
        statement = statement.on_conflict_do_update(
            index_elements=["key", "window_at"],
            set_={"count": RateCounter.count + 1},
            where=RateCounter.count < allowed,
        )
        counted = writing.scalar(statement.returning(RateCounter.count))
    if counted is None:
        raise TooManyTries(int((window + timedelta(seconds=seconds) - now).total_seconds()) + 1)
