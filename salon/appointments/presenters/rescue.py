"""The page of a rescue: appointments without an agent, the plan, and unanswered proposals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.appointments.engine.rescue import Move, Reassignment
from salon.appointments.models import Appointment, Hold
from salon.appointments.queries.appointments import proposals_of
from salon.appointments.queries.lost import (
    Loss,
    LossReason,
    latest_rescue_times,
    losses_of,
    stands_by_id,
)
from salon.appointments.queries.rescue import appointments_to_choose, read_rescue
from salon.appointments.services.messages import location_of
from salon.fair.models import Edition, Stand
from salon.platform.settings.clock import local
from salon.platform.words.formats import day, duration, hour
from salon.platform.words.people import agreed
from salon.staffing.models import Agent
from salon.staffing.queries.agents import agents_of


@dataclass(frozen=True)
class RescueLine:
    """An appointment without an agent. `kind`: `kept`, `proposed` or `waits`.

    `outcome`: the planned move; `where`: the stand when it changes.
    """

    appointment: Appointment
    why: str
    kind: str
    outcome: str
    where: str = ""

    @property
    def is_to_call(self) -> bool:
        """Return whether the visitor should be telephoned: no time is left."""
        return self.kind == "waits"


@dataclass(frozen=True)
class Unanswered:
    """An appointment whose visitor has not chosen yet.

    `proposal`: the time held for them; `since`: duration in words.
    """

    appointment: Appointment
    proposal: Hold | None
    since: str


class RescueView:
    """The current plan; `body_ids`: only agents of these bodies, None for all."""

    def __init__(
        self, edition: Edition, body_ids: Collection[int] | None, now: datetime, real_now: datetime
    ) -> None:
        self.now = now
        rescue = read_rescue(edition, now, body_ids)
        self.stamp = rescue.stamp
        appointments = [rescue.of(move) for move in rescue.moves]
        losses = losses_of(edition, appointments)
        agents = {agent.id: agent for agent in agents_of(edition)} if appointments else {}
        stands = stands_by_id(edition) if appointments else {}
        self.lines = [
            _line(appointment, losses[appointment.id], move, agents, stands)
            for appointment, move in zip(appointments, rescue.moves, strict=True)
        ]
        self.unanswered = _unanswered(edition, body_ids, real_now)

    def count(self, kind: str) -> int:
        """Return how many appointments are `kept`, `proposed` another time, or wait."""
        return sum(line.kind == kind for line in self.lines)

    @property
    def visitors(self) -> int:
        """Return how many visitors will be notified."""
        return len({line.appointment.attendee_id for line in self.lines})


def _line(
    appointment: Appointment,
    loss: Loss,
    move: Move,
    agents: dict[int, Agent],
    stands: dict[int, Stand],
) -> RescueLine:
    reason, slot = why_words(appointment, loss), move.slot
    if slot is None:
        return RescueLine(
            appointment, reason, "waits", "Liste d’attente\u00a0: plus aucune heure n’est libre"
        )
    agent, stand = agents[slot.agent_id], stands[slot.stand_id]
    location = "" if slot.stand_id == appointment.stand_id else location_of(stand)
    if isinstance(move, Reassignment):
        at = "à la même heure" if slot.starts_at <= appointment.starts_at else "dès maintenant"
        stays = ", même stand" if not location else ""
        return RescueLine(
            appointment, reason, "kept", f"{agent.polite_name}, {at}{stays}", location
        )
    time_text = hour(slot.starts_at)
    if local(slot.starts_at).date() != local(appointment.starts_at).date():
        time_text = f"{day(local(slot.starts_at).date())} à {time_text}"
    return RescueLine(
        appointment, reason, "proposed", f"{time_text}, avec {agent.polite_name}", location
    )


def why_words(appointment: Appointment, loss: Loss) -> str:
    """Return « Mme Agnès Roqueblave est absente, notée à 9 h 12 »."""
    agent, ending = appointment.agent, agreed(appointment.agent.civility)
    phrase = {
        LossReason.REMOVED: "n’est plus de la liste des agents",
        LossReason.ABSENT: f"est absent{ending}",
        LossReason.REPLACED: "a cédé sa vacation",
        LossReason.ELSEWHERE: f"est placé{ending} ailleurs à cette heure",
        LossReason.OFF: "n’est plus au planning à cette heure",
    }[loss.kind]
    sentence = f"{agent.polite_name} {phrase}"
    if loss.kind == LossReason.ABSENT and loss.shift and loss.shift.absent_at:
        return f"{sentence}, noté{ending} à {hour(loss.shift.absent_at)}"
    if loss.kind == LossReason.REPLACED and loss.taken_by:
        return f"{sentence} à {loss.taken_by.polite_name}"
    if loss.kind == LossReason.ELSEWHERE and loss.shift:
        return f"{sentence}\u00a0: {location_of(loss.shift.stand)}"
    return sentence


def _unanswered(
    edition: Edition, body_ids: Collection[int] | None, real_now: datetime
) -> Sequence[Unanswered]:
    appointments = [
        appointment
        for appointment in appointments_to_choose(edition)
        if body_ids is None or appointment.agent.body_id in body_ids
    ]
    if not appointments:
        return []
    ids = [appointment.id for appointment in appointments]
    proposals, rescue_times = proposals_of(ids), latest_rescue_times(ids)
    return [
        Unanswered(
            appointment,
            proposals.get(appointment.id),
            duration(real_now - rescue_times[appointment.id])
            if appointment.id in rescue_times
            else "",
        )
        for appointment in appointments
    ]
