"""The polish: the best schedules of a team, by the same rules as everything else."""

import os
from contextlib import suppress
from dataclasses import replace
from random import Random

import psutil

from bench.rota_instances import instance
from salon.staffing.engine.solving.cover import changed_of, cover
from salon.staffing.engine.solving.descent import descend
from salon.staffing.engine.solving.limits import Limits
from salon.staffing.engine.solving.polish import NICENESS, TeamModel, TeamSearch
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.problem import FREE, Rota, decided_rows
from salon.staffing.engine.solving.scoring import (
    cost_of,
    counts_of,
    missing_of,
    over_maximum,
    row_counts,
)
from salon.staffing.engine.solving.solve import solve
from salon.staffing.engine.working_time import limits_of
from tests.staffing.solving.instances import make_post, make_problem, make_rota, make_worker
from tests.staffing.solving_soft.villages import best_worth, village


def test_a_team_of_everybody_gets_the_best_rota_of_all() -> None:
    for seed in range(40):
        draw = Random(seed)
        agents, days = draw.choice(((2, (0,) * 4), (2, (0, 0, 1, 1)), (1, (0,) * 7)))
        problem = village(draw, agents, days, 2, draw.choice((0.0, 0.2)), draw.random() < 0.5)
        covered = cover(problem)
        team = range(len(problem.workers))
        model = TeamModel(
            Limits(problem), team, Presence(problem), covered.missing, covered.changed
        )
        start, most = model.start(covered.rota), model.start_cost(covered.rota)
        answer = model.programme.solve(lambda: False, 5.0, start, most)
        assert answer.values is not None
        rota: Rota = tuple(model.rows(answer.values).values())
        assert model.start_cost(rota) == answer.cost
        assert (
            missing_of(problem, rota),
            changed_of(problem, rota),
            cost_of(problem, rota),
        ) == best_worth(problem), seed


def test_teams_only_ever_improve_the_rota() -> None:
    problem = instance("demonstration")
    first = descend(problem, cover(problem).rota, lambda: False)
    missing = missing_of(problem, first)

    def polished() -> Rota:
        search = TeamSearch(problem, missing)
        rota, offered_rotas = first, list[Rota]()
        for _ in range(3):
            offers: list[dict[int, tuple[int, ...]]] = []
            search.improve(rota, 0, offers.append, lambda: False)
            teams = [worker for rows in offers for worker in rows]
            assert len(teams) == len(set(teams))
            for rows in offers:
                better = tuple(rows.get(worker, row) for worker, row in enumerate(rota))
                assert missing_of(problem, better) <= missing
                assert not over_maximum(problem, better)
                assert cost_of(problem, better) <= cost_of(problem, rota)
                offered_rotas.append(better)
            rota = min(offered_rotas, key=lambda offered: cost_of(problem, offered), default=rota)
        assert search.work > 0
        assert len(offered_rotas) > 3
        return rota

    rota = polished()
    assert cost_of(problem, rota) < cost_of(problem, first)
    assert polished() == rota


def test_teams_are_solved_after_the_pages_of_the_machine() -> None:
    problem = instance("demonstration")
    rota = cover(problem).rota
    search = TeamSearch(problem, missing_of(problem, rota))
    own, niceness = os.getpriority(os.PRIO_PROCESS, 0), set[int]()

    def note() -> bool:
        for thread in psutil.Process().threads():
            with suppress(ProcessLookupError):
                niceness.add(os.getpriority(os.PRIO_PROCESS, thread.id))
        return False

    while len(niceness) < 2 and search.work < 20:
        search.improve(rota, 0, lambda rows: None, note)
    assert niceness == {own, min(19, own + NICENESS)}


def test_a_team_of_everybody_proves_the_rota_and_ends_the_search() -> None:
    problem = village(Random(1), 2, (0,) * 4, 2, 0.0, False)
    rota = solve(problem).rota
    search = TeamSearch(problem, missing_of(problem, rota))
    offers: list[dict[int, tuple[int, ...]]] = []
    search.improve(rota, 0, offers.append, lambda: False)
    assert search.is_over
    assert [sorted(rows) for rows in offers] == [[0, 1]]


def test_a_rota_that_lacks_more_than_the_cover_is_mended() -> None:
    """Two agents are taken out; teams that can fill their places are solved again."""
    problem = instance("demonstration")
    covered = cover(problem)
    free_rows = decided_rows(problem)[:2]
    rota: Rota = (*map(tuple, free_rows), *covered.rota[2:])
    assert missing_of(problem, rota) > covered.missing
    search = TeamSearch(problem, covered.missing)
    mended = search.mended(rota, covered.changed, lambda: False)
    assert mended is not None
    assert missing_of(problem, mended) == covered.missing
    assert not over_maximum(problem, mended)
    beyond = TeamSearch(problem, covered.missing - 1)
    assert beyond.mended(covered.rota, covered.changed, lambda: False) is None


def test_a_stint_is_too_short_only_beside_a_longer_need() -> None:
    need = (1, 1, 1, 1, 0, 1, 0, 0)
    problem = make_problem(
        [make_post(minimum=need, length=8)], [make_worker(length=8)], ((1, "8:30", 8),)
    )
    (row,) = make_rota(problem, "0.00.0")
    assert row_counts(problem, 0, row)["short"] == 1
    longer = replace(problem, least_stint=3)
    assert row_counts(longer, 0, row)["short"] == 2 + 1
    assert row_counts(replace(problem, least_stint=1), 0, row)["short"] == 0


def test_lunch_that_is_due_is_kept_even_where_the_stand_then_lacks() -> None:
    days = ((1, "11:00", 8),)
    worker = make_worker(length=8, limits=limits_of(lunch=2))
    problem = make_problem([make_post(minimum=1, length=8)], [worker], days)
    solution = solve(problem)
    assert solution.is_cover_proven
    assert solution.missing == 2
    (row,) = solution.rota
    assert any(row[at] == row[at + 1] == FREE for at in range(1, 6))
    assert counts_of(problem, solution.rota)["lunch"] == 0
    wish = replace(problem, workers=(replace(worker, limits=limits_of()),))
    assert solve(wish).missing == 0
    decided = replace(problem, fixed={(0, at): 0 for at in range(1, 7)})
    assert solve(decided).missing == 0
