"""Whether the sale of an exhibitor is open or closed; a closed one is invoiced by nobody."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sales",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "closed",
                name="salestatus",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_sales_closed_has_its_time"),
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitors.id"], name=op.f("fk_sales_exhibitor_id_exhibitors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales")),
        sa.UniqueConstraint("exhibitor_id", name=op.f("uq_sales_exhibitor_id")),
    )
    op.execute(
        "INSERT INTO sales (exhibitor_id, status)"
        " SELECT DISTINCT exhibitor_id, 'open' FROM sales_documents"
    )
    connection = op.get_bind()
    triggers = Path(__file__).with_name(f"{revision}_{connection.dialect.name}.sql")
    for statement in triggers.read_text().rstrip("\n").split("\n\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER closed_sales_sell_nothing ON sales_documents")
        op.execute("DROP FUNCTION closed_sales_sell_nothing()")
    else:
        op.execute("DROP TRIGGER closed_sales_sell_nothing_on_insert")
    op.drop_table("sales")
