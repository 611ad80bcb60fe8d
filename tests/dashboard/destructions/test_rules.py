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
    ("quiet", "last_act", "words"),
    [
        (HOUR, -HOUR, "restaurée d’une sauvegarde"),
        (-HOUR, -31 * DAY, "le dernier acte du journal est du 27/10/2026"),
        (-HOUR, 31 * DAY, "l’horloge dit 27/11/2026"),
        (-HOUR, None, "personne n’a encore agi"),
    ],
)
def test_nothing_is_destroyed(quiet: timedelta, last_act: timedelta | None, words: str) -> None:
    act_at = None if last_act is None else NOW + last_act
    with pytest.raises(DestructionSuspended, match=words):
        check_may_destroy(watch(-HOUR, quiet), act_at, NOW)


def test_destructions_go_on_while_people_use_the_service() -> None:
    check_may_destroy(watch(-HOUR), NOW - 29 * DAY, NOW)
