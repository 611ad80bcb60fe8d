"""Find the colleagues of an agent on a stand."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from salon.platform.settings.clock import overlaps
from salon.platform.words.formats import hour
from salon.staffing.models import Agent, Shift

Span = tuple[datetime, datetime]


class StandColleague(NamedTuple):
    """A colleague on the same stand. `spans`: when both are there; empty for the whole shift."""

    agent: Agent
    spans: tuple[Span, ...]

    @property
    def label(self) -> str:
        """Return « Mme Agnès Roqueblave », « M. Paul Vidal (9 h – 10 h) » when for a part only."""
        if not self.spans:
            return self.agent.polite_name
        hours = ", ".join(f"{hour(start)} – {hour(end)}" for start, end in self.spans)
        return f"{self.agent.polite_name} ({hours})"


def colleagues_of(shift: Shift, other_shifts: Iterable[Shift]) -> list[StandColleague]:
    """Return the colleagues on the stand during a shift, each once, by name."""
    spans: dict[int, list[Span]] = {}
    agents: dict[int, Agent] = {}
    for other_shift in sorted(other_shifts, key=lambda other_shift: other_shift.starts_at):
        if other_shift.stand_id != shift.stand_id or not overlaps(
            other_shift.starts_at, other_shift.ends_at, shift.starts_at, shift.ends_at
        ):
            continue
        agents[other_shift.agent_id] = other_shift.agent
        shared = spans.setdefault(other_shift.agent_id, [])
        start, end = (
            max(other_shift.starts_at, shift.starts_at),
            min(other_shift.ends_at, shift.ends_at),
        )
        if shared and shared[-1][1] == start:
            shared[-1] = (shared[-1][0], end)
        else:
            shared.append((start, end))
    whole_shift = [(shift.starts_at, shift.ends_at)]
    return [
        StandColleague(agent, () if spans[agent.id] == whole_shift else tuple(spans[agent.id]))
        for agent in sorted(agents.values(), key=lambda agent: (agent.name_key, agent.id))
    ]
