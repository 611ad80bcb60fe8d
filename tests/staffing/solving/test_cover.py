"""Cover, case by case: what limits it, what decided cells force, what a previous rota keeps."""

from collections.abc import Sequence

import pytest

from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.greedy import greedy
from salon.staffing.engine.solving.problem import FREE
from salon.staffing.engine.solving.scoring import gaps_of, missing_of
from tests.staffing.solving.checker import faults
from tests.staffing.solving.instances import (
    Days,
    after,
    fewest,
    make_post,
    make_problem,
    make_rota,
    make_worker,
    written,
)

LONG: Days = ((1, "7:00", 28),)
NIGHT: Days = ((1, "19:00", 4), (2, "7:00", 4))


def asked(length: int, *at: int) -> list[int]:
    return [int(t in at) for t in range(length)]


def test_everybody_has_a_place_and_nothing_lacks() -> None:
    problem = make_problem(
        [make_post("SDIS 34"), make_post("Cogitis")],
        [make_worker("Ana", [0, 1]), make_worker("Bo", [0, 1]), make_worker("Cy", [1])],
    )
    covered_plan = cover(problem)
    assert (covered_plan.missing, covered_plan.is_proven) == (0, True)
    assert faults(written(problem, covered_plan.rota)) == []


def test_one_agent_takes_a_break_before_six_hours() -> None:
    problem = make_problem([make_post()], [make_worker()])
    covered_plan = cover(problem)
    assert (covered_plan.missing, covered_plan.bound, covered_plan.is_proven) == (1, 1, True)
    [gap] = gaps_of(problem, covered_plan.rota)
    assert 7 <= gap.at <= 11


@pytest.mark.parametrize(
    ("days", "needed", "missing"),
    [
        (LONG, asked(28, 0, 1, 26, 27), 2),
        (LONG, asked(28, 0, 1, 23, 24), 1),
        (LONG, asked(28, 2, 3, 24, 25), 0),
        (LONG, asked(28, *range(0, 22)), 2),
        (LONG, asked(28, *range(0, 11), *range(12, 20)), 0),
        (NIGHT, asked(8, 0, 1, 2, 3, 4, 5, 6, 7), 2),
        (NIGHT, asked(8, 1, 4), 0),
        (NIGHT, asked(8, 2, 4), 1),
    ],
)
def test_the_limits_of_a_day_and_of_a_night(
    days: Days, needed: Sequence[int], missing: int
) -> None:
    length = len(needed)
    problem = make_problem(
        [make_post(minimum=needed)], [make_worker(availability=[(0, length)], length=length)], days
    )
    covered_plan = cover(problem)
    assert (covered_plan.missing, covered_plan.is_proven) == (missing, True)
    assert faults(written(problem, covered_plan.rota)) == []


@pytest.mark.parametrize(
    ("days", "decided", "open_to", "missing"),
    [
        (LONG, range(21), [22], 1),
        (LONG, range(12), [12], 1),
        (LONG, range(12), [13], 0),
        (LONG, [0, 25], [12], 0),
        (LONG, [0, 25], [26], 1),
        (LONG, [0, 26], [1, 25], 0),
        (NIGHT, [3, 4], [2], 0),
        (NIGHT, [2, 4], [3], 1),
    ],
)
def test_decided_cells_pass_a_limit_and_nothing_follows_them_beyond(
    days: Days, decided: Sequence[int], open_to: Sequence[int], missing: int
) -> None:
    length = sum(item for _, _, item in days)
    fixed = {(0, t): 0 if t in decided else FREE for t in range(length) if t not in open_to}
    problem = make_problem(
        [make_post(minimum=asked(length, *decided, *open_to))],
        [make_worker(availability=[(0, length)], length=length)],
        days,
        fixed=fixed,
    )
    covered_plan = cover(problem)
    assert (covered_plan.missing, covered_plan.is_proven) == (missing, True)
    assert (covered_plan.missing, 0) == fewest(problem)


def test_a_decided_cell_holds_whatever_it_breaks() -> None:
    problem = make_problem(
        [make_post("SDIS 34", 1, maximum=1, length=2), make_post("Cogitis", 1, length=2)],
        [
            make_worker("Ana", [], availability=[], length=2),
            make_worker("Bo", [1], length=2),
            make_worker("Cy", [0, 1], length=2),
        ],
        ((1, "9:00", 2),),
        fixed={(0, 0): 0, (1, 0): 0},
    )
    covered_plan = cover(problem)
    assert covered_plan.rota == make_rota(problem, "0", "01", "10")
    assert (covered_plan.missing, covered_plan.is_proven) == (0, True)


def test_the_maximum_wins_over_the_minimum() -> None:
    problem = make_problem(
        [make_post(minimum=3, maximum=1, length=2)],
        [make_worker(name, length=2) for name in ("Ana", "Bo", "Cy")],
        ((1, "9:00", 2),),
    )
    covered_plan = cover(problem)
    assert (covered_plan.missing, covered_plan.is_proven) == (4, True)


def test_who_knows_the_theme_goes_where_it_must_be_known() -> None:
    problem = make_problem(
        [make_post("Département", 1, length=1), make_post("Hérault THD", 1, 9, [0], length=1)],
        [
            make_worker("Ana", [0, 1], [0], length=1),
            make_worker("Bo", [0, 1], [], length=1),
        ],
        ((1, "9:00", 1),),
        themes={0: "fibre"},
    )
    assert cover(problem).rota == make_rota(problem, "1", "0")


def test_a_theme_is_not_asked_where_nobody_is() -> None:
    problem = make_problem([make_post(minimum=0, required=[0])], [make_worker()])
    assert cover(problem).missing == 0


def test_nobody_at_all_lacks_everywhere() -> None:
    problem = make_problem([make_post(minimum=2, required=[0])], [])
    covered_plan = cover(problem)
    assert (covered_plan.missing, covered_plan.is_proven, covered_plan.rota) == (57, True, ())


def test_an_absence_changes_only_what_it_must() -> None:
    posts = [make_post(name, length=6) for name in ("SDIS 34", "Cogitis", "CAUE 34")]
    before = make_rota(make_problem(posts, [], ((1, "9:00", 6),)), "000000", "111111", "222222")
    problem = make_problem(
        posts,
        [
            make_worker("Ana", [0], availability=[], length=6),
            make_worker("Bo", [0, 1], length=6),
            make_worker("Cy", [2], length=6),
            make_worker("Dan", [1], availability=[(2, 6)], length=6),
        ],
        ((1, "9:00", 6),),
        previous=(*before, (FREE,) * 6),
    )
    covered_plan = cover(problem)
    assert (covered_plan.missing, covered_plan.is_proven, covered_plan.is_changed_proven) == (
        2,
        True,
        True,
    )
    assert covered_plan.rota[2] == before[2]
    assert covered_plan.changed == 6 + 4 + 4


def test_a_search_stopped_at_once_still_gives_a_rota() -> None:
    problem = make_problem([make_post(minimum=2)], [make_worker(), make_worker("Bo")])
    stopped = cover(problem, stop=after(0))
    assert stopped.rota == greedy(problem)
    assert not stopped.is_proven
    assert (stopped.missing, stopped.bound) == (missing_of(problem, stopped.rota), 0)
