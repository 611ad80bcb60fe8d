"""Which tests are long, which run on PostgreSQL, and how they are dealt to processes."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts.first_on_postgresql import LIST, is_twin, name_of

TESTS = Path(__file__).parent
COMPUTING = (
    *("demonstration", "test_faults.py", "deploy"),
    *("browser/test_first_fair.py", "browser/test_filled_fair.py", "browser/test_every_page.py"),
    "appointments/engine",
    *("former_release", "staffing/solving_soft", "test_commands.py"),
)
"""Long, and each in one process: what it makes once is made once a run. In turn, they begin what
each of three processes does."""
WAITING = ("browser/", "browsers/", "webserver/")
"""Servers and browsers, which are waited for."""
LONG = (
    *("accounts/test_kept_forms.py", "demonstration/", "hostile/", "leads/test_matrix.py"),
    *("appointments/engine/test_machine.py", "appointments/engine/test_slots_properties.py"),
    *("platform/database/test_schema.py", "platform/database/invariants/test_editions.py"),
    *("platform/files/backup/", "platform/work/operations/test_metrics.py"),
    *("platform/test_frozen_database.py", "platform/work/test_serving.py"),
    *("staffing/hostile/", "staffing/solving/test_explaining.py"),
    *("staffing/solving/test_properties.py", "staffing/solving_soft/", "test_every_form.py"),
    "test_faults.py",
)
"""Whole fairs, backups, servers that fall or hang, odd requests, each table's walls, properties of
the solvers: marked `long`."""
FIRST_ON_POSTGRESQL = frozenset(LIST.read_text("utf-8").splitlines())
"""Tests that first send PostgreSQL a statement that it may understand in its own way."""
ON_BOTH = "test_on_both"
"""A module of this name runs on PostgreSQL whole: what is not listed there is `long`."""
EVERY_TWIN = "EVERY_TWIN" in os.environ
"""Set by `make engines`: what is marked `on_both` is run on PostgreSQL whole, too."""


def is_long(item: pytest.Item) -> bool:
    return item.path.relative_to(TESTS).as_posix().startswith(LONG) or is_repeated(item)


def is_repeated(item: pytest.Item) -> bool:
    """Return whether another test sends PostgreSQL the statements of this one; no race does."""
    if not is_twin(item):
        return False
    rows = {index for name, index in item.callspec.indices.items() if name != "database"}  # type: ignore[attr-defined]
    return name_of(item) not in FIRST_ON_POSTGRESQL or any(rows)


def repeated_elsewhere(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return the tests whose statements others send PostgreSQL, in modules not run there whole."""
    return [item for item in items if item.path.stem != ON_BOTH and is_repeated(item)]


def dealt(items: Sequence[pytest.Item], shares: int) -> list[pytest.Item]:
    """Return the tests dealt to that many processes, file by file.

    Each begins with files that compute and that wait, the short ones end the list. pytest-xdist
    cuts it into equal shares, and a process that is done takes over the end of another's share.
    """
    heads: list[list[pytest.Item]] = [[] for _ in range(shares)]
    waiting: dict[str, list[pytest.Item]] = {}
    other_items: list[pytest.Item] = []
    for item in items:
        path = item.path.relative_to(TESTS).as_posix()
        groups = [number for number, name in enumerate(COMPUTING) if path.startswith(name)]
        if groups:
            heads[-1 - groups[0] % shares].append(item)
        elif path.startswith(WAITING):
            waiting.setdefault(path, []).append(item)
        else:
            other_items.append(item)
    for file_items in sorted(waiting.values(), key=len, reverse=True):
        min(heads, key=len).extend(file_items)
    dealt_items: list[pytest.Item] = []
    for number, head in enumerate(heads):
        size = (len(items) - len(dealt_items)) // (shares - number)
        missing = max(0, size - len(head))
        dealt_items += head + other_items[:missing]
        del other_items[:missing]
    return dealt_items + other_items


def is_on_both(metafunc: pytest.Metafunc) -> bool:
    """Return whether a test runs on SQLite and on PostgreSQL.

    Races do, modules named `test_on_both`, and what is marked `on_both`: what locks, upserts,
    sorts, compares or counts, and the first test of each statement that a service sends.
    """
    names = {mark.name for mark in metafunc.definition.iter_markers()}
    return bool(names & {"race", "on_both"}) or metafunc.module.__name__.endswith(f".{ON_BOTH}")
