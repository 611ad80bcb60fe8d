"""Lines of imported bank statements; a receipt that was paid back may be returned by the bank."""

from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REPLACED = "refunded_payments_stand"


def upgrade() -> None:
    op.create_table(
        "statement_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("is_return", sa.Boolean(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "recorded",
                "refunded",
                "returned",
                "set_aside",
                name="lineoutcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_statement_lines_amount_not_zero")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_statement_lines_settled_has_its_time"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_statement_lines_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_statement_lines_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_statement_lines_refund_id_refunds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
        sa.UniqueConstraint(
            "edition_id", "identity", name=op.f("uq_statement_lines_edition_id_identity")
        ),
        sa.UniqueConstraint(
            "payment_id", "outcome", name=op.f("uq_statement_lines_payment_id_outcome")
        ),
        sa.UniqueConstraint(
            "refund_id", "outcome", name=op.f("uq_statement_lines_refund_id_outcome")
        ),
    )
    _install(_triggers(revision))


def downgrade() -> None:
    """The triggers of the table go with it; on PostgreSQL, their functions after it."""
    op.drop_table("statement_lines")
    for statement in _triggers(revision):
        if statement.startswith("CREATE OR REPLACE FUNCTION") and REPLACED not in statement:
            op.execute(f"DROP FUNCTION {statement.split()[4]}")
    _install(line for line in _triggers("0007") if REPLACED in line.partition("\n")[0])


def _install(statements: Iterable[str]) -> None:
    """Install triggers; SQLite replaces none by itself, PostgreSQL replaces their function."""
    for statement in statements:
        if REPLACED in statement.partition("\n")[0]:
            if op.get_bind().dialect.name == "sqlite":
                op.execute(f"DROP TRIGGER {statement.split()[2]}")
            elif statement.startswith("CREATE TRIGGER"):
                continue
        op.get_bind().exec_driver_sql(statement)


def _triggers(number: str) -> list[str]:
    copy = Path(__file__).with_name(f"{number}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
