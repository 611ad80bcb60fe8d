"""Messages as they left: subject, text, and the digest of each file."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COLUMNS = (("sent_subject", sa.String(), ""), ("sent_text", sa.String(), ""))


def upgrade() -> None:
    for name, kind, default in (*COLUMNS, ("sent_files", sa.JSON(), "[]")):
        column = sa.Column(name, kind, server_default=default, nullable=False)
        op.add_column("messages", column)


def downgrade() -> None:
    for name in ("sent_files", "sent_text", "sent_subject"):
        op.drop_column("messages", name)
