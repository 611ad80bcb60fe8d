"""Present the pages of stand-ins and exchanges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.fair.models import Stand
from salon.platform.settings.clock import local
from salon.platform.words.formats import plural
from salon.staffing.models import Agent, Shift, StandIn, StandInAsk
from salon.staffing.services.publication import rest_from
from salon.village_day.queries.standins import Published, refused_by
from salon.village_day.rules.exchanges import is_a_change, swap_obstacles
from salon.village_day.rules.replacing import AnyObstacle, Candidate, remedies

NEXT = 3
"""How many agents of the next wave are named."""


@dataclass(frozen=True)
class UncoveredPart:
    """The part of a shift left to cover, while nobody took it."""

    starts_at: datetime
    ends_at: datetime
    stand: Stand


@dataclass(frozen=True)
class AskedAgent:
    """A request sent to an agent.

    `load`: half hours they have that day; `obstacles`: why they cannot accept any more.
    """

    ask: StandInAsk
    load: int
    obstacles: Sequence[AnyObstacle]

    @property
    def shift(self) -> Shift:
        return self.ask.stand_in.shift


@dataclass(frozen=True)
class Option:
    """An agent weighed for the shift, and the themes it would lack."""

    agent: Agent
    candidate: Candidate
    themes: Sequence[str]


@dataclass(frozen=True)
class StandInLine:
    """An open request. `coming`: the next agents to ask; `remedies`: the assignments possible."""

    stand_in: StandIn
    waiting: Sequence[Agent]
    refused: Sequence[Agent]
    coming: Sequence[Agent]
    coming_count: int
    remedies: Sequence[Option]


@dataclass(frozen=True)
class Swap:
    """A colleague's shift that can be exchanged for one's own."""

    shift: Shift
    agent: Agent
    is_same_body: bool
    is_other_day: bool


def rest_of(stand_in: StandIn, now: datetime) -> UncoveredPart:
    """Return the hours left for an agent who takes the shift now."""
    time_left = rest_from(stand_in.shift, now)
    return UncoveredPart(time_left.starts_at, time_left.ends_at, stand_in.stand)


def offers_of(published: Published, asks: Sequence[StandInAsk]) -> list[AskedAgent]:
    """Return the requests sent to an agent, with the obstacles by now."""
    offers = []
    for ask in asks:
        candidate = published.candidate(ask.stand_in.shift, ask.agent_id)
        offers.append(
            AskedAgent(
                ask, candidate.load if candidate else 0, candidate.obstacles if candidate else ()
            )
        )
    return offers


def line_of(published: Published, stand_in: StandIn) -> StandInLine:
    """Return an open request as the coordinator reads it."""
    candidates = published.candidates(stand_in.shift, refused_by(stand_in))
    asked_ids = {ask.agent_id for ask in stand_in.asks}
    coming = [
        published.agent(candidate)
        for candidate in candidates
        if candidate.can and published.agent(candidate).id not in asked_ids
    ]
    return StandInLine(
        stand_in,
        waiting=[ask.agent for ask in stand_in.asks if ask.said_yes is None],
        refused=[ask.agent for ask in stand_in.asks if ask.said_yes is False],
        coming=coming[:NEXT],
        coming_count=len(coming),
        remedies=[
            option_of(published, candidate)
            for candidate in remedies(candidates)
            if not candidate.can
        ],
    )


def options_of(published: Published, stand_in: StandIn) -> list[Option]:
    """Return every agent as an option, the able ones first."""
    candidates = published.candidates(stand_in.shift, refused_by(stand_in))
    return [option_of(published, candidate) for candidate in candidates]


def option_of(published: Published, candidate: Candidate) -> Option:
    return Option(published.agent(candidate), candidate, published.theme_names(candidate))


def swaps_for(published: Published, own_shift: Shift, now: datetime) -> list[Swap]:
    """Return the colleagues' shifts exchangeable for an agent's own: of the same body first, then
    the nearest in time.
    """
    own_duty = published.duty_of(own_shift)
    swaps = []
    for shift in published.shifts:
        other_duty = published.duty_of(shift) if shift.starts_at > now else None
        if own_duty is None or other_duty is None or not is_a_change(own_duty, other_duty):
            continue
        if not any(swap_obstacles(published.problem, published.rota, own_duty, other_duty)):
            agent = published.instance.agents[other_duty.holder]
            day = local(shift.starts_at).date()
            other_day = day != local(own_shift.starts_at).date()
            swaps.append(Swap(shift, agent, agent.body_id == own_shift.agent.body_id, other_day))
    return sorted(
        swaps,
        key=lambda swap: (
            not swap.is_same_body,
            abs(swap.shift.starts_at - own_shift.starts_at),
            swap.agent.name_key,
            swap.shift.id,
        ),
    )


def opening_words(stand_in: StandIn) -> tuple[str, str]:
    """Return the message shown after opening a request, and its kind."""
    if not stand_in.asks:
        return (
            "La demande est faite, mais personne n’a pu être sollicité\u00a0: aucun collègue ne "
            "peut prendre toute la vacation. La coordination est prévenue.",
            "warning",
        )
    colleagues = plural(len(stand_in.asks), "collègue est sollicité", "collègues sont sollicités")
    return f"La demande est faite\u00a0: {colleagues}.", "success"
