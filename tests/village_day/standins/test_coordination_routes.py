"""The pages where stand-ins are coordinated."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import now
from salon.staffing.models import (
    Agent,
    StandIn,
    StandInStatus,
)
from salon.village_day.services.standins import assign_shift, decline_shift
from tests.days import open_day
from tests.factories import new_key, sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent, make_needs
from tests.statements import statements
from tests.village_day.standins.made import (
    MORNING,
    as_agent,
    asks_of,
    fresh,
    give,
    hours_of,
    open_for,
)
from tests.village_day.standins.pages import OFFERS, found, giving_up, signed_in, text

BOARD = "/organisation/village/remplacements"


@pytest.fixture
def organiser(app: Flask, village: Village) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def test_the_organiser_sees_who_was_asked_and_decides(
    village: Village, organiser: PageClient
) -> None:
    anna, bruno, *_ = [make_agent(village, name=text) for text in ("Anna A", "Bruno B", "Carla C")]
    theo = make_agent(village, name="Théo T", body="SDIS 34")
    (shift,) = give(village, anna, MORNING)
    assert "Aucune vacation à pourvoir" in text(organiser.get(BOARD))
    stand_in = open_for(village, shift, now(), "Malade")
    brunos = next(ask for ask in asks_of(stand_in) if ask.agent_id == bruno.id)
    decline_shift(Act(as_agent(bruno)), brunos.id)
    page = text(organiser.get(BOARD))
    for words in ("1 vacation à pourvoir", "« Malade »", "Ont dit non", "Carla C"):
        assert words in page
    page = text(organiser.get(f"{BOARD}/{stand_in.id}"))
    assert "ce stand n’est pas parmi les siens" in page
    path = f"{BOARD}/{stand_in.id}/confier/{theo.id}"
    assert "Ce que ce choix enfreint" in text(organiser.get(path))
    assert organiser.fill(path, accepted="").status_code == 409
    assert organiser.fill(path, accepted="x y").status_code == 400
    assert organiser.fill(path, accepted="not_allowed").status_code == 302
    assert hours_of(theo) == [("09:00", "11:00")]
    assert "Théo T remplace" in text(organiser.get(BOARD))
    assert "Ce que ce choix enfreint" not in text(organiser.get(path))
    assert organiser.fill(path, accepted="not_allowed").status_code == 302


def test_who_was_named_mid_shift_did_not_say_yes_and_has_what_remained(
    village: Village, organiser: PageClient
) -> None:
    anna = make_agent(village, name="Anna A")
    theo = make_agent(village, name="Théo T", body="SDIS 34")
    (shift,) = give(village, anna, MORNING)
    moment = village.at(10, 10)
    stand_in = open_for(village, shift, moment)
    assign_shift(Act(SYSTEM, moment), stand_in, theo, ["not_allowed"], None)
    page = text(organiser.get(f"{BOARD}/{stand_in.id}"))
    assert "10 h – 11 h" in page
    assert "Théo T remplace" in page
    assert "Théo T : oui" not in page
    assert "décidé par" in page
    assert "10 h – 11 h" in text(organiser.get(BOARD))


def test_the_organiser_opens_hastens_and_closes(village: Village, organiser: PageClient) -> None:
    names = ("Anna A", "Bruno B", "Carla C", "Dario D", "Elsa E")
    anna, *_ = [make_agent(village, name=name) for name in names]
    (shift,) = give(village, anna, MORNING)
    answer = organiser.fill(f"{BOARD}/nouveau", shift="4242", reason="")
    assert answer.status_code == 400
    answer = organiser.fill(f"{BOARD}/nouveau", shift=str(shift.id), reason="A téléphoné")
    stand_in = found(StandIn)
    assert answer.headers["Location"] == f"{BOARD}/{stand_in.id}"
    assert "Aucune vacation à venir" in text(organiser.get(f"{BOARD}/nouveau"))
    assert len(asks_of(stand_in)) == 3
    path = f"{BOARD}/{stand_in.id}"
    for words in ("1 collègue de plus", "Tous ceux qui pourraient"):
        organiser.fill(path, f"{path}/solliciter", submission_key=new_key())
        assert words in text(organiser.get(path))
    assert len(asks_of(stand_in)) == 4
    assert organiser.confirm(organiser.fill(path, f"{path}/clore")).status_code == 302
    assert fresh(stand_in).status == StandInStatus.CLOSED
    token = organiser.token(BOARD)
    for more in ("solliciter", "clore"):
        fields = {"csrf_token": token, "submission_key": new_key()}
        answer = organiser.post(f"{path}/{more}", data=fields)
        assert answer.status_code == 409
        assert "On ne cherche plus personne" in text(answer)


def test_nobody_for_the_whole_shift_is_said_and_a_part_is_offered(
    village: Village, organiser: PageClient
) -> None:
    make_needs(village, start=(9, 0), end=(11, 0))
    make_needs(village, body="SDIS 34", start=(10, 0), end=(11, 0))
    anna = make_agent(village, name="Anna A")
    bruno = make_agent(village, name="Bruno B", stands=("Département", "SDIS 34"))
    (shift,) = give(village, anna, MORNING)
    give(village, bruno, ((10, 0), (11, 0)), body="SDIS 34")
    organiser.fill(f"{BOARD}/nouveau", shift=str(shift.id), reason="")
    page = text(organiser.get(f"{BOARD}/{found(StandIn).id}"))
    assert asks_of(found(StandIn)) == []
    assert "personne n’a pu être sollicité" in page
    assert "sollicités" not in page
    assert "Pour une partie de la vacation" in page
    assert "Appeler Mme Bruno B, libre de 9 h à 10 h" in page


def test_a_double_click_asks_the_next_once(village: Village, organiser: PageClient) -> None:
    anna, *_ = [make_agent(village, name=f"{text}a Z{text}") for text in "ABCDEFGHIJKL"]
    (shift,) = give(village, anna, MORNING)
    stand_in = open_for(village, shift, now())
    before, path = len(asks_of(stand_in)), f"{BOARD}/{stand_in.id}"
    for page in (path, BOARD):
        fields = hidden(organiser.get(page).text, f"{path}/solliciter")
        for _ in range(2):
            assert organiser.post(f"{path}/solliciter", data=fields).status_code == 302
        assert len(asks_of(stand_in)) == before + 3
        before += 3
    fields["submission_key"] = "x"
    answer = organiser.post(f"{path}/solliciter", data=fields)
    assert answer.status_code == 400
    assert "Rechargez la page" in text(answer)
    assert len(asks_of(stand_in)) == before


def hidden(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form of a page that is sent to `action`."""
    (form,) = re.findall(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', form))


@pytest.fixture
def coordinator(app: Flask, village: Village) -> Callable[[str], PageClient]:
    def make(body: str) -> PageClient:
        name = f"{body.split()[0]} Coord"
        return signed_in(app, village, name, body=body, is_coordinator=True)[1]

    return make


def test_a_coordinator_sees_and_assigns_their_own(
    village: Village, coordinator: Callable[[str], PageClient]
) -> None:
    anna, bruno = make_agent(village, name="Anna A"), make_agent(village, name="Bruno B")
    theo = make_agent(village, name="Théo T", body="SDIS 34", stands=["Département"])
    (shift,) = give(village, anna, MORNING)
    stand_in = open_for(village, shift, now())
    own, other_function = coordinator("Département"), coordinator("SDIS 34")
    assert "Anna A" in text(own.get(BOARD))
    assert "Aucune vacation à pourvoir" in text(other_function.get(BOARD))
    assert other_function.get(f"{BOARD}/{stand_in.id}").status_code == 404
    token = (
        {"csrf_token": other_function.token(OFFERS)}
        if "form" in other_function.get(OFFERS).text
        else {}
    )
    assert other_function.post(f"{BOARD}/{stand_in.id}/clore", data=token).status_code in (400, 404)
    assert own.get(f"{BOARD}/{stand_in.id}/confier/{theo.id}").status_code == 404
    assert own.fill(f"{BOARD}/{stand_in.id}/confier/{bruno.id}").status_code == 302
    assert hours_of(bruno) == [("09:00", "11:00")]


def test_a_plain_agent_does_not_coordinate(
    village: Village, anna: tuple[Agent, PageClient]
) -> None:
    for path in (BOARD, f"{BOARD}/nouveau", f"{BOARD}/1"):
        assert anna[1].get(path).status_code == 403


def test_the_lists_ask_the_database_a_constant_number_of_times(
    village: Village, organiser: PageClient, bruno: tuple[Agent, PageClient]
) -> None:
    def cost() -> list[int]:
        results = []
        for client, path in ((organiser, BOARD), (bruno[1], OFFERS)):
            client.get(path)
            with statements() as sent_statements:
                assert client.get(path).status_code == 200
            results.append(len(sent_statements))
        return results

    first = [make_agent(village, name=f"Agent A{number}") for number in range(2)]
    for agent in first:
        (shift,) = give(village, agent, MORNING)
        open_for(village, shift, now())
    before = cost()
    for number in range(5):
        agent = make_agent(village, name=f"Agent B{number}")
        (shift,) = give(village, agent, MORNING)
        open_for(village, shift, now())
    assert cost() == before


def test_a_shift_that_is_over_has_nothing_to_replace(
    village: Village, anna: tuple[Agent, PageClient]
) -> None:
    (shift,) = give(village, anna[0], MORNING)
    with transaction(shift) as session:
        open_day(session, village.edition.id, now() - timedelta(hours=3))
        shift.starts_at, shift.ends_at = now() - timedelta(hours=3), now() - timedelta(hours=1)
    page = text(anna[1].get(giving_up(shift)))
    assert "Cette vacation est terminée." in page
    page = text(anna[1].get(f"/planning/vacations/{shift.id}/echange"))
    assert "Trop tard pour échanger" in page
