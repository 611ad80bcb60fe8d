"""The last failures of a device's page, in its report."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("station_reports", sa.Column("failures", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("station_reports", "failures")
