"""Hours of zones on each day of a fair of several days.

Zones had one span of hours. It becomes that of their first day, and each later day of opening gets
the same hours on the clock. A span over several days becomes one a day.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NAMES = ("opens_at", "closes_at", "early_from")
MOMENTS = [sa.column(name, sa.DateTime(timezone=True)) for name in NAMES]
ZONES = sa.table("zones", *map(sa.column, ("id", "edition_id")), *MOMENTS)
ZONES.append_column(sa.column("later_hours", sa.JSON))
EDITIONS = sa.table("editions", *map(sa.column, ("id", "time_zone", "state")))
DAYS = sa.table("edition_days", sa.column("edition_id"), sa.column("day_on", sa.Date))


def upgrade() -> None:
    op.execute("ALTER TABLE zones ADD COLUMN later_hours JSON DEFAULT '[]' NOT NULL")
    days_of: dict[int, list[date]] = {}
    for edition_id, day_on in op.get_bind().execute(sa.select(DAYS).order_by(DAYS.c.day_on)):
        days_of.setdefault(edition_id, []).append(day_on)
    for zone_id, edition_id, name, *instants in _zones(EDITIONS.c.time_zone, *MOMENTS):
        zone = ZoneInfo(name)
        opens, closes, early = (_on_clock(at, zone) for at in instants)
        if closes is None:
            continue
        days = [day for day in days_of.get(edition_id, []) if not opens or opens.date() <= day]
        if not days or days[0] > closes.date():
            continue
        first = days[0]
        if closes - (opens or datetime.combine(first, time())) >= timedelta(days=1):
            closes = datetime.combine(first, closes.time())
            if opens and closes <= opens:
                continue
        later_hours = []
        for day in (day for day in days if day > first):
            midnight, offset = datetime.combine(day, time()), day - first
            early_from = early and max(early + offset, midnight)
            opens_at = max(opens + offset, midnight) if opens else midnight
            moments = (opens_at, closes + offset, early_from)
            texts = (at and _instant(at, zone).isoformat() for at in moments)
            later_hours.append(dict(zip(NAMES, texts, strict=True)))
        if later_hours:
            _change(zone_id, closes_at=_instant(closes, zone), later_hours=later_hours)


def downgrade() -> None:
    """A zone stays open from its first opening to its last closing."""
    for zone_id, _, later_hours in _zones(ZONES.c.later_hours):
        if later_hours:
            last = later_hours[-1]["closes_at"]
            _change(zone_id, closes_at=last and datetime.fromisoformat(last))
    op.execute("ALTER TABLE zones DROP COLUMN later_hours")


def _zones(*columns: Any) -> Any:
    """Return zones with their edition; those of closed editions cannot change."""
    joined = ZONES.join(EDITIONS, EDITIONS.c.id == ZONES.c.edition_id)
    statement = sa.select(ZONES.c.id, ZONES.c.edition_id, *columns).select_from(joined)
    return op.get_bind().execute(statement.where(EDITIONS.c.state != "closed")).all()


def _change(zone_id: int, **values: object) -> None:
    op.get_bind().execute(sa.update(ZONES).where(ZONES.c.id == zone_id).values(values))


def _on_clock(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return an instant as read on a clock; SQLite gives it without its zone, UTC."""
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone).replace(tzinfo=None)


def _instant(at: datetime, zone: ZoneInfo) -> datetime:
    return at.replace(tzinfo=zone).astimezone(UTC)
