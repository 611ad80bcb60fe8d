"""Pages of the solver's runs and of the settings."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.staffing import jobs as services
from salon.staffing.engine.solving.problem import Weights
from salon.staffing.queries.rota import latest_runs, rota_of
from tests.factories import sign_in
from tests.jobs import run as run_jobs
from tests.pages import PageClient
from tests.staffing.make import make_agent, make_needs, make_village, shifts
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
