"""Slots that staff may offer a visitor, at the stand or by moving an appointment, with the public
limits that they pass."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from salon.appointments.engine.slots import (
    Demand,
    Reason,
    Situation,
    Slot,
    reason_against,
    slots,
    tick,
    tick_from,
)
from salon.appointments.models import Appointment
from salon.appointments.queries.appointments import count_live_for, count_live_of_attendee
from salon.appointments.queries.offers import demand_of, group_by_start
from salon.appointments.queries.settings import agents_by_theme, settings_of
from salon.appointments.queries.situation import Window, offering_of, situation_of
from salon.appointments.queries.visitors import busy_times
from salon.appointments.rules import booking as rules
from salon.appointments.rules.booking import Limit, LimitReached
from salon.badges.models import Attendee
from salon.fair.models import Edition, Theme
from salon.platform.database.db import current_session
from salon.staffing.models import Agent
from salon.staffing.queries.agents import agents_of


@dataclass(frozen=True)
class CounterSlot:
    """A slot with an agent of the stand. `limits`: public limits that it passes."""

    slot: Slot
    agent: Agent
    is_now: bool
    limits: tuple[Limit, ...]


def themes_at_counter(agent: Agent) -> list[Theme]:
    """Return the themes that an agent may book: their own first, then their colleagues'."""
    ids = {theme_id for theme_id, agents in _agents_of_body_by_theme(agent).items() if agents}
    statement = select(Theme).where(Theme.id.in_(ids)).order_by(Theme.rank)
    own_theme_ids = {theme.id for theme in agent.themes}
    return sorted(
        current_session().scalars(statement),
        key=lambda theme: (theme.id not in own_theme_ids, theme.rank),
    )


def agents_at_counter(agent: Agent, theme_id: int) -> list[Agent]:
    """Return the agents of the body who answer a theme, this agent first."""
    ids = _agents_of_body_by_theme(agent).get(theme_id, frozenset())
    statement = select(Agent).where(Agent.id.in_(ids)).order_by(Agent.name_key, Agent.id)
    return sorted(current_session().scalars(statement), key=lambda member: member.id != agent.id)


def _agents_of_body_by_theme(agent: Agent) -> dict[int, frozenset[int]]:
    of_body = set(
        current_session().scalars(
            select(Agent.id).where(Agent.body_id == agent.body_id, Agent.removed_at.is_(None))
        )
    )
    agent_ids = agents_by_theme(agent.edition)
    return {theme_id: agents & of_body for theme_id, agents in agent_ids.items()}


def counter_slots(
    edition: Edition, theme_id: int, agents: Sequence[Agent], now: datetime
) -> list[CounterSlot]:
    """Return the remaining slots of these agents, the present one first.

    The notice and the agents kept free for the public do not restrict them.
    """
    demand = _demand(edition, theme_id, [agent.id for agent in agents])
    situation = situation_of(edition, now, with_notice=False)
    reserved, situation.reserved = situation.reserved, {}
    by_id = {agent.id: agent for agent in agents}
    at = tick(now)
    present = [
        Slot(duty.agent_id, duty.stand_id, at, at + demand.length)
        for agent in agents
        if reason_against(situation, demand, agent.id, at, is_now=True) is None
        and (duty := situation.duty_during(agent.id, at, at + demand.length))
    ]
    later_slots = [slot for slot in slots(situation, demand) if slot.start > at]
    situation.reserved = reserved
    return [
        CounterSlot(
            slot,
            by_id[slot.agent_id],
            slot.start <= at,
            _limits_of(edition, situation, demand, slot, now),
        )
        for slot in (*present, *later_slots)
    ]


def _demand(edition: Edition, theme_id: int, agent_ids: Collection[int]) -> Demand:
    demand = demand_of(offering_of(edition), theme_id)
    return replace(demand, agents=demand.agents & frozenset(agent_ids))


def _limits_of(
    edition: Edition, situation: Situation, demand: Demand, slot: Slot, now: datetime
) -> tuple[Limit, ...]:
    limits = []
    notice = timedelta(minutes=settings_of(edition).notice_minutes)
    if slot.start < tick_from(now + notice):
        limits.append(Limit.NOTICE)
    against = reason_against(situation, demand, slot.agent_id, slot.start, is_now=True)
    if against == Reason.COVER:
        limits.append(Limit.COVER)
    return tuple(limits)


def limits_at(edition: Edition, theme_id: int, slot: Slot, now: datetime) -> list[Limit]:
    """Return the public limits that a slot passes."""
    demand = _demand(edition, theme_id, [slot.agent_id])
    situation = situation_of(edition, now, Window(slot.starts_at, slot.ends_at), with_notice=False)
    return list(_limits_of(edition, situation, demand, slot, now))


def obstacle_at(edition: Edition, theme_id: int, slot: Slot, now: datetime) -> Reason | None:
    """Return the reason that forbids a slot even when all limits are accepted, or None."""
    demand = _demand(edition, theme_id, [slot.agent_id])
    situation = situation_of(edition, now, Window(slot.starts_at, slot.ends_at), with_notice=False)
    situation.reserved = {}
    return reason_against(situation, demand, slot.agent_id, slot.start, is_now=True)


def limits_of_visitor(edition: Edition, attendee: Attendee, theme_id: int) -> dict[Limit, str]:
    """Return the public limits that one more appointment would pass, with their messages."""
    settings, messages = settings_of(edition), {}
    try:
        rules.check_visitor_has_room(count_live_of_attendee(attendee.id), settings.per_visitor)
    except LimitReached as reached:
        messages[reached.limit] = reached.message
    try:
        place, live_count = attendee.on_behalf_of, count_live_for(attendee, theme_id)
        rules.check_commune_has_room(live_count, settings.per_commune, place)
    except LimitReached as reached:
        messages[reached.limit] = reached.message
    return messages


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
