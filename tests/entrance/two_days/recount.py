"""The figures of a fair counted again from the raw rows: plain SQL and Python, nothing of salon/.

Whoever shows a new figure of a day writes here how it is counted, and a line of `FIGURES`.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
PASSED = ("accepted", "already_inside", "re_entry", "exit")
PASSAGES = f"""
SELECT badges.attendee_id, scans.happened_at, scans.door, scans.direction, zones.label
FROM scans
JOIN badges ON badges.id = scans.badge_id
LEFT JOIN doors ON doors.edition_id = scans.edition_id AND doors.code = scans.door
LEFT JOIN zones ON zones.id = doors.zone_id AND zones.kind != 'fair'
WHERE scans.verdict IN {PASSED} OR scans.was_let_in
ORDER BY scans.happened_at, scans.id
"""
REFUSALS = f"SELECT happened_at, door FROM scans WHERE verdict NOT IN {PASSED} ORDER BY id DESC"
PEOPLE = """
SELECT attendees.id, attendees.category, attendees.commune_code, attendees.status,
       attendees.visit_days, epcis.name
FROM attendees
LEFT JOIN communes ON communes.code = attendees.commune_code
LEFT JOIN epcis ON epcis.siren = COALESCE(attendees.epci_siren, communes.epci_siren)
"""


@dataclass(frozen=True)
class Passage:
    person: int
    at: datetime
    door: str
    is_entry: bool
    room: str


@dataclass(frozen=True)
class Person:
    id: int
    category: str
    commune: str
    status: str
    visit_days: str
    epci: str


@dataclass(frozen=True)
class Raw:
    """The rows of a fair, read at a moment."""

    moment: datetime
    days: list[date]
    passages: list[Passage]
    refusals: list[tuple[datetime, str]]
    people: dict[int, Person]
    happened: dict[str, datetime]
    """When each scan on record happened, by its identifier."""

    def arrivals(self, day: date) -> list[Passage]:
        """Return the first entry of each person on a day."""
        firsts: dict[int, Passage] = {}
        for passage in self.entries(day):
            firsts.setdefault(passage.person, passage)
        return list(firsts.values())

    def entries(self, day: date) -> Iterator[Passage]:
        for passage in self.passages:
            if passage.is_entry and not passage.room and passage.at.date() == day:
                yield passage

    def newcomers(self, day: date) -> list[Passage]:
        """Return the arrivals of people who had not come on an earlier day."""
        before = {
            passage.person
            for earlier in self.days
            if earlier < day
            for passage in self.entries(earlier)
        }
        return [passage for passage in self.arrivals(day) if passage.person not in before]

    def first_entries(self) -> list[Passage]:
        return [passage for day in self.days for passage in self.newcomers(day)]

    def inside(self) -> set[int]:
        """Return who entered last today, and did not go out since."""
        lasts = {passage.person: passage for passage in self.passages if not passage.room}
        today = self.moment.date()
        return {
            person
            for person, passage in lasts.items()
            if passage.is_entry and passage.at.date() == today
        }

    def in_room(self, day: date) -> int:
        """Return who entered the room on a day, or for today who is in it."""
        of_day = [passage for passage in self.passages if passage.room and passage.at.date() == day]
        lasts = {passage.person: passage for passage in of_day}
        if day == self.moment.date():
            return sum(passage.is_entry for passage in lasts.values())
        return len({passage.person for passage in of_day if passage.is_entry})

    def expected(self, day: date) -> int:
        return sum(
            person.status == "registered"
            and (not person.visit_days or day.isoformat() in person.visit_days)
            for person in self.people.values()
        )

    def by(self, word: Callable[[Person], str], passages: list[Passage]) -> Counter[str]:
        return Counter(word(self.people[passage.person]) for passage in passages)


def read_raw(path: Path, moment: datetime) -> Raw:
    """Read the rows of the database of a test."""
    with sqlite3.connect(path) as connection:
        days = [
            date.fromisoformat(row[0])
            for row in connection.execute("SELECT day_on FROM edition_days ORDER BY day_on")
        ]
        passages = [
            Passage(person, _at(happened), door, direction == "in", room or "")
            for person, happened, door, direction, room in connection.execute(PASSAGES)
        ]
        refusals = [(_at(happened), door) for happened, door in connection.execute(REFUSALS)]
        people = {
            row[0]: Person(*row[:2], row[2] or "", *row[3:5], row[5] or "")
            for row in connection.execute(PEOPLE)
        }
        scans = connection.execute("SELECT scan_id, happened_at FROM scans").fetchall()
    happened = {scan_id: _at(text) for scan_id, text in scans}
    assert len(happened) == len(scans), "a scan on record twice"
    return Raw(moment.astimezone(PARIS), days, passages, refusals, people, happened)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(PARIS)


def by_quarter(passages: list[Passage]) -> Counter[datetime]:
    quarters = (
        passage.at.replace(minute=passage.at.minute // 15 * 15, second=0, microsecond=0)
        for passage in passages
    )
    return Counter(quarters)


Read = Callable[[Any, date], Any]
Recount = Callable[[Raw, date], Any]


@dataclass(frozen=True)
class Figure:
    """A figure that a screen or a file shows for a day, and how it is counted again."""

    screen: str
    name: str
    read: Read
    recount: Recount
