"""What the grid shows, read at once: the draft, the published rota, needs and agents."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from salon.fair.models import Edition
from salon.fair.queries import themes_of
from salon.platform.db import current_session
from salon.staffing.engine.half_hours import EPOCH, DayFrame
from salon.staffing.models import Agent, Publication, Shift, ShiftStatus
from salon.staffing.queries.problem import Asked, problem_of
from salon.staffing.queries.rota import by_agent, find_publication, frames, shifts_of


@dataclass(frozen=True)
class GridRead:
    """The draft as a problem in which nothing is decided, so that each rule is judged everywhere.

    `drafts` and `published`: shifts by agent, of the agents asked for. `themes`: their names.
    """

    asked: Asked
    days: Sequence[DayFrame]
    drafts: Mapping[int, Sequence[Shift]]
    published: Mapping[int, Sequence[Shift]]
    publication: Publication | None
    themes: Mapping[int, str]


def read_grid(edition: Edition, agent_ids: Collection[int] | None = None) -> GridRead:
    """The grid; with the shifts of these agents only, where given.

    Versions of rows are read before their shifts: a row that changes meanwhile is refused later
    rather than overwritten.
    """
    asked = problem_of(edition, EPOCH)
    return GridRead(
        asked=replace(asked, problem=replace(asked.problem, fixed={})),
        days=frames(edition),
        drafts=by_agent(shifts_of(edition, ShiftStatus.DRAFT, agent_ids)),
        published=by_agent(shifts_of(edition, ShiftStatus.PUBLISHED, agent_ids)),
        publication=find_publication(edition),
        themes={one.id: one.name for one in themes_of(edition)},
    )


def row_versions(edition: Edition) -> dict[int, int]:
    """The version of each agent's row of the draft."""
    wanted = select(Agent.id, Agent.rota_version).where(
        Agent.edition_id == edition.id, Agent.removed_at.is_(None)
    )
    return dict(current_session().execute(wanted).all())
