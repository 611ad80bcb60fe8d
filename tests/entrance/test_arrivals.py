"""Badges read at a stand of the village: who is noted, who is sent elsewhere, who is unknown."""

from typing import Any

import pytest
from flask import Flask

from salon.badges import queries as badge_queries
from salon.badges import services as badges
from salon.entrance.services.arrivals import Answer, check_in
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from salon.staffing.models import Agent, Shift, ShiftStatus
from tests.badges.people import badge_of, register_one
from tests.entrance.people import enrolled
from tests.factories import act_in, latest_code, set_time, sign_in
from tests.pages import PageClient
from tests.staffing.make import (
    ORGANISER,
    Village,
    make_agent,
    make_village,
    publish,
    put,
    shifts,
)

PAGE = "/organisation/village/pointage"


@pytest.fixture
def village(app: Flask, edition: Edition) -> Village:
    return make_village(edition)


def on_stand(village: Village, body: str = "Département", **person: Any) -> Agent:
    """Return an agent with a badge, on that stand from 9 to 11."""
    agent = make_agent(village, body=body, **person)
    put(village, agent, village.wanted(body, (9, 0), (11, 0)))
    publish(village)
    badges.update_agent_badges(now())
    return agent


def code_of(agent: Agent) -> str:
    attendee = badge_queries.find_attendee_of_agent(agent.id)
    assert attendee is not None
    return badge_of(attendee.id).code


def shift_of(agent: Agent) -> Shift:
    return shifts(agent, ShiftStatus.PUBLISHED)[0]


def read(village: Village, code: str, body: str = "Département", hour: int = 9) -> Answer:
    stand = village.bodies[body]
    return check_in(act_in(village.edition, ORGANISER, village.at(hour)), stand, code).answer


def test_a_badge_read_at_its_stand_notes_the_arrival_once(village: Village) -> None:
    agent = on_stand(village)
    code = code_of(agent)
    assert read(village, f"HTTPS://SALON.EXAMPLE/B/{code}") == Answer.ARRIVED
    assert read(village, code[:8].lower(), hour=10) == Answer.ALREADY
    assert shift_of(agent).arrived_at == village.at(9)


def test_a_badge_read_elsewhere_or_at_another_time_notes_nothing(village: Village) -> None:
    agent = on_stand(village)
    code = code_of(agent)
    assert read(village, code, "SDIS 34") == Answer.ELSEWHERE
    assert read(village, code, hour=7) == Answer.LATER_HERE
    assert read(village, code, hour=11) == Answer.OVER
    assert shift_of(agent).arrived_at is None
    idle = make_agent(village)
    badges.update_agent_badges(now())
    assert read(village, code_of(idle)) == Answer.NOT_TODAY


def test_a_code_that_is_no_agents_is_named(village: Village) -> None:
    visitor = register_one()
    assert read(village, badge_of(visitor.id).code) == Answer.NOT_AN_AGENT
    assert read(village, "AAAABBBB") == Answer.UNKNOWN
    assert read(village, "n’importe quoi") == Answer.UNKNOWN
    agent = on_stand(village)
    code = code_of(agent)
    attendee = badge_queries.find_attendee_of_agent(agent.id)
    assert attendee is not None
    badges.revoke_badge(Act(ORGANISER), badge_of(attendee.id).id, "lost")
    assert read(village, code) == Answer.REVOKED


def test_the_page_greets_and_sends_elsewhere(
    app: Flask, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_time(monkeypatch, village.at(9), "salon.entrance.routes.arrivals")
    agent = on_stand(village, name="Camille Vidal")
    code = code_of(agent)
    client = sign_in(app, Role.ORGANISER)
    greeted = client.fill(f"{PAGE}/V0", code=code).get_data(as_text=True)
    assert "Bonjour Camille" in greeted
    assert "Attendue ici jusqu’à 11\u00a0h." in greeted
    sent_on = client.fill(f"{PAGE}/V2", code=code[:8]).get_data(as_text=True)
    assert "Attendue au stand Département (V0) à 9\u00a0h." in sent_on
    unknown = client.fill(f"{PAGE}/V0", code="<b>ZZZZ").get_data(as_text=True)
    assert "Code inconnu" in unknown
    assert "<b>ZZZZ" not in unknown
    assert client.fill(f"{PAGE}/V0", code="").status_code == 400
    assert client.get(f"{PAGE}/inconnu").status_code == 404
    assert "camera=(self)" in client.get(f"{PAGE}/V0").headers["Permissions-Policy"]


def test_a_station_checks_in_anywhere_and_a_coordinator_at_the_own_stand(
    app: Flask, village: Village
) -> None:
    client = enrolled(app, village.edition)
    assert client.get(f"{PAGE}/V0").status_code == 200
    listed = client.get(PAGE).get_data(as_text=True)
    assert all(f"{PAGE}/V{number}" in listed for number in range(3))
    make_agent(village, body="SDIS 34", email="c@sdis34.example", is_coordinator=True, account=True)
    own = app.test_client()
    assert isinstance(own, PageClient)
    own.fill("/connexion", email="c@sdis34.example")
    own.fill("/connexion/code", code=latest_code("c@sdis34.example"))
    assert own.get(f"{PAGE}/V2").status_code == 200
    assert own.get(f"{PAGE}/V0").status_code == 404
    assert f"{PAGE}/V0" not in own.get(PAGE).get_data(as_text=True)
