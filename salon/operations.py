"""How many operations succeed and fail, minute by minute, and when that is an alarm.

Each process keeps its own counts and writes them to a file of SALON_DATA/operations every few
seconds; whoever asks adds the files up. So the alarm also rises when the database is what fails.
"""

import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, current_app, request

from salon.formats import number, plural
from salon.times import real_now

FOLDER = "operations"
SLOT_S = 5
WATCHED_S = 60
"""Failures are shared out over the last minute."""

KEPT_S = 120
ALARM_SHARE = 0.01
LEAST_FAILED = 3
"""One person's bad luck is no alarm."""

KINDS = {"page": "page", "call": "appel de station", "mail": "courriel", "job": "tâche"}
UNCOUNTED = ("static", "dashboard.alive", "dashboard.ready")


@dataclass(frozen=True)
class Failures:
    """What happened in the last minute: how many operations, and how many failed, by kind."""

    done: int
    failed: int
    kinds: dict[str, int]

    @property
    def is_alarm(self) -> bool:
        return self.failed >= LEAST_FAILED and self.failed > ALARM_SHARE * self.done

    @property
    def words(self) -> str:
        """What an organiser reads; empty when all is well."""
        if not self.is_alarm:
            return ""
        kinds = ", ".join(plural(count, KINDS.get(one, one)) for one, count in self.kinds.items())
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
            self.slots = {one: kinds for one, kinds in self.slots.items() if one >= oldest}
            text = json.dumps(self.slots)
        # What cannot be written now is written with the next slot.
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            path = self.folder / f"{os.getpid()}.json"
            part = path.with_suffix(".part")
            part.write_text(text)
            part.replace(path)


def register_operations(app: Flask, data: Path) -> None:
    """Counts each page and each call of the API; an answer of 5xx is a failure."""
    counts = app.extensions["salon_operations"] = _Counts(data / FOLDER)
    app.jinja_env.globals["alarm"] = lambda: recent_failures(data).words

    @app.after_request
    def count(response: Response) -> Response:
        if request.endpoint not in UNCOUNTED:
            kind = "call" if request.path.startswith("/api/") else "page"
            counts.add(kind, response.status_code >= 500)
        return response


def count_operation(kind: str, failed: bool) -> None:
    """Counts one operation of another kind: a mail, a job."""
    current_app.extensions["salon_operations"].add(kind, failed)


@contextmanager
def counted(kind: str) -> Iterator[None]:
    """Counts what is done inside as one operation, failed when it raises."""
    try:
        yield
    except BaseException:
        count_operation(kind, True)
        raise
    count_operation(kind, False)


def recent_failures(data: Path) -> Failures:
    """The operations of the last minute, of every process; files of ended processes go."""
    now = int(real_now().timestamp())
    oldest, done = (now - WATCHED_S) // SLOT_S, 0
    kinds: dict[str, int] = defaultdict(int)
    for path in (data / FOLDER).glob("*.json"):
        with suppress(OSError, ValueError):
            if now - path.stat().st_mtime > 2 * KEPT_S:
                path.unlink()
                continue
            for slot, counts in json.loads(path.read_text()).items():
                if int(slot) < oldest:
                    continue
                for kind, (all_of_them, failed) in counts.items():
                    done += all_of_them
                    kinds[kind] += failed
    found = {kind: failed for kind, failed in kinds.items() if failed}
    return Failures(done, sum(found.values()), found)
