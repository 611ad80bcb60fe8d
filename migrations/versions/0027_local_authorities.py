"""The book of communes and EPCI; when the page of an invitation was first opened."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TEXTS = ("street", "postal_code", "city", "phone", "email", "head_civility")
NAMES = ("head_first_name", "head_last_name", "address_source", "head_source")
DAYS = ("head_since", "address_dated_on", "head_dated_on")


def upgrade() -> None:
    op.create_table(
        "local_authorities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_code", sa.String(), nullable=True),
        sa.Column("epci_siren", sa.String(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*TEXTS, *NAMES)),
        *(sa.Column(name, sa.Date(), nullable=True) for name in DAYS),
        sa.Column("erased_hashes", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "head_civility IN ('madame', 'monsieur', '')",
            name=op.f("ck_local_authorities_known_head_civility"),
        ),
        sa.CheckConstraint(
            "(commune_code IS NULL) <> (epci_siren IS NULL)",
            name=op.f("ck_local_authorities_one_commune_or_epci"),
        ),
        sa.ForeignKeyConstraint(
            ["commune_code"],
            ["communes.code"],
            name=op.f("fk_local_authorities_commune_code_communes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["epci_siren"],
            ["epcis.siren"],
            name=op.f("fk_local_authorities_epci_siren_epcis"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_authorities")),
        sa.UniqueConstraint("commune_code", name=op.f("uq_local_authorities_commune_code")),
        sa.UniqueConstraint("epci_siren", name=op.f("uq_local_authorities_epci_siren")),
    )
    opened_at = sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("organisation_invitations", opened_at)


def downgrade() -> None:
    op.drop_column("organisation_invitations", "opened_at")
    op.drop_table("local_authorities")
