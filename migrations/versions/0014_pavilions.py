"""Exhibitors billed to the leader of their pavilion; a receipt that is in parts."""

import re
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = (
    ("sales", "payer_id", "exhibitors"),
    ("sales_lines", "exhibitor_id", "exhibitors"),
    ("payments", "first_part_id", "payments"),
)
CLOSED = (
    "CONSTRAINT ck_sales_paid_by_another_is_closed CHECK (payer_id IS NULL OR status = 'closed')"
)
BENEFICIARY = "ALTER TABLE sales_lines ADD COLUMN beneficiary VARCHAR DEFAULT '' NOT NULL"
NAMED = re.compile(r"CREATE (?:OR REPLACE )?(TRIGGER|FUNCTION) (\w+)(?:.*?\sON (\w+))?", re.DOTALL)


def upgrade() -> None:
    for table, column, other in COLUMNS:
        if column in {row["name"] for row in sa.inspect(op.get_bind()).get_columns(table)}:
            continue
        check = f" {CLOSED}" if table == "sales" else ""
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER{check}"
            f" CONSTRAINT fk_{table}_{column}_{other} REFERENCES {other} (id)"
        )
    for table, column, _ in COLUMNS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.execute(BENEFICIARY)
    new = _statements(revision)
    _drop_triggers(new)
    _run(new)


def downgrade() -> None:
    """Give the triggers that were replaced their former text; SQLite keeps the new columns."""
    new = _statements(revision)
    former = {
        NAMED.match(line).groups()[:2]: line  # type: ignore[union-attr]
        for number in range(1, int(revision))
        for line in _statements(f"{number:04}")
        if NAMED.match(line)
    }
    _drop_triggers(new)
    names = [NAMED.match(line).groups()[:2] for line in new]  # type: ignore[union-attr]
    _run(former[name] for name in names if name in former)
    for kind, name in names:
        if kind == "FUNCTION" and (kind, name) not in former:
            op.execute(f"DROP FUNCTION {name}()")
    for table, column, _ in reversed(COLUMNS):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
        if _is_postgresql():
            op.drop_column(table, column)
    op.drop_column("sales_lines", "beneficiary")


def _drop_triggers(statements: Iterable[str]) -> None:
    for line in statements:
        named = NAMED.match(line)
        assert named is not None
        kind, name, table = named.groups()
        if kind == "TRIGGER":
            on_table = f" ON {table}" if _is_postgresql() else ""
            op.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _statements(number: str) -> list[str]:
    copy = Path(__file__).with_name(f"{number}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n") if copy.exists() else []
