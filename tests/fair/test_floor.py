"""Rules of a layout, with a reason each; layouts as values; words that fit on a stand."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.fair import rules
from salon.fair.engine.geometry import Box, Side, overlap
from salon.fair.engine.layout import (
    NewStand,
    PlacedStand,
    as_json,
    by_id,
    differences,
    from_json,
    merge_layouts,
)
from salon.fair.engine.plan_frames import name_place, numbered, open_sides, rows_of
from salon.fair.models import Hall, StandCategory
from salon.fair.presenters.stand_labels import LEADING, lettering
from salon.fair.queries import number_order
from tests.tables import each

HALL = Hall(name="2", width=55, depth=34, area=1870, aisle=3, power_kw=9, has_water=False)


def stand(number: str, x: float, y: float, width: float = 3, depth: float = 3) -> NewStand:
    return NewStand(number, x, y, width, depth)


ISLAND = [stand(str(i), 10 + 3 * (i % 3), 10 + 3 * (i // 3)) for i in range(6)]


@pytest.mark.parametrize(
    ("stands", "sentences"),
    [
        ([], []),
        (ISLAND, []),
        ([stand("1", 0, 0, 55, 31)], []),
        ([stand("1", 52, 31)], []),
        ([stand("1", 52.1, 31)], ["Le stand 1 dépasse du hall 2."]),
        ([stand("1", -0.5, 5)], ["Le stand 1 dépasse du hall 2."]),
        ([stand("1", 5, 5, 0.4)], ["Stand 1 : chaque côté mesure entre 0,5 m et 60 m."]),
        ([stand("1", 5, 5, 3, 61)], ["Stand 1 : chaque côté mesure entre 0,5 m et 60 m."]),
        ([stand("1", 5, 5), stand("2", 7.5, 5)], ["Les stands 1 et 2 se recouvrent."]),
        (
            [stand("1", 5, 5), stand("2", 10, 5)],
            ["L’allée entre les stands 1 et 2 fait moins de 3 m."],
        ),
        ([stand("1", 5, 5), stand("2", 11, 5)], []),
        ([stand("1", 5, 5, 2, 3), stand("2", 7, 5, 2, 3), stand("3", 9, 5, 2, 3)], []),
        (
            [stand(str(i), 10 + 3 * (i % 3), 10 + 3 * (i // 3)) for i in range(9)],
            ["Le stand 4 n’a aucun côté sur une allée."],
        ),
        ([stand("1", 0, 0, 55, 34)], ["Le stand 1 n’a aucun côté sur une allée."]),
        ([stand("7", 5, 5), stand("7", 11, 5)], ["Le numéro 7 est donné à 2 stands."]),
        ([stand("61", 5, 5)], ["Le numéro 61 est déjà pris dans un autre hall."]),
        (
            [stand("a b", 5, 5)],
            ["« a b » n’est pas un numéro de stand : de 1 à 8 chiffres ou lettres sans accent."],
        ),
        ([replace(stand("1", 5, 5), power_kw=12)], ["Stand 1 : le hall 2 fournit au plus 9 kW."]),
        ([replace(stand("1", 5, 5), power_kw=-1)], ["Stand 1 : le hall 2 fournit au plus 9 kW."]),
        ([replace(stand("1", 5, 5), has_water=True)], ["Stand 1 : le hall 2 n’a pas d’eau."]),
    ],
)
def test_a_layout_and_what_is_wrong_with_it(stands: list[NewStand], sentences: list[str]) -> None:
    faults = rules.faults_of(HALL, stands, elsewhere={"61"})
    assert [fault.text for fault in faults] == sentences
    if sentences:
        with pytest.raises(rules.FloorFaults) as refusal:
            rules.check_floor(HALL, stands, {"61"})
        assert refusal.value.message == " ".join(sentences)
        assert refusal.value.status == 400
    else:
        rules.check_floor(HALL, stands, {"61"})


def test_all_the_faults_are_said_at_once_and_a_great_many_are_counted() -> None:
    faults = rules.faults_of(HALL, [stand("1", 5, 5), stand("2", 6, 6), stand("3", 53, 10)])
    assert [fault.numbers for fault in faults] == [("3",), ("1", "2")]
    pile = [stand(str(place), 5, 5) for place in range(20)]
    with pytest.raises(rules.FloorFaults, match=r"Et \d+ autres\."):
        rules.check_floor(HALL, pile)
    crowd = [stand(str(place), 5, 5) for place in range(601)]
    assert [fault.text for fault in rules.faults_of(HALL, crowd)] == [
        "Hall 2 : au plus 600 stands."
    ]


def grid(rows: int) -> list[NewStand]:
    """Islands of two rows of twenty, 3 m apart."""
    return [
        stand(f"{row}-{place}", 3 + 3 * place, 3 + 9 * (row // 2) + 3 * (row % 2))
        for row in range(rows)
        for place in range(20)
    ]


def test_a_full_hall_is_sound_and_one_stand_too_many_is_found() -> None:
    large = Hall(name="9", width=70, depth=100, area=7000, aisle=3, power_kw=9, has_water=False)
    full = grid(20)
    assert len(full) == 400
    assert rules.faults_of(large, full) == []
    moved = [*full[:-1], replace(full[-1], x=full[-1].x + 1)]
    assert [fault.numbers[-1] for fault in rules.faults_of(large, moved)] == ["19-19"]


def test_the_sides_of_an_island_are_open_outwards() -> None:
    sides = open_sides(HALL, ISLAND)
    assert sides[0] == {Side.NORTH, Side.WEST}
    assert sides[1] == {Side.NORTH}
    assert sides[5] == {Side.SOUTH, Side.EAST}


def test_rows_go_from_north_to_south_and_numbers_follow_them() -> None:
    rows = rows_of([stand("c", 9, 5.1), stand("a", 3, 5), stand("z", 3, 11), stand("b", 6, 5)])
    assert [[item.number for item in row] for row in rows] == [["a", "b", "c"], ["z"]]
    assert numbered([7, 8, 9], 101, 2) == {7: "101", 8: "103", 9: "105"}


def test_numbers_are_sorted_as_people_do() -> None:
    numbers = ["10", "9", "A10", "A2", "101", "2B"]
    assert sorted(numbers, key=number_order) == ["9", "10", "101", "2B", "A2", "A10"]


# Layouts as values

placed = st.builds(
    PlacedStand,
    number=st.text("0123456789AB-", min_size=1, max_size=6),
    x=st.integers(0, 8000).map(lambda cm: cm / 100),
    y=st.integers(0, 4000).map(lambda cm: cm / 100),
    width=st.integers(50, 900).map(lambda cm: cm / 100),
    depth=st.integers(50, 900).map(lambda cm: cm / 100),
    power_kw=st.integers(0, 36),
    has_water=st.booleans(),
    is_accessible=st.booleans(),
    category=st.sampled_from(StandCategory),
    id=st.none() | st.integers(1, 9999),
)


@given(st.lists(placed, max_size=5))
def test_a_layout_comes_back_from_json(stands: list[PlacedStand]) -> None:
    assert from_json(as_json(stands)) == stands


ONE = {
    "number": "1", "x": 1, "y": 1, "width": 3, "depth": 3, "power_kw": 3,
    "has_water": False, "is_accessible": True, "category": "standard", "id": None,
}  # fmt: skip


@each(
    "text",
    [
        "", "{}", "[1]", "[{}]", "[[[[", "null", '"x"',
        json.dumps([ONE | {"x": "1"}]),
        json.dumps([ONE | {"x": True}]),
        json.dumps([ONE | {"x": 1e9}]),
        json.dumps([ONE | {"x": None}]),
        "[" + json.dumps(ONE).replace('"x": 1', '"x": NaN') + "]",
        json.dumps([ONE | {"number": 1}]),
        json.dumps([ONE | {"power_kw": 1.5}]),
        json.dumps([ONE | {"power_kw": 2**40}]),
        json.dumps([ONE | {"id": "1"}]),
        json.dumps([ONE | {"id": True}]),
        json.dumps([ONE | {"id": False}]),
        json.dumps([ONE | {"id": ""}]),
        json.dumps([ONE | {"id": []}]),
        json.dumps([ONE | {"id": {}}]),
        json.dumps([ONE | {"x": 10**400}]),
        json.dumps([ONE | {"x": -float("inf")}]),
        json.dumps([ONE | {"category": "or"}]),
        json.dumps([ONE | {"category": []}]),
        json.dumps([ONE | {"has_water": 1}]),
        json.dumps([ONE | {"exhibitor_id": 1}]),
        json.dumps([{"number": "1"}]),
    ],
)  # fmt: skip
def test_what_is_not_a_layout_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        from_json(text)


def a(key: int | None, number: str, x: float = 0) -> PlacedStand:
    return PlacedStand(number, x, 0, 3, 3, id=key)


def test_differences_say_what_came_went_and_changed() -> None:
    stored_differences = differences(
        by_id([a(1, "1"), a(2, "2")]), by_id([a(1, "1", 5), a(None, "3")])
    )
    assert stored_differences[1].changed == ["x"]
    assert stored_differences[2].after is None
    assert stored_differences["+3"].before is None
    assert len(stored_differences) == 3


@pytest.mark.parametrize(
    ("own_stands", "other_stands", "expected", "reason"),
    [
        ([a(1, "1", 5)], [a(1, "1"), a(3, "3")], [a(1, "1", 5), a(3, "3")], "they added one"),
        ([a(1, "9")], [a(1, "1", 7)], [a(1, "9", 7)], "another column of the same stand"),
        ([a(1, "1", 5)], [a(1, "1", 7)], [a(1, "1", 5)], "the same column: mine stays"),
        ([], [a(1, "1", 7)], [], "I removed what they moved"),
        ([a(1, "1", 5)], [], [a(None, "1", 5)], "they removed what I moved: it comes back"),
        ([a(1, "1"), a(None, "2")], [a(1, "1")], [a(1, "1"), a(None, "2")], "I added one"),
    ],
)
def test_two_editors_are_put_together(
    own_stands: list[PlacedStand],
    other_stands: list[PlacedStand],
    expected: list[PlacedStand],
    reason: str,
) -> None:
    assert merge_layouts([a(1, "1")], own_stands, other_stands) == expected, reason


# Words on a stand

names = st.text("abcdefghijklmnopqrstuvwxyz ", min_size=1, max_size=80).filter(str.strip)


@given(names, st.integers(2, 30), st.integers(2, 30))
def test_words_stay_inside_their_stand(name: str, width: int, depth: int) -> None:
    stored_lettering = lettering("1234", name, width / 2, depth / 2)
    for line, y in stored_lettering.lines:
        assert y <= depth / 2 + 0.35
        if stored_lettering.name_size > 0.3:
            assert len(line) * stored_lettering.name_size * 0.56 <= width / 2 + 0.05
    assert len(stored_lettering.lines) * stored_lettering.name_size * LEADING <= depth / 2 + 0.35


def test_a_free_stand_has_its_number_in_the_middle() -> None:
    stored_lettering = lettering("201", "", 3, 3)
    assert stored_lettering.lines == ()
    assert stored_lettering.number_y == pytest.approx(
        1.5 + stored_lettering.number_size * 0.36, abs=0.01
    )


def test_a_hall_s_name_leaves_its_stands_alone() -> None:
    assert name_place(80, 40, [], 20, 6) == (40, 20)
    middle_stand = Box(31, 16, 14, 7)
    x, y = name_place(80, 40, [middle_stand], 20, 6)
    assert not overlap(middle_stand, Box(x - 10, y - 3, 20, 6))


MIDDLE, BESIDE = (40, 20), (11, 20)


@each(
    "stand_box, place",
    [
        (Box(30, 17, 1, 1), BESIDE),
        (Box(49, 22, 1, 1), BESIDE),
        (Box(29, 20, 1, 1), MIDDLE),
        (Box(50, 20, 1, 1), MIDDLE),
        (Box(40, 16, 1, 1), MIDDLE),
        (Box(40, 23, 1, 1), MIDDLE),
    ],
)
def test_a_hall_s_name_leaves_the_middle_for_a_stand_that_it_covers(
    stand_box: Box, place: tuple[float, float]
) -> None:
    assert name_place(80, 40, [stand_box], 20, 6) == place
