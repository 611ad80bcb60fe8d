"""What publishing would change, as its page shows it: people by body, and what to look at first."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from salon.fair.models import Edition, PartnerBody
from salon.platform.clock import local
from salon.platform.engagements import Engagement, engagements_of_agents
from salon.platform.formats import day, hour
from salon.staffing.engine.shift_changes import Placed
from salon.staffing.models import Agent, Publication
from salon.staffing.presenters.grid import Grid
from salon.staffing.presenters.promised_appointments import is_held
from salon.staffing.queries.grid import read_grid
from salon.staffing.queries.rota import publications_of, stands_of
from salon.staffing.services.publication import AgentChanges, differences, stamp_of


@dataclass(frozen=True)
class Warned:
    """An agent of the draft with the hard rules that the row breaks."""

    agent: Agent
    words: Sequence[str]


@dataclass(frozen=True)
class Orphaned:
    """What an agent has promised to be at, and no shift of the draft holds."""

    agent: Agent
    engagement: Engagement


class PublicationView:
    """The draft beside the published rota; `body_ids`: of these bodies only, None for all."""

    def __init__(self, edition: Edition, body_ids: Collection[int] | None, now: datetime) -> None:
        self.body_ids = body_ids
        self.now = now
        self.bodies = stands_of(edition)
        self.grid = Grid(read_grid(edition), self._is_shown)
        self.all_changes = differences(edition)
        self.stamp = stamp_of(self.all_changes)
        self.versions: Sequence[Publication] = publications_of(edition)

    def _is_shown(self, body_id: int) -> bool:
        return self.body_ids is None or body_id in self.body_ids

    @property
    def latest(self) -> Publication | None:
        return self.versions[0] if self.versions else None

    @property
    def next_number(self) -> int:
        return self.latest.number + 1 if self.latest else 1

    @cached_property
    def changes(self) -> list[AgentChanges]:
        return [one for one in self.all_changes if self._is_shown(one.agent.body_id)]

    @property
    def shifts_changed(self) -> int:
        return sum(one.matched.changes for one in self.changes)

    @property
    def by_body(self) -> Iterator[tuple[PartnerBody, list[AgentChanges]]]:
        """The changes by body, in the order of the village."""
        ordered = sorted(self.changes, key=lambda one: one.agent.body.rank)
        for _, group in groupby(ordered, key=lambda one: one.agent.body_id):
            found = list(group)
            yield found[0].agent.body, found

    @cached_property
    def unchanged(self) -> int:
        """Agents who have shifts and for whom nothing changes."""
        read = self.grid.read
        held = {
            rows[0].agent_id: rows[0].agent
            for layer in (read.drafts, read.published)
            for rows in layer.values()
            if rows
        }
        changed = {one.agent.id for one in self.all_changes}
        return sum(
            self._is_shown(agent.body_id) and agent_id not in changed
            for agent_id, agent in held.items()
        )

    @cached_property
    def gaps(self) -> list[str]:
        """The stands below their minimum: « SDIS 34, de 12 h à 12 h 30 : il manque 1 agent »."""
        shown = {stand_id for stand_id, body in self.bodies.items() if self._is_shown(body.id)}
        return [one.words for one in self.grid.gaps if one.stand_id in shown]

    @cached_property
    def warned(self) -> list[Warned]:
        """The agents whose draft breaks a hard rule."""
        found = []
        for agent in self.grid.agents:
            words = [one.words for one in self.grid.row(agent).breaks if one.severity == "danger"]
            if words and self._is_shown(agent.body_id):
                found.append(Warned(agent, words))
        return found

    @cached_property
    def orphaned(self) -> list[Orphaned]:
        """The appointments to come that publishing would leave without their agent, by time."""
        if not self.changes:
            return []
        promised = engagements_of_agents([one.agent.id for one in self.changes])
        found = [
            Orphaned(one.agent, engagement)
            for one in self.changes
            for engagement in promised.get(one.agent.id, ())
            if engagement.is_live and engagement.is_firm and engagement.ends_at > self.now
            if not is_held(engagement, one.after)
        ]
        return sorted(found, key=lambda one: (one.engagement.starts_at, one.engagement.id))

    def when(self, one: Placed | Engagement) -> str:
        """« 9 h – 11 h », with the day where the fair has several."""
        words = f"{hour(one.starts_at)} – {hour(one.ends_at)}"
        if len(self.grid.read.days) > 1:
            return f"{day(local(one.starts_at).date())}, {words}"
        return words

    def where(self, one: Placed) -> str:
        """« Hérault THD (hall 3, stand 66) »"""
        body = self.bodies[one.stand_id]
        return f"{body.short_name} (hall {body.stand.hall.name}, stand {body.stand.number})"
