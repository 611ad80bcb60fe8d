"""Having a rota made, on both databases: nothing moves until it is accepted."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.work import jobs
from salon.platform.work.jobs import JobRun
from salon.staffing import jobs as services
from salon.staffing.models import RotaRun, ShiftOrigin
from salon.staffing.queries.rota import get_run
from salon.staffing.rules import runs as rules
from tests.factories import act_in
from tests.jobs import run as run_jobs
from tests.processes import wait_for
from tests.staffing.make import (
    ORGANISER,
    Village,
    make_agent,
    make_needs,
    make_village,
    put,
    shifts,
)


def small_village(edition: Edition) -> Village:
    village = make_village(edition)
    make_needs(village, body="Département", start=(9, 0), end=(11, 0), minimum=1, wished=1)
    make_needs(village, body="SDIS 34", start=(9, 0), end=(11, 0), minimum=1, wished=1, theme=True)
    return village


def ask(edition: Edition, keeps_draft: bool = False) -> int:
    return services.ask_run(act_in(edition, ORGANISER), keeps_draft)


def done(edition: Edition, run_id: int) -> RotaRun:
    current_session().expire_all()
    return get_run(edition, run_id)


@pytest.mark.on_both
def test_a_run_covers_the_stands_and_changes_nothing_until_accepted(
    app: Flask, edition: Edition
) -> None:
    village = small_village(edition)
    anna, bruno = make_agent(village), make_agent(village, body="SDIS 34")
    run_id = ask(edition)
    assert run_jobs(services.ROTA_RUNS) == 1
    run = done(edition, run_id)
    assert (run.status, run.result["missing"], run.result["is_cover_proven"]) == ("done", 0, True)
    assert shifts(anna) == shifts(bruno) == []
    assert services.accept_run(act_in(edition, ORGANISER), run_id) == 2
    (shift,) = shifts(bruno)
    assert shift.origin == ShiftOrigin.PROPOSED
    assert (shift.starts_at, shift.ends_at) == (village.at(9), village.at(11))
    with pytest.raises(rules.RunIsNotReady):
        services.accept_run(act_in(edition, ORGANISER), run_id)


@pytest.mark.on_both
def test_what_is_locked_stays_where_it_is(app: Flask, edition: Edition) -> None:
    village = small_village(edition)
    anna = make_agent(village, stands=("Département", "Hérault THD"))
    make_agent(village)
    make_agent(village, body="SDIS 34")
    odd = village.wanted("Hérault THD", (9, 30), (10, 0))
    put(village, anna, type(odd)(odd.stand_id, odd.starts_at, odd.ends_at, is_locked=True))
    run_id = ask(edition)
    run_jobs(services.ROTA_RUNS)
    services.accept_run(act_in(edition, ORGANISER), run_id)
    locked = [shift for shift in shifts(anna) if shift.is_locked]
    assert [(shift.stand_id, shift.starts_at) for shift in locked] == [
        (odd.stand_id, odd.starts_at)
    ]
    assert locked[0].origin == ShiftOrigin.BY_HAND


def test_a_draft_that_changed_since_is_not_overwritten(app: Flask, edition: Edition) -> None:
    village = small_village(edition)
    anna = make_agent(village, name="Anna Vidal")
    make_agent(village, body="SDIS 34")
    run_id = ask(edition)
    run_jobs(services.ROTA_RUNS)
    put(village, anna, village.wanted("Département", (15, 0), (16, 0)))
    with pytest.raises(rules.RunIsStale, match="Anna Vidal"):
        services.accept_run(act_in(edition, ORGANISER), run_id)
    (shift,) = shifts(anna)
    assert shift.starts_at == village.at(15)


def test_what_cannot_be_covered_is_said_with_its_remedies(app: Flask, edition: Edition) -> None:
    village = small_village(edition)
    make_agent(village)
    make_agent(village, body="SDIS 34", name="Bruno Vidal", arrives_at=village.at(10))
    run_id = ask(edition)
    run_jobs(services.ROTA_RUNS)
    result = done(edition, run_id).result
    assert result["status"] == "impossible"
    assert {(item["stand"], item["missing"]) for item in result["uncovered"]} == {("SDIS 34", 1)}
    (shortage,) = result["shortages"]
    assert "SDIS 34" in shortage["what"]
    assert shortage["remedies"]


def test_one_run_at_a_time(app: Flask, edition: Edition) -> None:
    small_village(edition)
    assert ask(edition) == ask(edition)


@pytest.mark.on_both
def test_a_run_that_waits_is_stopped_and_never_starts(app: Flask, edition: Edition) -> None:
    small_village(edition)
    run_id = ask(edition)
    services.stop_run(act_in(edition, ORGANISER), run_id)
    assert run_jobs(services.ROTA_RUNS) == 0
    assert done(edition, run_id).status == "discarded"
    with pytest.raises(rules.RunIsOver):
        services.stop_run(act_in(edition, ORGANISER), run_id)


def test_a_run_that_is_stopped_saves_what_it_has(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = small_village(edition)
    make_agent(village)
    run_id = ask(edition)
    monkeypatch.setattr(jobs, "RENEW_EVERY_S", 0.01)

    def make(run: RotaRun, attempt: JobRun[RotaRun]) -> Any:
        services.stop_run(act_in(edition, ORGANISER), run_id)
        wait_for(attempt.is_stopped, "the end of the run")
        return services.ROTA_RUNS.make(run, attempt)

    assert run_jobs(replace(services.ROTA_RUNS, make=make)) == 1
    run = done(edition, run_id)
    assert run.status == "done"
    assert run.result


def test_a_worker_that_ends_leaves_the_run_to_the_next(app: Flask, edition: Edition) -> None:
    village = small_village(edition)
    make_agent(village)
    run_id = ask(edition)
    ended = iter([False])
    assert run_jobs(services.ROTA_RUNS, lambda: next(ended, True)) == 1
    assert done(edition, run_id).status == "waiting"
    assert run_jobs(services.ROTA_RUNS) == 1
    assert done(edition, run_id).status == "done"
