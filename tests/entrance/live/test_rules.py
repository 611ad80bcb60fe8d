"""Arrivals expected at the doors, and stations that need somebody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.entrance.engine.forecast import QUARTER, forecast
from salon.entrance.rules.health import CheckedPart, HealthFacts, troubles_of

OPENS = datetime(2021, 10, 1, 6, 30, tzinfo=UTC)
CLOSES = datetime(2021, 10, 1, 15, 30, tzinfo=UTC)
NOW = datetime(2021, 10, 1, 8, 0, tzinfo=UTC)

people = st.integers(0, 60_000)


@given(people, people, people, st.integers(1, 40))
def test_everybody_expected_arrives_between_opening_and_closing(
    morning: int, afternoon: int, day: int, quarters: int
) -> None:
    closes = OPENS + quarters * QUARTER
    expected = {"morning": morning, "afternoon": afternoon, "whole_day": day}
    fields = forecast(expected, OPENS, closes)
    assert sum(fields.values()) == pytest.approx(morning + afternoon + day)
    assert all(OPENS <= at < closes for at in fields)
    assert all((at - OPENS) % QUARTER == timedelta(0) for at in fields)


def test_the_rush_is_at_the_opening_and_the_afternoon_comes_after_lunch() -> None:
    fields = forecast({"morning": 500, "whole_day": 500, "afternoon": 200}, OPENS, CLOSES)
    assert max(fields, key=lambda at: fields[at]) == OPENS + QUARTER
    assert fields[OPENS + timedelta(hours=4, minutes=30)] == 200 * 22 / 100
    assert forecast({}, OPENS, CLOSES)[OPENS] == 0


HEALTHY = HealthFacts(NOW - timedelta(seconds=40), battery=80, storage_left=10**9, list_serial=4)
TROUBLES = [
    ("nothing told", HealthFacts(None), ["N’a encore rien dit d’elle-même"]),
    ("fine", HEALTHY, []),
    ("silent", HealthFacts(NOW - timedelta(minutes=7)), ["Sans nouvelles depuis 7\u00a0minutes"]),
    (
        "silent today",
        HealthFacts(NOW - timedelta(hours=23)),
        ["Sans nouvelles depuis 23\u00a0heures"],
    ),
    ("long silent", HealthFacts(NOW - timedelta(hours=47)), ["Sans nouvelles depuis 1\u00a0jour"]),
    (
        "waiting",
        HealthFacts(NOW, waiting=50, list_serial=4),
        ["50\u00a0passages en attente d’envoi"],
    ),
    ("few waiting", HealthFacts(NOW, waiting=49, list_serial=4), []),
    (
        "to check",
        HealthFacts(NOW, to_check=1, list_serial=4),
        ["1\u00a0passage à vérifier sur l’appareil"],
    ),
    ("battery", HealthFacts(NOW, battery=20, list_serial=4), ["Batterie à 20\u00a0%"]),
    ("battery is fine", HealthFacts(NOW, battery=21, list_serial=4), []),
    ("charging", HealthFacts(NOW, battery=5, is_charging=True, list_serial=4), []),
    (
        "clock",
        HealthFacts(NOW, clock_offset_ms=-7_200_000, list_serial=4),
        ["Horloge décalée de 2\u00a0heures"],
    ),
    ("clock is fine", HealthFacts(NOW, clock_offset_ms=120_000, list_serial=4), []),
    (
        "storage",
        HealthFacts(NOW, storage_left=4_000_000, list_serial=4),
        ["Mémoire presque pleine"],
    ),
    ("no list", HealthFacts(NOW), ["N’a pas encore la liste des badges"]),
    (
        "failed now",
        replace(HEALTHY, failed_at=NOW - timedelta(seconds=20)),
        ["Défaillance de la page il y a 1\u00a0minute"],
    ),
    (
        "failed lately",
        replace(HEALTHY, failed_at=NOW - timedelta(minutes=30)),
        ["Défaillance de la page il y a 30\u00a0minutes"],
    ),
    (
        "check",
        replace(HEALTHY, failed_parts=[CheckedPart.READING, CheckedPart.SOUND]),
        ["Ne lit pas les codes"],
    ),
    ("failed long ago", replace(HEALTHY, failed_at=NOW - timedelta(minutes=31)), []),
]


@pytest.mark.parametrize(
    ("case", "health", "troubles"), TROUBLES, ids=[trouble[0] for trouble in TROUBLES]
)
def test_what_somebody_should_see_to(case: str, health: HealthFacts, troubles: list[str]) -> None:
    assert troubles_of(health, 4, NOW) == troubles
