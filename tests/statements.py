"""Record of the statements sent to the database, and their compilation once a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

import salon.models  # noqa: F401  (each mapper is known)
from salon.platform.database.db import db
from salon.platform.database.prepared_statements import Prepared, PreparedSelect


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield the SQL statements sent meanwhile, in order."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def note_prepared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the prepared statements that run from now on, in order."""
    run: list[str] = []
    for kind, owner in (("read", PreparedSelect), ("write", Prepared)):
        original = getattr(owner, kind)

        def note(self: Prepared, *values: Any, bound: Any = original, **named: Any) -> Any:
            run.append(self.build.__name__)
            return bound(self, *values, **named)

        monkeypatch.setattr(owner, kind, note)
    return run


class Compiled(dict[Any, Any]):
    """Statements compiled once a run, not once a test, whose engine has a dialect of its own."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), value)


def compile_writes_once() -> None:
    """Let the writes of each mapper, which compiles its own, be compiled once a run."""
    for mapper in db.Model.registry.mappers:  # type: ignore[attr-defined]
        mapper._compiled_cache = Compiled()
