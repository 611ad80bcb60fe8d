"""Writes the triggers of `platform/database/invariants.py` for the first migration."""

from salon.platform.database.invariants import statements
from salon.platform.settings.installation import ROOT

VERSIONS = ROOT / "migrations" / "versions"
NAME = "0001_{}.sql"


def text_of(dialect: str) -> str:
    return "\n\n".join(statements(dialect)) + "\n"


if __name__ == "__main__":
    for dialect in ("sqlite", "postgresql"):
        (VERSIONS / NAME.format(dialect)).write_text(text_of(dialect))
