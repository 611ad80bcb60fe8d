"""Booking, moving and cancelling, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from salon.appointments.engine.rescue import Proposal, Reassignment
from salon.appointments.models import AppointmentStatus, WaitingStatus
from salon.appointments.queries.offers import offers_of
from salon.appointments.queries.rescue import read_rescue, untended_appointments
from salon.appointments.queries.waiting import entries_of
from salon.appointments.rules import booking as rules
from salon.appointments.services.booking import (
    Choice,
    accept_proposal,
    cancel_appointment,
    hold_slot,
    move_appointment,
)
from salon.appointments.services.following import follow_attendees
from salon.appointments.services.placing import WaitingChoice
from salon.appointments.services.rescue import apply_rescue, notify_untended_appointments
from salon.appointments.services.waiting import accept_offer, join_waiting, run_waiting_lists
from salon.badges.models import HalfDay
from salon.badges.services import cancel_attendee
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.delivery import words_of
from salon.platform.settings.clock import local
from salon.staffing.models import AgentPeriod, PeriodKind, ShiftStatus
from salon.village_day.services.day import note_absence
from tests.appointments.make import (
    PUBLIC,
    Fair,
    book,
    check_invariants,
    make_fair,
    make_visitor,
    messages,
)
from tests.factories import act_in, new_key
from tests.staffing.make import ORGANISER, publish, put, shifts

MINUTE = timedelta(minutes=1)


def times(fair: Fair) -> list[str]:
    """Return when times are offered, in minutes by the clocks of the fair."""
    offers = offers_of(fair.edition, fair.theme_id(), fair.before)
    starts = [local(offer.starts_at) for offer in offers]
    return [f"{60 * start.hour + start.minute}" for start in starts]


def test_no_time_is_offered_when_its_agent_is_not_there(edition: Edition) -> None:
    """Away from ten to eleven, there from 9 h 12 to 16 h 07; in the afternoon they would rather."""
    fair = make_fair(edition, agents={"Département": 1})
    (agent,) = fair.agents["Département"]
    with transaction(agent) as session:
        agent.arrives_at, agent.leaves_at = fair.at(9, 12), fair.at(16, 7)
        for hour, kind in ((10, PeriodKind.UNAVAILABLE), (14, PeriodKind.AVOIDED)):
            session.add(
                AgentPeriod(
                    agent_id=agent.id,
                    starts_at=fair.at(hour),
                    ends_at=fair.at(hour + 1),
                    kind=kind,
                )
            )
    starts = [int(offered) for offered in times(fair)]
    assert starts[0] >= 9 * 60 + 15
    assert starts[-1] + 20 <= 16 * 60 + 5
    assert not any(start + 20 > 10 * 60 and start < 11 * 60 for start in starts)
    assert any(14 * 60 <= start < 15 * 60 for start in starts)


@pytest.mark.on_both
def test_a_booked_time_is_no_longer_offered(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    assert times(fair)[:3] == ["540", "565", "590"]
    appointment = book(fair, at=fair.at(9))
    assert times(fair)[:2] == ["565", "590"]
    assert [message.kind for message in messages(about=f"appointment:{appointment.id}")] == [
        "appointment_booked"
    ]
    check_invariants(edition)


def test_the_same_key_books_once(edition: Edition) -> None:
    fair = make_fair(edition)
    visitor, key = make_visitor(edition), new_key()
    first = book(fair, at=fair.at(9), visitor=visitor, key=key)
    assert book(fair, at=fair.at(9), visitor=visitor, key=key).id == first.id
    assert len(messages("appointment_booked")) == 1


def test_a_time_taken_by_all_is_refused(edition: Edition) -> None:
    fair = make_fair(edition)
    for _ in range(2):
        book(fair, at=fair.at(9))
    with pytest.raises(rules.SlotNotFree):
        book(fair, at=fair.at(9))


def test_a_visitor_is_received_once_at_a_time(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    visitor = make_visitor(edition)
    book(fair, at=fair.at(9), visitor=visitor)
    with pytest.raises(rules.VisitorElsewhere):
        book(fair, at=fair.at(9, 10), visitor=visitor, body="SDIS 34")
    book(fair, at=fair.at(9, 25), visitor=visitor, body="SDIS 34")


@pytest.mark.on_both
def test_limits_hold_for_the_public(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 2, "SDIS 34": 1}, per_visitor=2, per_commune=2)
    visitor = make_visitor(edition)
    book(fair, at=fair.at(9), visitor=visitor)
    book(fair, at=fair.at(10), visitor=visitor)
    with pytest.raises(rules.LimitReached) as refused:
        book(fair, at=fair.at(11), visitor=visitor, body="SDIS 34")
    assert refused.value.limit == rules.Limit.PER_VISITOR
    with pytest.raises(rules.LimitReached) as refused:
        book(fair, at=fair.at(11))
    assert refused.value.limit == rules.Limit.PER_COMMUNE
    book(fair, at=fair.at(11), body="SDIS 34")  # the limit is that of a theme
    book(fair, at=fair.at(11), accepted=[rules.Limit.PER_COMMUNE])


@pytest.mark.on_both
def test_a_choice_is_kept_then_free_again(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    choice = Choice(fair.theme_id(), fair.at(9))
    hold = hold_slot(act_in(edition, PUBLIC, fair.before), choice)
    with pytest.raises(rules.SlotNotFree):
        book(fair, at=fair.at(9), now=fair.before + 4 * MINUTE)
    book(fair, at=fair.at(9), now=fair.before + 4 * MINUTE, hold=hold.token)
    other_hold = hold_slot(
        act_in(edition, PUBLIC, fair.before), Choice(fair.theme_id(), fair.at(10))
    )
    assert other_hold.expires_at == fair.before + 5 * MINUTE
    book(fair, at=fair.at(10), now=fair.before + 5 * MINUTE)
    check_invariants(edition)


@pytest.mark.on_both
def test_a_move_is_the_same_event_and_may_overlap_itself(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    uid = appointment.uid
    for number, minute in enumerate((10, 20, 30), start=1):
        choice = Choice(fair.theme_id(), fair.at(9, minute))
        move_appointment(Act(PUBLIC, fair.before), appointment, choice)
        assert (appointment.uid, appointment.sequence) == (uid, number)
    assert len(messages("appointment_moved")) == 3
    check_invariants(edition)


@pytest.mark.on_both
def test_a_cancelled_appointment_frees_its_slot(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    appointment = book(fair, at=fair.at(9))
    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    assert len(messages("appointment_cancelled")) == 1
    assert times(fair)[0] == "540"
    check_invariants(edition)


def full(fair: Fair) -> list[object]:
    values: list[object] = []
    while offers := offers_of(fair.edition, fair.theme_id(), fair.before):
        values.append(book(fair, at=offers[0].starts_at, accepted=list(rules.Limit)))
    return values


@pytest.mark.on_both
def test_the_first_who_waits_is_offered_what_is_freed(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1}, per_commune=100)
    taken = full(fair)
    entries = [
        join_waiting(
            act_in(edition, PUBLIC, fair.before + number * MINUTE),
            WaitingChoice(fair.theme_id(), HalfDay.MORNING, "L’eau"),
            make_visitor(edition).id,
            new_key(),
        )
        for number in range(2)
    ]
    now = fair.before + 5 * MINUTE
    cancel_appointment(Act(PUBLIC, now), taken[0])  # type: ignore[arg-type]
    assert [entry.status for entry in entries] == [WaitingStatus.OFFERED, WaitingStatus.WAITING]
    assert times(fair) == []
    run_waiting_lists(now + 14 * MINUTE)
    assert entries[0].status == WaitingStatus.OFFERED
    run_waiting_lists(now + 15 * MINUTE)
    current_session().expire_all()
    assert [entry.status for entry in entries] == [WaitingStatus.WAITING, WaitingStatus.OFFERED]
    assert [entry.id for entry in entries_of(edition)] == [entries[1].id, entries[0].id]
    appointment = accept_offer(Act(PUBLIC, now + 16 * MINUTE), entries[1])
    assert appointment.starts_at == fair.at(9)
    kinds = [
        message.kind
        for message in messages()
        if message.kind.startswith(("waiting_", "appointment_"))
    ]
    assert kinds[-5:] == [
        "appointment_cancelled",
        "waiting_offered",
        "waiting_expired",
        "waiting_offered",
        "appointment_booked",
    ]
    check_invariants(edition)


@pytest.mark.on_both
def test_an_absence_gives_appointments_to_a_colleague_else_proposes(edition: Edition) -> None:
    fair = make_fair(edition)
    absent_agent, present_agent = fair.agents["Département"]
    first = book(fair, at=fair.at(9), agent=absent_agent)
    book(fair, at=fair.at(10), agent=present_agent)
    second = book(fair, at=fair.at(10), agent=absent_agent)
    now = fair.at(8, 50)
    note_absence(Act(ORGANISER, now), shifts(absent_agent, ShiftStatus.PUBLISHED)[0].id)
    assert [
        untended_appointment.id for untended_appointment in untended_appointments(edition, now)
    ] == [first.id, second.id]
    notify_untended_appointments(now)
    assert notify_untended_appointments(now) == 0
    plan = read_rescue(edition, now)
    assert [type(move) for move in plan.moves] == [Reassignment, Proposal]
    apply_rescue(act_in(edition, ORGANISER, now), plan.stamp, None)
    current_session().expire_all()
    assert (first.agent_id, first.status) == (present_agent.id, AppointmentStatus.BOOKED)
    assert second.status == AppointmentStatus.TO_CHOOSE
    check_invariants(edition)
    accept_proposal(Act(PUBLIC, now), second)
    assert second.status == AppointmentStatus.BOOKED
    assert untended_appointments(edition, now) == []
    check_invariants(edition)


@pytest.mark.on_both
def test_who_cancels_their_visit_gives_their_appointments_back(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    visitor = make_visitor(edition)
    appointment = book(fair, at=fair.at(9), visitor=visitor)
    cancel_attendee(Act(SYSTEM, fair.before), visitor.id)
    assert follow_attendees(fair.before) == 1
    current_session().expire_all()
    assert appointment.status == AppointmentStatus.CANCELLED
    assert times(fair)[0] == "540"


@pytest.mark.on_both
def test_an_agent_who_changes_stand_keeps_the_appointment_there(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    (agent,) = fair.agents["Département"]
    appointment = book(fair, at=fair.at(9))
    put(fair.village, agent, fair.village.wanted("SDIS 34", (9, 0), (12, 0)))
    publish(fair.village)
    plan = read_rescue(edition, fair.before)
    apply_rescue(act_in(edition, ORGANISER, fair.before), plan.stamp, None)
    current_session().expire_all()
    assert (appointment.agent_id, appointment.stand_id) == (agent.id, fair.stand_id("SDIS 34"))
    message, entrusted = messages("appointment_reassigned")[0], messages("appointment_entrusted")[0]
    subject, text = words_of(message)
    assert subject.endswith("il change de stand")
    assert f"{agent.polite_name} change de stand et vous y reçoit à la même heure." in text
    subject, text = words_of(entrusted)
    assert subject.startswith("Un rendez-vous change de stand avec vous")
    check_invariants(edition)
