"""Pages of the solver's runs and of the settings."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.work import jobs
from salon.platform.work.jobs import JobRun
from salon.staffing import jobs as services
from salon.staffing.engine.solving.problem import Weights
from salon.staffing.models import RotaRun
from salon.staffing.models.effort import Effort
from salon.staffing.presenters.run import ScoreLine, view_of
from salon.staffing.queries.rota import latest_runs, rota_of
from tests.factories import act_in, sign_in
from tests.jobs import run as run_jobs
from tests.pages import PageClient
from tests.processes import wait_for
from tests.staffing.make import ORGANISER, make_agent, make_needs, make_village, put, shifts
from tests.tables import each

RUNS = "/organisation/village/calculs"
SETTINGS = "/organisation/reglages/planning"


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def settings(version: int = 1, **changes: str) -> dict[str, str]:
    """Return the fields of the page of settings, with these changes."""
    weights = {key: str(weight) for key, weight in vars(Weights()).items()}
    hours = {"before_minutes": "30", "after_minutes": "30", "least_stint": "2"}
    return {"version": str(version), **hours, **weights, **changes}


def text_of(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_an_organiser_asks_reads_and_accepts(
    app: Flask, edition: Edition, organiser: PageClient
) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(10, 0), wished=1)
    agent = make_agent(village, name="Camille Vidal")
    answer = organiser.fill(RUNS)
    assert answer.status_code == 302
    page = answer.location
    assert "Arrêter, garder celui-ci" in text_of(organiser, page)
    assert organiser.get(f"{page}.json").get_json() == {"status": "waiting", "progress": {}}
    run_jobs(services.ROTA_RUNS)
    read = text_of(organiser, page)
    assert "Camille Vidal" in read
    assert "Tous les minimums sont tenus" in read
    assert organiser.confirm(organiser.fill(page, to=f"{page}/accepter")).status_code == 302
    assert len(shifts(agent)) == 1
    assert "Accepté le" in text_of(organiser, page)


def test_a_proposal_shows_what_changes_first_and_who_bears_each_cost(
    app: Flask, edition: Edition, organiser: PageClient
) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(16, 30), wished=1)
    people = [make_agent(village, name=name) for name in ("Yamina Roux", "Élise Émard", "Léa Brun")]
    put(village, people[0], village.wanted("Département", (9, 0), (16, 30)))
    run_id = services.ask_run(act_in(edition, ORGANISER), False, Effort.QUICK)
    run_jobs(services.ROTA_RUNS)
    page = text_of(organiser, f"{RUNS}/{run_id}").replace("\u00a0", " ")
    changes, _, rest = page.partition("Ce que coûte chaque règle")
    assert "Ce qui change : " in changes.replace("&nbsp;", " ")
    assert "<details" not in changes[changes.index("differences") :]
    costs, _, whole_rota = rest.partition("Le planning entier")
    assert "Yamina Roux" in changes + costs
    names = [whole_rota.find(name) for name in ("Léa Brun", "Élise Émard", "Yamina Roux")]
    assert sorted(place for place in names if place > 0) == [place for place in names if place > 0]
    assert not re.search(r"\d,\d h", page)
    lengths = [line for line in view_lines(run_id) if line.count]
    assert lengths
    for line in lengths:  # all that a rule costs is borne by somebody, who is named
        assert sum(count for _, count in line.bearers) == line.count, line.rule.name


def view_lines(run_id: int) -> list[ScoreLine]:
    return view_of(current_session().get_one(RotaRun, run_id), [], {}, {}).lines


def test_a_quick_rota_is_read_while_the_search_goes_on(
    app: Flask, edition: Edition, organiser: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(11, 0), wished=1)
    make_agent(village)
    monkeypatch.setattr(services, "NEAR_BEST", -1.0)  # no rota is near enough the best
    monkeypatch.setattr(jobs, "RENEW_EVERY_S", 0.01)
    run_id = services.ask_run(act_in(edition, ORGANISER), False)
    pages: list[str] = []

    def make(run: RotaRun, attempt: JobRun[RotaRun]) -> Any:
        answer = services.ROTA_RUNS.make(run, attempt)
        wait_for(lambda: "result" in attempt._progress, "the quick rota")
        wait_for(lambda: state_of(run_id).get("has_result", False), "the quick rota on the page")
        pages.append(text_of(organiser, f"{RUNS}/{run_id}"))
        return answer

    assert run_jobs(replace(services.ROTA_RUNS, make=make)) == 1
    (page,) = pages
    assert "La recherche continue" in page
    assert "Ce qui change" in page
    assert "En faire le brouillon" not in page
    assert "En faire le brouillon" in text_of(organiser, f"{RUNS}/{run_id}")


def state_of(run_id: int) -> dict[str, Any]:
    current_session().rollback()
    return current_session().get_one(RotaRun, run_id).state


def test_a_run_is_stopped_or_set_aside(app: Flask, edition: Edition, organiser: PageClient) -> None:
    make_village(edition)
    page = organiser.fill(RUNS, keeps_draft="y").location
    assert organiser.fill(page, to=f"{page}/arreter").status_code == 302
    assert "Écarté" in text_of(organiser, RUNS)
    other_location = organiser.fill(RUNS).location
    run_jobs(services.ROTA_RUNS)
    assert organiser.fill(other_location, to=f"{other_location}/ecarter").status_code == 302
    assert [latest_run.status for latest_run in latest_runs(edition)] == ["discarded", "discarded"]


def test_weights_and_hours_are_changed(app: Flask, edition: Edition, organiser: PageClient) -> None:
    changes = {"lunch": "90", "before_minutes": "60", "lunch_is_due": "y", "least_stint": "3"}
    assert organiser.fill(SETTINGS, **settings(**changes)).status_code == 302
    current_session().rollback()
    rota = rota_of(edition)
    assert (rota.weights["lunch"], rota.before_minutes) == (90, 60)
    assert (rota.lunch_is_due, rota.least_stint) == (True, 3)


@each("weight", ["-1", "1001", "beaucoup", "", "9" * 400])
def test_a_weight_out_of_bounds_is_refused(
    app: Flask, edition: Edition, organiser: PageClient, weight: str
) -> None:
    answer = organiser.fill(SETTINGS, **settings(lunch=weight))
    assert answer.status_code == 400
    current_session().rollback()
    assert rota_of(edition).weights == {}


def test_of_two_who_change_the_settings_the_second_reads_again(
    app: Flask, edition: Edition, organiser: PageClient
) -> None:
    assert organiser.fill(SETTINGS, **settings(lunch="90")).status_code == 302
    late = organiser.fill(SETTINGS, **settings(lunch="10"))
    assert late.status_code == 409
    assert "Quelqu’un d’autre vient de modifier" in late.get_data(as_text=True)
    assert 'name="version" type="hidden" value="2"' in late.get_data(as_text=True)
    assert organiser.fill(SETTINGS, **settings(2, lunch="10")).status_code == 302
