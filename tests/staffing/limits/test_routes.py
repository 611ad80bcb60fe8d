"""The page of the limits, the rules of a body, and the limits of an agent's record."""

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.staffing.presenters.grid import Grid
from salon.staffing.queries.grid import read_grid
from salon.staffing.queries.problem import problem_of
from salon.staffing.queries.rota import rota_of
from salon.staffing.rules.legal import WorseForAgents
from salon.staffing.services.rows import NewRow, set_rows
from salon.staffing.services.settings import RotaSettings, change_settings, get_or_create_rota
from scripts.limits_page import PATH, page
from tests.factories import act_in, sign_in
from tests.pages import PageClient
from tests.staffing.make import ORGANISER, Village, make_agent, make_needs, make_village, put

LIMITS = "/organisation/reglages/temps-de-travail"


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


@pytest.fixture
def organiser(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def test_the_documentation_has_the_table_of_the_code() -> None:
    assert PATH.read_text("utf-8") == page(), "type: python -m scripts.limits_page"


def test_a_body_is_stricter_than_the_law_and_looser_only_by_agreement(
    organiser: PageClient, village: Village
) -> None:
    agent = make_agent(village, body="Hérault THD")
    version = str(get_or_create_rota(village.edition).version)
    fields = {"version": version, "body": "herault-thd", "employer": "territorial"}
    refused = organiser.fill(LIMITS, to=LIMITS, **fields, day="24")
    assert refused.status_code == 400
    assert "La loi ne le permet pas" in refused.text
    fields["employer"] = "private"
    assert organiser.fill(LIMITS, to=LIMITS, **fields, day="24", run="8").status_code == 302
    current_session().expire_all()
    assert rota_of(village.edition).limits == {
        "herault-thd": {"employer": "private", "day": 24, "run": 8}
    }
    (worker,) = problem_of(village.edition, village.at(0)).problem.workers
    limits = worker.limits
    assert (worker.id, limits.day, limits.run, limits.width) == (agent.id, 24, 8, 26)
    assert "code du travail, art.\u00a0L3121-19" in limits.bounds[0].source
    shown = organiser.get(LIMITS).text
    assert "4\u00a0h de travail sans pause au plus" in shown
    assert "code du travail, art.\u00a0L3162-1" in shown
    stale = organiser.fill(LIMITS, to=LIMITS, **fields)
    assert stale.status_code == 409


def test_an_agent_has_an_age_and_numbers_without_a_reason(
    organiser: PageClient, village: Village
) -> None:
    agent = make_agent(village)
    address = f"/organisation/village/agents/{agent.id}"
    person = {
        "civility": agent.civility,
        "first_name": agent.first_name,
        "last_name": agent.last_name,
        "email": agent.email,
        "body": str(agent.body_id),
        "age": "under_18",
        "version": str(agent.version),
    }
    answer = organiser.fill(address, **person, most_day="10")
    assert answer.status_code == 302
    current_session().refresh(agent)
    assert agent.limits == {"age": "under_18", "day": 10}
    (worker,) = problem_of(village.edition, village.at(0)).problem.workers
    assert (worker.limits.day, worker.limits.run, worker.limits.night) == (10, 9, 24)
    assert organiser.fill(address, **person, most_day="900").status_code == 400


def test_lunch_that_is_due_is_asked_before_it_is_taken_by_hand(village: Village) -> None:
    make_needs(village, start=(10, 0), end=(16, 0))
    agent = make_agent(village)
    morning = village.wanted("Département", (10, 0), (12, 0))
    put(village, agent, morning)
    rota = get_or_create_rota(village.edition)
    settings = RotaSettings(lunch_is_due=True)
    change_settings(act_in(village.edition, ORGANISER), rota.version, settings)
    current_session().expire_all()
    shifts = [morning, village.wanted("Département", (12, 30), (14, 0))]
    row = NewRow(agent.id, agent.rota_version, shifts)
    with pytest.raises(WorseForAgents, match=r"1\u00a0h pour déjeuner.*règle du village"):
        set_rows(act_in(village.edition, ORGANISER), [row])
    short = NewRow(agent.id, agent.rota_version, [village.wanted("Département", (10, 0), (10, 30))])
    set_rows(act_in(village.edition, ORGANISER), [short])
    (shown,) = Grid(read_grid(village.edition), lambda body_id: True).row(agent).breaks
    assert shown.key == "short"
    assert "30\u00a0min seulement" in shown.words
    assert "1\u00a0h au moins, règle du village" in shown.words
