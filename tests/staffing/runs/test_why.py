"""Why a shift is this agent's, on a page."""

from datetime import datetime
from urllib.parse import quote

from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.staffing.models import Agent
from tests.factories import latest_code, sign_in
from tests.staffing.make import make_agent, make_needs, make_village, put


def address(agent: Agent, at: datetime) -> str:
    moment = quote(at.isoformat())
    return f"/organisation/village/planning/agents/{agent.id}/pourquoi?a={moment}"


def test_the_page_says_why(app: Flask, edition: Edition) -> None:
    village = make_village(edition)
    make_needs(village, start=(9, 0), end=(11, 0), theme=True)
    agent = make_agent(village, name="Camille Vidal")
    put(village, agent, village.wanted("Département", (9, 0), (11, 0)))
    page = sign_in(app, Role.ORGANISER).get(address(agent, village.at(9, 30)))
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Camille Vidal" in text
    assert "Soutien aux communes" in text


def test_a_free_hour_and_an_agent_of_another_body_are_not_there(
    app: Flask, edition: Edition
) -> None:
    village = make_village(edition)
    other_agent = make_agent(village, body="SDIS 34")
    put(village, other_agent, village.wanted("SDIS 34", (9, 0), (11, 0)))
    organiser = sign_in(app, Role.ORGANISER)
    assert organiser.get(address(other_agent, village.at(9))).status_code == 200
    assert organiser.get(address(other_agent, village.at(11))).status_code == 404
    assert organiser.get(address(other_agent, village.at(9)).partition("=")[0]).status_code == 404
    make_agent(village, email="coordination@herault.example", is_coordinator=True, account=True)
    client = app.test_client()
    client.fill("/connexion", email="coordination@herault.example")
    client.fill("/connexion/code", code=latest_code("coordination@herault.example"))
    assert client.get(address(other_agent, village.at(9))).status_code == 404
