"""The digest that an organiser chose and was told last; the day whose eve somebody was told of."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COLUMNS = (
    (
        "accounts",
        "digest",
        "VARCHAR(30) DEFAULT 'daily' NOT NULL CONSTRAINT ck_accounts_digest "
        "CHECK (digest IN ('daily', 'weekly', 'never'))",
    ),
    ("accounts", "digest_on", "DATE"),
    ("accounts", "digest_counts", "JSON DEFAULT '{}' NOT NULL"),
    ("attendees", "eve_told_on", "DATE"),
)


def upgrade() -> None:
    for table, column, kind in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def downgrade() -> None:
    for table, column, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
