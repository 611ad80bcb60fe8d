"""Conflicts of answers that came too late for the device that asked."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = "ck_conflicts_conflictkind"
FORMER_KINDS = "'double', 'revoked', 'unknown', 'not_allowed', 'clock', 'unreadable'"


def upgrade() -> None:
    with op.batch_alter_table("conflicts") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), f"kind IN ({FORMER_KINDS}, 'unheard')")


def downgrade() -> None:
    """What the former release does not know becomes what it knows nearest; once for each scan."""
    op.execute(
        "DELETE FROM conflicts WHERE kind = 'unheard' AND scan_id IN "
        "(SELECT scan_id FROM conflicts WHERE kind = 'unreadable')"
    )
    op.execute("UPDATE conflicts SET kind = 'unreadable' WHERE kind = 'unheard'")
    with op.batch_alter_table("conflicts") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), f"kind IN ({FORMER_KINDS})")
