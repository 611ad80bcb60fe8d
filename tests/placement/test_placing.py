"""The solver: pure, on halls and exhibitors made here."""

import re
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from salon.fair.engine import geometry
from salon.fair.engine.geometry import Box
from salon.placement.engine import (
    DrawnStand,
    Plan,
    Problem,
    Room,
    Wishes,
    rank_stands,
    shortfalls_of,
    solve,
)
from salon.placement.engine.exchanging import Slot, exchange_pairs
from salon.placement.engine.solving import row_letters
from salon.placement.engine.weighing import group_penalties, solve_model
from tests.placement.naive import faults

HALL = Room(1, "A", 30, 20, 3, 9, True)


def solved(problem: Problem) -> Plan:
    plan = solve(problem)
    assert faults(problem, plan) == []
    return plan


def box_of(plan: Plan, number: int) -> Box:
    return next(place.box for place in plan.places if place.exhibitor_id == number)


def gap(plan: Plan, number: int, other_number: int) -> float:
    return max(geometry.gaps(box_of(plan, number), box_of(plan, other_number)))


# Whole instances


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Return one or two halls of any size and aisle, a few drawn stands, up to 12 exhibitors."""
    rooms, stands = [], []
    for room_id in range(1, draw(st.integers(1, 2)) + 1):
        width = draw(st.integers(4, 45))
        depth = draw(st.integers(4, 30))
        aisle = draw(st.sampled_from([2.0, 2.5, 3.0, 3.2, 4.0]))
        power, water = draw(st.sampled_from([3, 9, 18])), draw(st.booleans())
        room = Room(room_id, f"H{room_id}", width, depth, aisle, power, water)
        rooms.append(room)
        for rank in range(draw(st.integers(0, 3))):
            x = draw(st.integers(0, 2 * max(0, width - 4))) / 2
            y = draw(st.integers(0, 2 * max(0, depth - 4))) / 2
            box = Box(x, y, draw(st.sampled_from([3.0, 3.7])), draw(st.sampled_from([3.0, 2.4])))
            boxes = [stand.box for stand in stands if stand.room_id == room_id]
            if all(max(geometry.gaps(box, item)) >= aisle for item in boxes):
                number = f"{room_id}{rank}"
                reserved = draw(st.booleans())
                stands.append(
                    DrawnStand(len(stands) + 1, room_id, number, box, 6, water, None, reserved)
                )
    count = draw(st.integers(0, 12))
    ids = st.integers(1, max(1, count))
    wishes = [
        Wishes(
            id=number,
            name=f"Exposant {number}",
            area=draw(st.sampled_from([4, 6, 9, 10, 12, 13, 18, 24, 36, 54, 120])),
            corner=draw(st.booleans()),
            power_kw=draw(st.sampled_from([0, 3, 9, 12])),
            water=draw(st.booleans()),
            room_id=draw(st.sampled_from([None, 1, 2])),
            near=frozenset(draw(st.sets(ids, max_size=2)) - {number}),
            apart=frozenset(draw(st.sets(ids, max_size=2)) - {number}),
            sector=draw(st.sampled_from([None, "roads", "water"])),
            themes=tuple(draw(st.sets(st.integers(1, 3), max_size=2))),
            pavilion=draw(st.sampled_from([None, None, 900])),
        )
        for number in range(1, count + 1)
    ]
    return Problem(rooms, stands, wishes)


@given(problems())
def test_any_plan_is_sound_to_a_naive_checker(problem: Problem) -> None:
    solved(problem)


def crowd(count: int, **more: object) -> list[Wishes]:
    areas = (9, 12, 9, 18, 6, 15, 9, 24, 12, 36)
    return [
        replace(
            Wishes(number, f"E{number}", areas[number % 10], corner=number % 4 == 0, power_kw=3),
            **more,  # type: ignore[arg-type]
        )
        for number in range(1, count + 1)
    ]


def test_the_same_problem_gives_the_same_plan() -> None:
    problem = Problem([HALL], [], crowd(20))
    assert solve(problem) == solve(Problem([HALL], [], crowd(20)[::-1]))


def test_all_are_placed_where_there_is_room_and_corners_are_met() -> None:
    rooms = [replace(HALL, width=60.0, depth=40.0)]
    plan = solved(Problem(rooms, [], crowd(40)))
    assert plan.unplaced == []
    assert plan.unmet == {number: [] for number in range(1, 41)}


def test_nobody_to_place_gives_an_empty_plan() -> None:
    assert solve(Problem([HALL], [], [])) == Plan([], [])


def test_rows_beyond_z_have_two_letters() -> None:
    ranks = (0, 8, 23, 24, 47, 48, 71)
    assert [row_letters(rank) for rank in ranks] == ["A", "J", "Z", "AA", "AZ", "BA", "BZ"]


# What is missing


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (Wishes(1, "Grand", 10_000), "10000 m² demandés d’un seul tenant"),
        (
            Wishes(1, "Fort", 9, power_kw=36),
            "36 kW demandés\u00a0: les halls fournissent au plus 9 kW",
        ),
        (Wishes(1, "Eau", 9, water=True), "De l’eau est demandée\u00a0: aucun hall n’en a"),
    ],
)
def test_the_reason_says_what_is_missing(wishes: Wishes, words: str) -> None:
    plan = solved(Problem([replace(HALL, has_water=False)], [], [wishes]))
    assert plan.places == []
    assert words in plan.unplaced[0].reason


def test_a_full_hall_says_how_much_is_left_and_missing() -> None:
    plan = solved(Problem([HALL], [], crowd(60)))
    assert 10 < len(plan.places) < 60
    for item in plan.unplaced:
        assert "m² demandés\u00a0: il n’y a plus la place dans le hall A, une allée" in item.reason
        assert re.search(r"il (en )?manque \d", item.reason, re.IGNORECASE)


def test_what_is_missing_is_what_the_floor_says() -> None:
    """One row of 12 m against the wall, 36 m²: 18 m² are taken, 27 m² are asked of 18 m² left."""
    room = replace(HALL, width=18.0, depth=6.0)
    plan = solved(Problem([room], [], [Wishes(1, "A", 27), Wishes(2, "B", 18)]))
    assert [(item.exhibitor_id, item.reason) for item in plan.unplaced] == [
        (
            1,
            "27 m² demandés\u00a0: il n’y a plus la place dans le hall A, "
            "une allée gardée autour des rangées. "
            "Le plus grand reste de rangée fait 18 m²\u00a0: il en manque 9 m².",
        )
    ]


def test_a_long_stand_takes_both_rows_where_only_that_is_left() -> None:
    """Two rows of 8 m: 18 m² side by side would need 6 m, of which 3 are left."""
    room = replace(HALL, width=15.0, depth=12.0)
    plan = solved(Problem([room], [], [Wishes(number, f"E{number}", 18) for number in (1, 2, 3)]))
    assert plan.unplaced == []


def test_a_free_stand_that_only_lacks_power_or_water_is_named() -> None:
    stands = [drawn(7, 3, power_kw=3)]
    room = replace(HALL, width=9.0, depth=9.0)
    plan = solved(Problem([room], stands, [Wishes(1, "A", 9, power_kw=6, water=True)]))
    sentence = "Le stand 7 du hall A est libre, mais avec 3 kW au lieu de 6 et sans eau."
    assert plan.unplaced[0].reason.endswith(sentence)


@pytest.mark.parametrize("size", [(1.0, 1.0), (4.0, 5.0), (6.0, 3.0), (3.0, 40.0)])
def test_a_hall_too_small_for_a_row_and_its_aisle_holds_nobody(size: tuple[float, float]) -> None:
    room = replace(HALL, width=size[0], depth=size[1])
    plan = solved(Problem([room], [], [Wishes(1, "Seul", 9)]))
    assert plan.places == []
    assert (
        "le plus grand emplacement à dessiner dans le hall A fait 0 m²" in plan.unplaced[0].reason
    )


def test_without_hall_the_reason_says_so() -> None:
    plan = solve(Problem([], [], [Wishes(1, "Seul", 9)]))
    assert plan.unplaced[0].reason == "Aucun hall n’est décrit pour cette édition."


# Wishes


def drawn(number: int, x: float, **more: object) -> DrawnStand:
    stand = DrawnStand(number, 1, str(number), Box(x, 3, 3, 3), 6, False)
    return replace(stand, **more)  # type: ignore[arg-type]


def test_a_drawn_stand_that_suits_is_used_before_one_is_drawn() -> None:
    plan = solved(Problem([HALL], [drawn(7, 3)], [Wishes(1, "A", 9)]))
    assert [(place.stand_id, place.number) for place in plan.places] == [(7, "7")]


def test_a_drawn_stand_without_what_is_asked_is_left_free() -> None:
    stands = [drawn(7, 3), drawn(8, 9, reserved=True), drawn(9, 15, has_water=True)]
    plan = solved(Problem([HALL], stands, [Wishes(1, "A", 9, power_kw=9, water=True)]))
    assert [place.stand_id for place in plan.places] == [None]


def test_who_is_placed_by_hand_stays() -> None:
    settled = Wishes(5, "Main", 40, corner=True)
    problem = Problem([HALL], [drawn(7, 3, occupant=5)], crowd(4), [settled])
    plan = solved(problem)
    assert next(place for place in plan.places if place.exhibitor_id == 5).stand_id == 7


def test_neighbours_are_put_together_and_enemies_apart() -> None:
    wishes = crowd(20, area=9, corner=False)
    wishes[0] = replace(wishes[0], near=frozenset({20}))
    wishes[1] = replace(wishes[1], apart=frozenset({3, 4}))
    plan = solved(Problem([replace(HALL, width=50.0, depth=30.0)], [], wishes))
    assert gap(plan, 1, 20) <= 6
    assert gap(plan, 2, 3) > 6
    assert gap(plan, 2, 4) > 6


def test_competitors_are_not_side_by_side() -> None:
    wishes = [
        replace(wishes, area=9.0, corner=False, sector="abc"[wishes.id % 3]) for wishes in crowd(18)
    ]
    plan = solved(Problem([replace(HALL, width=50.0, depth=30.0)], [], wishes))
    rivals = [(a.id, b.id) for a in wishes for b in wishes if a.id < b.id and a.sector == b.sector]
    touching = [
        pair for pair in rivals if geometry.touch(box_of(plan, pair[0]), box_of(plan, pair[1]))
    ]
    assert touching == []


@pytest.mark.parametrize(("count", "rivals"), [(3, 2), (7, 0)])
def test_competitors_on_drawn_stands_are_side_by_side_only_where_no_other_is_free(
    count: int, rivals: int
) -> None:
    stands = [drawn(number, 3 * number) for number in range(1, count + 1)]
    wishes = [Wishes(number, f"E{number}", 9, sector="eau", themes=(1,)) for number in (1, 2, 3)]
    plan = solved(Problem([replace(HALL, width=3.0 * count + 6, depth=9.0)], stands, wishes))
    assert (len(plan.places), plan.rivals) == (3, rivals)
    assert plan.alike == (3, 3)


def test_an_exchange_that_another_makes_worth_it_is_made() -> None:
    """The second leaves its hall for a corner, and only then is there room for the first."""
    wishes = [Wishes(1, "A", 9, room_id=2), Wishes(2, "B", 9, room_id=2, corner=True)]
    wishes.append(Wishes(3, "C", 9))
    slots = [
        Slot(replace(HALL, id=number), stand.box, occupant, stand, is_corner=number == 3)
        for number, occupant in enumerate(wishes, 1)
        for stand in [drawn(number, 3)]
    ]
    exchange_pairs(slots)
    assert [slot.wishes and slot.wishes.id for slot in slots] == [3, 1, 2]


def test_members_of_a_pavilion_are_in_one_hall() -> None:
    rooms = [HALL, replace(HALL, id=2, name="B")]
    wishes = [replace(wishes, pavilion=99 if wishes.id <= 6 else None) for wishes in crowd(16)]
    plan = solved(Problem(rooms, [], wishes))
    assert len({place.room_id for place in plan.places if place.exhibitor_id <= 6}) == 1


def test_a_wished_hall_is_given() -> None:
    rooms = [HALL, replace(HALL, id=2, name="B")]
    wishes = [replace(wishes, room_id=1 + wishes.id % 2) for wishes in crowd(16)]
    plan = solved(Problem(rooms, [], wishes))
    assert all(place.room_id == 1 + place.exhibitor_id % 2 for place in plan.places)


# Stands that suit


def test_the_best_stand_is_in_the_wished_hall_a_corner_and_of_the_area() -> None:
    stands = [
        drawn(1, 3),
        drawn(2, 9),
        drawn(3, 15, room_id=2),
        drawn(4, 21, power_kw=1),
        drawn(5, 27, occupant=8),
    ]
    wishes = Wishes(1, "A", 9, corner=True, power_kw=3, room_id=1)
    assert [rank_stand.id for rank_stand in rank_stands(stands, wishes, {2, 3}, 9)] == [2, 1, 3]
    assert [rank_stand.id for rank_stand in rank_stands(stands, wishes, {2, 3}, 1)] == [2]


def test_what_a_stand_lacks_is_said() -> None:
    wishes = Wishes(1, "A", 18, corner=True, power_kw=9, water=True)
    assert shortfalls_of(drawn(1, 3), wishes, set()) == [
        "9 m² de moins",
        "6 kW au lieu de 9",
        "sans eau",
        "sans angle",
    ]
    assert shortfalls_of(drawn(1, 3), Wishes(1, "A", 9, power_kw=6), set()) == []


def test_the_solver_is_not_loaded_with_the_pages() -> None:
    """Web workers do without OR-Tools: its import is inside what solves."""
    import subprocess

    code = "import sys, salon; print('ortools' in sys.modules)"
    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert completed.stdout == "False\n"


def test_a_group_costs_once_as_soon_as_one_of_its_members_is_chosen() -> None:
    model = cp_model.CpModel()
    first, second, alone = (model.new_bool_var(name) for name in ("first", "second", "alone"))
    penalties = group_penalties(model, [[first, second], [alone], []], 7)
    assert len(penalties) == 2
    model.maximize(5 * first + 4 * second + 6 * alone + sum(penalties))
    solver = solve_model(model, 1.0)
    assert solver is not None
    chosen = [solver.value(variable) for variable in (first, second, alone)]
    assert (chosen, solver.objective_value) == ([1, 1, 0], 2.0)
