"""What people have promised to be at (engagements): a time, at a stand, with somebody.

Appointments know of them; the agents' pages, their feed and the visitors' badges show them, and are
below appointments. `create_app` tells where they are read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Engagement:
    """`uid` and `sequence`: those of its event (RFC 5545). `whom`: who the other party is, and
    `state`: what became of it, as a person reads them; `words`: what it is about, on `theme`.
    `page`: its path, for who it is shown to.

    `is_live` False: it was cancelled. `is_firm` False: another time has to be chosen. `is_over`:
    it was held, or the visitor did not come.
    """

    id: int
    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    whom: str
    words: str
    page: str
    agent_id: int
    attendee_id: int
    stand_id: int
    is_live: bool
    is_firm: bool
    changed_at: datetime
    in_hall: bool = False
    at_stand: bool = False
    theme: str = ""
    state: str = ""
    is_over: bool = False


Found = Mapping[int, Sequence[Engagement]]


class Source(Protocol):
    """Where engagements are read, and given other private links."""

    def of_agents(self, agent_ids: Collection[int]) -> Found: ...
    def of_attendees(self, attendee_ids: Collection[int]) -> Found: ...
    def renew_links(self, session: Session, attendee_ids: Collection[int]) -> None: ...


def register_engagements(app: Flask, source: Source) -> None:
    """Tells the application where engagements are read."""
    app.extensions["salon_engagements"] = source


def engagements_of_agents(agent_ids: Collection[int]) -> Found:
    """The engagements of agents, by agent, in time; cancelled ones too, for their calendars."""
    return _source().of_agents(agent_ids)


def engagements_of_attendees(attendee_ids: Collection[int]) -> Found:
    """The engagements of visitors, by attendee, in time; cancelled ones too."""
    return _source().of_attendees(attendee_ids)


def renew_links(session: Session, attendee_ids: Collection[int]) -> None:
    """Give the engagements of visitors other private links, inside the caller's transaction, and
    tell those who had the former ones."""
    _source().renew_links(session, attendee_ids)


def _source() -> Source:
    return cast(Source, current_app.extensions["salon_engagements"])
