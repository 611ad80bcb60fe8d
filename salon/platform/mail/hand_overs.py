"""Notes of what the mail server was given, for a worker that is killed before the database knows.

A note is written when the last line of a message leaves the process: from then on the server has
the whole message and accepts it, whether somebody waits for its answer or not. A killed process
loses nothing that it has written to a file. The next worker records these messages as sent.
"""

import fcntl
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "mail-in-hand"
ADDED, REMOVED = "+", "-"


class HandOvers:
    """The notes of one process: a file of SALON_DATA, locked as long as the process lives.

    A line is a sign and a Message-ID.
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._lock = threading.Lock()
        self._in_hand: set[str] = set()
        self._path = self._folder / secrets.token_hex(8)
        unlocked = self._path.with_suffix(".new")
        self._file = os.open(unlocked, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        unlocked.rename(self._path)

    def add(self, message_id: str) -> None:
        with self._lock:
            os.write(self._file, f"{ADDED}{message_id}\n".encode())
            self._in_hand.add(message_id)

    def remove(self, message_id: str) -> None:
        """Forget a message whose result is recorded, or that the server refused. Idempotent."""
        with self._lock:
            if message_id not in self._in_hand:
                return
            self._in_hand.remove(message_id)
            if self._in_hand:
                os.write(self._file, f"{REMOVED}{message_id}\n".encode())
            else:
                os.ftruncate(self._file, 0)

    @contextmanager
    def of_ended_processes(self) -> Iterator[list[str]]:
        """Yield the Message-IDs that processes now gone have left; they are forgotten after."""
        left: list[str] = []
        files: list[tuple[Path, int]] = []
        for path in sorted(self._folder.iterdir()):
            if path == self._path or path.suffix:
                continue
            file = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                continue
            files.append((path, file))
            left += _message_ids(path)
        yield left
        for path, file in files:
            path.unlink(missing_ok=True)
            os.close(file)


def _message_ids(path: Path) -> list[str]:
    message_ids: dict[str, None] = {}
    for line in path.read_text().splitlines():
        if line.startswith(ADDED):
            message_ids[line[1:]] = None
        else:
            message_ids.pop(line[1:], None)
    return list(message_ids)
