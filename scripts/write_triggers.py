"""Writes the triggers that no migration installs yet: `python -m scripts.write_triggers REVISION`.

They go to the copy that this migration installs; those of released migrations stay. The walls of an
edition (`platform/database/edition_walls.py`) are the last: theirs also names the rows to look at.
"""

import re
import sys
from collections.abc import Iterator
from itertools import chain

import salon.models  # noqa: F401  (the walls are written from every table)
from salon.platform.database import day_walls, edition_walls, invariants
from salon.platform.settings.installation import ROOT

VERSIONS = ROOT / "migrations" / "versions"
BETWEEN = "\n\n"


def statements(dialect: str) -> Iterator[str]:
    """Return the statements that the models ask for, in order."""
    return chain(
        invariants.statements(dialect),
        day_walls.statements(dialect),
        edition_walls.statements(dialect),
    )


def installed(dialect: str, but: str = "") -> Iterator[str]:
    """Return the statements of the copies that migrations install, those of `but` left out.

    A trigger or a function that a later copy writes again takes the place of the former; one that
    it drops is no more.
    """
    by_name: dict[str, str] = {}
    for copy in sorted(VERSIONS.glob(f"*_{dialect}.sql")):
        if not but or not copy.name.startswith(but):
            for statement in copy.read_text().rstrip("\n").split(BETWEEN):
                if statement.startswith("DROP FUNCTION"):
                    del by_name[f"CREATE OR REPLACE {statement[5:-2]}"]
                    continue
                named = re.match(r"CREATE [A-Z ]*(?:TRIGGER|FUNCTION) \w+", statement)
                by_name[named.group() if named else statement] = statement
    return iter(by_name.values())


if __name__ == "__main__":
    (revision,) = sys.argv[1:]
    for dialect in ("sqlite", "postgresql"):
        before = set(installed(dialect, but=revision))
        lines = [line for line in statements(dialect) if line not in before]
        copy = VERSIONS / f"{revision}_{dialect}.sql"
        copy.write_text(BETWEEN.join(lines) + "\n")
    if (crossings := VERSIONS / f"{revision}_crossings.sql").exists():
        crossings.write_text("\n".join(edition_walls.crossings()) + "\n")
