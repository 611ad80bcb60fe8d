"""Presences by day: when a person came and left, as seen by features below the doors.

The list of registered people and the page of one show them. `create_app` registers the source.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, cast

from flask import Flask, current_app
from sqlalchemy import ColumnElement


@dataclass(frozen=True)
class DayPresence:
    """What was read of a person on a day of the fair.

    `entered_at`: the first entry by a door of the fair, `door` its code; `left_at`: the last exit,
    when nothing was read after it. `seen_at`: the first reading in a room or mark at a stand,
    `place` its name.
    """

    day_on: date
    entered_at: datetime | None = None
    door: str = ""
    left_at: datetime | None = None
    seen_at: datetime | None = None
    place: str = ""


DayPresences = Mapping[int, Sequence[DayPresence]]


class Source(Protocol):
    """Functions that read presences."""

    def of_people(self, edition_id: int, attendee_ids: Collection[int]) -> DayPresences: ...
    def matching(self, edition_id: int, presence: str) -> ColumnElement[bool]: ...
    def are_readings_destroyed(self, edition_id: int) -> bool: ...


def register_day_presences(app: Flask, source: Source) -> None:
    """Register the source of presences in the application."""
    app.extensions["salon_day_presences"] = source


def day_presences_of(edition_id: int, attendee_ids: Collection[int]) -> DayPresences:
    """Return the days of people, by person, in order; whoever never came is missing."""
    return _source().of_people(edition_id, attendee_ids)


def matches_presence(edition_id: int, presence: str) -> ColumnElement[bool]:
    """Match the registrations of a filter: "came", "absent", each with ":" and a day to mean that
    day; "inside:" and an instant.
    """
    return _source().matching(edition_id, presence)


def are_readings_destroyed(edition_id: int) -> bool:
    """Return whether the readings of an edition were destroyed, and their figures alone remain."""
    return _source().are_readings_destroyed(edition_id)


def _source() -> Source:
    return cast(Source, current_app.extensions["salon_day_presences"])
