"""People and organisations named twice: what was merged, pairs told apart, where doors send."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = (
    *("merged_people", "distinct_people", "merged_agents", "distinct_agents"),
    "distinct_exhibitors",
)


def upgrade() -> None:
    for table, owner, *facts in (
        ("merged_people", "attendee", "brought", "moved", "ended"),
        ("merged_agents", "agent", "gained"),
    ):
        rule = "two_registrations" if owner == "attendee" else "two_agents"
        op.create_table(
            table,
            sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
            sa.Column("kept_id", sa.Integer(), nullable=False),
            sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("merged_by", sa.String(), nullable=False),
            *(sa.Column(name, sa.JSON(), nullable=False) for name in facts),
            sa.CheckConstraint(f"{owner}_id <> kept_id", name=op.f(f"ck_{table}_{rule}")),
            _key(table, f"{owner}_id", owner),
            _key(table, "kept_id", owner),
            sa.PrimaryKeyConstraint(f"{owner}_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_kept_id"), table, ["kept_id"])
    for table, owner in (
        ("distinct_people", "attendee"),
        ("distinct_agents", "agent"),
        ("distinct_exhibitors", "exhibitor"),
    ):
        op.create_table(
            table,
            sa.Column("first_id", sa.Integer(), nullable=False),
            sa.Column("second_id", sa.Integer(), nullable=False),
            sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("decided_by", sa.String(), nullable=False),
            sa.CheckConstraint("first_id < second_id", name=op.f(f"ck_{table}_once_a_pair")),
            _key(table, "first_id", owner),
            _key(table, "second_id", owner),
            sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_second_id"), table, ["second_id"])
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


def _key(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{owner}s")
    return sa.ForeignKeyConstraint([column], [f"{owner}s.id"], name=name)


def _triggers() -> list[str]:
    copy = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
