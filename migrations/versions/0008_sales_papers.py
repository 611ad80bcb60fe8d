"""The PDF of each sales document, stored as it was first made."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sales_papers",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("stored_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["sales_documents.id"],
            name=op.f("fk_sales_papers_document_id_sales_documents"),
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_sales_papers")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_sales_papers_stored_name")),
    )
    triggers = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    op.get_bind().exec_driver_sql(triggers.read_text())


def downgrade() -> None:
    op.drop_table("sales_papers")
