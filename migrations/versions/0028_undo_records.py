"""What undoing an act needs, out of the journal; entries of 1.0.0 hand theirs over."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE = "undo_records"
OWNERS = {"body": "partner_bodies", "hall": "halls", "theme": "themes"}
"""Table of the row that an entry is about, by the first word of its subject."""


def upgrade() -> None:
    table = op.create_table(
        TABLE,
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("undone_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("version >= 0", name=op.f("ck_undo_records_version_at_least_0")),
        sa.CheckConstraint("undone_id < entry_id", name=op.f("ck_undo_records_undone_before")),
        _key("entry_id", "journal_entries", "CASCADE"),
        _key("edition_id", "editions"),
        _key("undone_id", "journal_entries", "CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_undo_records")),
    )
    for column in ("edition_id", "undone_id"):
        op.create_index(op.f(f"ix_undo_records_{column}"), TABLE, [column])
    _hand_over(op.get_bind(), table)
    for statement in _triggers():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """What can be undone is lost; the acts stay in the journal."""
    op.drop_table(TABLE)
    for statement in _triggers():
        if statement.startswith("CREATE OR REPLACE FUNCTION"):
            op.execute(f"DROP FUNCTION {statement.split()[4]}")


def _hand_over(connection: sa.Connection, table: sa.Table) -> None:
    """Copy the undo data of the entries, whose own rows nobody may change."""
    entries = sa.table(
        "journal_entries",
        sa.column("id", sa.Integer()),
        sa.column("subject", sa.String()),
        sa.column("details", sa.JSON()),
    )
    has_undo = sa.cast(entries.c.details, sa.String()).like('%"undo"%')
    rows = connection.execute(
        sa.select(entries).where(has_undo).order_by(entries.c.id).execution_options(yield_per=100)
    )
    for row in rows.all():
        undo = row.details["undo"]
        edition_id = _edition_of(connection, row.subject)
        if undo and edition_id is not None:
            kept = {"act": undo["act"], "facts": undo["former"], "version": 0}
            connection.execute(
                table.insert().values(entry_id=row.id, edition_id=edition_id, **kept)
            )


def _edition_of(connection: sa.Connection, subject: str) -> int | None:
    """Return the edition of the row that an entry is about; None once it is gone."""
    word, _, number = subject.partition(":")
    name = "editions" if word == "edition" else OWNERS.get(word)
    if name is None:
        return None
    column = "id" if word == "edition" else "edition_id"
    owner = sa.table(name, sa.column("id"), sa.column(column))
    edition_id: int | None = connection.scalar(
        sa.select(owner.c[column]).where(owner.c.id == int(number))
    )
    return edition_id


def _key(column: str, owner: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{TABLE}_{column}_{owner}")
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete=ondelete)


def _triggers() -> list[str]:
    copy = Path(__file__).with_name(f"{revision}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
