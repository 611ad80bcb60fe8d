"""The board, its marks and remedies, the wall, and an agent's « je suis là »."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local
from salon.staffing.models import Agent, Shift, ShiftStatus
from salon.village_day.services import day as services
from tests.entrance.people import enrolled
from tests.factories import latest_code, make_edition, set_time, sign_in
from tests.pages import PageClient
from tests.staffing.make import (
    ORGANISER,
    Village,
    make_agent,
    make_needs,
    make_village,
    publish,
    put,
    shifts,
)

BOARD = "/organisation/village/jour"
WALL = "/organisation/village/mural"


@pytest.fixture
def village(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Village:
    """Return a village on the day itself, at 9:10 by the fair's clock."""
    village = make_village(make_edition(day=datetime(2026, 10, 1, tzinfo=UTC).date()))
    go_to(monkeypatch, village, 9, 10)
    return village


def go_to(monkeypatch: pytest.MonkeyPatch, village: Village, hour: int, minute: int = 0) -> None:
    moment = village.at(hour, minute)
    set_time(
        monkeypatch,
        moment,
        *(f"salon.{module}" for module in ("village_day.routes.day", "entrance.routes.arrivals")),
    )


def scheduled(village: Village, start: tuple[int, int] = (9, 0), **person: Any) -> Agent:
    agent = make_agent(village, **person)
    body = person.get("body", "Département")
    put(village, agent, village.wanted(body, start, (start[0] + 2, start[1])))
    publish(village)
    return agent


def shift_of(agent: Agent) -> Shift:
    return shifts(agent, ShiftStatus.PUBLISHED)[0]


