"""The page of a rescue: what lost its agent and why, what would become of it, who has to answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.appointments.engine.rescue import Kept, Move
from salon.appointments.models import Appointment, Hold
from salon.appointments.queries.appointments import proposals_of
from salon.appointments.queries.lost import Loss, Lost, losses_of, rescued_at, stands_by_id
from salon.appointments.queries.rescue import read_rescue, to_choose
from salon.appointments.services.telling import place_of
from salon.fair.models import Edition, Stand
from salon.platform.clock import local
from salon.platform.formats import day, hour
from salon.staffing.models import Agent
from salon.staffing.presenters.my_rota import duration
from salon.staffing.queries.agents import agents_of


@dataclass(frozen=True)
class Line:
    """An appointment without agent. `kind`: `kept`, `proposed` or `waits`; `outcome`: what becomes
    of it, `where` unless it stays on its stand."""

    appointment: Appointment
    why: str
    kind: str
    outcome: str
    where: str = ""

    @property
    def is_to_call(self) -> bool:
        """Whether somebody should hear it by voice: no time is left."""
        return self.kind == "waits"


@dataclass(frozen=True)
class Unanswered:
    """A visitor who has still to choose. `proposal`: the time kept for them; `since`: how long."""

    appointment: Appointment
    proposal: Hold | None
    since: str


class RescueView:
    """The plan as it is now; `body_ids`: of these bodies' agents only, None for all."""

    def __init__(
        self, edition: Edition, body_ids: Collection[int] | None, now: datetime, real_now: datetime
    ) -> None:
        self.now = now
        rescue = read_rescue(edition, now, body_ids)
        self.stamp = rescue.stamp
        found = [rescue.of(move) for move in rescue.moves]
        losses = losses_of(edition, found)
        agents = {one.id: one for one in agents_of(edition)} if found else {}
        stands = stands_by_id(edition) if found else {}
        self.lines = [
            _line(one, losses[one.id], move, agents, stands)
            for one, move in zip(found, rescue.moves, strict=True)
        ]
        self.unanswered = _unanswered(edition, body_ids, real_now)

    def count(self, kind: str) -> int:
        """How many appointments would be `kept`, `proposed` another time, or wait."""
        return sum(one.kind == kind for one in self.lines)

    @property
    def visitors(self) -> int:
        """How many people are told."""
        return len({one.appointment.attendee_id for one in self.lines})


def _line(
    one: Appointment,
    loss: Loss,
    move: Move,
    agents: dict[int, Agent],
    stands: dict[int, Stand],
) -> Line:
    why, slot = why_words(one, loss), move.slot
    if slot is None:
        return Line(one, why, "waits", "Liste d’attente\u00a0: plus aucune heure n’est libre")
    agent, stand = agents[slot.agent_id], stands[slot.stand_id]
    where = "" if slot.stand_id == one.stand_id else place_of(stand)
    if isinstance(move, Kept):
        at = "à la même heure" if slot.starts_at <= one.starts_at else "dès maintenant"
        stays = ", même stand" if not where else ""
        return Line(one, why, "kept", f"{agent.polite_name}, {at}{stays}", where)
    when = hour(slot.starts_at)
    if local(slot.starts_at).date() != local(one.starts_at).date():
        when = f"{day(local(slot.starts_at).date())} à {when}"
    return Line(one, why, "proposed", f"{when}, avec {agent.polite_name}", where)


def why_words(one: Appointment, loss: Loss) -> str:
    """« Mme Agnès Roqueblave est absente, notée à 9 h 12 »"""
    agent, is_she = one.agent, one.agent.civility == "madame"
    said = {
        Lost.REMOVED: "n’est plus de la liste des agents",
        Lost.ABSENT: "est absente" if is_she else "est absent",
        Lost.REPLACED: "a cédé sa vacation",
        Lost.ELSEWHERE: "est placée ailleurs à cette heure"
        if is_she
        else "est placé ailleurs à cette heure",
        Lost.OFF: "n’est plus au planning à cette heure",
    }[loss.kind]
    words = f"{agent.polite_name} {said}"
    if loss.kind == Lost.ABSENT and loss.shift and loss.shift.absent_at:
        noted = "notée" if is_she else "noté"
        return f"{words}, {noted} à {hour(loss.shift.absent_at)}"
    if loss.kind == Lost.REPLACED and loss.taken_by:
        return f"{words} à {loss.taken_by.polite_name}"
    if loss.kind == Lost.ELSEWHERE and loss.shift:
        return f"{words}\u00a0: {place_of(loss.shift.stand)}"
    return words


def _unanswered(
    edition: Edition, body_ids: Collection[int] | None, real_now: datetime
) -> Sequence[Unanswered]:
    found = [one for one in to_choose(edition) if body_ids is None or one.agent.body_id in body_ids]
    if not found:
        return []
    ids = [one.id for one in found]
    proposals, told = proposals_of(ids), rescued_at(ids)
    return [
        Unanswered(
            one,
            proposals.get(one.id),
            duration(real_now - told[one.id]) if one.id in told else "",
        )
        for one in found
    ]
