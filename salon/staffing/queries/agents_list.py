"""Reads of the list of agents: a page and its counts."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from salon.fair.models import Edition, PartnerBody, Theme
from salon.platform.database.db import current_session
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest
from salon.platform.words.texts import folded
from salon.staffing.models import Agent, AgentStand, Shift, ShiftStatus, agent_themes
from salon.staffing.queries.agents import WITH_ALL


@dataclass(frozen=True)
class AgentFilter:
    """`body_ids`: of these bodies only, None for all. `lacks`: `themes`, `stands`, `shifts`."""

    body_ids: Collection[int] | None = None
    text: str = ""
    body: int | None = None
    lacks: str = ""


class AgentCounts(NamedTuple):
    """The number of agents, and of those who lack something."""

    total: int
    without_theme: int
    without_stand: int
    without_shift: int
    coordinators: int


AGENTS = Listing(
    {
        "name": Column("Nom", Agent.name_key),
        "body": Column("Organisme", PartnerBody.rank, Agent.name_key),
    },
    sort="body",
    ties=(Agent.id,),
    key=Agent.id,
)


def agents_page(edition: Edition, filters: AgentFilter, request: PageRequest) -> Page:
    """Return a page of agents, by body then name."""
    return AGENTS.page(agents_statement(edition, filters), request, *WITH_ALL)


def filtered_agents(
    edition: Edition, filters: AgentFilter, request: PageRequest
) -> Iterator[Agent]:
    """Yield the agents of a filter in the order of the page."""
    return AGENTS.rows(agents_statement(edition, filters), request, *WITH_ALL)


def agent_counts(edition: Edition, body_ids: Collection[int] | None) -> AgentCounts:
    """Return the counts shown above the list: one SELECT."""
    statement = select(
        func.count(Agent.id),
        *(func.count(case((LACKING[key], Agent.id))) for key in ("themes", "stands", "shifts")),
        func.count(case((Agent.is_coordinator, Agent.id))),
    ).where(*_of(edition, body_ids))
    return AgentCounts._make(current_session().execute(statement).one())


def draft_shifts_of(agents: Sequence[Agent]) -> dict[int, int]:
    """Return how many draft shifts each of these agents has."""
    statement = (
        select(Shift.agent_id, func.count(Shift.id).label("shifts"))
        .where(
            Shift.agent_id.in_([agent.id for agent in agents]), Shift.status == ShiftStatus.DRAFT
        )
        .group_by(Shift.agent_id)
    )
    return {row.agent_id: row.shifts for row in current_session().execute(statement)}


def agents_statement(edition: Edition, filters: AgentFilter) -> Select[Agent]:
    """Return the agents of a filter, by body then name."""
    statement = (
        select(Agent)
        .join(Agent.body)
        .where(*_of(edition, filters.body_ids))
        .order_by(PartnerBody.rank, Agent.name_key, Agent.id)
    )
    for word in filters.text.split():
        key = folded(word)
        statement = statement.where(
            or_(
                Agent.name_key.contains(key, autoescape=True),
                Agent.email_key.contains(word.casefold(), autoescape=True),
                func.lower(Agent.function).contains(word.lower(), autoescape=True),
            )
        )
    if filters.body is not None:
        statement = statement.where(Agent.body_id == filters.body)
    if filters.lacks in LACKING:
        statement = statement.where(LACKING[filters.lacks])
    return statement


def _of(edition: Edition, body_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Agent.edition_id == edition.id,
        Agent.removed_at.is_(None),
    ]
    return conditions if body_ids is None else [*conditions, Agent.body_id.in_(body_ids)]


LACKING: dict[str, ColumnElement[bool]] = {
    # A body without themes of its own has agents without any: nothing lacks.
    "themes": and_(
        ~exists().where(agent_themes.c.agent_id == Agent.id),
        exists().where(Theme.body_id == Agent.body_id),
    ),
    "stands": ~exists().where(AgentStand.agent_id == Agent.id),
    "shifts": ~exists().where(Shift.agent_id == Agent.id, Shift.status == ShiftStatus.DRAFT),
}
"""The condition of each word of the filter."""
LACKS = {
    "themes": "Sans compétence",
    "stands": "Sans stand",
    "shifts": "Sans vacation au brouillon",
}
