"""Notes, promises and bookings of a stand, on SQLite and PostgreSQL."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    Outcome,
    StepKind,
    VisitorClaim,
    WaitingStatus,
)
from salon.appointments.queries.meetings import follow_ups
from salon.appointments.queries.offers import offers_of
from salon.appointments.rules import meeting as rules
from salon.appointments.rules.booking import Limit
from salon.appointments.services.booking import cancel_appointment
from salon.appointments.services.meeting import (
    Account,
    Funding,
    MeetingPromise,
    close_meeting,
    note_arrival,
    note_met,
    note_missed,
    undo_mark,
)
from salon.appointments.services.placing import WaitingChoice
from salon.appointments.services.waiting import join_waiting
from salon.badges.models import HalfDay
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.versions import StaleVersion
from tests.appointments.agents.made import AGENT, alone, here
from tests.appointments.make import PUBLIC, Fair, book, check_invariants, make_fair, make_visitor
from tests.factories import act_in, new_key

pytestmark = pytest.mark.on_both

MINUTE = timedelta(minutes=1)
VISIT = MeetingPromise(StepKind.VISIT, "Le pont du Pioch", "Agnès Roqueblave")
CALL = MeetingPromise(StepKind.CALL, "", "Le secrétariat", date(2100, 1, 1))
ANSWERED = Account(Outcome.ANSWERED, "Tout est dit.")


def minutes_of(table: type[AgentClaim] | type[VisitorClaim], appointment: Appointment) -> list[int]:
    """Return the minutes after the hour that an appointment still takes."""
    current_session().rollback()
    statement = select(table.starts_at).where(table.appointment_id == appointment.id)
    return [at.minute for at in current_session().scalars(statement.order_by(table.starts_at))]


def offered(fair: Fair, now: datetime) -> list[datetime]:
    return [offer.starts_at for offer in offers_of(fair.edition, fair.theme_id(), now)]


def test_the_first_arrival_stays_and_can_be_taken_back(edition: Edition) -> None:
    fair, _ = alone(edition)
    appointment = book(fair, at=fair.at(10))
    with pytest.raises(rules.NotTheDay):
        note_arrival(Act(AGENT, fair.before), appointment, "tap")
    note_arrival(Act(AGENT, fair.at(9, 50)), appointment, "badge")
    note_arrival(Act(AGENT, fair.at(9, 55)), appointment, "tap")
    assert appointment.arrived_at == fair.at(9, 50)
    check_invariants(edition)
    undo_mark(Act(AGENT, fair.at(9, 56)), appointment)
    assert (appointment.status, appointment.arrived_at) == (AppointmentStatus.BOOKED, None)
    with pytest.raises(rules.NothingNoted):
        undo_mark(Act(AGENT, fair.at(9, 57)), appointment)


def test_who_is_missing_gives_back_what_remains_and_keeps_what_was_spent(edition: Edition) -> None:
    fair, _ = alone(edition)
    appointment = book(fair, at=fair.at(10))
    with pytest.raises(rules.TooEarlyToMiss):
        note_missed(Act(AGENT, fair.at(9, 59)), appointment)
    note_missed(Act(AGENT, fair.at(10, 12)), appointment)
    note_missed(Act(AGENT, fair.at(10, 13)), appointment)
    assert (appointment.status, appointment.closed_at) == (
        AppointmentStatus.MISSED,
        fair.at(10, 12),
    )
    for table in (AgentClaim, VisitorClaim):
        assert minutes_of(table, appointment) == [0, 5, 10]
    with pytest.raises(rules.AlreadyClosed):
        note_arrival(Act(AGENT, fair.at(10, 14)), appointment, "tap")
    check_invariants(edition)


def test_missing_is_taken_back_with_the_time_unless_it_was_given_away(edition: Edition) -> None:
    fair, agent = alone(edition)
    appointment = book(fair, at=fair.at(10))
    note_missed(Act(AGENT, fair.at(10, 5)), appointment)
    undo_mark(Act(AGENT, fair.at(10, 6)), appointment)
    assert (appointment.status, appointment.closed_at) == (AppointmentStatus.BOOKED, None)
    check_invariants(edition)
    note_missed(Act(AGENT, fair.at(10, 5)), appointment)
    here(fair, agent, fair.at(10, 5))
    with pytest.raises(rules.TimeGivenAway):
        undo_mark(Act(AGENT, fair.at(10, 7)), appointment)
    current_session().expire_all()
    assert appointment.status == AppointmentStatus.MISSED
    note_met(Act(AGENT, fair.at(10, 40)), appointment)
    assert appointment.status == AppointmentStatus.MET
    check_invariants(edition)


def test_a_meeting_that_ends_early_is_offered_to_who_waits(edition: Edition) -> None:
    fair, _ = alone(edition)
    first = book(fair, at=fair.at(9))
    while free := offered(fair, fair.before):
        book(fair, at=free[0], accepted=list(Limit))
    waiting = join_waiting(
        act_in(edition, PUBLIC, fair.before),
        WaitingChoice(fair.theme_id(), HalfDay.MORNING, "L’eau"),
        make_visitor(edition).id,
        new_key(),
    )
    note_met(Act(AGENT, fair.at(8, 30)), first)
    assert minutes_of(AgentClaim, first) == []
    current_session().refresh(waiting)
    assert waiting.status == WaitingStatus.OFFERED
    with pytest.raises(rules.AlreadyClosed):
        note_missed(Act(AGENT, fair.at(9, 5)), first)


def test_an_account_keeps_what_was_promised_and_is_corrected(edition: Edition) -> None:
    fair, _ = alone(edition)
    appointment = book(fair, at=fair.at(9))
    money = Funding(cost=120_000, aid=60_000, funders="la Région")
    promised = Account(Outcome.FOLLOW_UP, "Un dossier part.", [VISIT, CALL], money)
    close_meeting(Act(AGENT, fair.at(9, 12)), appointment, appointment.version, promised)
    assert (appointment.status, appointment.closed_at) == (AppointmentStatus.MET, fair.at(9, 12))
    assert [step.owner for step in appointment.steps] == ["Agnès Roqueblave", "Le secrétariat"]
    assert appointment.funding == {"cost": 120_000, "aid": 60_000, "funders": "la Région"}
    assert minutes_of(AgentClaim, appointment) == [0, 5, 10]
    read = appointment.version
    fewer = Account(Outcome.FOLLOW_UP, "Un dossier part.", [CALL])
    close_meeting(Act(AGENT, fair.at(15)), appointment, read, fewer)
    assert [step.kind for step in appointment.steps] == [StepKind.CALL]
    assert (appointment.closed_at, appointment.funding["cost"]) == (fair.at(9, 12), 120_000)
    with pytest.raises(StaleVersion):
        close_meeting(Act(AGENT, fair.at(15, 1)), appointment, read, promised)
    with pytest.raises(rules.AccountWritten):
        undo_mark(Act(AGENT, fair.at(15, 1)), appointment)


def test_an_account_that_cannot_be_leaves_nothing_written(edition: Edition) -> None:
    fair, _ = alone(edition)
    appointment = book(fair, at=fair.at(9))
    early = MeetingPromise(
        StepKind.VISIT, "", "Agnès", fair.edition.days[0].day_on - timedelta(days=1)
    )
    for account, refusal in (
        (Account(Outcome.FOLLOW_UP, steps=[early]), rules.StepTooEarly),
        (Account(Outcome.ANSWERED, funding=Funding(cost=1, aid=2)), rules.BeyondTheCost),
    ):
        with pytest.raises(refusal):
            close_meeting(Act(AGENT, fair.at(9, 10)), appointment, appointment.version, account)
    current_session().expire_all()
    assert (appointment.status, appointment.outcome) == (AppointmentStatus.BOOKED, None)
    cancel_appointment(Act(PUBLIC, fair.before), appointment)
    with pytest.raises(rules.NotHeld):
        close_meeting(Act(AGENT, fair.at(9, 10)), appointment, appointment.version, ANSWERED)


def test_what_is_over_is_exported_by_body(edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1, "SDIS 34": 1})
    own_appointment = book(fair, at=fair.at(9))
    other_appointment = book(fair, at=fair.at(9), body="SDIS 34")
    book(fair, at=fair.at(16))
    close_meeting(Act(AGENT, fair.at(9, 15)), own_appointment, own_appointment.version, ANSWERED)
    now = fair.at(12)
    assert list(follow_ups(edition, now)) == [own_appointment, other_appointment]
    assert list(follow_ups(edition, now, [fair.village.bodies["SDIS 34"].id])) == [
        other_appointment
    ]
