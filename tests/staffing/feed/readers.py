"""Three independent readers of a calendar: two libraries, and khal, which people use."""

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import vobject
from click.testing import CliRunner
from icalendar import Calendar
from khal.cli import main_khal

from salon.platform.settings.clock import PARIS

WRITTEN = "%Y-%m-%d %H:%M"
SETTINGS = """
[calendars]
[[planning]]
path = {folder}/calendar
[locale]
local_timezone = Europe/Paris
default_timezone = Europe/Paris
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""
FIELDS = ("uid", "title", "location", "start-long-full", "end-long-full", "duration", "status")


@dataclass(frozen=True, order=True)
class Seen:
    """An event as a reader shows it: its hours are those of a clock in Paris."""

    starts: str
    ends: str
    minutes: int
    summary: str
    location: str
    uid: str
    is_cancelled: bool


Reader = Callable[[Path, bytes, date], Sequence[Seen]]


def by_icalendar(folder: Path, content: bytes, day: date) -> list[Seen]:
    return sorted(
        _seen(
            event.start,
            event.end,
            str(event["summary"]),
            str(event["location"]),
            str(event["uid"]),
            str(event["status"]),
        )
        for event in Calendar.from_ical(content).walk("VEVENT")
    )


def by_vobject(folder: Path, content: bytes, day: date) -> list[Seen]:
    """Knows the zone from the file alone: its VTIMEZONE."""
    return sorted(
        _seen(
            event.dtstart.value,
            event.dtend.value,
            event.summary.value,
            event.location.value,
            event.uid.value,
            event.status.value,
        )
        for calendar in vobject.readComponents(content.decode())
        for event in calendar.contents.get("vevent", [])
    )


def by_khal(folder: Path, content: bytes, day: date) -> list[Seen]:
    """Import into the calendar of `folder`, on top of what earlier calls put there."""
    (folder / "calendar").mkdir(parents=True, exist_ok=True)
    (folder / "khal.conf").write_text(SETTINGS.format(folder=folder))
    (folder / "planning.ics").write_bytes(content)
    _khal(folder, "import", "--batch", "-a", "planning", str(folder / "planning.ics"))
    words = [word for field in FIELDS for word in ("--json", field)]
    listed = _khal(folder, "list", *words, f"{day:%Y-%m-%d}", "1d")
    rows = [row for line in listed.splitlines() for row in json.loads(line)]
    return sorted(
        Seen(
            row["start-long-full"],
            row["end-long-full"],
            _minutes(row["duration"]),
            row["title"],
            row["location"],
            row["uid"],
            "CANCELLED" in row["status"],
        )
        for row in rows
    )


READERS: tuple[Reader, ...] = (by_icalendar, by_vobject, by_khal)


def _khal(folder: Path, *words: str) -> str:
    """Return the output of a khal command, run in this process: another takes a second to start."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        command = ["-c", str(folder / "khal.conf"), *words]
        answer = CliRunner().invoke(main_khal, command, catch_exceptions=False)
    assert answer.exit_code == 0, answer.stderr
    return answer.stdout


def _seen(
    start: datetime, end: datetime, summary: str, location: str, uid: str, status: str
) -> Seen:
    return Seen(
        start.astimezone(PARIS).strftime(WRITTEN),
        end.astimezone(PARIS).strftime(WRITTEN),
        (end.astimezone(UTC) - start.astimezone(UTC)) // timedelta(minutes=1),
        summary,
        location,
        uid,
        status == "CANCELLED",
    )


def _minutes(words: str) -> int:
    """« 1h 30m » in minutes."""
    sizes = {"h": 60, "m": 1}
    return sum(int(word[:-1]) * sizes[word[-1]] for word in words.split())
