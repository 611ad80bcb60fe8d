"""What each receipt pays, what is paid back, and what credit notes and orders say of themselves.

A payment of the former release becomes a receipt allocated to its invoice, up to what it asks.
"""

from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ALLOCATED = """
INSERT INTO allocations (payment_id, document_id, amount, allocated_at)
SELECT id, document_id, round(CASE WHEN amount < asked THEN amount ELSE asked END, 2), recorded_at
FROM (
    SELECT payment.id, payment.document_id, payment.amount, payment.recorded_at,
        CASE WHEN EXISTS (SELECT 1 FROM sales_documents note WHERE note.cancels_id = invoice.id)
        THEN 0 ELSE round(invoice.gross
            - coalesce((SELECT sum(note.gross) FROM sales_documents note
                WHERE note.from_id = invoice.id AND note.kind = 'credit_note'), 0)
            - coalesce(sum(payment.amount) OVER (PARTITION BY payment.document_id
                ORDER BY payment.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 2)
        END AS asked
    FROM payments payment JOIN sales_documents invoice ON invoice.id = payment.document_id
    WHERE payment.cancelled_at IS NULL AND invoice.kind = 'invoice'
) AS received
WHERE asked > 0
"""
WORDS = (("payments", "payer"), ("payments", "cancel_reason"), ("sales_documents", "remark"))
REPLACED = "payments_of_an_invoice"


def upgrade() -> None:
    for table, name in WORDS:
        op.add_column(table, sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column("sales_documents", sa.Column("vat_by_rate", sa.JSON(), nullable=True))
    op.create_table(
        "allocations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_allocations_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["sales_documents.id"],
            name=op.f("fk_allocations_document_id_sales_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_allocations_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    op.create_index(op.f("ix_allocations_document_id"), "allocations", ["document_id"])
    op.create_index(op.f("ix_allocations_payment_id"), "allocations", ["payment_id"])
    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "transfer",
                "cheque",
                "mandate",
                name="paymentmethod",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("refunded_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount_positive")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"])
    op.execute(ALLOCATED)
    _run(_statements(revision))


def downgrade() -> None:
    former = [line for line in _statements("0001") if REPLACED in line.partition("\n")[0]]
    added = [line for line in _statements(revision) if REPLACED not in line.partition("\n")[0]]
    for kind in ("TRIGGER", "FUNCTION"):
        for statement in added:
            if _kind_of(statement) == kind:
                op.execute(_removal(statement))
    _run(line for line in former if not _is_postgresql() or _kind_of(line) == "FUNCTION")
    op.drop_table("refunds")
    op.drop_table("allocations")
    op.drop_column("sales_documents", "vat_by_rate")
    for table, name in WORDS:
        op.drop_column(table, name)


def _run(statements: Iterable[str]) -> None:
    """Install triggers; SQLite replaces none by itself."""
    for statement in statements:
        if REPLACED in statement.partition("\n")[0] and not _is_postgresql():
            op.execute(_removal(statement))
        op.get_bind().exec_driver_sql(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _statements(number: str) -> list[str]:
    copy = Path(__file__).with_name(f"{number}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")


def _kind_of(statement: str) -> str:
    return statement.replace("OR REPLACE ", "").split()[1]


def _removal(statement: str) -> str:
    """Return the statement that removes a trigger or a function."""
    words = statement.replace("OR REPLACE ", "").split()
    is_of_table = _is_postgresql() and words[1] == "TRIGGER"
    of_table = f" ON {words[words.index('ON') + 1]}" if is_of_table else ""
    return f"DROP {words[1]} {words[2]}{of_table}"