def as_agent(app: Flask, agent: Agent) -> PageClient:
    """Signed in as an agent who has an account (see `make_agent`)."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.fill("/connexion", email=agent.email)
    client.fill("/connexion/code", code=latest_code(agent.email))
    return client


def text(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def press(client: PageClient, path: str, **data: Any) -> Any:
    return client.post(path, data={"csrf_token": client.token(BOARD), **data})


def test_an_organiser_reads_the_board_and_notes_who_comes(app: Flask, village: Village) -> None:
    make_needs(village, start=(9, 0), end=(11, 0))
    agent = scheduled(village, name="Anna Vidal", phone="04 00 00 00 01")
    client = sign_in(app, Role.ORGANISER)
    page = text(client, BOARD)
    assert "0/1" in page
    assert "En retard, attendue à 9\u00a0h" in page
    assert "tel:0400000001" in page
    shift = shift_of(agent)
    answer = press(client, f"{BOARD}/{shift.id}/arrivee")
    assert answer.status_code == 302
    page = text(client, BOARD)
    assert "Mme\u00a0Anna Vidal\u00a0: l’arrivée est notée à 9\u00a0h\u00a010." in page
    assert "1/1" in page
    assert "Rien n’attend de vous" in page
    press(client, f"{BOARD}/{shift.id}/annuler")
    assert shift_of(agent).arrived_at is None
    press(client, f"{BOARD}/{shift.id}/arrivee")
    assert (shift_of(agent).arrived_at, shift_of(agent).absent_at) == (village.at(9, 10), None)


def test_a_mark_that_is_refused_says_why_on_the_board(app: Flask, village: Village) -> None:
    agent = scheduled(village, start=(14, 0))
    client = sign_in(app, Role.ORGANISER)
    answer = press(client, f"{BOARD}/{shift_of(agent).id}/arrivee")
    assert answer.status_code == 409
    assert "à partir de 13\u00a0h\u00a015" in answer.get_data(as_text=True)
    assert press(client, f"{BOARD}/99999/arrivee").status_code == 404


def test_a_coordinator_notes_the_own_agents_and_an_agent_none(app: Flask, village: Village) -> None:
    make_needs(village, body="SDIS 34", start=(9, 0), end=(12, 0))
    own_agent = scheduled(village, body="SDIS 34")
    other_agent = scheduled(village)
    coordinator = make_agent(village, body="SDIS 34", account=True, is_coordinator=True)
    client = as_agent(app, coordinator)
    page = text(client, BOARD)
    assert own_agent.full_name in page
    assert other_agent.full_name not in page
    for act in ("arrivee", "absence", "annuler"):
        assert press(client, f"{BOARD}/{shift_of(other_agent).id}/{act}").status_code == 404
    assert press(client, f"{BOARD}/{shift_of(own_agent).id}/arrivee").status_code == 302
    assert other_agent.full_name not in text(client, WALL)
    plain = as_agent(app, make_agent(village, body="SDIS 34", account=True))
    for path in (BOARD, WALL, f"{WALL}.json", "/organisation/village/pointage"):
        assert plain.get(path).status_code == 403, path


def test_a_stand_held_by_another_body_now_is_not_said_to_expect_nobody(
    app: Flask, village: Village
) -> None:
    make_needs(village, body="SDIS 34", start=(9, 0), end=(16, 0))
    scheduled(village, body="SDIS 34")
    later = make_agent(village, stands=("SDIS 34",))
    put(village, later, village.wanted("SDIS 34", (13, 0), (15, 0)))
    publish(village)
    coordinator = make_agent(village, account=True, is_coordinator=True)
    page = text(as_agent(app, coordinator), BOARD)
    assert "Aucun de vos agents n’y est prévu dans la demi-heure" in page
    assert "Personne n’est prévu" not in page


def test_a_coordinator_is_not_told_that_nobody_is_free_while_another_body_s_agent_is(
    app: Flask, village: Village
) -> None:
    make_needs(village, body="SDIS 34", start=(9, 0), end=(11, 0))
    late = make_agent(village, stands=("SDIS 34",))
    put(village, late, village.wanted("SDIS 34", (9, 0), (11, 0)))
    publish(village)
    free = make_agent(village, body="SDIS 34", name="Lou Roques")
    coordinator = make_agent(village, account=True, is_coordinator=True)
    page = text(as_agent(app, coordinator), BOARD)
    assert "Aucun de vos agents n’est libre et habilité" in page
    assert "Personne n’est libre" not in page
    assert f"Appeler {free.polite_name}, libre" in text(sign_in(app, Role.ORGANISER), BOARD)


def test_a_remedy_is_done_from_its_button(app: Flask, village: Village) -> None:
    make_needs(village, start=(9, 0), end=(11, 0))
    free = make_agent(village, name="Lou Roques")
    client = sign_in(app, Role.ORGANISER)
    assert "Appeler Mme\u00a0Lou Roques, libre de 9\u00a0h à 11\u00a0h" in text(client, BOARD)
    payload = {
        "agent_id": free.id,
        "stand_id": village.bodies["Département"].stand_id,
        "starts_at": village.at(9).isoformat(),
        "ends_at": village.at(11).isoformat(),
    }
    answer = press(client, f"{BOARD}/renfort", **payload)
    assert answer.status_code == 302
    assert "Mme\u00a0Lou Roques va au stand Département" in text(client, BOARD)
    assert shift_of(free).starts_at == village.at(9)
    for wrong, status in (
        ({"starts_at": "demain"}, 400),
        ({"ends_at": "2026-10-01T11:00:00"}, 400),
        ({"agent_id": "x"}, 400),
        ({"agent_id": 99_999}, 404),
        ({"stand_id": 99_999}, 404),
        ({"stand_id": village.bodies["SDIS 34"].stand_id}, 409),
    ):
        refused = press(client, f"{BOARD}/renfort", **{**payload, **wrong})
        assert refused.status_code == status, wrong


def test_the_wall_answers_only_what_changed(app: Flask, village: Village) -> None:
    make_needs(village, start=(9, 0), end=(11, 0))
    agent = scheduled(village, name="Anna Vidal", phone="04 00 00 00 01")
    client = sign_in(app, Role.ORGANISER)
    page = text(client, WALL)
    assert "Anna Vidal" in page
    assert "04 00" not in page
    first = client.get(f"{WALL}.json")
    assert first.get_json()["figures"]["present"] == ["0/1", "warning"]
    second_answer = client.get(f"{WALL}.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (second_answer.status_code, second_answer.data) == (304, b"")
    services.note_arrival(Act(ORGANISER, village.at(9, 10)), shift_of(agent).id, "tap")
    changed = client.get(f"{WALL}.json", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.get_json()["figures"]["present"] == ["1/1", "ok"]


def test_a_station_shows_the_wall_and_does_nothing_else(app: Flask, village: Village) -> None:
    scheduled(village, name="Anna Vidal")
    client = enrolled(app, village.edition)
    assert "Anna Vidal" in text(client, WALL)
    assert "Anna Vidal" in text(client, f"{WALL}.json")
    assert client.get(BOARD).status_code == 403


def test_the_board_without_a_rota_and_before_the_day(
    app: Flask, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(app, Role.ORGANISER)
    assert "Aucune vacation publiée" in text(client, BOARD)
    eve = village.at(12) - timedelta(days=1)
    set_time(monkeypatch, eve, "salon.village_day.routes.day")
    assert "Le salon n’est pas ouvert aujourd’hui" in text(client, BOARD)
    assert text(client, WALL)


def test_an_agent_says_i_am_here_once_for_all(app: Flask, village: Village) -> None:
    agent = scheduled(village, account=True)
    client, shift = as_agent(app, agent), shift_of(agent)
    path = f"/planning/vacations/{shift.id}/arrivee"
    token = client.token(f"/planning/stand/{village.bodies['Département'].stand.number}")
    early = local(village.at(8, 58)).isoformat()
    fields = {"csrf_token": token, "tapped_at": early}
    answer = client.post(path, data=fields, headers={"Accept": "application/json"})
    assert answer.get_json() == {
        "arrived_at": village.at(8, 58).isoformat(),
        "message": "Votre arrivée est notée à 8\u00a0h\u00a058.",
    }
    second_answer = client.post(path, data={"csrf_token": token})
    assert (second_answer.status_code, second_answer.location) == (302, "/planning")
    assert shift_of(agent).arrived_at == village.at(8, 58)


def test_an_agent_marks_nobody_else_and_not_too_early(app: Flask, village: Village) -> None:
    agent = scheduled(village, start=(14, 0), account=True)
    other_agent = scheduled(village)
    client = as_agent(app, agent)
    token = client.token("/planning")
    send = {"csrf_token": token, "tapped_at": "hier"}
    refused = client.post(f"/planning/vacations/{shift_of(other_agent).id}/arrivee", data=send)
    assert refused.status_code == 404
    path = f"/planning/vacations/{shift_of(agent).id}/arrivee"
    early = client.post(path, data=send, headers={"Accept": "application/json"})
    assert early.status_code == 409
    assert "13\u00a0h\u00a015" in early.get_json()["message"]
    assert client.post(path, data=send).status_code == 409


@pytest.mark.parametrize(
    ("body", "moment", "words"),
    [
        ("Département", (9, 10), "Je suis arrivée"),
        ("Département", (8, 0), "Vous êtes en avance"),
        ("SDIS 34", (9, 10), "Au stand <strong>V0, Département</strong>"),
        ("Département", (11, 0), "Vos vacations du jour sont finies"),
    ],
)
def test_the_code_of_a_stand_says_where_the_agent_is_expected(
    app: Flask,
    village: Village,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    moment: tuple[int, int],
    words: str,
) -> None:
    agent = scheduled(village, account=True)
    client = as_agent(app, agent)
    go_to(monkeypatch, village, *moment)
    number = village.bodies[body].stand.number
    assert words in text(client, f"/planning/stand/{number}")
    assert client.get("/planning/stand/999").status_code == 404


def test_the_code_of_a_stand_tells_who_has_no_shift_or_is_there_already(
    app: Flask, village: Village
) -> None:
    idle = as_agent(app, make_agent(village, account=True))
    assert "pas de vacation aujourd’hui" in text(idle, "/planning/stand/V0")
    agent = scheduled(village, account=True)
    services.note_arrival(Act(ORGANISER, village.at(9)), shift_of(agent).id, "tap")
    assert "Vous êtes notée présente" in text(as_agent(app, agent), "/planning/stand/V0")
