"""Writes the triggers of `salon.invariants` beside the first migration, which keeps this copy."""

from salon.config import ROOT
from salon.invariants import statements

VERSIONS = ROOT / "migrations" / "versions"
NAME = "0001_{}.sql"


def text_of(dialect: str) -> str:
    return "\n\n".join(statements(dialect)) + "\n"


if __name__ == "__main__":
    for dialect in ("sqlite", "postgresql"):
        (VERSIONS / NAME.format(dialect)).write_text(text_of(dialect))
