"""People registered several times: what was merged, pairs told apart, where a door sends them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("merged_people", "distinct_people")


def upgrade() -> None:
    op.create_table(
        "merged_people",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.String(), nullable=False),
        sa.Column("brought", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("ended", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "attendee_id <> kept_id", name=op.f("ck_merged_people_two_registrations")
        ),
        _of_attendee("merged_people", "attendee_id"),
        _of_attendee("merged_people", "kept_id"),
        sa.PrimaryKeyConstraint("attendee_id", name=op.f("pk_merged_people")),
    )
    op.create_index(op.f("ix_merged_people_kept_id"), "merged_people", ["kept_id"])
    op.create_table(
        "distinct_people",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_distinct_people_once_a_pair")),
        _of_attendee("distinct_people", "first_id"),
        _of_attendee("distinct_people", "second_id"),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_distinct_people")),
    )
    op.create_index(op.f("ix_distinct_people_second_id"), "distinct_people", ["second_id"])
    op.execute("ALTER TABLE list_entries ADD COLUMN successor VARCHAR DEFAULT '' NOT NULL")
    for statement in _triggers():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """The triggers go with their tables; on PostgreSQL, their functions after them."""
    op.execute("ALTER TABLE list_entries DROP COLUMN successor")
    for table in TABLES:
        op.drop_table(table)
    for statement in _triggers():
        if statement.startswith("CREATE OR REPLACE FUNCTION"):
            op.execute(f"DROP FUNCTION {statement.split()[4]}")


def _of_attendee(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_attendees")
    return sa.ForeignKeyConstraint([column], ["attendees.id"], name=name)


def _triggers() -> list[str]:
    copy = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
