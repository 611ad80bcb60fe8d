"""Exhibitors entered by an organiser; what names a company, a public buyer, a VAT number."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = (
    ("exhibitors", "regulations_remark", "VARCHAR DEFAULT '' NOT NULL"),
    ("exhibitors", "entered_by", "VARCHAR DEFAULT '' NOT NULL"),
    ("exhibitors", "vat_check", "JSON"),
    (
        "billing_details",
        "public_kind",
        "VARCHAR(30) DEFAULT 'authority' NOT NULL CONSTRAINT ck_billing_details_publicbuyer "
        "CHECK (public_kind IN ('authority', 'health', 'enterprise'))",
    ),
    ("billing_details", "legal_form", "VARCHAR DEFAULT '' NOT NULL"),
    ("billing_details", "rcs_city", "VARCHAR DEFAULT '' NOT NULL"),
    ("billing_details", "rna", "VARCHAR DEFAULT '' NOT NULL"),
)


def upgrade() -> None:
    for table, column, kind in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def downgrade() -> None:
    for table, column, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
