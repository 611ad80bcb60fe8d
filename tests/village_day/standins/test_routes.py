"""The pages: give up, answer, exchange, decide; somebody else's is a 404."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from salon.fair.models import Edition
from salon.platform.clock import now
from salon.platform.db import current_session, transaction
from salon.platform.identity import SYSTEM, Role
from salon.staffing.models import (
    Agent,
    Exchange,
    ExchangeStatus,
    Shift,
    StandIn,
    StandInStatus,
)
from salon.village_day.services.exchanges import Proposal, ask_exchange
from salon.village_day.services.standins import assign_shift, decline_shift, take_shift
from tests.factories import new_key, sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent, make_needs, make_village, publish, put, shifts
from tests.statements import statements
from tests.village_day.standins.made import (
    AFTERNOON,
    MORNING,
    as_agent,
    asks_of,
    fresh,
    give,
    hours_of,
    open_for,
    published,
)

Row = TypeVar("Row", StandIn, Exchange)
BOARD = "/organisation/village/remplacements"
OFFERS = "/planning/demandes"


@pytest.fixture
def village(edition: Edition) -> Village:
    return make_village(edition)


def signed_in(app: Flask, village: Village, name: str, **more: object) -> tuple[Agent, PageClient]:
    """An agent with the browser they are signed in with."""
    email = f"{name.split()[0].lower()}@herault.example"
    client = sign_in(app, Role.AGENT, email)
    return make_agent(village, name=name, email=email, account=True, **more), client


@pytest.fixture
def anna(app: Flask, village: Village) -> tuple[Agent, PageClient]:
    return signed_in(app, village, "Anna Ardouane")


@pytest.fixture
def bruno(app: Flask, village: Village) -> tuple[Agent, PageClient]:
    return signed_in(app, village, "Bruno Boussagues")


def text(answer: TestResponse) -> str:
    return unescape(answer.text).replace("\u00a0", " ")


def found(model: type[Row]) -> Row:
    """The only row of a table, as the database has it."""
    current_session().rollback()
    return current_session().scalars(select(model)).one()


def giving_up(shift: Shift) -> str:
    return f"/planning/vacations/{shift.id}/remplacement"


def test_an_agent_gives_up_a_shift_and_a_colleague_takes_it(
    village: Village, anna: tuple[Agent, PageClient], bruno: tuple[Agent, PageClient]
) -> None:
    (annas, phone), (brunos, other_values) = anna, bruno
    (shift,) = give(village, annas, MORNING)
    page = text(phone.get(giving_up(shift)))
    assert "Vous restez attendue jusqu’à ce que quelqu’un prenne votre place." in page
    assert phone.fill(giving_up(shift), reason="Malade").status_code == 302
    page = text(phone.get(giving_up(shift)))
    assert "1 collègue sollicité" in page
    assert "Vous restez attendue" in page
    page = text(other_values.get(OFFERS))
    assert "Remplacer Anna Ardouane ?" in page
    assert "aucune vacation" in page
    assert "Malade" not in page
    (ask,) = asks_of(found(StandIn))
    answer = other_values.fill(OFFERS, f"{OFFERS}/{ask.id}/oui")
    assert answer.headers["Location"] == "/planning"
    assert "Vous remplacez Anna Ardouane" in text(other_values.get("/planning"))
    assert hours_of(brunos) == [("09:00", "11:00")]
    assert "Bruno Boussagues vous remplace." in text(phone.get(giving_up(shift)))


def test_the_one_who_comes_second_reads_who_took_it(
    app: Flask, village: Village, anna: tuple[Agent, PageClient], bruno: tuple[Agent, PageClient]
) -> None:
    carla, _ = signed_in(app, village, "Carla Colombières")
    (shift,) = give(village, anna[0], MORNING)
    stand_in = open_for(village, shift, now())
    by_agent = {ask.agent_id: ask.id for ask in asks_of(stand_in)}
    client, mine = bruno[1], by_agent[bruno[0].id]
    token = client.token(OFFERS)
    take_shift(by_agent[carla.id], as_agent(carla), now())
    answer = client.post(f"{OFFERS}/{mine}/oui", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "Carla Colombières a déjà pris cette vacation" in text(answer)
    assert "Déjà pourvu, merci" in text(answer)
    assert published(bruno[0]) == []


def test_no_leaves_the_list_and_two_forms_sent_twice_are_as_one(
    village: Village, anna: tuple[Agent, PageClient], bruno: tuple[Agent, PageClient]
) -> None:
    (shift,) = give(village, anna[0], MORNING)
    client = anna[1]
    token = client.token(giving_up(shift))
    data = {"csrf_token": token, "submission_key": "0b9c1f3e-7a1d-4f60-9f70-0d7cb3a1ce01"}
    for _ in range(2):
        assert client.post(giving_up(shift), data={**data, "reason": ""}).status_code == 302
    (ask,) = asks_of(found(StandIn))
    for _ in range(2):
        answer = bruno[1].fill(OFFERS, f"{OFFERS}/{ask.id}/non")
        assert answer.status_code in (302, 400)  # the page has no form left the second time
    assert "Personne n’attend votre réponse" in text(bruno[1].get(OFFERS))


def test_another_request_while_one_is_open_leads_to_it(
    village: Village, anna: tuple[Agent, PageClient]
) -> None:
    annas, client = anna
    (shift,) = give(village, annas, MORNING)
    path = giving_up(shift)
    key = {"submission_key": "0b9c1f3e-7a1d-4f60-9f70-0d7cb3a1ce02"}
    token = client.token(path)
    open_for(village, shift, now())
    assert client.post(path, data={"csrf_token": token, **key}).status_code == 302
    page = text(client.get(path))
    assert "On cherche déjà quelqu’un pour cette vacation." in page
    assert client.fill(path, f"{path}/retirer").status_code == 302
    assert fresh(found(StandIn)).status == StandInStatus.WITHDRAWN


def test_an_agent_s_own_pages_are_nobody_else_s(
    app: Flask, village: Village, anna: tuple[Agent, PageClient], bruno: tuple[Agent, PageClient]
) -> None:
    (shift,) = give(village, anna[0], MORNING)
    (theirs,) = give(village, bruno[0], AFTERNOON)
    carla, _ = signed_in(app, village, "Carla Colombières")
    stand_in = open_for(village, shift, now())
    proposal = Proposal(shift, theirs)
    exchange = ask_exchange(village.edition, proposal, as_agent(anna[0]), now())
    carlas = next(ask for ask in asks_of(stand_in) if ask.agent_id == carla.id)
    client = bruno[1]
    token = {"csrf_token": client.token(OFFERS)}
    for path in (giving_up(shift), f"/planning/vacations/{shift.id}/echange"):
        assert client.get(path).status_code == 404
    for path in (
        giving_up(shift),
        f"{giving_up(shift)}/retirer",
        f"/planning/vacations/{shift.id}/echange",
        f"{OFFERS}/{carlas.id}/oui",
        f"{OFFERS}/{carlas.id}/non",
        f"/planning/echanges/{exchange.id}/retirer",
    ):
        assert client.post(path, data=token).status_code == 404, path
    for path in ("oui", "non"):
        own = anna[1].post(
            f"/planning/echanges/{exchange.id}/{path}",
            data={"csrf_token": anna[1].token(OFFERS)},
        )
        assert own.status_code == 404
    assert sign_in(app, Role.ORGANISER).get(OFFERS).status_code == 403
    put(village, anna[0], village.wanted("Département", (9, 0), (10, 0)))
    draft = shifts(anna[0])[0]
    assert anna[1].get(giving_up(draft)).status_code == 404


def test_a_shift_that_was_withdrawn_without_request_is_a_404(
    village: Village, anna: tuple[Agent, PageClient]
) -> None:
    (shift,) = give(village, anna[0], MORNING)
    put(village, anna[0])
    publish(village)
    assert anna[1].get(giving_up(shift)).status_code == 404


def test_two_agents_exchange_their_shifts(
    village: Village, anna: tuple[Agent, PageClient], bruno: tuple[Agent, PageClient]
) -> None:
    (mine,) = give(village, anna[0], MORNING)
    (theirs,) = give(village, bruno[0], AFTERNOON)
    path = f"/planning/vacations/{mine.id}/echange"
    page = text(anna[1].get(path))
    assert "1 vacation peut s’échanger contre la vôtre" in page
    assert anna[1].fill(path, words="x").status_code == 400
    assert anna[1].fill(path, wanted="999999", words="").status_code == 400
    answer = anna[1].fill(path, wanted=str(theirs.id), words="Je repars à midi")
    assert answer.headers["Location"] == OFFERS
    assert "Attend sa réponse" in text(anna[1].get(OFFERS))
    page = text(bruno[1].get(OFFERS))
    assert "Échanger avec Anna Ardouane ?" in page
    assert "« Je repars à midi »" in page
    answer = bruno[1].fill(OFFERS, f"/planning/echanges/{found(Exchange).id}/oui")
    assert answer.headers["Location"] == "/planning"
    assert (hours_of(anna[0]), hours_of(bruno[0])) == (
        [("14:00", "16:00")],
        [("09:00", "11:00")],
    )
    assert "Accepté" in text(anna[1].get(OFFERS))


def test_an_exchange_that_a_publication_overtook_is_said(
    village: Village, anna: tuple[Agent, PageClient], bruno: tuple[Agent, PageClient]
) -> None:
    (mine,) = give(village, anna[0], MORNING)
    (theirs,) = give(village, bruno[0], AFTERNOON)
    exchange = ask_exchange(village.edition, Proposal(mine, theirs), as_agent(anna[0]), now())
    client = bruno[1]
    token = client.token(OFFERS)
    put(village, anna[0], village.wanted("Département", (9, 30), (11, 0)))
    publish(village)
    answer = client.post(f"/planning/echanges/{exchange.id}/oui", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "Le planning a changé depuis" in text(answer)


def test_an_exchange_is_refused_or_withdrawn(
    village: Village, anna: tuple[Agent, PageClient], bruno: tuple[Agent, PageClient]
) -> None:
    (mine,) = give(village, anna[0], MORNING)
    (theirs,) = give(village, bruno[0], AFTERNOON)
    for client, word, status in (
        (bruno[1], "non", ExchangeStatus.REFUSED),
        (anna[1], "retirer", ExchangeStatus.WITHDRAWN),
    ):
        exchange = ask_exchange(village.edition, Proposal(mine, theirs), as_agent(anna[0]), now())
        assert client.fill(OFFERS, f"/planning/echanges/{exchange.id}/{word}").status_code == 302
        assert fresh(exchange).status == status


def test_nothing_to_exchange_says_what_else_to_do(
    village: Village, anna: tuple[Agent, PageClient]
) -> None:
    (mine,) = give(village, anna[0], MORNING)
    page = text(anna[1].get(f"/planning/vacations/{mine.id}/echange"))
    assert "Aucun échange possible" in page
    assert "Chercher qui peut me remplacer" in page


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
    decline_shift(brunos.id, as_agent(bruno), now())
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
    assign_shift(stand_in, theo, ["not_allowed"], None, SYSTEM, moment)
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
        sent = {"csrf_token": token, "submission_key": new_key()}
        answer = organiser.post(f"{path}/{more}", data=sent)
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
        sent = hidden(organiser.get(page).text, f"{path}/solliciter")
        for _ in range(2):
            assert organiser.post(f"{path}/solliciter", data=sent).status_code == 302
        assert len(asks_of(stand_in)) == before + 3
        before += 3
    sent["submission_key"] = "x"
    answer = organiser.post(f"{path}/solliciter", data=sent)
    assert answer.status_code == 400
    assert "Rechargez la page" in text(answer)
    assert len(asks_of(stand_in)) == before


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form of a page that is sent to `action`."""
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
            with statements() as sent:
                assert client.get(path).status_code == 200
            results.append(len(sent))
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
    with transaction(shift):
        shift.starts_at, shift.ends_at = now() - timedelta(hours=3), now() - timedelta(hours=1)
    page = text(anna[1].get(giving_up(shift)))
    assert "Cette vacation est terminée." in page
    page = text(anna[1].get(f"/planning/vacations/{shift.id}/echange"))
    assert "Trop tard pour échanger" in page
