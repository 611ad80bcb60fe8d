"""Present what publishing would change: agents by body, and warnings first."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from salon.fair.models import Edition, PartnerBody
from salon.platform.database.engagements import Engagement, engagements_of_agents
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.words.formats import short_moment
from salon.staffing.engine.shift_changes import Placed
from salon.staffing.models import Agent, Publication
from salon.staffing.presenters.grid import Grid
from salon.staffing.presenters.labels import when_words, where_words
from salon.staffing.presenters.promised_appointments import is_held
from salon.staffing.queries.grid import read_grid
from salon.staffing.queries.rota import publications_of, stands_of
from salon.staffing.services.publication import (
    AgentChanges,
    differences,
    limits_passed,
    stamp_of,
)
from salon.staffing.services.untold_agents import UntoldAgent, untold_agents


@dataclass(frozen=True)
class RuleWarning:
    """An agent of the draft with the hard rules that the row breaks."""

    agent: Agent
    words: Sequence[str]


@dataclass(frozen=True)
class OrphanedAppointment:
    """An appointment of an agent that no shift of the draft holds."""

    agent: Agent
    engagement: Engagement


class PublicationView:
    """The draft beside the published rota; `body_ids`: of these bodies only, None for all."""

    def __init__(self, edition: Edition, body_ids: Collection[int] | None, now: datetime) -> None:
        self.edition = edition
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
        return [entry for entry in self.all_changes if self._is_shown(entry.agent.body_id)]

    @property
    def shifts_changed(self) -> int:
        return sum(entry.matched.changes for entry in self.changes)

    @property
    def by_body(self) -> Iterator[tuple[PartnerBody, list[AgentChanges]]]:
        """Yield the changes by body, in the order of the village."""
        ordered = sorted(self.changes, key=lambda entry: entry.agent.body.rank)
        for _, group in groupby(ordered, key=lambda entry: entry.agent.body_id):
            entries = list(group)
            yield entries[0].agent.body, entries

    @cached_property
    def unchanged(self) -> int:
        """Return the number of agents with shifts and without changes."""
        read = self.grid.read
        agents = {
            rows[0].agent_id: rows[0].agent
            for layer in (read.drafts, read.published)
            for rows in layer.values()
            if rows
        }
        changed_ids = {entry.agent.id for entry in self.all_changes}
        return sum(
            self._is_shown(agent.body_id) and agent_id not in changed_ids
            for agent_id, agent in agents.items()
        )

    @cached_property
    def gaps(self) -> list[str]:
        """Return the stands below their minimum, each as a sentence with its hours."""
        shown_ids = {stand_id for stand_id, body in self.bodies.items() if self._is_shown(body.id)}
        return [gap.words for gap in self.grid.gaps if gap.stand_id in shown_ids]

    @cached_property
    def warned(self) -> list[RuleWarning]:
        """Return the agents whose draft breaks a hard rule."""
        warnings = []
        for agent in self.grid.agents:
            words = [
                rule.words for rule in self.grid.row(agent).breaks if rule.severity == "danger"
            ]
            if words and self._is_shown(agent.body_id):
                warnings.append(RuleWarning(agent, words))
        return warnings

    @cached_property
    def passed(self) -> dict[Agent, list[str]]:
        """Return the limits of working time that publishing would take agents past."""
        return limits_passed(self.edition, self.all_changes)

    @cached_property
    def orphaned(self) -> list[OrphanedAppointment]:
        """Return the appointments to come that publishing would leave without their agent, by
        time.
        """
        if not self.changes:
            return []
        promised = engagements_of_agents([entry.agent.id for entry in self.changes])
        orphans = [
            OrphanedAppointment(entry.agent, engagement)
            for entry in self.changes
            for engagement in promised.get(entry.agent.id, ())
            if engagement.is_live and engagement.is_firm and engagement.ends_at > self.now
            if not is_held(engagement, entry.after)
        ]
        return sorted(
            orphans, key=lambda orphan: (orphan.engagement.starts_at, orphan.engagement.id)
        )

    @cached_property
    def untold(self) -> list[tuple[Agent, str]]:
        """Return the agents who have not been told of what is published, each with a sentence."""
        return [
            (untold.agent, _untold_words(untold))
            for untold in untold_agents(self.edition, self.body_ids)
        ]

    def when(self, span: Placed | Engagement) -> str:
        """Return « 9 h – 11 h », with the day where the fair has several."""
        return when_words(span, len(self.grid.read.days) > 1)

    def where(self, shift: Placed) -> str:
        """Return « Habitat (hall 3, stand 66) »."""
        return where_words(self.bodies, shift.stand_id)


UNSENT_WORDS = {
    MessageStatus.WAITING: "part bientôt",
    MessageStatus.REFUSED: "a été refusé",
    MessageStatus.CALLED_OFF: "a été annulé",
}


def _untold_words(untold: UntoldAgent) -> str:
    """Return which message the agent lacks, and which one says what the agent believes."""
    message, latest = untold.unsent[-1], untold.latest
    words = f"le courriel de la {_version(message)} {UNSENT_WORDS[message.status]}"
    if message.status == MessageStatus.WAITING:
        return f"{words}."
    if latest is None:
        return f"{words} ; aucun autre n’est parti."
    if latest.sent_at is None:
        return f"{words} ; celui de la {_version(latest)}, plus ancien, part bientôt."
    received = f"{_version(latest)}, le {short_moment(latest.sent_at)}"
    return f"{words} ; le dernier reçu est celui de la {received}."


def _version(message: Message) -> str:
    return f"version {message.context['number']}"
