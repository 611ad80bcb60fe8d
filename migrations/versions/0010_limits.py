"""Limits of working time of bodies and agents, and why a publication passes one."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = (("rotas", "limits JSON", "'{}'"), ("agents", "limits JSON", "'{}'"))


def upgrade() -> None:
    for table, column, default in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} DEFAULT {default} NOT NULL")
    op.execute("ALTER TABLE publications ADD COLUMN reason VARCHAR DEFAULT '' NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE publications DROP COLUMN reason")
    for table, _, _ in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN limits")
