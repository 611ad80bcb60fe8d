"""Mailings that organisers write to an audience, and their recipients."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STATES = ("draft", "planned", "sending", "stopped", "sent")
FATES = ("waiting", "posted", "left_out")
WORDS = ("name", "greeting", "commune", "organisation", "path")


def upgrade() -> None:
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("days_before", sa.Integer(), nullable=True),
        sa.Column("state", _enum("mailingstate", STATES), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days_before >= 0", name=op.f("ck_mailings_days_before_at_least_0")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_mailings_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
    )
    op.create_index(op.f("ix_mailings_edition_id"), "mailings", ["edition_id"])
    op.create_table(
        "mailing_recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "address")),
        sa.Column("address_key", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in WORDS),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("state", _enum("recipientstate", FATES), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("others >= 0", name=op.f("ck_mailing_recipients_others_at_least_0")),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_mailing_recipients_mailing_id_mailings")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_mailing_recipients_message_id_messages"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_recipients")),
        sa.UniqueConstraint(
            "mailing_id", "address_key", name=op.f("uq_mailing_recipients_mailing_id_address_key")
        ),
    )
    for column in ("address_key", "message_id"):
        op.create_index(op.f(f"ix_mailing_recipients_{column}"), "mailing_recipients", [column])
    for statement in _triggers():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """The triggers go with their tables; on PostgreSQL, their functions after them."""
    op.drop_table("mailing_recipients")
    op.drop_table("mailings")
    for statement in _triggers():
        if statement.startswith("CREATE OR REPLACE FUNCTION"):
            op.execute(f"DROP FUNCTION {statement.split()[4]}")


def _triggers() -> list[str]:
    copy = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
