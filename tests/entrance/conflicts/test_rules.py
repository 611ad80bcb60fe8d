"""Which scan is the double, who was turned away: tables of cases."""

from datetime import timedelta

import pytest

from salon.entrance.models import ConflictKind, Direction, Settlement
from salon.entrance.rules.conflicts import (
    AT_ONCE,
    SETTLEMENTS,
    Passage,
    double_among,
    was_turned_away,
)
from tests.entrance.people import NINE

IN, OUT = Direction.IN, Direction.OUT


def passage(minute: float, direction: Direction = IN, passed: bool = True) -> Passage:
    at = NINE + timedelta(minutes=minute)
    return Passage(f"{direction} {minute}", 1, direction, at, passed)


CASES = [
    ("alone", [], None),
    ("entered before", [passage(5)], "in 10"),
    ("entered at the same instant", [passage(10, passed=False)], "in 10"),
    ("went out before", [passage(5), passage(7, OUT)], None),
    ("enters after", [passage(12)], "in 12"),
    ("goes out, then enters", [passage(11, OUT), passage(12)], None),
    ("enters after, but was told", [passage(12, passed=False)], None),
    ("enters twice after", [passage(14), passage(12)], "in 12"),
    ("was in yesterday", [passage(-24 * 60)], None),
    ("comes tomorrow", [passage(24 * 60)], None),
]


@pytest.mark.parametrize(
    ("others", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_who_is_the_double(others: list[Passage], expected: str | None) -> None:
    other_passage = passage(10)
    stored_passage = double_among(others, other_passage)
    assert (stored_passage.scan_id if stored_passage else None) == expected


@pytest.mark.parametrize(
    ("direction", "shown", "was_let_in", "expected"),
    [
        (IN, "to_confirm", False, True),
        (IN, "to_confirm", True, False),
        (IN, "revoked", False, True),
        (IN, "not_allowed_here", False, True),
        (IN, "already_inside", False, False),
        (IN, "accepted", True, False),
        (IN, "", False, False),
        (OUT, "to_confirm", False, False),
    ],
)
def test_who_was_turned_away(
    direction: Direction, shown: str, was_let_in: bool, expected: bool
) -> None:
    assert was_turned_away(direction, shown, was_let_in) == expected


def test_each_kind_may_be_settled_one_by_one_and_together() -> None:
    assert set(SETTLEMENTS) == set(AT_ONCE) == set(ConflictKind)
    assert all(AT_ONCE[kind] in SETTLEMENTS[kind] for kind in ConflictKind)
    offered = {settlement for settlements in SETTLEMENTS.values() for settlement in settlements}
    assert offered == set(Settlement) - {Settlement.KNOWN_SINCE}
