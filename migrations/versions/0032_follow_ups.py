"""Who of the team follows a place, its note and next call, why it said no; filters saved."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "organisation_invitations"


def upgrade() -> None:
    for name in ("decline_reason", "note"):
        op.add_column(TABLE, sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column(TABLE, sa.Column("next_call_on", sa.Date(), nullable=True))
    if "follower_id" not in {row["name"] for row in sa.inspect(op.get_bind()).get_columns(TABLE)}:
        op.execute(
            f"ALTER TABLE {TABLE} ADD COLUMN follower_id INTEGER"
            f" CONSTRAINT fk_{TABLE}_follower_id_accounts REFERENCES accounts (id)"
        )
    op.create_index(op.f(f"ix_{TABLE}_follower_id"), TABLE, ["follower_id"])
    op.create_table(
        "book_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_book_filters_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_filters")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_book_filters_edition_id_name")),
    )
    copy = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    for statement in copy.read_text().rstrip("\n").split("\n\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Notes, calls and reasons are lost; SQLite keeps the column of the follower."""
    op.drop_table("book_filters")
    op.drop_index(op.f(f"ix_{TABLE}_follower_id"), TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column(TABLE, "follower_id")
    for name in ("next_call_on", "note", "decline_reason"):
        op.drop_column(TABLE, name)
