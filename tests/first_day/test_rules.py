"""Rules of the first day. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from salon.first_day import rules
from tests.refusals import Refusal, check_refusal

OPENS_AT = datetime(2026, 7, 1, 6, tzinfo=UTC)
REFUSALS: list[Refusal] = [
    (
        rules.RegistrationClosesBeforeOpening,
        rules.check_registration,
        (OPENS_AT, OPENS_AT),
        (OPENS_AT, OPENS_AT + timedelta(minutes=1)),
    ),
    (rules.NoHall, rules.check_halls, ([],), (["1"],)),
    (rules.HallTwice, rules.check_halls, (["1", "2", "1"],), (["1", "2"],)),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_fair_that_cannot_open_is_refused(refusal: Refusal) -> None:
    check_refusal(refusal)
