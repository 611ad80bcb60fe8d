"""The shifts of an agent, before the database has its word."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from salon.staffing.engine.solving.problem import RULE_KEYS
from salon.staffing.rules.runs import RemedyNoLongerHelps, check_remedy_helps
from salon.staffing.rules.settings import (
    UnknownStintLength,
    UnknownWeight,
    check_least_stint,
    check_weights,
)
from salon.staffing.rules.shifts import AgentElsewhere, check_apart
from tests.refusals import check_refusal


def shift(start: float, end: float) -> SimpleNamespace:
    starts_at, ends_at = (
        datetime(2026, 10, 1, int(hour), int(hour % 1 * 60), tzinfo=UTC) for hour in (start, end)
    )
    return SimpleNamespace(starts_at=starts_at, ends_at=ends_at)


def test_shifts_that_follow_one_another_are_apart_in_any_order() -> None:
    check_apart([shift(10, 11), shift(9, 10), shift(14, 15.5)])


def test_an_agent_has_no_two_shifts_at_once() -> None:
    with pytest.raises(AgentElsewhere):
        check_apart([shift(10.5, 12), shift(9, 11)])


def test_a_weight_is_that_of_a_rule_from_0_to_1000() -> None:
    key = min(RULE_KEYS)
    for weights, nearest in (({key: -1}, 0), ({key: 1001}, 1000), ({"unknown": 1}, 1)):
        check_refusal((UnknownWeight, check_weights, (weights,), ({key: nearest},)))


def test_the_shortest_stint_lasts_half_an_hour_to_two_hours() -> None:
    for length, nearest in ((0, 1), (5, 4), (-1, 2)):
        check_refusal((UnknownStintLength, check_least_stint, (length,), (nearest,)))


def test_a_remedy_makes_less_lack_within_the_limits() -> None:
    for refused in ((4, 4, True), (4, 5, True), (4, 2, False)):
        check_refusal((RemedyNoLongerHelps, check_remedy_helps, refused, (4, 3, True)))
