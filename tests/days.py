"""The days of a fair moved or added by its tables alone, without a message."""

from datetime import datetime, time, timedelta

from sqlalchemy import Connection, and_, select, update
from sqlalchemy.orm import Session

from salon.fair.models import EditionDay
from salon.platform.database.db import db
from salon.platform.settings.clock import local

DATED = (
    *("shifts", "appointments", "programme_items", "needs"),
    *("shift_claims", "appointment_agent_claims", "appointment_visitor_claims"),
)


def open_day(session: Session, edition_id: int, instant: datetime) -> None:
    """Let the fair take place on the day of an instant, too."""
    day_on = local(instant).date()
    days = select(EditionDay.day_on).where(EditionDay.edition_id == edition_id)
    if day_on not in session.scalars(days).all():
        hours = {"opens": time(9), "closes": time(17)}
        session.add(EditionDay(edition_id=edition_id, day_on=day_on, **hours))
        session.flush()


def move_days(connection: Session | Connection, edition_id: int, by: timedelta) -> None:
    """Move each day of an edition, and each row that begins on one."""
    days = select(EditionDay.id, EditionDay.day_on).where(EditionDay.edition_id == edition_id)
    moved = {day_on: day_id for day_id, day_on in connection.execute(days).all()}
    for day_on, day_id in moved.items():
        row = update(EditionDay).where(EditionDay.id == day_id)
        connection.execute(row.values(day_on=day_on + by))
    for table in map(db.metadata.tables.__getitem__, DATED):
        hours = [table.c[name] for name in ("starts_at", "ends_at") if name in table.c]
        keys = list(table.primary_key.columns)
        for row in connection.execute(select(*keys, *hours)).all():
            key, times = row[: len(keys)], row[len(keys) :]
            if local(times[0]).date() not in moved:
                continue
            is_that_row = and_(*(column == value for column, value in zip(keys, key, strict=True)))
            later = {hour.name: at + by for hour, at in zip(hours, times, strict=True)}
            connection.execute(update(table).where(is_that_row).values(later))
