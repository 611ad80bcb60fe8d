"""What dies in the middle of its work is killed while its row waits for a lock that tests hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import func, select

from bench.fairs import Fair
from tests.processes import PATIENCE_S


@contextmanager
def write_lock(fair: Fair) -> Iterator[None]:
    """Let nobody write to a fair's SQLite within: who is killed there has saved no row."""
    with closing(sqlite3.connect(fair.data / "salon.sqlite", timeout=PATIENCE_S)) as base:
        base.isolation_level = None
        base.execute("BEGIN IMMEDIATE")
        yield
        base.execute("ROLLBACK")


def count(fair: Fair, table: type, *conditions: object) -> int:
    statement = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
    with fair.engine().connect() as connection:
        return connection.scalar(statement) or 0


def files_in(fair: Fair, folder: str) -> set[str]:
    return {path.name for path in (fair.data / folder).glob("*")}
