"""What was promised at a meeting: sent to its visitor, recalled to its agent, done."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appointments", sa.Column("agreed_told_at", sa.DateTime(timezone=True)))
    op.add_column("appointment_steps", sa.Column("recalled_at", sa.DateTime(timezone=True)))
    op.add_column("appointment_steps", sa.Column("done_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("appointment_steps", "done_at")
    op.drop_column("appointment_steps", "recalled_at")
    op.drop_column("appointments", "agreed_told_at")
