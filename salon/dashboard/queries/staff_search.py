"""The staff's search by a word: people, agents, exhibitors and stands, a part by feature."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from salon.badges import queries as badges
from salon.badges.models import AttendeeStatus
from salon.exhibitors.queries.review import ReviewFilter, review_page
from salon.fair import queries as fair
from salon.fair.models import Edition
from salon.platform.words.search import nearest
from salon.platform.words.texts import folded
from salon.staffing.queries.agents import agents_of

MOST = 6
"""Matches shown of each part."""


@dataclass(frozen=True)
class Match:
    """A row: its words, and the values that its address takes."""

    title: str
    detail: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Search:
    """The searched text and its limits. `body_ids`: agents of these bodies only, None for all."""

    edition: Edition
    text: str
    at: datetime
    body_ids: Collection[int] | None = None


def matching_attendees(search: Search) -> list[Match]:
    """Return the people found by name, address or place; a cancelled registration says so."""
    filters = badges.AttendeeFilter(text=search.text)
    page = badges.attendees_page(search.edition.id, filters)
    return [
        Match(
            person.full_name,
            person.on_behalf_of
            + (" (annulé)" if person.status == AttendeeStatus.CANCELLED else ""),
            {"attendee_id": person.id},
        )
        for person in page.items[:MOST]
    ]


def matching_agents(search: Search) -> list[Match]:
    """Return the agents with a name near the text."""
    agents = agents_of(search.edition, search.body_ids)
    rows = ((agent, f"{agent.name_key} {folded(agent.body.short_name)}") for agent in agents)
    return [
        Match(agent.full_name, agent.body.short_name, {"agent_id": agent.id})
        for agent in nearest(search.text, rows, MOST)
    ]


def matching_exhibitors(search: Search) -> list[Match]:
    """Return the exhibitors found by name, SIRET, stand or contact."""
    page = review_page(search.edition.id, ReviewFilter(text=search.text), search.at)
    return [
        Match(
            row.name or "Sans nom",
            ", ".join(filter(None, (row.city, row.stand_number and f"stand {row.stand_number}"))),
            {"exhibitor_id": row.id},
        )
        for row in page.items[:MOST]
    ]


def matching_stands(search: Search) -> list[Match]:
    """Return the stands of this number, or with such an occupant."""
    stands = fair.stands_on_plan(search.edition)
    exact = [stand for stand in stands if folded(stand.number) == folded(search.text)]
    rows = ((stand, folded(f"stand {stand.number} {stand.who}")) for stand in stands)
    return [
        Match(
            f"Stand {stand.number}",
            f"Hall {stand.hall}, {stand.who or 'libre'}",
            {"name": stand.hall, "stand_id": stand.id},
        )
        for stand in exact or nearest(search.text, rows, MOST)
    ]
