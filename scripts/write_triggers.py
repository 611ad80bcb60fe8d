"""Writes the walls of `platform/database/edition_walls.py` for the migration that installs them."""

from collections.abc import Callable, Iterator

import salon.models  # noqa: F401  (the walls are written from every table)
from salon.platform.database import edition_walls, invariants
from salon.platform.settings.installation import ROOT

VERSIONS = ROOT / "migrations" / "versions"
COPIES: dict[str, Callable[[str], Iterator[str]]] = {
    "0001": invariants.statements,
    "0003": edition_walls.statements,
}
"""What each migration installs; one that is released is not written again."""
UNRELEASED = "0003"


def text_of(number: str, dialect: str) -> str:
    return "\n\n".join(COPIES[number](dialect)) + "\n"


def copy_of(number: str, dialect: str) -> str:
    return (VERSIONS / f"{number}_{dialect}.sql").read_text()


if __name__ == "__main__":
    crossings = "\n".join(edition_walls.crossings())
    (VERSIONS / f"{UNRELEASED}_crossings.sql").write_text(crossings + "\n")
    for dialect in ("sqlite", "postgresql"):
        path = VERSIONS / f"{UNRELEASED}_{dialect}.sql"
        path.write_text(text_of(UNRELEASED, dialect))
