"""What a device tried of itself, in its report."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("station_reports", sa.Column("device_check", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("station_reports", "device_check")
