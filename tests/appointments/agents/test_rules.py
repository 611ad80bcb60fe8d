"""Rules of the notes on a meeting, and of its hand-over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from salon.appointments.models import Appointment, AppointmentStatus, Outcome
from salon.appointments.rules import booking as counter
from salon.appointments.rules import meeting
from salon.appointments.rules.booking import Limit, NotThisAgent

NINE = datetime(2026, 10, 1, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BOOKED, MET, MISSED = AppointmentStatus.BOOKED, AppointmentStatus.MET, AppointmentStatus.MISSED


def appointment(status: AppointmentStatus = BOOKED, **more: object) -> Appointment:
    facts = {"starts_at": NINE, "arrived_at": None, "outcome": None, "status": status}
    return Appointment(**{**facts, **more})


@pytest.mark.parametrize("status", [BOOKED, MET, MISSED])
def test_what_is_held_is_noted_on_its_day_and_after(status: AppointmentStatus) -> None:
    for now in (NINE - 8 * 60 * MINUTE, NINE, NINE + timedelta(days=3)):
        meeting.check_can_be_noted(appointment(status), now)


def test_nothing_is_noted_before_the_day() -> None:
    with pytest.raises(meeting.NotTheDay):
        meeting.check_can_be_noted(appointment(), NINE - 10 * 60 * MINUTE)


@pytest.mark.parametrize("status", [AppointmentStatus.CANCELLED, AppointmentStatus.TO_CHOOSE])
def test_what_is_not_held_is_not_noted(status: AppointmentStatus) -> None:
    with pytest.raises(meeting.NotHeld):
        meeting.check_can_be_noted(appointment(status), NINE)


def test_somebody_is_missing_from_their_hour_on() -> None:
    meeting.check_can_be_missed(NINE, NINE)
    with pytest.raises(meeting.TooEarlyToMiss) as refused:
        meeting.check_can_be_missed(NINE, NINE - MINUTE)
    assert "à partir de 9\u00a0h" in refused.value.message


@pytest.mark.parametrize(
    ("meeting_row", "refusal"),
    [
        (appointment(), meeting.NothingNoted),
        (appointment(MET, outcome=Outcome.ANSWERED), meeting.AccountWritten),
        (appointment(MET), None),
        (appointment(MISSED), None),
        (appointment(arrived_at=NINE), None),
    ],
)
def test_a_mark_is_taken_back_unless_an_account_would_be_lost(
    meeting_row: Appointment, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        meeting.check_can_undo(meeting_row)
        return
    with pytest.raises(refusal):
        meeting.check_can_undo(meeting_row)


def test_what_is_promised_is_to_come() -> None:
    meeting.check_steps([None, date(2026, 10, 1), date(2027, 1, 1)], NINE)
    with pytest.raises(meeting.StepTooEarly):
        meeting.check_steps([date(2026, 9, 30)], NINE)


@pytest.mark.parametrize(
    ("cost", "others", "aid", "is_refused"),
    [
        (None, 500, 500, False),
        (1_000, None, None, False),
        (1_000, 200, 800, False),
        (1_000, 201, 800, True),
        (0, None, 1, True),
    ],
)
def test_nobody_is_given_more_than_a_project_costs(
    cost: int | None, others: int | None, aid: int | None, is_refused: bool
) -> None:
    if not is_refused:
        meeting.check_funding(cost, others, aid)
        return
    with pytest.raises(meeting.BeyondTheCost):
        meeting.check_funding(cost, others, aid)


def test_limits_are_accepted_one_by_one_and_who_receives_needs_no_notice() -> None:
    passed = [Limit.PER_VISITOR, Limit.NOTICE, Limit.COVER]
    accepted = [Limit.COVER.value]
    own = counter.limits_to_accept(passed, accepted, is_own=True)
    assert own == [Limit.PER_VISITOR]
    colleague = counter.limits_to_accept(passed, accepted, is_own=False)
    assert colleague == [Limit.PER_VISITOR, Limit.NOTICE]


def test_one_books_with_a_colleague_who_answers_the_theme() -> None:
    counter.check_is_colleague(3, [2, 3])
    with pytest.raises(NotThisAgent):
        counter.check_is_colleague(4, [2, 3])
