"""Reads of the grid: the draft, the published rota, needs and agents, at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.platform.database.db import current_session
from salon.staffing.engine.half_hours import EPOCH, DayFrame
from salon.staffing.models import Agent, Publication, Shift, ShiftStatus
from salon.staffing.queries.problem import RotaInstance, problem_of
from salon.staffing.queries.rota import by_agent, find_publication, frames, shifts_of


@dataclass(frozen=True)
class GridRead:
    """The draft as a problem in which nothing is decided, so that each rule is judged everywhere.

    `drafts` and `published`: shifts by agent, of the agents requested. `themes`: their names.
    """

    instance: RotaInstance
    days: Sequence[DayFrame]
    drafts: Mapping[int, Sequence[Shift]]
    published: Mapping[int, Sequence[Shift]]
    publication: Publication | None
    themes: Mapping[int, str]


def read_grid(edition: Edition, agent_ids: Collection[int] | None = None) -> GridRead:
    """Return the grid; with the shifts of these agents only, where given.

    Versions of rows are read before their shifts: a row that changes meanwhile is refused later
    rather than overwritten (optimistic lock).
    """
    instance = problem_of(edition, EPOCH)
    return GridRead(
        instance=replace(instance, problem=replace(instance.problem, fixed={})),
        days=frames(edition),
        drafts=by_agent(shifts_of(edition, ShiftStatus.DRAFT, agent_ids)),
        published=by_agent(shifts_of(edition, ShiftStatus.PUBLISHED, agent_ids)),
        publication=find_publication(edition),
        themes={theme.id: theme.name for theme in themes_of(edition)},
    )


def row_versions(edition: Edition) -> dict[int, int]:
    """Return the version of each agent's row of the draft."""
    statement = select(Agent.id, Agent.rota_version).where(
        Agent.edition_id == edition.id, Agent.removed_at.is_(None)
    )
    return dict(current_session().execute(statement).all())
