"""Addresses that want no message sent to many; those that oppose invitations are among them."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SOURCES = ("link", "invitation", "organiser", "import")


def upgrade() -> None:
    op.create_table(
        "mail_oppositions",
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                *SOURCES,
                name="oppositionsource",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("opposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_mail_oppositions")),
    )
    op.execute(
        "INSERT INTO mail_oppositions (address_hash, source, opposed_at)"
        " SELECT email_hash, 'invitation', min(opposed_at) FROM organisation_invitations"
        " WHERE opposed_at IS NOT NULL AND email_hash <> '' GROUP BY email_hash"
    )


def downgrade() -> None:
    op.drop_table("mail_oppositions")
