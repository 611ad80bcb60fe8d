"""The kind of supply of each price, which decides where a foreign buyer's VAT is due."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE price_items ADD COLUMN supply VARCHAR(30) DEFAULT 'stand' NOT NULL "
        "CONSTRAINT ck_price_items_supply CHECK (supply IN ('stand', 'admission', 'catering'))"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE price_items DROP COLUMN supply")
