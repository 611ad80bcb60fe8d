"""Reads that a process stores, a minute at most, until a commit writes a table they come from.

Revisions (`platform/pages/public_pages.py`) say whether one did. A transaction that has itself
written such a table reads anew: its revisions are replaced at its commit only.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Flask, current_app
from sqlalchemy import Select

from salon.platform.database.db import current_session
from salon.platform.pages.public_pages import WRITTEN, forget_revisions, read_revisions
from salon.platform.settings.clock import now

Value = TypeVar("Value")
MOST = 200
"""Values that a process stores at a time."""


@dataclass(frozen=True)
class StoredRead(Generic[Value]):
    """The result of `read`, stored under `key` until one of `revisions` or the minute changes.

    `varies`: another value that the result depends on; `counted`: such a value, counted by the
    database with these `parameters`. `read` returns immutable values, and no row of a session.
    """

    key: Hashable
    revisions: tuple[str, ...]
    read: Callable[[], Value]
    varies: Hashable = None
    counted: Select[int] | None = None
    parameters: Mapping[str, object] | None = None

    def get(self) -> Value:
        """Return the stored value, read first where there is none."""
        state = self._state()
        if state is None:
            return self.read()
        stored_state, value = _values().get(self.key, (None, None))
        if stored_state != state:
            value = self.read()
            has_room = self.key in _values() or len(_values()) < MOST
            forget_revisions()
            if has_room and self._state() == state:
                _values()[self.key] = state, value
        return value  # type: ignore[no-any-return]

    def find(self) -> Value | None:
        """Return the stored value, or None where it has to be read."""
        stored_state, value = _values().get(self.key, (None, None))
        return value if stored_state is not None and stored_state == self._state() else None

    def _state(self) -> Hashable:
        """Return a value that differs once `read` may; None in a transaction that wrote one of the
        tables."""
        session = current_session()
        session.flush()  # what the session holds back counts as written
        revisions = read_revisions()
        written_tables = session.connection().info.get(WRITTEN, ())
        if not set(self.revisions).isdisjoint(written_tables):
            return None
        count = None if self.counted is None else session.scalar(self.counted, self.parameters)
        minute = now().replace(second=0, microsecond=0)
        return tuple(revisions[name] for name in self.revisions), count, self.varies, minute


def _values() -> dict[Hashable, tuple[Hashable, Any]]:
    values: dict[Hashable, tuple[Hashable, Any]] = current_app.extensions["salon_stored_reads"]
    return values


def register_stored_reads(app: Flask) -> None:
    app.extensions["salon_stored_reads"] = {}
