"""Why somebody lacks, what would help, why this agent: case by case, then whatever the village."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from salon.staffing.engine.solving.changes import apply_remedy
from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.explaining import explain
from salon.staffing.engine.solving.problem import FREE, Problem, Weights
from salon.staffing.engine.solving.reasons import ReasonKind, RuleCost, reasons_of
from salon.staffing.engine.solving.remedies import cost_of_remedy
from salon.staffing.engine.solving.scoring import gaps_of
from salon.staffing.engine.solving.shortages import (
    Bottleneck,
    Hindrance,
    Obstacle,
    Remedy,
    RemedyKind,
)
from salon.staffing.engine.working_time import Age, limits_of
from tests.staffing.solving.instances import (
    make_post,
    make_problem,
    make_rota,
    make_worker,
    villages,
    wide_villages,
)

MORNING = ((1, "11:00", 4),)
FEW = settings(max_examples=12)


def short_at_noon(**others: object) -> Problem:
    """Return two agents are asked for at the SDIS from 11:00 to 13:00; Ana leaves at noon."""
    return make_problem(
        [make_post("SDIS 34", 2, length=4), make_post("Cogitis", 1, length=4)],
        [
            make_worker("Ana", [0], availability=[(0, 2)], length=4),
            make_worker("Bo", [0], length=4),
            make_worker("Cy", [0, 1], length=4, body="Cogitis"),
            make_worker("Dan", [], length=4),
        ],
        MORNING,
        **others,
    )


def test_a_shortage_says_where_when_how_many_and_what_keeps_each_away() -> None:
    problem = short_at_noon()
    rota = make_rota(problem, "00", "0000", "1111", "")
    [shortage] = explain(problem, rota)
    assert (shortage.post, shortage.start, shortage.end, shortage.missing) == (0, 2, 4, 1)
    assert shortage.obstacles == (
        Obstacle(0, Hindrance.ABSENT, 2, 4),
        Obstacle(2, Hindrance.NEEDED, 2, 4, post=1),
    )
    assert shortage.bottlenecks == (Bottleneck((0, 1), 2, 3, demand=3, supply=2),)


def test_the_remedies_are_the_cheapest_first_and_each_makes_the_missing_fall() -> None:
    problem = short_at_noon()
    [shortage] = explain(problem, make_rota(problem, "00", "0000", "1111", ""))
    assert shortage.remedies == (
        Remedy(RemedyKind.EXTEND, 2, 4, worker=0, amount=60, gain=2),
        Remedy(RemedyKind.EXTEND, 2, 3, worker=0, amount=30, gain=1),
        Remedy(RemedyKind.ALLOW, 2, 4, worker=3, post=0, gain=2),
        Remedy(RemedyKind.LOWER, 2, 4, post=0, amount=1, gain=2),
    )
    assert [cost_of_remedy(problem, shortage, remedy) for remedy in shortage.remedies] == [
        2,
        1,
        5,
        6,
    ]


def test_who_is_locked_elsewhere_may_be_unlocked() -> None:
    problem = short_at_noon(fixed={(1, 2): FREE, (1, 3): FREE, (3, 2): 1, (3, 3): 1})
    rota = make_rota(problem, "00", "00", "1100", "..11")
    [shortage] = explain(problem, rota)
    assert Obstacle(1, Hindrance.DECIDED, 2, 4, post=FREE) in shortage.obstacles
    assert shortage.bottlenecks == (Bottleneck((0,), 2, 3, demand=2, supply=1),)
    assert Remedy(RemedyKind.UNLOCK, 2, 4, worker=1, gain=2) in shortage.remedies


def test_a_break_that_is_due_is_a_reason_and_a_proof() -> None:
    problem = make_problem([make_post()], [make_worker()])
    covered_plan = cover(problem)
    [shortage] = explain(problem, covered_plan.rota)
    assert [obstacle.limit for obstacle in shortage.obstacles] == ["run"]
    [bottleneck] = shortage.bottlenecks
    assert (bottleneck.demand, bottleneck.supply, bottleneck.limit) == (12, 11, "run")
    assert shortage.start in range(bottleneck.start, bottleneck.end)


def test_a_break_due_before_is_no_proof_of_a_later_shortage() -> None:
    request = [1] * 12 + [0, 1] + [0] * 5
    problem = make_problem([make_post(minimum=request)], [make_worker()])
    shortage, later_shortage = explain(problem, make_rota(problem, "00000.000000"))
    assert [proof.limit for proof in shortage.bottlenecks] == ["run"]
    assert (later_shortage.start, later_shortage.bottlenecks) == (13, ())


def test_an_hour_more_of_a_colleague_moves_the_break() -> None:
    """Bo arrives at 14:30, Ana must rest before: half an hour earlier is enough."""
    problem = make_problem(
        [make_post()], [make_worker("Ana"), make_worker("Bo", availability=[(12, 19)])]
    )
    rota = make_rota(problem, "00000000000.0000000", "")
    [shortage] = explain(problem, rota)
    assert shortage.remedies[0] == Remedy(RemedyKind.EXTEND, 11, 12, worker=1, amount=30, gain=1)


def test_a_theme_nobody_there_knows() -> None:
    problem = make_problem(
        [make_post("THD", 1, 9, [0], length=1), make_post("SDIS 34", 1, length=1)],
        [
            make_worker("Ana", [0], length=1),
            make_worker("Bo", [1], [0], length=1),
            make_worker("Cy", [0], [0], availability=[], length=1),
        ],
        ((1, "9:00", 1),),
        themes={0: "fibre"},
    )
    [shortage] = explain(problem, make_rota(problem, "0", "1", ""))
    assert (shortage.missing, shortage.themes) == (0, frozenset({0}))
    assert shortage.obstacles == (
        Obstacle(1, Hindrance.NOT_ALLOWED, 0, 1),
        Obstacle(2, Hindrance.ABSENT, 0, 1),
    )
    assert shortage.bottlenecks == (Bottleneck((0,), 0, 1, demand=1, supply=0, theme=0),)
    assert [remedy.kind for remedy in shortage.remedies] == [RemedyKind.WAIVE, RemedyKind.TEACH]


def test_a_stand_that_is_full_may_be_enlarged() -> None:
    problem = make_problem(
        [make_post("SDIS 34", 2, maximum=1, length=1)],
        [make_worker("Ana", length=1), make_worker("Bo", length=1)],
        ((1, "9:00", 1),),
    )
    [shortage] = explain(problem, make_rota(problem, "0", "."))
    assert shortage.obstacles == (Obstacle(1, Hindrance.FULL, 0, 1),)
    assert [remedy.kind for remedy in shortage.remedies] == [RemedyKind.LOWER, RemedyKind.ENLARGE]


def test_what_is_over_has_no_remedy() -> None:
    problem = make_problem(
        [make_post("SDIS 34", 2, length=2)],
        [make_worker("Ana", length=2), make_worker("Bo", availability=[(1, 2)], length=2)],
        ((1, "9:00", 2),),
        fixed={(0, 0): 0, (1, 0): FREE},
    )
    [over] = explain(problem, make_rota(problem, "00", ".0"))
    assert (over.start, over.end, over.remedies) == (0, 1, ())


def test_a_rota_that_can_be_better_is_told_so() -> None:
    problem = make_problem([make_post(length=1)], [make_worker(length=1)], ((1, "9:00", 1),))
    [shortage] = explain(problem, make_rota(problem, "."))
    assert [obstacle.hindrance for obstacle in shortage.obstacles] == [Hindrance.NOTHING]
    assert [remedy.kind for remedy in shortage.remedies] == [RemedyKind.LOWER]


def test_a_remedy_is_not_credited_with_what_a_better_rota_gives() -> None:
    problem = make_problem(
        [make_post(minimum=[1, 0])],
        [make_worker("Ana", length=2), make_worker("Bo", availability=[(1, 2)], length=2)],
        ((1, "9:00", 2),),
    )
    [shortage] = explain(problem, make_rota(problem, "", ""))
    assert [remedy.kind for remedy in shortage.remedies] == [RemedyKind.LOWER]


def test_nothing_lacks_nothing_is_explained() -> None:
    problem = make_problem([make_post()], [make_worker(), make_worker("Bo")])
    assert explain(problem, cover(problem).rota) == []


def agent_reasons(problem: Problem, *rows: str) -> dict[ReasonKind, list[int | None]]:
    results: dict[ReasonKind, list[int | None]] = {}
    for reason in reasons_of(problem, make_rota(problem, *rows), 0, 0):
        results.setdefault(reason.kind, []).append(reason.worker)
    return results


@pytest.fixture
def stand() -> Problem:
    return make_problem(
        [make_post("THD", 1, 9, [0], length=2), make_post("SDIS 34", 0, length=2)],
        [
            make_worker("Ana", [0, 1], [0], length=2, preferred=frozenset({0})),
            make_worker("Bo", [0, 1], [0], length=2),
        ],
        ((1, "9:00", 2),),
        themes={0: "fibre"},
    )


def test_why_this_agent(stand: Problem) -> None:
    result = agent_reasons(stand, "00", "11")
    assert result == {
        ReasonKind.THEME: [None],
        ReasonKind.NEEDED: [None],
        ReasonKind.WISH: [None],
        ReasonKind.ELSEWHERE: [1],
    }


def test_why_when_nobody_else_may(stand: Problem) -> None:
    alone = replace(stand, workers=stand.workers[:1], fixed={(0, 1): 0})
    result = agent_reasons(alone, "00")
    assert {ReasonKind.ONLY, ReasonKind.LOCKED, ReasonKind.SHARE} <= result.keys()
    assert reasons_of(alone, make_rota(alone, ".0"), 0, 0) == []


def test_why_not_a_colleague_who_does_not_know(stand: Problem) -> None:
    bo = replace(stand.workers[1], themes=frozenset())
    unaware = replace(stand, workers=(stand.workers[0], bo))
    [last] = [
        reason
        for reason in reasons_of(unaware, make_rota(unaware, "00", ""), 0, 0)
        if reason.worker == 1
    ]
    assert (last.kind, last.amount) == (ReasonKind.LACKS, 2)


def test_why_not_a_colleague_whom_it_would_cost_more(stand: Problem) -> None:
    bo = replace(stand.workers[1], avoided=frozenset({0, 1}))
    dearer = replace(stand, workers=(stand.workers[0], bo), weights=Weights(avoided=8, uneven=0))
    [last] = [
        reason
        for reason in reasons_of(dearer, make_rota(dearer, "00", ""), 0, 0)
        if reason.worker == 1
    ]
    assert (last.kind, last.amount) == (ReasonKind.DEARER, 16)
    assert RuleCost(1, "avoided", 16) in last.rules


def test_why_not_a_colleague_who_must_rest() -> None:
    problem = make_problem(
        [make_post(), make_post("THD")], [make_worker(), make_worker("Bo", [0, 1])]
    )
    rota = make_rota(problem, "0..................", ".11111111111")
    [last] = [reason for reason in reasons_of(problem, rota, 0, 0) if reason.worker == 1]
    assert (last.kind, last.limit) == (ReasonKind.LIMIT, "run")


@FEW
@given(wide_villages())
def test_every_gap_is_told_and_every_remedy_holds(problem: Problem) -> None:
    covered_plan = cover(problem)
    shortages = explain(problem, covered_plan.rota)
    contexts = {
        (shortage.post, t): (shortage.missing, shortage.themes)
        for shortage in shortages
        for t in range(shortage.start, shortage.end)
    }
    assert contexts == {
        (gap.post, gap.at): (gap.missing, gap.themes) for gap in gaps_of(problem, covered_plan.rota)
    }
    for shortage in shortages:
        assert all(obstacle.hindrance != Hindrance.NOTHING for obstacle in shortage.obstacles)
        assert any(r.kind in (RemedyKind.LOWER, RemedyKind.WAIVE) for r in shortage.remedies)
    # A village where nobody can stand has a hundred remedies: each is a rota to solve.
    for shortage in shortages[:6]:
        for remedy in shortage.remedies:
            assert remedy.gain > 0
            assert (
                cover(apply_remedy(problem, remedy)).missing <= covered_plan.missing - remedy.gain
            )


@FEW
@given(villages())
def test_every_agent_who_could_come_has_an_obstacle(problem: Problem) -> None:
    covered_plan = cover(problem)
    for shortage in explain(problem, covered_plan.rota):
        for w, person in enumerate(problem.workers):
            if not shortage.missing or shortage.post not in person.posts:
                continue
            for t in range(shortage.start, shortage.end):
                obstacles = [
                    obstacle
                    for obstacle in shortage.obstacles
                    if obstacle.worker == w and obstacle.start <= t < obstacle.end
                ]
                assert len(obstacles) == (covered_plan.rota[w][t] != shortage.post)


@FEW
@given(wide_villages())
def test_every_proof_counts_right(problem: Problem) -> None:
    for shortage in explain(problem, cover(problem).rota):
        for bottleneck in shortage.bottlenecks:
            assert bottleneck.supply < bottleneck.demand
            assert shortage.post in bottleneck.posts
            if bottleneck.limit or bottleneck.theme is not None:
                continue
            able = [
                worker
                for worker in problem.workers
                if worker.available[bottleneck.start] and worker.posts & set(bottleneck.posts)
            ]
            demand = sum(problem.posts[p].minimum[bottleneck.start] for p in bottleneck.posts)
            assert (bottleneck.demand, bottleneck.supply) == (demand, len(able))


def test_a_list_without_time_for_all_remedies_is_said_to_be_partial() -> None:
    problem = short_at_noon()
    rota = make_rota(problem, "00", "0000", "1111", "")
    [shortage] = explain(problem, rota, effort=0)
    assert shortage.is_partial
    assert {remedy.kind for remedy in shortage.remedies} == {RemedyKind.LOWER}
    [stopped] = explain(problem, rota, stop=lambda: True)
    assert stopped.is_partial
    [whole] = explain(problem, rota)
    assert not whole.is_partial


def test_every_permission_that_helps_is_listed_however_many() -> None:
    posts = [make_post(minimum=1, length=4), make_post("Fibre", minimum=0, id=2, length=4)]
    workers = [make_worker(f"Agent {w}", (1,), id=w, length=4) for w in range(9)]
    problem = make_problem(posts, workers, ((1, "9:00", 4),))
    [shortage] = explain(problem, make_rota(problem, *[""] * 9))
    allowed = [remedy.worker for remedy in shortage.remedies if remedy.kind == RemedyKind.ALLOW]
    assert sorted(allowed) == list(range(9))


def test_no_extension_into_hours_that_the_law_forbids_a_minor() -> None:
    minor = limits_of(age=Age.UNDER_18)
    worker = make_worker("Ana", availability=((0, 2),), length=4, limits=minor)
    problem = make_problem([make_post(minimum=1, length=4)], [worker], ((1, "21:00", 4),))
    [shortage] = explain(problem, make_rota(problem, "00"))
    assert [remedy.kind for remedy in shortage.remedies] == [RemedyKind.LOWER]
