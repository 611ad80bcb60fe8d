"""The day on which the bank took money back; a quote is agreed on once."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("payments", "refunds")
TRIGGERS = (
    ("quotes_are_agreed_once", "sales_documents", "insert"),
    *((f"{table}_keep_the_day_of_their_return", table, "update") for table in TABLES),
)


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("cancelled_on", sa.Date(), nullable=True))
    copy = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    for statement in copy.read_text().rstrip("\n").split("\n\n"):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """The day of each return is lost; that of its noting stays."""
    for name, table, event in TRIGGERS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}_on_{event}")
    for table in TABLES:
        op.drop_column(table, "cancelled_on")
