"""Prices and free lines that an organiser granted to one exhibitor, with who, when and why."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STANDS = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "negotiated_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column(
            "supply",
            sa.Enum(
                "stand",
                "admission",
                "catering",
                name="supply",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(item_id IS NULL) = (quantity IS NOT NULL)",
            name=op.f("ck_negotiated_lines_free_lines_have_a_quantity"),
        ),
        sa.CheckConstraint(
            "(item_id IS NULL) = (vat_rate IS NOT NULL)",
            name=op.f("ck_negotiated_lines_free_lines_have_a_rate"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_negotiated_lines_quantity_above_zero")),
        sa.CheckConstraint(
            "unit_price >= 0", name=op.f("ck_negotiated_lines_unit_price_at_least_0")
        ),
        sa.CheckConstraint(
            "vat_rate BETWEEN 0 AND 100", name=op.f("ck_negotiated_lines_vat_rate_in_percent")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitors.id"],
            name=op.f("fk_negotiated_lines_exhibitor_id_exhibitors"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["price_items.id"],
            name=op.f("fk_negotiated_lines_item_id_price_items"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiated_lines")),
    )
    for column in ("exhibitor_id", "item_id"):
        op.create_index(op.f(f"ix_negotiated_lines_{column}"), "negotiated_lines", [column])
    op.create_index(
        "uq_negotiated_lines_exhibitor_id_item_id",
        "negotiated_lines",
        ["exhibitor_id", "item_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    for statement in _triggers():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """The triggers go with their table; on PostgreSQL, their functions after it."""
    op.drop_table("negotiated_lines")
    for statement in _triggers():
        if statement.startswith("CREATE OR REPLACE FUNCTION"):
            op.execute(f"DROP FUNCTION {statement.split()[4]}")


def _triggers() -> list[str]:
    copy = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
