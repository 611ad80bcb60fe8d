"""Writes tests/on_postgresql.txt: the tests that the suite runs on PostgreSQL besides races.

Every test marked `on_both` runs there once, which takes some ten minutes; as few of them are kept
as send all the statements that PostgreSQL may understand in its own way.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "on_postgresql.txt"
OWN_WAY = re.compile(
    r"FOR (NO KEY )?(UPDATE|SHARE)|ON CONFLICT|ORDER BY|GROUP BY|DISTINCT|UNION|EXCEPT|RECURSIVE"
    r"|LATERAL|OVER|LIKE|INTERVAL|EXTRACT|AT TIME ZONE|advisory|\|\||~"
    r"|\b(min|max|sum|avg|count|\w+_agg|jsonb?_\w+|lower|upper|strpos|substr\w*|to_char|date_trunc"
    r"|coalesce|nullif|concat|length|greatest|least)\(",
    re.IGNORECASE,
)
"""What locks, upserts, sorts, groups, compares texts or computes."""


def statement_of(sql: str) -> str:
    """Return a statement without its values, however many they are."""
    sql = re.sub(r"%\(\w+\)s(::[A-Z0-9 ()]+)?", "?", sql)
    return re.sub(r"\(\?\)(, \(\?\))+", "(?)", re.sub(r"\?(, \?)+", "?", " ".join(sql.split())))


def fewest(sent: Mapping[str, set[str]]) -> list[str]:
    """Return tests that together send every statement; each adds the most that still lack."""
    lacking, chosen = set().union(*sent.values()), []
    while lacking:
        test = max(sent, key=lambda name: len(sent[name] & lacking))
        chosen.append(test)
        lacking -= sent[test]
    return sorted(chosen)


class Recorder:
    """Runs the first row of each test on PostgreSQL and notes what it sends."""

    def __init__(self) -> None:
        self.sent: dict[str, set[str]] = {}
        self.statements: set[str] = set()
        event.listen(Engine, "before_cursor_execute", self.note)

    def note(self, connection: Connection, cursor: object, sql: str, *_: object) -> None:
        if connection.dialect.name == "postgresql" and OWN_WAY.search(re.sub('"[^"]*"', "", sql)):
            self.statements.add(statement_of(sql))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        first = {name_of(item): item for item in reversed(items) if is_twin(item)}
        items[:] = first.values()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.statements = self.sent.setdefault(name_of(item), set())
        return (yield)


def is_twin(item: pytest.Item) -> bool:
    names = {mark.name for mark in item.iter_markers()}
    return {"postgres", "on_both"} <= names and "race" not in names


def name_of(item: pytest.Item) -> str:
    """Return the file and the function of a test, as the list says them."""
    path = item.path.relative_to(ROOT / "tests").as_posix()
    return f"{path}::{getattr(item, 'originalname', item.name)}"


if __name__ == "__main__":
    os.environ["EVERY_TWIN"] = "1"
    recorder = Recorder()
    if code := pytest.main(["-q", *sys.argv[1:]], plugins=[recorder]):
        sys.exit(code)
    LIST.write_text("\n".join([*fewest(recorder.sent), ""]), "utf-8")
