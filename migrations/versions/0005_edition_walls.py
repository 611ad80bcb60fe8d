"""The walls of an edition: rows refer to their own edition, and stay as they are once it is closed.

Refused while a row leads to another edition: which one is right, only the organiser knows.
"""

from collections.abc import Iterator
from pathlib import Path

import click
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EXAMPLES = 5


def upgrade() -> None:
    connection = op.get_bind()
    crossing_rows = [
        f"{name} ({', '.join(str(key) for key in keys)})" for name, keys in _crossing_rows()
    ]
    if crossing_rows:
        raise click.ClickException(
            f"Des lignes tiennent à deux éditions : {', '.join(crossing_rows[:EXAMPLES])}. Rendez "
            "chacune à la sienne avec la version d’avant (un stand se retire à la page "
            "« Placement »), puis recommencez. Rien n’a été changé."
        )
    for statement in _lines_of(connection.dialect.name, "\n\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    connection = op.get_bind()
    for statement in _lines_of(connection.dialect.name, "\n\n"):
        first_line = statement.partition("\n")[0].split()
        if first_line[1] == "TRIGGER":
            of_table = f" ON {first_line[first_line.index('ON') + 1]}"
            on_table = of_table if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {first_line[2]}{on_table}")
    for statement in _lines_of(connection.dialect.name, "\n\n"):
        if statement.startswith("CREATE OR REPLACE FUNCTION"):
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {statement.split()[4]}")


def _crossing_rows() -> Iterator[tuple[str, list[object]]]:
    for statement in _lines_of("crossings", "\n"):
        rows = op.get_bind().exec_driver_sql(statement).all()
        if rows:
            yield rows[0][0], [key for _, key in rows[:EXAMPLES]]


def _lines_of(name: str, separator: str) -> list[str]:
    return Path(__file__).with_name(f"0005_{name}.sql").read_text().strip().split(separator)
