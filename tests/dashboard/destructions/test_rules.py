"""When destruction is suspended: tables of cases with a reason each."""

from datetime import UTC, datetime, timedelta

import pytest

from salon.dashboard.rules import (
    DestructionSuspended,
    QuietReason,
    ServiceWatch,
    check_may_destroy,
    quiet_reason,
)

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def watch(seen: timedelta, quiet: timedelta = -DAY) -> ServiceWatch:
    """Seen and quiet at these distances from NOW."""
    return ServiceWatch(seen_at=NOW + seen, quiet_until=NOW + quiet, reason=QuietReason.RESTORED)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (-6 * HOUR, None),
        (-23 * HOUR, None),
        (-25 * HOUR, QuietReason.SILENCE),
        (-5 * 365 * DAY, QuietReason.SILENCE),
        (timedelta(minutes=30), None),
        (2 * HOUR, QuietReason.CLOCK),
    ],
)
def test_a_start_looks_odd_after_a_silence_or_before_the_last_look(
    seen: timedelta, reason: QuietReason | None
) -> None:
    assert quiet_reason(watch(seen), NOW) == reason


def test_a_database_on_which_nothing_ran_yet_looks_odd() -> None:
    assert quiet_reason(None, NOW) == QuietReason.FIRST_START


@pytest.mark.parametrize(
    ("quiet", "has_acts", "clock_doubt", "words"),
    [
        (HOUR, True, "", "restaurée d’une sauvegarde"),
        (-HOUR, True, "L’horloge ment.", "Aucune destruction. L’horloge ment."),
        (-HOUR, False, "", "personne n’a encore agi"),
    ],
)
def test_nothing_is_destroyed(
    quiet: timedelta, has_acts: bool, clock_doubt: str, words: str
) -> None:
    with pytest.raises(DestructionSuspended, match=words):
        check_may_destroy(watch(-HOUR, quiet), has_acts, clock_doubt, NOW)


def test_destructions_go_on_while_people_use_the_service() -> None:
    check_may_destroy(watch(-HOUR), True, "", NOW)
