"""The days on which people come, the day that a waiting list is about, people counted a day."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NAME = "ck_kept_figures_known_kind"
FORMER_KINDS = "'total', 'category', 'epci', 'door', 'quarter'"
DATED = ("waiting_entries", "booking_requests")
WALL = (
    "CREATE TRIGGER kept_figures_apart_update AFTER UPDATE OF edition_id ON kept_figures "
    "FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'editions_stay_apart') "
    "WHERE OLD.edition_id <> NEW.edition_id; END"
)
"""SQLite makes the table again, and loses its trigger."""


def upgrade() -> None:
    days = sa.Column("visit_days", sa.String(), server_default="", nullable=False)
    op.add_column("attendees", days)
    for table in DATED:
        op.add_column(table, sa.Column("day_on", sa.Date(), nullable=True))
    _allow_kinds(f"{FORMER_KINDS}, 'arrival'")


def downgrade() -> None:
    """Who comes on which day is lost, as are the arrivals of people who came before."""
    op.execute("DELETE FROM kept_figures WHERE kind = 'arrival'")
    _allow_kinds(FORMER_KINDS)
    for table in DATED:
        op.drop_column(table, "day_on")
    op.drop_column("attendees", "visit_days")


def _allow_kinds(kinds: str) -> None:
    with op.batch_alter_table("kept_figures") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), f"kind IN ({kinds})")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(WALL)
