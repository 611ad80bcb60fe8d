"""Rules of booking and of the waiting lists. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from salon.appointments.rules import booking, settings, waiting
from salon.fair.models import Edition
from salon.platform.database.consequences import Standing
from tests.refusals import Refusal, check_refusal

NOON = datetime(2026, 10, 1, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("starts_in", "minutes", "answer_in", "reason"),
    [
        (180, 20, 20, "the delay of the settings"),
        (180, 45, 45, "whatever it is"),
        (25, 20, 20, "the answer comes five minutes before, just in time"),
        (24, 20, 19, "at the latest five minutes before the start"),
        (5, 20, 0, "no time to answer is left"),
    ],
)
def test_an_offer_is_answered_within_its_delay_and_before_its_time(
    starts_in: int, minutes: int, answer_in: int, reason: str
) -> None:
    deadline = waiting.answer_by(NOON, NOON + starts_in * MINUTE, minutes)
    assert deadline - NOON == answer_in * MINUTE, reason


PLANNED, POSTPONED, CANCELLED = (
    Edition(standing=standing)
    for standing in (Standing.AS_PLANNED, Standing.POSTPONED, Standing.CANCELLED)
)
REFUSALS: list[Refusal] = [
    (booking.BookingSuspended, booking.check_fair_has_a_date, (POSTPONED,), (PLANNED,)),
    (booking.BookingSuspended, booking.check_fair_has_a_date, (CANCELLED,), (PLANNED,)),
    (booking.TooManyHolds, booking.check_network_has_room, (5, 5), (4, 5)),
    (booking.NoProposal, booking.check_proposal, (NOON, NOON), (NOON + MINUTE, NOON)),
    (booking.NoProposal, booking.check_proposal, (None, NOON), (NOON + MINUTE, NOON)),
    (booking.NothingToRescue, booking.check_something_to_rescue, (0,), (1,)),
    (waiting.OfferIsOver, waiting.check_is_offered, (NOON, NOON), (NOON + MINUTE, NOON)),
    (waiting.OfferIsOver, waiting.check_is_offered, (None, NOON), (NOON + MINUTE, NOON)),
    (waiting.StillFree, waiting.check_nothing_is_free, (1,), (0,)),
    *(
        (settings.NotInFives, settings.check_in_fives, ({name: 7},), ({name: 10},))
        for name in ("notice_minutes", "buffer_minutes")
    ),
    (settings.UnknownMinutes, settings.check_known_minutes, (25,), (30,)),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_cannot_be_booked_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal)
