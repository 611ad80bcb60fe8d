"""Booking at the stand, for a visitor who is present."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from salon.appointments.engine.slots import Slot, tick
from salon.appointments.models import Appointment
from salon.appointments.queries.counter import (
    agents_at_counter,
    limits_at,
    limits_of_visitor,
    obstacle_at,
)
from salon.appointments.queries.offers import demand_of
from salon.appointments.queries.situation import offering_of
from salon.appointments.rules import booking as rules
from salon.appointments.rules.booking import Limit, LimitReached, SlotNotFree, VisitorElsewhere
from salon.appointments.services.booking import book_slot
from salon.appointments.services.meeting import note_arrival
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.badges.models import Attendee
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.words.errors import RuleBroken
from salon.staffing.models import Agent


def book_at_counter(
    act: Act,
    agent: Agent,
    choice: Choice,
    attendee: Attendee,
    question: VisitorQuestion,
    attempt: BookingAttempt,
) -> Appointment:
    """Book for a visitor who is present, with the author `agent` or a colleague of their body.

    An appointment that begins now is noted as arrived. Idempotent by the key of the attempt. Raises
    LimitsToAccept, SlotTooSoon, SlotNotFree, VisitorElsewhere, NotThisAgent, NotRegistered,
    BadInput.
    """
    assert choice.agent_id is not None
    colleague_ids = [colleague.id for colleague in agents_at_counter(agent, choice.theme_id)]
    rules.check_is_colleague(choice.agent_id, colleague_ids)
    is_own = choice.agent_id == agent.id
    accepted = attempt.accepted or ()
    passed = {*accepted, Limit.NOTICE} if is_own else set(accepted)
    try:
        appointment = book_slot(
            FairAct.of(act, agent.edition),
            choice,
            attendee.id,
            question,
            replace(attempt, accepted=sorted(passed)),
        )
    except (LimitReached, SlotNotFree) as refusal:
        _raise_limits_to_accept(agent, choice, attendee, act.now, accepted, refusal)
        raise
    if choice.starts_at <= act.now and appointment.is_live:
        note_arrival(act, appointment, "counter")
    return appointment


def _raise_limits_to_accept(
    agent: Agent,
    choice: Choice,
    attendee: Attendee,
    now: datetime,
    accepted: Collection[str],
    refusal: RuleBroken,
) -> None:
    """Raise LimitsToAccept when nothing but limits refuses the booking."""
    assert choice.agent_id is not None
    edition, length = agent.edition, demand_of(offering_of(agent.edition), choice.theme_id).length
    start = tick(choice.starts_at)
    slot = Slot(choice.agent_id, 0, start, start + length)
    hard = obstacle_at(edition, choice.theme_id, slot, now)
    if hard is not None or isinstance(refusal, VisitorElsewhere):
        return
    passed = [
        *limits_of_visitor(edition, attendee, choice.theme_id),
        *limits_at(edition, choice.theme_id, slot, now),
    ]
    if missing := rules.limits_to_accept(passed, accepted, choice.agent_id == agent.id):
        raise rules.LimitsToAccept(missing) from refusal
