"""How many times the public may book, by theme, and what closes those that have none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.appointments.engine.slots import Reason, closing_reason, slots
from salon.appointments.queries.offers import demand_of, group_by_start
from salon.appointments.queries.situation import (
    StandingFacts,
    drafted_facts,
    situation_of,
    standing_facts,
    stored_times,
)
from salon.fair.models import Edition
from salon.fair.queries import themes_of


@dataclass(frozen=True)
class OfferedTheme:
    """The number of times offered of a theme. `reason`: why there is none; None where the settings
    close it."""

    theme_id: int
    name: str
    count: int
    reason: Reason | None = None


def offered_themes(edition: Edition, now: datetime) -> Sequence[OfferedTheme]:
    """Return what the public may choose from, by theme in the order of the village."""
    return stored_times(
        "offered", edition, now, lambda: _offered(edition, now, standing_facts(edition))
    ).get()


def drafted_themes(edition: Edition, now: datetime) -> Sequence[OfferedTheme]:
    """Return what the public could choose from, were the draft of the rota published."""
    return _offered(edition, now, drafted_facts(edition))


def _offered(edition: Edition, now: datetime, facts: StandingFacts) -> list[OfferedTheme]:
    situation = situation_of(edition, now, facts=facts)
    offered = []
    for theme in themes_of(edition):
        demand = demand_of(facts.offering, theme.id)
        is_closed = theme.id in facts.offering.closed
        count = 0 if is_closed else len(group_by_start(slots(situation, demand)))
        reason = None if count or is_closed else closing_reason(situation, demand)
        offered.append(OfferedTheme(theme.id, theme.name, count, reason))
    return offered
