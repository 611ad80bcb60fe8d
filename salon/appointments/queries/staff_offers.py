"""Times to which coordinators may move an appointment, and the limits that each passes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.appointments.engine.slots import Slot, slots, tick
from salon.appointments.models import Appointment
from salon.appointments.queries.offers import demand_of, group_by_start
from salon.appointments.queries.situation import offering_of, situation_of
from salon.appointments.queries.visitors import busy_times
from salon.appointments.rules.booking import Limit
from salon.staffing.models import Agent
from salon.staffing.queries.agents import agents_of


@dataclass(frozen=True)
class StaffOffer:
    """A slot with an agent. `passes`: limits to accept, none when the public is offered it too."""

    slot: Slot
    agent: Agent
    passes: frozenset[Limit]

    @property
    def key(self) -> str:
        """Return the value of the form's option."""
        return f"{self.slot.start}-{self.slot.agent_id}"


def staff_offers(appointment: Appointment, now: datetime) -> Sequence[StaffOffer]:
    """Return the times to which an appointment may move, earliest first.

    Its own time and the times at which the visitor is busy are left out. Besides the public's
    times: those that take an agent kept free for the public, and those within the notice.
    """
    edition, without = appointment.edition, [appointment.id]
    demand = demand_of(offering_of(edition), appointment.theme_id)
    agents = {agent.id: agent for agent in agents_of(edition)}
    offers: dict[tuple[int, int], StaffOffer] = {}
    for passes in (
        frozenset[Limit](),
        frozenset({Limit.COVER}),
        frozenset({Limit.NOTICE}),
        frozenset({Limit.NOTICE, Limit.COVER}),
    ):
        with_notice = Limit.NOTICE not in passes
        situation = situation_of(edition, now, without=without, with_notice=with_notice)
        if Limit.COVER in passes:
            situation.reserved = {}
        for slot in slots(situation, demand):
            offer = StaffOffer(slot, agents[slot.agent_id], passes)
            offers.setdefault((slot.start, slot.agent_id), offer)
    offers.pop((tick(appointment.starts_at), appointment.agent_id), None)
    slots_found = [offer.slot for offer in offers.values()]
    busy = busy_times(appointment.attendee, group_by_start(slots_found), now, without)
    return [offers[key] for key in sorted(offers) if offers[key].slot.starts_at not in busy]
