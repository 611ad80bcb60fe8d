"""With whom an agent is on a stand."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from salon.platform.clock import overlaps
from salon.platform.formats import hour
from salon.staffing.models import Agent, Shift

Span = tuple[datetime, datetime]


class Beside(NamedTuple):
    """Somebody on the same stand. `spans`: when both are there, empty when it is all the time."""

    agent: Agent
    spans: tuple[Span, ...]

    @property
    def label(self) -> str:
        """« Mme Agnès Roqueblave », « M. Paul Vidal (9 h – 10 h) » when for a part only."""
        if not self.spans:
            return self.agent.polite_name
        hours = ", ".join(f"{hour(start)} – {hour(end)}" for start, end in self.spans)
        return f"{self.agent.polite_name} ({hours})"


def beside(shift: Shift, others: Iterable[Shift]) -> list[Beside]:
    """Who is there with the agent of a shift, each once, by name."""
    spans: dict[int, list[Span]] = {}
    agents: dict[int, Agent] = {}
    for one in sorted(others, key=lambda one: one.starts_at):
        if one.stand_id != shift.stand_id or not overlaps(
            one.starts_at, one.ends_at, shift.starts_at, shift.ends_at
        ):
            continue
        agents[one.agent_id] = one.agent
        found = spans.setdefault(one.agent_id, [])
        start, end = max(one.starts_at, shift.starts_at), min(one.ends_at, shift.ends_at)
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    whole = [(shift.starts_at, shift.ends_at)]
    return [
        Beside(agent, () if spans[agent.id] == whole else tuple(spans[agent.id]))
        for agent in sorted(agents.values(), key=lambda agent: (agent.name_key, agent.id))
    ]
