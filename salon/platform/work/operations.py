"""Counts of operations that succeed and fail on this machine, minute by minute.

Each process writes its own counts to a file of SALON_DATA/operations every few seconds; the reader
adds the files up. So the failures of a database that is away are counted, too.
"""

import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

from salon.platform.settings.clock import real_now
from salon.platform.words.formats import number, plural, short_moment
from salon.platform.work.metrics import OPERATIONS

FOLDER = "operations"
COUNTS_SUFFIX, TASKS_SUFFIX = ".json", ".tasks"
SLOT_S = 5
WATCHED_S = 60
"""Window over which the share of failures is computed."""

KEPT_S = 120
ALARM_SHARE = 0.01
LEAST_FAILED = 3
"""Fewer failures raise no alarm."""

KINDS = {"page": "page", "call": "appel de station", "mail": "courriel", "task": "tâche"}
OUTCOMES = ("done", "failed")
UNCOUNTED = ("static", "dashboard.alive", "dashboard.ready", "dashboard.metrics")


@dataclass(frozen=True)
class FailingTask:
    """A task of the worker that has failed several times in a row, `since` the first of them."""

    name: str
    since: datetime

    @property
    def words(self) -> str:
        return f"La tâche «\u00a0{self.name}\u00a0» échoue depuis le {short_moment(self.since)}."


@dataclass(frozen=True)
class Failures:
    """Operations of the last minute: how many, and how many failed, by kind."""

    done: int
    failed: int
    kinds: dict[str, int]
    tasks: tuple[FailingTask, ...] = ()

    @property
    def is_alarm(self) -> bool:
        return bool(self.tasks) or self.is_share_alarm

    @property
    def is_share_alarm(self) -> bool:
        return self.failed >= LEAST_FAILED and self.failed > ALARM_SHARE * self.done

    @property
    def share_words(self) -> str:
        """Return the alarm of the share that fails, for an organiser."""
        kinds = ", ".join(
            plural(count, KINDS.get(kind, kind)) for kind, count in self.kinds.items()
        )
        share = f"{100 * self.failed / self.done:.0f}\u00a0%"
        return (
            f"{share} des opérations ont échoué dans la dernière minute "
            f"({kinds}, sur {number(self.done)})."
        )


class _Counts:
    """The counts of this process: slot of SLOT_S seconds → kind → [done, failed]."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.slots: dict[int, dict[str, list[int]]] = {}
        self.written = 0

    def add(self, kind: str, failed: bool) -> None:
        slot = int(real_now().timestamp()) // SLOT_S
        with self.lock:
            counts = self.slots.setdefault(slot, defaultdict(lambda: [0, 0]))[kind]
            counts[0] += 1
            counts[1] += failed
            if slot == self.written:
                return
            self.written = slot
            oldest = slot - KEPT_S // SLOT_S
            self.slots = {
                past_slot: kinds for past_slot, kinds in self.slots.items() if past_slot >= oldest
            }
            text = json.dumps(self.slots)
        # What cannot be written now is written with the next slot.
        with suppress(OSError):
            _write(self.folder / f"{os.getpid()}{COUNTS_SUFFIX}", text)


def register_operations(app: Flask, data: Path) -> None:
    """Count each page and each call of the API; an answer of 5xx is a failure."""
    app.extensions["salon_operations"] = _Counts(data / FOLDER)

    @app.after_request
    def count(response: Response) -> Response:
        if request.endpoint not in UNCOUNTED:
            kind = "call" if request.path.startswith("/api/") else "page"
            count_operation(kind, response.status_code >= 500)
        return response


def count_operation(kind: str, failed: bool) -> None:
    """Count one operation of another kind: a mail, a task."""
    current_app.extensions["salon_operations"].add(kind, failed)
    OPERATIONS.add(kind, OUTCOMES[failed])


def begin_series() -> None:
    """Make the series of each kind and outcome exist, at zero: the first failure is an increase."""
    for kind, outcome in product(KINDS, OUTCOMES):
        OPERATIONS.add(kind, outcome, count=0)


def record_failing_tasks(tasks: Sequence[FailingTask]) -> None:
    """Write which tasks of this process fail; a file that grows old says that it has ended."""
    folder = current_app.extensions["salon_operations"].folder
    tasks_by_name = {task.name: task.since.timestamp() for task in tasks}
    with suppress(OSError):
        _write(folder / f"{os.getpid()}{TASKS_SUFFIX}", json.dumps(tasks_by_name))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(text)
    part.replace(path)


def recent_failures(data: Path) -> Failures:
    """Return the operations of the last minute, of every process; files of ended processes are
    deleted."""
    oldest, done = (int(real_now().timestamp()) - WATCHED_S) // SLOT_S, 0
    kinds: dict[str, int] = defaultdict(int)
    for slots in _contents(data, COUNTS_SUFFIX):
        for slot, counts in slots.items():
            if int(slot) < oldest:
                continue
            for kind, (all_of_them, failed) in counts.items():
                done += all_of_them
                kinds[kind] += failed
    failures = {kind: failed for kind, failed in kinds.items() if failed}
    tasks = {
        name: FailingTask(name, datetime.fromtimestamp(since, UTC))
        for tasks in _contents(data, TASKS_SUFFIX)
        for name, since in tasks.items()
    }
    return Failures(done, sum(failures.values()), failures, tuple(tasks.values()))


def _contents(data: Path, suffix: str) -> Iterator[dict[str, Any]]:
    """Return the files of the living processes; unreadable ones are left out."""
    now = real_now().timestamp()
    for path in (data / FOLDER).glob(f"*{suffix}"):
        with suppress(OSError, ValueError):
            if now - path.stat().st_mtime > 2 * KEPT_S:
                path.unlink()
                continue
            content = json.loads(path.read_text())
            yield content
