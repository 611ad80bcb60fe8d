"""Concurrent changes of waiting, rescue and replacement, on SQLite and PostgreSQL."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from salon.appointments.models import (
    Appointment,
    AppointmentStatus,
    BookingSettings,
    Hold,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries.offers import offers_of
from salon.appointments.queries.rescue import read_rescue
from salon.appointments.queries.waiting import entries_of, is_something_to_do
from salon.appointments.rules import booking as rules
from salon.appointments.services.booking import (
    accept_proposal,
    cancel_appointment,
    move_appointment,
)
from salon.appointments.services.following import follow_attendees
from salon.appointments.services.placing import Choice, WaitingChoice
from salon.appointments.services.rescue import apply_rescue
from salon.appointments.services.waiting import (
    accept_offer,
    decline_offer,
    join_waiting,
    leave_waiting,
    run_waiting_lists,
)
from salon.badges.models import Attendee, HalfDay
from salon.badges.services import cancel_attendee
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.staffing.models import Agent, ShiftStatus
from salon.village_day.services.day import note_absence
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
from tests.factories import act_in, new_key
from tests.staffing.make import ORGANISER, shifts

pytestmark = pytest.mark.on_both

MINUTE = timedelta(minutes=1)
ALL = list(rules.Limit)


def fill(fair: Fair, body: str = "Département") -> list[Appointment]:
    """Take all that is offered, first times first."""
    results = []
    while offers := offers_of(fair.edition, fair.theme_id(body), fair.before):
        results.append(book(fair, at=offers[0].starts_at, body=body, accepted=ALL))
    return results


def wait(fair: Fair, visitor: Attendee, after: int = 0, body: str = "Département") -> WaitingEntry:
    now = fair.before + after * MINUTE
    return join_waiting(
        act_in(fair.edition, PUBLIC, now),
        WaitingChoice(fair.theme_id(body), HalfDay.WHOLE_DAY, "L’eau"),
        visitor.id,
        new_key(),
    )


def absent(agent: Agent, now: datetime) -> None:
    for shift in shifts(agent, ShiftStatus.PUBLISHED):
        if shift.ends_at > now:
            note_absence(Act(ORGANISER, now), shift.id)


def rescue(fair: Fair, now: datetime) -> None:
    apply_rescue(act_in(fair.edition, ORGANISER, now), read_rescue(fair.edition, now).stamp, None)
    current_session().expire_all()


def test_a_time_that_was_declined_is_not_offered_again(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1}, minutes=45)
    taken = fill(fair)
    entry = wait(fair, make_visitor(edition))
    now = fair.before + 5 * MINUTE
    cancel_appointment(Act(PUBLIC, now), taken[0])
    assert entry.status == WaitingStatus.OFFERED
    decline_offer(Act(PUBLIC, now), entry)
    decline_offer(Act(PUBLIC, now), entry)
    assert run_waiting_lists(now + MINUTE) == 0
    cancel_appointment(Act(PUBLIC, now + MINUTE), taken[3])
    current_session().expire_all()
    assert entry.hold is not None
    assert entry.hold.starts_at == taken[3].starts_at
    assert run_waiting_lists(now + 20 * MINUTE) == 0
    assert len(messages("waiting_offered")) == 2


def test_an_offer_is_looked_at_again_once_its_time_is_held_no_more(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1}, minutes=45)
    taken = fill(fair)
    entry = wait(fair, make_visitor(edition))
    now = fair.before + 5 * MINUTE
    assert is_something_to_do(edition, now)
    cancel_appointment(Act(PUBLIC, now), taken[0])
    assert entry.status == WaitingStatus.OFFERED
    assert not is_something_to_do(edition, now)
    assert entry.hold is not None
    assert is_something_to_do(edition, entry.hold.expires_at)
    with transaction() as session:
        session.execute(delete(Hold))
    assert is_something_to_do(edition, now)


def test_who_waits_twice_is_not_offered_two_stands_at_once(edition: Edition) -> None:
    """Both lists of one person get the same time: somebody else's cancellation is not refused."""
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1}, minutes=45)
    taken = {body: fill(fair, body) for body in fair.agents}
    visitor = make_visitor(edition)
    entries = [wait(fair, visitor, body=body) for body in fair.agents]
    now = fair.before + 5 * MINUTE
    for body in fair.agents:
        cancel_appointment(Act(PUBLIC, now), taken[body][0])
    current_session().expire_all()
    assert [entry.status for entry in entries] == [WaitingStatus.OFFERED, WaitingStatus.WAITING]
    check_invariants(edition)


def test_an_offer_leaves_time_to_answer(edition: Edition) -> None:
    """Without notice, a time that begins in four minutes is offered to nobody."""
    fair = make_fair(edition, agents={"Département": 1}, minutes=45, notice_minutes=0)
    taken = fill(fair)
    entry = wait(fair, make_visitor(edition))
    cancel_appointment(Act(PUBLIC, taken[1].starts_at - 4 * MINUTE), taken[1])
    assert entry.status == WaitingStatus.WAITING
    assert messages("waiting_offered") == []


