"""Reads of the list of agents: a page of it, what it counts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from salon.fair.models import Edition, PartnerBody, Theme
from salon.platform.db import current_session, db
from salon.platform.texts import folded
from salon.staffing.models import Agent, AgentStand, Shift, ShiftStatus, agent_themes
from salon.staffing.queries.agents import WITH_ALL

PAGE = 50


@dataclass(frozen=True)
class AgentFilter:
    """`body_ids`: of these bodies only, None for all. `lacks`: `themes`, `stands`, `shifts`."""

    body_ids: Collection[int] | None = None
    text: str = ""
    body_id: int | None = None
    lacks: str = ""


class AgentCounts(NamedTuple):
    """How many agents there are, and how many lack something."""

    total: int
    without_theme: int
    without_stand: int
    without_shift: int
    coordinators: int


def agents_page(edition: Edition, wanted: AgentFilter, page: int) -> Any:
    """A page of PAGE agents (a Pagination), by body then name."""
    found = _select(edition, wanted).options(*WITH_ALL)
    return db.paginate(found, page=page, per_page=PAGE, max_per_page=PAGE, error_out=False)


def agents_kept(edition: Edition, wanted: AgentFilter) -> Sequence[Agent]:
    """The agents of a filter, for an export."""
    return current_session().scalars(_select(edition, wanted).options(*WITH_ALL)).all()


def agent_counts(edition: Edition, body_ids: Collection[int] | None) -> AgentCounts:
    """What the list says above itself: one SELECT."""
    wanted = select(
        func.count(Agent.id),
        *(func.count(case((LACKING[key], Agent.id))) for key in ("themes", "stands", "shifts")),
        func.count(case((Agent.is_coordinator, Agent.id))),
    ).where(*_of(edition, body_ids))
    return AgentCounts._make(current_session().execute(wanted).one())


def draft_shifts_of(agents: Sequence[Agent]) -> dict[int, int]:
    """How many draft shifts each of these agents has."""
    wanted = (
        select(Shift.agent_id, func.count(Shift.id).label("shifts"))
        .where(Shift.agent_id.in_([one.id for one in agents]), Shift.status == ShiftStatus.DRAFT)
        .group_by(Shift.agent_id)
    )
    return {row.agent_id: row.shifts for row in current_session().execute(wanted)}


def _select(edition: Edition, wanted: AgentFilter) -> Select[Agent]:
    found = (
        select(Agent)
        .join(Agent.body)
        .where(*_of(edition, wanted.body_ids))
        .order_by(PartnerBody.rank, Agent.name_key, Agent.id)
    )
    for word in wanted.text.split():
        key = folded(word)
        found = found.where(
            or_(
                Agent.name_key.contains(key, autoescape=True),
                Agent.email_key.contains(word.casefold(), autoescape=True),
                func.lower(Agent.function).contains(word.lower(), autoescape=True),
            )
        )
    if wanted.body_id is not None:
        found = found.where(Agent.body_id == wanted.body_id)
    if wanted.lacks in LACKING:
        found = found.where(LACKING[wanted.lacks])
    return found


def _of(edition: Edition, body_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Agent.edition_id == edition.id,
        Agent.removed_at.is_(None),
    ]
    return found if body_ids is None else [*found, Agent.body_id.in_(body_ids)]


LACKING: dict[str, ColumnElement[bool]] = {
    # A body without themes of its own has agents without any: nothing lacks.
    "themes": and_(
        ~exists().where(agent_themes.c.agent_id == Agent.id),
        exists().where(Theme.body_id == Agent.body_id),
    ),
    "stands": ~exists().where(AgentStand.agent_id == Agent.id),
    "shifts": ~exists().where(Shift.agent_id == Agent.id, Shift.status == ShiftStatus.DRAFT),
}
"""What an agent may lack, by the word of the filter."""
