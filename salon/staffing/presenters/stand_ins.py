"""What the pages of stand-ins and exchanges show, from what was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.fair.models import Stand
from salon.platform.clock import local
from salon.platform.formats import plural
from salon.staffing.models import Agent, Shift, StandIn, StandInAsk
from salon.staffing.queries.standins import Published, refused_by
from salon.staffing.rules.exchanges import is_a_change, swap_obstacles
from salon.staffing.rules.replacing import Candidate, Obstacle, remedies
from salon.staffing.services.publication import rest_from

NEXT = 3
"""How many of those who would be asked next are named."""


@dataclass(frozen=True)
class Rest:
    """What remains to be covered of a shift that nobody took yet."""

    starts_at: datetime
    ends_at: datetime
    stand: Stand


@dataclass(frozen=True)
class Offer:
    """What an agent is asked. `load`: half hours they have that day; `obstacles`: why they cannot
    any more."""

    ask: StandInAsk
    load: int
    obstacles: Sequence[Obstacle]

    @property
    def shift(self) -> Shift:
        return self.ask.stand_in.shift


@dataclass(frozen=True)
class Option:
    """An agent with what it would be for them to take the shift, and the themes it would lack."""

    agent: Agent
    candidate: Candidate
    themes: Sequence[str]


@dataclass(frozen=True)
class Line:
    """An open request. `coming`: those who are asked next; `remedies`: what else there is."""

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


def rest_of(stand_in: StandIn, now: datetime) -> Rest:
    """Return the hours that whoever takes the shift now would have."""
    rest = rest_from(stand_in.shift, now)
    return Rest(rest.starts_at, rest.ends_at, stand_in.stand)


def offers_of(known: Published, asks: Sequence[StandInAsk]) -> list[Offer]:
    """What an agent is asked, with what forbids it by now."""
    found = []
    for ask in asks:
        own = known.candidate(ask.stand_in.shift, ask.agent_id)
        found.append(Offer(ask, own.load if own else 0, own.obstacles if own else ()))
    return found


def line_of(known: Published, stand_in: StandIn) -> Line:
    """An open request as the coordinator reads it."""
    candidates = known.candidates(stand_in.shift, refused_by(stand_in))
    asked = {one.agent_id for one in stand_in.asks}
    coming = [
        known.agent(one) for one in candidates if one.can and known.agent(one).id not in asked
    ]
    return Line(
        stand_in,
        waiting=[one.agent for one in stand_in.asks if one.said_yes is None],
        refused=[one.agent for one in stand_in.asks if one.said_yes is False],
        coming=coming[:NEXT],
        coming_count=len(coming),
        remedies=[option_of(known, one) for one in remedies(candidates) if not one.can],
    )


def options_of(known: Published, stand_in: StandIn) -> list[Option]:
    """Every agent, those who could first."""
    candidates = known.candidates(stand_in.shift, refused_by(stand_in))
    return [option_of(known, one) for one in candidates]


def option_of(known: Published, candidate: Candidate) -> Option:
    return Option(known.agent(candidate), candidate, known.theme_names(candidate))


def swaps_for(known: Published, own: Shift, now: datetime) -> list[Swap]:
    """The colleagues' shifts for which an agent's own can be exchanged: of the same body first,
    then the nearest in time."""
    mine = known.duty_of(own)
    found = []
    for shift in known.shifts:
        theirs = known.duty_of(shift) if shift.starts_at > now else None
        if mine is None or theirs is None or not is_a_change(mine, theirs):
            continue
        if not any(swap_obstacles(known.problem, known.rota, mine, theirs)):
            agent = known.instance.agents[theirs.holder]
            day = local(shift.starts_at).date()
            other_day = day != local(own.starts_at).date()
            found.append(Swap(shift, agent, agent.body_id == own.agent.body_id, other_day))
    return sorted(
        found,
        key=lambda one: (
            not one.is_same_body,
            abs(one.shift.starts_at - own.starts_at),
            one.agent.name_key,
            one.shift.id,
        ),
    )


def opening_words(stand_in: StandIn) -> tuple[str, str]:
    """Return what is said of a request just opened, and the kind of message it is."""
    if not stand_in.asks:
        return (
            "La demande est faite, mais personne n’a pu être sollicité\u00a0: aucun collègue ne "
            "peut prendre toute la vacation. La coordination est prévenue.",
            "warning",
        )
    asked = plural(len(stand_in.asks), "collègue est sollicité", "collègues sont sollicités")
    return f"La demande est faite\u00a0: {asked}.", "success"
