"""Who of the team follows a place, its note and next call, why it said no; filters saved; cantons;
other organisations that are invited."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "organisation_invitations"
CHECK = "ck_organisation_invitations_one_organisation"
FORMER_KEYS = ("exhibitor_id", "commune_code", "epci_siren")
TEXTS = ("kind", "name", "name_key", "phone", "email", "source")
CONTACT = ("contact_civility", "contact_first_name", "contact_last_name", "contact_function")


def upgrade() -> None:
    canton = sa.Column("canton", sa.String(), server_default="", nullable=False)
    op.add_column("local_authorities", canton)
    op.create_table(
        "guests",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*TEXTS, *CONTACT)),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "contact_civility IN ('madame', 'monsieur', '')",
            name=op.f("ck_guests_known_contact_civility"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guests")),
        sa.UniqueConstraint("name_key", name=op.f("uq_guests_name_key")),
    )
    op.create_table(
        "book_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_book_filters_edition_id_editions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_filters")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_book_filters_edition_id_name")),
    )
    with op.batch_alter_table(TABLE) as batch_op:
        for name in ("decline_reason", "note"):
            batch_op.add_column(sa.Column(name, sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("next_call_on", sa.Date(), nullable=True))
        for name, other in (
            ("follower_id", "accounts"),
            ("guest_id", "guests"),
        ):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{TABLE}_{name}_{other}"), other, [name], ["id"])
            batch_op.create_index(op.f(f"ix_{TABLE}_{name}"), [name])
        batch_op.create_unique_constraint(
            op.f(f"uq_{TABLE}_edition_id_guest_id"), ["edition_id", "guest_id"]
        )
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), _one_of(*FORMER_KEYS, "guest_id"))
    _build_walls_again()
    for statement in _statements(revision):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Notes, calls, reasons and other organisations are lost."""
    op.execute(f"DELETE FROM {TABLE} WHERE guest_id IS NOT NULL")
    op.drop_table("book_filters")
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), _one_of(*FORMER_KEYS))
        batch_op.drop_constraint(op.f(f"uq_{TABLE}_edition_id_guest_id"), type_="unique")
        for name, other in (
            ("follower_id", "accounts"),
            ("guest_id", "guests"),
        ):
            batch_op.drop_index(op.f(f"ix_{TABLE}_{name}"))
            batch_op.drop_constraint(op.f(f"fk_{TABLE}_{name}_{other}"), type_="foreignkey")
            batch_op.drop_column(name)
        for name in ("next_call_on", "note", "decline_reason"):
            batch_op.drop_column(name)
    op.drop_table("guests")
    op.drop_column("local_authorities", "canton")
    _build_walls_again()


def _one_of(*keys: str) -> str:
    return " + ".join(f"(CASE WHEN {key} IS NULL THEN 0 ELSE 1 END)" for key in keys) + " = 1"


def _build_walls_again() -> None:
    """SQLite makes the table of invitations again, and loses its triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in _statements("0005"):
            if f" ON {TABLE} " in statement:
                op.get_bind().exec_driver_sql(statement)


def _statements(number: str) -> list[str]:
    copy = Path(__file__).with_name(f"{number}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
