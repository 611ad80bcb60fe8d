"""Landmarks of the plan; the picture of the home page.

On PostgreSQL the walls of stands share their functions with those of landmarks.
"""

from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PICTURE = ("picture_name", "small_picture_name", "picture_alt", "picture_credit")
KINDS = (
    *("entrance", "reception", "toilets", "food", "room"),
    *("first_aid", "cloakroom", "parking", "other"),
)
SHARED = {"stands_apart_insert", "stands_apart_update"}
"""Triggers of stands, and their functions with « () » after the name."""
SHARED |= {f"{name}()" for name in SHARED}


def upgrade() -> None:
    op.create_table(
        "landmarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                *KINDS, name="landmarkkind", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("is_step_free", sa.Boolean(), nullable=False),
        sa.CheckConstraint("x > -0.01 AND y > -0.01", name=op.f("ck_landmarks_inside_the_park")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_landmarks_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_landmarks_hall_id_halls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landmarks")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_landmarks_edition_id_name")),
    )
    op.create_index(op.f("ix_landmarks_hall_id"), "landmarks", ["hall_id"])
    for name in PICTURE:
        op.add_column("editions", sa.Column(name, sa.String(), server_default="", nullable=False))
    _drop_shared()
    _run(_statements(revision))


def downgrade() -> None:
    for name in reversed(PICTURE):
        op.drop_column("editions", name)
    _drop_shared()
    op.drop_table("landmarks")
    if _is_postgresql():
        created = [line.split() for line in _statements(revision)]
        former = [line for line in _statements("0005") if SHARED & set(line.split()[:5])]
        _run(former)
        made = [words for words in created if words[0] == "CREATE" and words[3] == "FUNCTION"]
        _run(f"DROP FUNCTION {words[4]}" for words in made)


def _drop_shared() -> None:
    if _is_postgresql():
        _run(f"DROP TRIGGER {name} ON stands" for name in SHARED if "(" not in name)


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _statements(number: str) -> list[str]:
    copy = Path(__file__).with_name(f"{number}_{op.get_bind().dialect.name}.sql")
    return copy.read_text().rstrip("\n").split("\n\n")
