"""What is live begins on a day of its edition: the offset of each day's clocks, and the triggers.

A row of 1.0.0 that lies outside is left; it is refused once it is touched.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE, CHECK = "edition_days", "ck_edition_days_utc_offset_of_a_zone"
DAYS = sa.table(
    TABLE,
    sa.column("id"),
    sa.column("edition_id"),
    sa.column("day_on", sa.Date()),
    sa.column("utc_offset"),
)
EDITIONS = sa.table("editions", sa.column("id"), sa.column("time_zone"))
UNSETTLED = sa.table("unsettled", sa.column("name"))


def upgrade() -> None:
    op.execute(
        f"ALTER TABLE {TABLE} ADD COLUMN utc_offset INTEGER DEFAULT '0' NOT NULL"
        f" CONSTRAINT {CHECK} CHECK (utc_offset BETWEEN -720 AND 840)"
    )
    _write_offsets(op.get_bind())
    for statement in _statements():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    is_on_sqlite = op.get_bind().dialect.name == "sqlite"
    names = [statement.split() for statement in _statements()]
    for words in names:
        if "TRIGGER" in words[:3]:
            name, table = words[words.index("TRIGGER") + 1], words[words.index("ON") + 1]
            op.execute(f"DROP TRIGGER {name}" + ("" if is_on_sqlite else f" ON {table}"))
    for words in names:
        if "FUNCTION" in words[:4]:
            op.execute(f"DROP FUNCTION {words[4]}")
    op.execute(f"ALTER TABLE {TABLE} DROP COLUMN utc_offset")


def _write_offsets(connection: sa.Connection) -> None:
    """Give each day its offset, those of closed editions too."""
    connection.execute(UNSETTLED.insert().values(name="retention"))
    join = DAYS.join(EDITIONS, EDITIONS.c.id == DAYS.c.edition_id)
    days = sa.select(DAYS.c.id, DAYS.c.day_on, EDITIONS.c.time_zone).select_from(join)
    for day_id, day_on, zone in connection.execute(days).all():
        row = DAYS.update().where(DAYS.c.id == day_id)
        connection.execute(row.values(utc_offset=_utc_offset(day_on, zone)))
    connection.execute(UNSETTLED.delete().where(UNSETTLED.c.name == "retention"))


def _utc_offset(day_on: date, zone: str) -> int:
    noon = datetime.combine(day_on, time(12), ZoneInfo(zone))
    return int((noon.utcoffset() or timedelta()).total_seconds()) // 60


def _statements() -> list[str]:
    copy = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
