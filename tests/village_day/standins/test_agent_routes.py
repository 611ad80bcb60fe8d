"""The pages where an agent gives up or exchanges a shift."""

from flask import Flask

from salon.platform.database.act import Act
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from salon.staffing.models import (
    Agent,
    Exchange,
    ExchangeStatus,
    StandIn,
    StandInStatus,
)
from salon.village_day.services.exchanges import Proposal, ask_exchange
from salon.village_day.services.standins import take_shift
from tests.factories import act_in, sign_in
from tests.pages import PageClient
from tests.staffing.make import Village, publish, put, shifts
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
from tests.village_day.standins.pages import OFFERS, found, giving_up, signed_in, text


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
    take_shift(Act(as_agent(carla)), by_agent[carla.id])
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
    (other_shift,) = give(village, bruno[0], AFTERNOON)
    carla, _ = signed_in(app, village, "Carla Colombières")
    stand_in = open_for(village, shift, now())
    proposal = Proposal(shift, other_shift)
    exchange = ask_exchange(act_in(village.edition, as_agent(anna[0])), proposal)
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
    (own_shift,) = give(village, anna[0], MORNING)
    (other_shift,) = give(village, bruno[0], AFTERNOON)
    path = f"/planning/vacations/{own_shift.id}/echange"
    page = text(anna[1].get(path))
    assert "1 vacation peut s’échanger contre la vôtre" in page
    assert anna[1].fill(path, words="x").status_code == 400
    assert anna[1].fill(path, requested_shift="999999", words="").status_code == 400
    answer = anna[1].fill(path, requested_shift=str(other_shift.id), words="Je repars à midi")
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
    (own_shift,) = give(village, anna[0], MORNING)
    (other_shift,) = give(village, bruno[0], AFTERNOON)
    exchange = ask_exchange(
        act_in(village.edition, as_agent(anna[0])), Proposal(own_shift, other_shift)
    )
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
    (own_shift,) = give(village, anna[0], MORNING)
    (other_shift,) = give(village, bruno[0], AFTERNOON)
    for client, word, status in (
        (bruno[1], "non", ExchangeStatus.REFUSED),
        (anna[1], "retirer", ExchangeStatus.WITHDRAWN),
    ):
        exchange = ask_exchange(
            act_in(village.edition, as_agent(anna[0])), Proposal(own_shift, other_shift)
        )
        assert client.fill(OFFERS, f"/planning/echanges/{exchange.id}/{word}").status_code == 302
        assert fresh(exchange).status == status


def test_nothing_to_exchange_says_what_else_to_do(
    village: Village, anna: tuple[Agent, PageClient]
) -> None:
    (own_shift,) = give(village, anna[0], MORNING)
    page = text(anna[1].get(f"/planning/vacations/{own_shift.id}/echange"))
    assert "Aucun échange possible" in page
    assert "Chercher qui peut me remplacer" in page
