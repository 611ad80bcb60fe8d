"""Which badge a person holds: the one inside, else scanned, else printed, else the first one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from salon.duplicates.presenters import split_reasons, why_held
from salon.duplicates.rules import BadgeUse, NoValidBadge, held_badge
from salon.platform.words.likeness import Identity, likeness

AT = datetime(2021, 10, 1, 7, tzinfo=UTC)
CASES: list[tuple[str, list[dict[str, Any]], int]] = [
    ("nothing was done with them: the first issued", [{"issued": 2}, {"issued": 1}], 2),
    ("issued at once: the lower number", [{}, {}], 1),
    ("one is printed", [{}, {"printed": 1}], 2),
    ("two are printed: the last", [{"printed": 1}, {"printed": 3}, {"printed": 2}], 2),
    ("one was scanned, another printed since", [{"scanned": 1}, {"printed": 9}], 1),
    ("two were scanned: the last", [{"scanned": 1}, {"scanned": 2}], 2),
    ("one is inside, another went out since", [{"scanned": 1, "inside": True}, {"scanned": 2}], 1),
    (
        "two are inside: the last scanned",
        [{"scanned": 2, "inside": True}, {"scanned": 1, "inside": True}],
        1,
    ),
]


def use(number: int, values: dict[str, Any]) -> BadgeUse:
    def at(name: str) -> datetime | None:
        return AT + timedelta(minutes=values[name]) if name in values else None

    is_inside = values.get("inside", False)
    return BadgeUse(number, number, at("issued") or AT, at("printed"), at("scanned"), is_inside)


def test_the_badge_that_the_person_holds_is_kept() -> None:
    wrong = {}
    for why, badges, expected in CASES:
        held = held_badge([use(number, values) for number, values in enumerate(badges, start=1)])
        if held.badge_id != expected:
            wrong[why] = held.badge_id
    assert wrong == {}
    with pytest.raises(NoValidBadge):
        held_badge([])


def test_the_page_says_why_it_is_kept() -> None:
    said = [why_held(use(1, values)) for _, (values, *_), _ in CASES]
    assert len(set(said)) == 4


def test_reasons_for_and_against_are_told_apart() -> None:
    mayor = Identity("Claire", "Martin", "", "Maire", "mairie@mons.example", "", "34160")
    other = Identity("Claire", "Martin", "", "Adjointe", "mairie@beziers.example", "", "34032")
    assert split_reasons(likeness(mayor, other)) == (
        "même nom",
        "fonctions différentes, communes ou organismes différents, adresses différentes",
    )
