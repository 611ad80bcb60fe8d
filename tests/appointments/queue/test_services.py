"""Numbers taken, called and settled at a stand, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from salon.appointments.models import AppointmentStatus, TicketStatus
from salon.appointments.queries.appointments import get_appointment
from salon.appointments.queries.meetings import find_visitor
from salon.appointments.queries.queue import find_last_gesture, read_queue
from salon.appointments.rules import queue as rules
from salon.appointments.rules.booking import NotRegistered
from salon.appointments.services import queue_calls as calls
from salon.appointments.services.booking import cancel_appointment
from salon.appointments.services.queue import place_late_visitor
from salon.badges.models import Attendee, Badge
from salon.badges.services import cancel_attendee, revoke_badge
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.submissions import SubmissionDiffers
from tests.appointments.make import PUBLIC, book, check_invariants, make_fair, make_visitor
from tests.appointments.queue.make import (
    agents_of,
    body_of,
    order,
    queue_at,
    stand_of,
    take,
    waits,
)
from tests.badges.people import badge_of
from tests.factories import new_key
from tests.statements import statements

MINUTE = timedelta(minutes=1)


def test_numbers_follow_one_another_by_stand(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    now = fair.at(9, 30)
    assert [take(fair, now).number for _ in range(3)] == [1, 2, 3]
    assert take(fair, now, body="SDIS 34").number == 1


def test_the_same_key_takes_one_number(edition: Edition) -> None:
    fair = make_fair(edition)
    key, now = new_key(), fair.at(9, 30)
    assert take(fair, now, key=key).id == take(fair, now, key=key).id
    with pytest.raises(SubmissionDiffers):
        take(fair, now, key=key, attendee=make_visitor(edition))
    assert order(fair, now) == [1]


@pytest.mark.on_both
def test_who_waits_already_keeps_their_number(edition: Edition) -> None:
    fair = make_fair(edition)
    visitor, now = make_visitor(edition), fair.at(9, 30)
    first = take(fair, now, attendee=visitor)
    take(fair, now)
    assert take(fair, now + MINUTE, attendee=visitor).id == first.id
    calls.leave_queue(Act(PUBLIC, now + MINUTE), first, as_visitor=True)
    assert take(fair, now + 2 * MINUTE, attendee=visitor).number == 3


@pytest.mark.on_both
def test_numbers_are_taken_while_the_fair_is_open_by_registered_people(edition: Edition) -> None:
    fair = make_fair(edition)
    for closed in (fair.before, fair.at(8, 59), fair.at(17, 30)):
        with pytest.raises(rules.QueueClosed):
            take(fair, closed)
    absent_visitor = make_visitor(edition)
    cancel_attendee(Act(SYSTEM, fair.before), absent_visitor.id)
    with pytest.raises(NotRegistered):
        take(fair, fair.at(9, 30), attendee=absent_visitor)
    assert order(fair, fair.at(9, 30)) == []


@pytest.mark.on_both
def test_a_badge_is_found_by_what_is_read_or_typed(edition: Edition) -> None:
    visitor, robbed_visitor = make_visitor(edition), make_visitor(edition)
    code, stolen_code = (
        current_session().scalars(select(Badge.code).where(Badge.attendee_id == row.id)).one()
        for row in (visitor, robbed_visitor)
    )
    revoke_badge(Act(SYSTEM), badge_of(robbed_visitor.id).id, "lost")
    assert find_visitor(edition, stolen_code) is None
    for reading in (code, f"HTTPS://SALON.EXAMPLE/B/{code}", f"{code[:4].lower()} {code[4:8]}"):
        attendee = find_visitor(edition, reading)
        assert attendee is not None
        assert attendee.id == visitor.id
    assert find_visitor(edition, "ZZZZ 2222") is None
    cancel_attendee(Act(SYSTEM, edition.starts_at), visitor.id)
    assert find_visitor(edition, code) is None


def test_an_agent_calls_the_next_and_says_what_became_of_it(edition: Edition) -> None:
    fair = make_fair(edition)
    first, second = agents_of(fair)
    stand, now = stand_of(fair), fair.at(9, 30)
    numbers = [take(fair, now + n * MINUTE) for n in range(3)]
    now = fair.at(9, 40)
    ticket = calls.call_next(Act(PUBLIC, now), stand, first)
    assert (ticket.id, ticket.status, ticket.called_by_id) == (
        numbers[0].id,
        TicketStatus.CALLED,
        first.id,
    )
    with pytest.raises(rules.StillCalling, match="numéro 1 "):
        calls.call_next(Act(PUBLIC, now), stand, first)
    assert calls.call_next(Act(PUBLIC, now), stand, second).number == 2
    calls.serve_ticket(Act(PUBLIC, now), ticket, first)
    assert ticket.status == TicketStatus.MET
    with pytest.raises(rules.NumberChanged):
        calls.miss_ticket(Act(PUBLIC, now), ticket)
    calls.call_next(Act(PUBLIC, now), stand, first)
    calls.serve_ticket(Act(PUBLIC, now), numbers[2], first)
    with pytest.raises(rules.NobodyWaits):
        calls.call_next(Act(PUBLIC, now), stand, first)


@pytest.mark.on_both
def test_who_was_missed_is_put_back_and_is_the_next(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    (agent,), stand, now = agents_of(fair), stand_of(fair), fair.at(9, 30)
    for n in range(4):
        take(fair, now + n * MINUTE)
    now = fair.at(10)
    for number in (1, 2):
        called_ticket = calls.call_next(Act(PUBLIC, now), stand, agent)
        assert called_ticket.number == number
        calls.miss_ticket(Act(PUBLIC, now), called_ticket)
    missed = queue_at(fair, now).closed
    for ticket in sorted(missed, key=lambda item: item.number):
        calls.put_back_ticket(Act(PUBLIC, now), ticket)
    assert order(fair, now) == [1, 2, 3, 4]
    called_ticket = calls.call_next(Act(PUBLIC, now), stand, agent)
    calls.put_back_ticket(Act(PUBLIC, now), called_ticket)
    assert order(fair, now) == [2, 1, 3, 4]


@pytest.mark.on_both
def test_nobody_is_missed_by_the_clock(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    take(fair, fair.at(9, 30))
    called_ticket = calls.call_next(Act(PUBLIC, fair.at(9, 31)), stand_of(fair), agents_of(fair)[0])
    assert [ticket.id for ticket in queue_at(fair, fair.at(16, 59)).called] == [called_ticket.id]


@pytest.mark.on_both
def test_the_last_word_is_taken_back(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    (agent,), stand, now = agents_of(fair), stand_of(fair), fair.at(9, 30)
    take(fair, now)
    ticket = calls.call_next(Act(PUBLIC, now), stand, agent)
    for act in (calls.miss_ticket, calls.put_back_ticket):
        before = ticket.status, ticket.queued_from, ticket.called_at, ticket.closed_at
        act(Act(PUBLIC, now + MINUTE), ticket)
        calls.undo_gesture(Act(PUBLIC), stand, ticket.id)
        current_session().refresh(ticket)
        assert (ticket.status, ticket.queued_from, ticket.called_at, ticket.closed_at) == before
        assert find_last_gesture(stand.id) is None
        with pytest.raises(rules.NothingToUndo):
            calls.undo_gesture(Act(PUBLIC), stand, ticket.id)
    calls.miss_ticket(Act(PUBLIC, now), ticket)
    calls.put_back_ticket(Act(PUBLIC, now), ticket)
    calls.leave_queue(Act(PUBLIC, now), ticket, as_visitor=True)
    with pytest.raises(rules.NothingToUndo):
        calls.undo_gesture(Act(PUBLIC), stand, ticket.id)


@pytest.mark.on_both
def test_a_late_visitor_is_placed_from_the_hour_of_the_appointment(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    (agent,), stand = agents_of(fair), stand_of(fair)
    late = book(fair, at=fair.at(10))
    take(fair, fair.at(9, 55))
    take(fair, fair.at(10, 5))
    with pytest.raises(rules.NotLate):
        place_late_visitor(Act(PUBLIC, fair.at(9, 59)), late)
    now = fair.at(10, 15)
    placed = place_late_visitor(Act(PUBLIC, now), late)
    assert place_late_visitor(Act(PUBLIC, now), late).id == placed.id
    assert order(fair, now) == [1, 3, 2]
    assert late.status == AppointmentStatus.BOOKED
    assert late.arrived_at == now
    assert queue_at(fair, now).appointments == []
    calls.serve_ticket(Act(PUBLIC, now), placed, agent)
    assert get_appointment(edition, late.id).status == AppointmentStatus.MET
    calls.undo_gesture(Act(PUBLIC), stand, placed.id)
    assert get_appointment(edition, late.id).status == AppointmentStatus.BOOKED
    check_invariants(edition)


def test_a_badge_says_that_its_holder_is_late(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    visitor = make_visitor(edition)
    book(fair, at=fair.at(9), visitor=visitor)
    late = book(fair, at=fair.at(10), visitor=visitor)
    take(fair, fair.at(10, 5))
    ticket = take(fair, fair.at(10, 10), attendee=visitor)
    assert (ticket.appointment_id, ticket.queued_from) == (late.id, fair.at(10))
    calls.call_next(Act(PUBLIC, fair.at(10, 11)), stand_of(fair), agents_of(fair)[0])
    calls.miss_ticket(Act(PUBLIC, fair.at(10, 12)), ticket)
    assert take(fair, fair.at(10, 30), attendee=visitor).id == ticket.id
    assert order(fair, fair.at(10, 30)) == [2, 1]


@pytest.mark.on_both
def test_who_cancelled_takes_a_number_as_anybody(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    lost_appointment = book(fair, at=fair.at(10))
    cancel_appointment(Act(PUBLIC, fair.before), lost_appointment)
    with pytest.raises(rules.NoLongerExpected):
        place_late_visitor(Act(PUBLIC, fair.at(10, 15)), lost_appointment)
    ticket = take(
        fair,
        fair.at(10, 15),
        attendee=current_session().get_one(Attendee, lost_appointment.attendee_id),
    )
    assert ticket.appointment_id is None


def test_an_agent_is_told_of_an_appointment_that_is_near(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 2})
    first, second = agents_of(fair)
    book(fair, at=fair.at(10), agent=first)
    stand = stand_of(fair)
    for _ in range(3):
        take(fair, fair.at(9, 30))
    for now in (fair.at(9, 55), fair.at(10, 19)):
        with pytest.raises(rules.AppointmentSoon, match="10\u00a0h"):
            calls.call_next(Act(PUBLIC, now), stand, first)
    calls.call_next(Act(PUBLIC, fair.at(9, 55)), stand, second)
    ticket = calls.call_next(Act(PUBLIC, fair.at(9, 55)), stand, first, knowing=True)
    calls.serve_ticket(Act(PUBLIC, fair.at(9, 56)), ticket, first)
    assert calls.call_next(Act(PUBLIC, fair.at(10, 20)), stand, first).number == 3


def test_waits_are_told_between_appointments(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    (agent,), now = agents_of(fair), fair.at(9, 30)
    book(fair, at=fair.at(9, 45), agent=agent)
    for _ in range(2):
        take(fair, now)
    assert waits(fair, now) == [35, 55]
    assert queue_at(fair, now).minutes_until(queue_at(fair, now).next_turn) == 75
    calls.call_next(Act(PUBLIC, now), stand_of(fair), agent)
    assert waits(fair, now) == [35]
    assert queue_at(fair, fair.at(12, 30)).agents == 0
    assert waits(fair, fair.at(12, 30)) == [30]
    assert queue_at(fair, fair.at(17)).next_turn is None


@pytest.mark.on_both
def test_a_queue_is_read_in_as_many_statements_however_long_it_is(edition: Edition) -> None:
    fair = make_fair(edition)
    now = fair.at(9, 30)
    book(fair, at=fair.at(10))
    take(fair, now, attendee=make_visitor(edition))

    def read() -> None:
        current_session().expire_all()
        queue = read_queue(edition, body_of(fair), now)
        assert [ticket.stand.body.short_name for ticket in queue.tickets]
        assert [ticket.attendee.on_behalf_of for ticket in queue.tickets if ticket.attendee]
        assert [appointment.attendee.on_behalf_of for appointment in queue.appointments]

    with statements() as few:
        read()
    for _ in range(6):
        take(fair, now, attendee=make_visitor(edition))
    book(fair, at=fair.at(11))
    book(fair, at=fair.at(14))
    with statements() as many:
        read()
    assert len(many) == len(few)
