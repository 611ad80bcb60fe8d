"""Engagements: appointments as seen by features below appointments.

The agents' pages, their feed and the visitors' badges show them. `create_app` registers the source.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

from salon.platform.database.consequences import Standing

Mark = tuple[str, str, str]
"""(kind, word, icon) of a state."""


@dataclass(frozen=True)
class Engagement:
    """A promise to be at a stand at a time, with somebody.

    `uid` and `sequence`: those of its event (RFC 5545). `party`: name of the other party; `words`:
    its subject, on `theme`. `mark_at`: its state at a moment, for the person it is shown to.
    `page`: its path, for that person. `is_live` False: it was cancelled. `is_firm` False: another
    time has to be chosen. `is_over`: it was held, or the visitor did not come. `standing`: that of
    the fair.
    """

    id: int
    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    party: str
    words: str
    page: str
    agent_id: int
    attendee_id: int
    stand_id: int
    is_live: bool
    is_firm: bool
    changed_at: datetime
    mark_at: Callable[[datetime], Mark] = lambda now: ("neutral", "", "")
    theme: str = ""
    is_over: bool = False
    standing: Standing = Standing.AS_PLANNED


Found = Mapping[int, Sequence[Engagement]]


class Source(Protocol):
    """Functions that read engagements and renew their private links."""

    def of_agents(self, agent_ids: Collection[int]) -> Found: ...
    def of_attendees(self, attendee_ids: Collection[int]) -> Found: ...
    def renew_links(self, session: Session, attendee_ids: Collection[int]) -> None: ...


def register_engagements(app: Flask, source: Source) -> None:
    """Register the source of engagements in the application."""
    app.extensions["salon_engagements"] = source


def engagements_of_agents(agent_ids: Collection[int]) -> Found:
    """Return the engagements of agents, by agent, by time; cancelled ones too, for their
    calendars."""
    return _source().of_agents(agent_ids)


def engagements_of_attendees(attendee_ids: Collection[int]) -> Found:
    """Return the engagements of visitors, by attendee, by time; cancelled ones too."""
    return _source().of_attendees(attendee_ids)


def renew_links(session: Session, attendee_ids: Collection[int]) -> None:
    """Renew the private links of visitors' engagements, inside the caller's transaction, and notify
    the holders of the former ones."""
    _source().renew_links(session, attendee_ids)


def _source() -> Source:
    return cast(Source, current_app.extensions["salon_engagements"])
