"""Items of the programme that the public does not see yet."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    draft = sa.Column("is_draft", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("programme_items", draft)


def downgrade() -> None:
    op.drop_column("programme_items", "is_draft")
