"""Whether lunch is due in the rota, and the shortest stint."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    due = sa.Column("lunch_is_due", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("rotas", due)
    op.execute(
        "ALTER TABLE rotas ADD COLUMN least_stint INTEGER DEFAULT 2 NOT NULL"
        " CONSTRAINT ck_rotas_least_stint_at_least_1 CHECK (least_stint >= 1)"
    )


def downgrade() -> None:
    op.drop_column("rotas", "least_stint")
    op.drop_column("rotas", "lunch_is_due")
