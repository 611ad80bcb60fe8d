"""Several invoices of one sale: a deposit, its deduction, the share that the terms ask."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FORMER_CHECKS = {
    "ck_sales_lines_quantity_above_zero": "quantity > 0",
    "ck_sales_lines_net_at_least_0": "net >= 0",
}
CHECKS = {
    "ck_sales_lines_deposits_alone_are_deducted": "quantity > 0 AND net >= 0 OR code = 'ACOMPTE'"
}
SHARE = "deposit_percent BETWEEN 0 AND 99"
ADDED = ("sales_documents_keep_their_share", "orders_are_invoiced_once")
REPLACED = "payments_of_an_invoice"


def upgrade() -> None:
    part = sa.CheckConstraint(
        "deposit_percent BETWEEN 1 AND 99",
        name=op.f("ck_sales_documents_deposit_percent_of_its_order"),
    )
    op.add_column("sales_documents", sa.Column("deposit_percent", sa.Integer(), part))
    share = sa.CheckConstraint(
        "deposit_percent BETWEEN 0 AND 99",
        name=op.f("ck_exhibitor_terms_deposit_percent_of_an_order"),
    )
    op.add_column(
        "exhibitor_terms",
        sa.Column("deposit_percent", sa.Integer(), share, server_default="0", nullable=False),
    )
    op.add_column("exhibitor_terms", sa.Column("deposit_due_on", sa.Date(), nullable=True))
    _check_lines(FORMER_CHECKS, CHECKS)
    _run(_statements(revision))


def downgrade() -> None:
    """A sale with a deposit that was deducted does not fit the former schema: it is refused."""
    for name in ADDED:
        if _is_postgresql():
            op.execute(f"DROP TRIGGER {name} ON sales_documents")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            event = "insert" if name == ADDED[1] else "update"
            op.execute(f"DROP TRIGGER {name}_on_{event}")
    _check_lines(CHECKS, FORMER_CHECKS)
    op.drop_column("exhibitor_terms", "deposit_due_on")
    op.drop_column("exhibitor_terms", "deposit_percent")
    op.drop_column("sales_documents", "deposit_percent")
    _run(line for line in _statements("0007") if REPLACED in line.partition("\n")[0])


def _check_lines(former: Mapping[str, str], checks: Mapping[str, str]) -> None:
    """Replace checks of the lines; SQLite makes the table again, with its index and triggers."""
    if _is_postgresql():
        for name in former:
            op.execute(f"ALTER TABLE sales_lines DROP CONSTRAINT {name}")
        for name, condition in checks.items():
            op.execute(f"ALTER TABLE sales_lines ADD CONSTRAINT {name} CHECK ({condition})")
        return
    rows = op.get_bind().exec_driver_sql(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'sales_lines' AND sql IS NOT NULL"
    )
    made = rows.all()
    (table,) = (sql for kind, sql in made if kind == "table")
    written = [f"CONSTRAINT {name} CHECK ({condition})" for name, condition in checks.items()]
    former_written = [f"CONSTRAINT {name} CHECK ({text})" for name, text in former.items()]
    for text in former_written[1:]:
        table = table.replace(f"{text}, ", "")
    assert former_written[0] in table
    table = table.replace(former_written[0], ", ".join(written))
    op.get_bind().exec_driver_sql(table.replace("sales_lines", "new_sales_lines", 1))
    op.execute("INSERT INTO new_sales_lines SELECT * FROM sales_lines")
    op.execute("DROP TABLE sales_lines")
    op.execute("ALTER TABLE new_sales_lines RENAME TO sales_lines")
    for kind, sql in made:
        if kind != "table":
            op.get_bind().exec_driver_sql(sql)


def _run(statements: Iterable[str]) -> None:
    """Install triggers; SQLite replaces none by itself, PostgreSQL only their functions."""
    for statement in statements:
        is_replaced = REPLACED in statement.partition("\n")[0]
        if is_replaced and not _is_postgresql():
            op.execute(f"DROP TRIGGER {REPLACED}_on_insert")
        if not (is_replaced and _is_postgresql() and "CREATE TRIGGER" in statement):
            op.get_bind().exec_driver_sql(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _statements(number: str) -> list[str]:
    copy = Path(__file__).with_name(f"{number}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