def test_a_visitor_who_loses_two_appointments_is_not_in_two_places(edition: Edition) -> None:
    """One keeps its time with a colleague of another stand; the other is not proposed that time."""
    fair = make_fair(edition, agents={"Département": 2, "SDIS 34": 1})
    absent_agent, present_agent = fair.agents["Département"]
    with transaction() as session:
        session.get_one(Agent, absent_agent.id).themes = list(fair.village.themes.values())
    visitor, now = make_visitor(edition), fair.at(8)
    book(fair, at=fair.at(9), agent=present_agent)
    first = book(fair, at=fair.at(9), agent=absent_agent, visitor=visitor)
    second = book(fair, at=fair.at(9, 25), agent=absent_agent, visitor=visitor, body="SDIS 34")
    absent(absent_agent, now)
    rescue(fair, now)
    assert (first.status, second.status) == (AppointmentStatus.TO_CHOOSE, AppointmentStatus.BOOKED)
    accept_proposal(Act(PUBLIC, now), first)
    assert first.starts_at == fair.at(9, 50)
    check_invariants(edition)


def test_a_visitor_who_loses_two_appointments_waits_for_both(edition: Edition) -> None:
    """One place on the list of a theme at a time: the second takes its turn after the first."""
    fair = make_fair(edition, agents={"Département": 2}, minutes=45)
    absent_agent, present_agent = fair.agents["Département"]
    visitor, now = make_visitor(edition), fair.at(8)
    lost = [book(fair, at=fair.at(hour), agent=absent_agent, visitor=visitor) for hour in (9, 10)]
    others = fill(fair)
    absent(absent_agent, now)
    rescue(fair, now)
    counts = {AppointmentStatus.TO_CHOOSE: 0, AppointmentStatus.BOOKED: 0}
    for appointment in lost:
        counts[appointment.status] += 1
    assert counts == {AppointmentStatus.TO_CHOOSE: 2, AppointmentStatus.BOOKED: 0}
    (entry,) = [entry for entry in entries_of(edition) if entry.attendee_id == visitor.id]
    appointments = [
        appointment
        for appointment in others
        if appointment.agent_id == present_agent.id and appointment.starts_at >= fair.at(14)
    ]
    cancel_appointment(Act(PUBLIC, now), appointments[0])
    current_session().expire_all()
    for _ in range(12):
        if entry.status == WaitingStatus.OFFERED:
            break
        holder = next(
            entry for entry in entries_of(edition) if entry.status == WaitingStatus.OFFERED
        )
        leave_waiting(Act(PUBLIC, now), holder)
        current_session().expire_all()
    assert accept_offer(Act(PUBLIC, now), entry).id == entry.appointment_id
    run_waiting_lists(now)
    again = [
        entry.appointment_id for entry in entries_of(edition) if entry.attendee_id == visitor.id
    ]
    assert again == [
        appointment.id for appointment in lost if appointment.id != entry.appointment_id
    ]
    check_invariants(edition)


def test_who_was_lost_may_choose_the_time_offered_as_any_other(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 2}, minutes=45)
    absent_agent, _ = fair.agents["Département"]
    lost = book(fair, at=fair.at(9), agent=absent_agent)
    others = fill(fair)
    now = fair.at(8)
    absent(absent_agent, now)
    rescue(fair, now)
    assert lost.status == AppointmentStatus.TO_CHOOSE
    appointments = [
        appointment
        for appointment in others
        if appointment.agent_id != absent_agent.id and appointment.starts_at >= fair.at(13)
    ]
    cancel_appointment(Act(PUBLIC, now), appointments[0])
    entry = next(entry for entry in entries_of(edition) if entry.appointment_id == lost.id)
    assert entry.status == WaitingStatus.OFFERED
    assert entry.hold is not None
    target = entry.hold.starts_at
    move_appointment(Act(PUBLIC, now), lost, Choice(fair.theme_id(), target))
    assert (lost.starts_at, entry.status) == (target, WaitingStatus.SERVED)
    check_invariants(edition)


def test_a_place_in_line_follows_who_comes_instead(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1}, minutes=45)
    taken = fill(fair)
    visitor = make_visitor(edition)
    entry = wait(fair, visitor)
    now = fair.before + MINUTE
    cancel_appointment(Act(PUBLIC, now), taken[0])
    successor = replaced(visitor, now)
    assert follow_attendees(now) == 1
    current_session().expire_all()
    assert (entry.attendee_id, entry.status) == (successor, WaitingStatus.OFFERED)
    assert accept_offer(Act(PUBLIC, now), entry).attendee_id == successor
    check_invariants(edition)


def test_the_time_offered_to_who_cancels_is_free_at_once(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1}, minutes=45)
    taken = fill(fair)
    visitor = make_visitor(edition)
    entries = [wait(fair, visitor), wait(fair, make_visitor(edition), 1)]
    now = fair.before + 5 * MINUTE
    cancel_appointment(Act(PUBLIC, now), taken[0])
    cancel_attendee(Act(SYSTEM, now), visitor.id)
    follow_attendees(now)
    current_session().expire_all()
    assert [entry.status for entry in entries] == [WaitingStatus.LEFT, WaitingStatus.OFFERED]


def test_a_longer_pause_takes_nothing_from_who_follows(edition: Edition) -> None:
    """The pause grew since it was booked: who comes instead of the mayor has the appointment."""
    fair = make_fair(edition, agents={"Département": 1})
    visitor = make_visitor(edition)
    appointment = book(fair, at=fair.at(9), visitor=visitor)
    book(fair, at=fair.at(9, 25))
    with transaction() as session:
        session.get_one(BookingSettings, edition.id).buffer_minutes = 15
    successor = replaced(visitor, fair.before)
    assert follow_attendees(fair.before) == 1
    current_session().expire_all()
    assert (appointment.attendee_id, appointment.status) == (successor, AppointmentStatus.BOOKED)
