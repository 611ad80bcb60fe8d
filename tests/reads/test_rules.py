"""What a token reads, and until when. No database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from salon.reads import rules
from salon.reads.rules import TokenState
from tests.refusals import Refusal, check_refusal

TODAY, DAY = date(2026, 10, 1), timedelta(days=1)
NOON, SECOND = datetime(2026, 10, 1, 10, tzinfo=UTC), timedelta(seconds=1)


def check_is_shown(is_current: bool, is_past: bool) -> None:
    rules.check_is_shown(is_current=is_current, is_past=is_past)


def check_is_not_archive(is_current: bool) -> None:
    rules.check_is_not_archive(is_current=is_current)


REFUSALS: list[Refusal] = [
    (rules.EndOutOfRange, rules.check_end, (TODAY - DAY, TODAY), (TODAY, TODAY)),
    (rules.EndOutOfRange, rules.check_end, (TODAY + 731 * DAY, TODAY), (TODAY + 730 * DAY, TODAY)),
    (rules.OtherEdition, rules.check_token_reads, (1, 2), (1, 1)),
    (rules.EditionNotShown, check_is_shown, (False, False), (False, True)),
    (rules.EditionNotShown, check_is_shown, (False, False), (True, False)),
    (rules.NotInArchive, check_is_not_archive, (False,), (True,)),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_token_reads_no_more_than_it_may(refusal: Refusal) -> None:
    check_refusal(refusal)


@pytest.mark.parametrize(
    ("expires_at", "revoked_at", "state"),
    [
        (NOON + SECOND, None, TokenState.LIVE),
        (NOON, None, TokenState.ENDED),
        (NOON + SECOND, NOON, TokenState.REVOKED),
        (NOON, NOON, TokenState.REVOKED),
    ],
)
def test_a_token_lives_until_its_end(
    expires_at: datetime, revoked_at: datetime | None, state: TokenState
) -> None:
    assert rules.state_of(expires_at, revoked_at, NOON) is state
