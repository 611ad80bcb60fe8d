"""The one clock, the one definition of overlap, the hours of the fair ↔ UTC.

An hour is read on the clocks of the edition at work (`current_zone`).

`now()` is the fair's time; in demonstration mode it runs on from a chosen moment.
`real_now()` is the time of the world: sign-in codes, sessions, rate limits, mail, logs.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from salon.platform.settings.edition import find_time_zone

PARIS = ZoneInfo("Europe/Paris")
_chosen_zone: ContextVar[ZoneInfo | None] = ContextVar("zone", default=None)


class Timed(Protocol):
    """A time with its two ends."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


class Clock:
    """Offset between the demonstration's time and the world's, shared by processes in a file."""

    def __init__(self) -> None:
        self._stamp: tuple[int, int] | None = None
        self._offset = timedelta()
        self.follow(None)

    def follow(self, path: Path | None, applies: Callable[[], bool] = lambda: True) -> None:
        """Take the offset from a file, as long as `applies` says that it is this database's."""
        self.path = path
        self.applies = applies

    @property
    def offset(self) -> timedelta:
        if self.path is None:
            return timedelta()
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return timedelta()
        if not self.applies():
            return timedelta()
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._stamp:
            self._offset = timedelta(seconds=json.loads(self.path.read_text())["offset_seconds"])
            self._stamp = stamp
        return self._offset

    def jump(self, to: datetime) -> None:
        """Make `now()` return `to` at this instant and run on from there."""
        if self.path is None:
            raise RuntimeError("the clock only moves in demonstration mode")
        offset = (to - real_now()).total_seconds()
        draft = self.path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps({"offset_seconds": offset}))
        draft.replace(self.path)


clock = Clock()


def real_now() -> datetime:
    """Return the time of the world, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the time of the fair, UTC."""
    return real_now() + clock.offset


def current_zone() -> ZoneInfo:
    """Return the time zone of the edition at work; Europe/Paris before there is one."""
    chosen_zone = _chosen_zone.get()
    if chosen_zone is not None:
        return chosen_zone
    name = find_time_zone()
    return ZoneInfo(name) if name else PARIS


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """Read and write hours on the clocks of another time zone (IANA name; "" changes nothing)."""
    token = _chosen_zone.set(ZoneInfo(name) if name else _chosen_zone.get())
    try:
        yield
    finally:
        _chosen_zone.reset(token)


def paris(day: date, at: time, zone: str = "") -> datetime:
    """Return the instant of a wall-clock time of the fair, as UTC."""
    return datetime.combine(day, at, ZoneInfo(zone) if zone else current_zone()).astimezone(UTC)


def local(instant: datetime) -> datetime:
    """Return an instant as read on a clock of the fair."""
    return instant.astimezone(current_zone())


def overlaps(starts_a: datetime, ends_a: datetime, starts_b: datetime, ends_b: datetime) -> bool:
    """Return whether two ranges overlap; they include their start and exclude their end."""
    return starts_a < ends_b and starts_b < ends_a
