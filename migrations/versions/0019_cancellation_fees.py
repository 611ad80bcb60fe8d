"""The fees of exhibitors who withdraw, by the days left before the fair."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    fees = sa.Column("cancellation_fees", sa.JSON(), server_default="[]", nullable=False)
    op.add_column("exhibitor_terms", fees)


def downgrade() -> None:
    op.drop_column("exhibitor_terms", "cancellation_fees")
