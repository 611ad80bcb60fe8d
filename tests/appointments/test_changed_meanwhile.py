"""Notes, losses and hand-overs that change again before anybody looks."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    Outcome,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries.appointments import find_proposal, get_appointment_by_token
from salon.appointments.queries.offers import offers_of
from salon.appointments.queries.rescue import read_rescue, untended_appointments
from salon.appointments.rules.booking import AlreadyBegun
from salon.appointments.rules.meeting import AccountWritten
from salon.appointments.services import meeting, rescue
from salon.appointments.services import queue_calls as calls
from salon.appointments.services.booking import cancel_appointment, move_appointment
from salon.appointments.services.following import follow_attendees
from salon.appointments.services.placing import Choice, WaitingChoice
from salon.appointments.services.queue import place_late_visitor, take_ticket
from salon.appointments.services.waiting import (
    join_waiting,
    leave_waiting,
    run_waiting_lists,
)
from salon.badges.models import Attendee, HalfDay
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.delivery import words_of
from salon.staffing.models import Agent, Shift, ShiftStatus
from salon.village_day.services.day import note_absence, undo_mark
from tests.appointments.engine.made import replaced
from tests.appointments.make import (
    PUBLIC,
    Fair,
    book,
    check_invariants,
    make_fair,
    make_visitor,
    messages,
)
from tests.appointments.queue.make import agents_of, new_key, stand_of
from tests.factories import act_in
from tests.staffing.make import ORGANISER

MINUTE = timedelta(minutes=1)


@pytest.fixture
def alone(edition: Edition) -> Fair:
    """One agent, so that an absence leaves nobody."""
    return make_fair(edition, agents={"Département": 1})


def fresh(appointment: Appointment) -> Appointment:
    current_session().rollback()
    current_session().expire_all()
    return current_session().get_one(Appointment, appointment.id)


def shifts(agent: Agent) -> list[Shift]:
    statement = select(Shift).where(
        Shift.agent_id == agent.id, Shift.status == ShiftStatus.PUBLISHED
    )
    return list(current_session().scalars(statement.order_by(Shift.starts_at)))


def lose(fair: Fair, *lost: Shift) -> None:
    """The agent is absent at eight, and what it leaves alone is settled."""
    for item in lost:
        note_absence(Act(SYSTEM, fair.at(8)), item.id)
    plan = read_rescue(fair.edition, fair.at(8))
    rescue.apply_rescue(act_in(fair.edition, SYSTEM, fair.at(8)), plan.stamp, None)


def subjects_of(action: str) -> list[str]:
    """Return what the entries of the journal with this action are about."""
    statement = select(JournalEntry.subject).where(JournalEntry.action == action)
    return list(current_session().scalars(statement))


def book_all(fair: Fair) -> list[Appointment]:
    """Book every free time; return the appointments by time."""
    booked = []
    while free := offers_of(fair.edition, fair.theme_id(), fair.before):
        booked.append(book(fair, at=free[0].starts_at))
    return booked


def test_a_call_taken_back_does_not_revive_what_was_cancelled_since(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1}, notice_minutes=0, buffer_minutes=0)
    appointment = book(fair, at=fair.at(10))
    ticket = place_late_visitor(Act(SYSTEM, fair.at(10)), appointment)
    calls.call_next(Act(SYSTEM, fair.at(10)), stand_of(fair), agents_of(fair)[0], knowing=True)
    cancel_appointment(Act(ORGANISER, fair.at(10)), appointment)
    other_appointment = book(fair, at=fair.at(10), now=fair.at(10))
    calls.undo_gesture(Act(SYSTEM), stand_of(fair), ticket.id)
    assert fresh(appointment).status == AppointmentStatus.CANCELLED
    assert fresh(other_appointment).status == AppointmentStatus.BOOKED
    check_invariants(edition)


def test_a_visit_whose_account_is_written_is_not_taken_back(edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(10))
    ticket = place_late_visitor(Act(SYSTEM, fair.at(10, 5)), appointment)
    calls.serve_ticket(Act(SYSTEM, fair.at(10, 6)), ticket, agents_of(fair)[0])
    account = meeting.Account(next(iter(Outcome)), "Vu.")
    meeting.close_meeting(
        Act(SYSTEM, fair.at(10, 10)), fresh(appointment), fresh(appointment).version, account
    )
    with pytest.raises(AccountWritten):
        calls.undo_gesture(Act(SYSTEM), stand_of(fair), ticket.id)
    assert fresh(appointment).status == AppointmentStatus.MET


def test_who_must_choose_again_and_is_replaced_is_not_told_that_it_is_confirmed(
    alone: Fair,
) -> None:
    appointment = book(alone, at=alone.at(10))
    lose(alone, *shifts(agents_of(alone)[0]))
    replaced(current_session().get_one(Attendee, appointment.attendee_id), alone.at(9, 5))
    booked = len(messages("appointment_booked"))
    follow_attendees(alone.at(9, 6))
    assert len(messages("appointment_booked")) == booked
    assert len(messages("appointment_to_choose")) == 2


def test_the_link_of_who_is_replaced_opens_nothing(edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(10))
    link = appointment.private_token
    replaced(current_session().get_one(Attendee, appointment.attendee_id), fair.at(8))
    follow_attendees(fair.at(8, 1))
    with pytest.raises(NoResultFound):
        get_appointment_by_token(link)
    assert messages("appointment_booked")[-1].context["token"] == fresh(appointment).private_token


def test_an_arrival_does_not_follow_an_appointment_that_moves(edition: Edition) -> None:
    fair = make_fair(edition)
    agent = agents_of(fair)[0]
    appointment = book(fair, at=fair.at(10), agent=agent)
    meeting.note_arrival(Act(SYSTEM, fair.at(9, 30)), appointment, "badge")
    move_appointment(
        Act(PUBLIC, fair.at(9, 45)), appointment, Choice(fair.theme_id(), fair.at(15), agent.id)
    )
    assert fresh(appointment).arrived_at is None
    for shift in shifts(agent):
        note_absence(Act(SYSTEM, fair.at(11)), shift.id)
    assert rescue.notify_untended_appointments(fair.at(11, 1)) == 1


def test_who_passed_in_the_morning_is_still_awaited_in_the_afternoon(edition: Edition) -> None:
    fair = make_fair(edition)
    agent = agents_of(fair)[0]
    appointment = book(fair, at=fair.at(15), agent=agent)
    meeting.note_arrival(Act(SYSTEM, fair.at(9, 30)), appointment, "badge")
    for shift in shifts(agent):
        note_absence(Act(SYSTEM, fair.at(11)), shift.id)
    assert [
        untended_appointment.id
        for untended_appointment in untended_appointments(edition, fair.at(11, 1))
    ] == [appointment.id]


def test_an_absence_that_was_taken_back_is_told_when_it_comes_again(edition: Edition) -> None:
    fair = make_fair(edition)
    agent = agents_of(fair)[0]
    book(fair, at=fair.at(10), agent=agent)
    shift = shifts(agent)[0]
    note_absence(Act(SYSTEM, fair.at(9, 10)), shift.id)
    assert rescue.notify_untended_appointments(fair.at(9, 11)) == 1
    undo_mark(Act(SYSTEM, fair.at(9, 12)), shift.id)
    assert rescue.notify_untended_appointments(fair.at(9, 13)) == 0
    note_absence(Act(SYSTEM, fair.at(9, 30)), shift.id)
    assert rescue.notify_untended_appointments(fair.at(9, 31)) == 1


def test_the_absent_coordinator_is_not_the_one_who_is_told(edition: Edition) -> None:
    fair = make_fair(edition)
    agent = agents_of(fair)[0]
    with transaction() as session:
        session.get_one(Agent, agent.id).is_coordinator = True
    book(fair, at=fair.at(10), agent=agent)
    for shift in shifts(agent):
        note_absence(Act(SYSTEM, fair.at(8)), shift.id)
    rescue.notify_untended_appointments(fair.at(8, 1))
    assert agent.email not in {message.recipient for message in messages("appointments_untended")}


def test_who_was_received_from_the_queue_waits_no_more(alone: Fair) -> None:
    appointment = book(alone, at=alone.at(10))
    lose(alone, *shifts(agents_of(alone)[0]))
    ticket = take_ticket(
        act_in(alone.edition, PUBLIC, alone.at(10, 2)),
        stand_of(alone),
        appointment.attendee_id,
        new_key(),
    )
    calls.serve_ticket(Act(SYSTEM, alone.at(10, 5)), ticket, agents_of(alone)[0])
    assert fresh(appointment).status == AppointmentStatus.MET
    (entry,) = current_session().scalars(select(WaitingEntry))
    assert entry.status == WaitingStatus.SERVED


def test_who_once_left_the_list_is_not_forgotten_when_the_next_time_is_lost(alone: Fair) -> None:
    appointment = book(alone, at=alone.at(10))
    first, *later_shifts = shifts(agents_of(alone)[0])
    lose(alone, first, *later_shifts)
    leave_waiting(
        Act(PUBLIC, alone.at(8, 5)), current_session().scalars(select(WaitingEntry)).one()
    )
    for shift in (first, *later_shifts):
        undo_mark(Act(SYSTEM, alone.at(8, 10)), shift.id)
    move_appointment(
        Act(PUBLIC, alone.at(8, 11)), appointment, Choice(alone.theme_id(), alone.at(11))
    )
    lose(alone, first)
    proposal = find_proposal(fresh(appointment))
    assert proposal is not None
    run_waiting_lists(proposal.expires_at + MINUTE)
    states = set(current_session().scalars(select(WaitingEntry.status)))
    assert states & {WaitingStatus.WAITING, WaitingStatus.OFFERED}


def test_a_visitor_does_not_cancel_what_has_begun(edition: Edition) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(10))
    meeting.note_arrival(Act(SYSTEM, fair.at(10)), appointment, "tap")
    with pytest.raises(AlreadyBegun):
        cancel_appointment(Act(PUBLIC, fair.at(16)), appointment)
    account = meeting.Account(next(iter(Outcome)), "Vu.")
    meeting.close_meeting(
        Act(SYSTEM, fair.at(16, 10)), fresh(appointment), fresh(appointment).version, account
    )
    assert fresh(appointment).status == AppointmentStatus.MET


def test_a_time_that_is_proposed_and_lost_too_is_said_to_be(alone: Fair) -> None:
    appointment = book(alone, at=alone.at(10))
    first, second, *later_shifts = shifts(agents_of(alone)[0])
    lose(alone, first)
    assert find_proposal(fresh(appointment)) is not None
    for shift in (second, *later_shifts):
        note_absence(Act(SYSTEM, alone.at(8, 10)), shift.id)
    run_waiting_lists(alone.at(8, 12))
    assert find_proposal(fresh(appointment)) is None
    first_told, then_told = messages("appointment_to_choose")
    assert first_told.context["proposal"] is not None
    assert then_told.context["proposal"] is None
    assert subjects_of("appointment.proposal_withdrawn") == [f"appointment:{appointment.id}"]
    (entry,) = current_session().scalars(select(WaitingEntry))
    assert (entry.status, entry.appointment_id) == (WaitingStatus.WAITING, appointment.id)
    run_waiting_lists(alone.at(8, 13))
    assert len(messages("appointment_to_choose")) == 2


def test_a_time_that_is_offered_and_lost_leaves_its_turn_to_who_waits(alone: Fair) -> None:
    theme, before, booked = alone.theme_id(), alone.before, book_all(alone)
    entries = [
        join_waiting(
            act_in(alone.edition, PUBLIC, before + number * MINUTE),
            WaitingChoice(theme, HalfDay.WHOLE_DAY, "Une route"),
            make_visitor(alone.edition).id,
            new_key(),
        )
        for number in range(2)
    ]
    cancel_appointment(Act(PUBLIC, alone.at(7)), booked[0])
    for shift in shifts(agents_of(alone)[0]):
        note_absence(Act(SYSTEM, alone.at(7, 2)), shift.id)
    run_waiting_lists(alone.at(7, 4))
    first, second = (current_session().get_one(WaitingEntry, entry.id) for entry in entries)
    assert first.status == second.status == WaitingStatus.WAITING
    assert first.queued_at < second.queued_at
    (message,) = messages("waiting_withdrawn")
    assert "ne peut plus être tenue" in words_of(message)[1]
    assert subjects_of("waiting.withdrawn") == [message.about]
    assert messages("waiting_expired") == []


def test_an_offer_goes_with_its_place_to_who_comes_instead(alone: Fair) -> None:
    theme, before, booked = alone.theme_id(), alone.before, book_all(alone)
    visitor = make_visitor(alone.edition)
    entry = join_waiting(
        act_in(alone.edition, PUBLIC, before),
        WaitingChoice(theme, HalfDay.WHOLE_DAY, "Un pont"),
        visitor.id,
        new_key(),
    )
    link = entry.private_token
    cancel_appointment(Act(PUBLIC, alone.at(7)), booked[0])
    replaced(current_session().get_one(Attendee, visitor.id), alone.at(7, 1))
    follow_attendees(alone.at(7, 2))
    first, second = messages("waiting_offered")
    assert (first.context["token"], first.recipient) != (second.context["token"], second.recipient)
    assert first.context["appointment"] == second.context["appointment"]
    assert (
        current_session().get_one(WaitingEntry, entry.id).private_token
        == second.context["token"]
        != link
    )
