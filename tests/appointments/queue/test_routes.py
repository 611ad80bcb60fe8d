"""Public pages of a stand's queue: taking a number, waiting, the screen."""

import re

from flask import Flask
from sqlalchemy import select

from salon.appointments.models import Ticket
from salon.appointments.presenters.queue import short_wait, turn_words, wait_words
from salon.appointments.rules.queue import BadgeUnknown
from salon.appointments.services.queue_calls import call_next, leave_queue
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from tests.appointments.make import PUBLIC, Fair, make_fair, make_visitor
from tests.appointments.queue.make import (
    DESK,
    PUBLIC_PAGE,
    code_of,
    count,
    order,
    stand_of,
    take,
    text_of,
)
from tests.factories import new_key, sign_in
from tests.pages import PageClient


def test_a_visitor_takes_a_number_waits_and_leaves(client: PageClient, fair: Fair) -> None:
    take(fair, now())
    assert "personne attend" in text_of(client, PUBLIC_PAGE)
    answer = client.fill(PUBLIC_PAGE, code="")
    assert answer.status_code == 302
    ticket_path = answer.location
    page = text_of(client, ticket_path)
    assert "Numéro 2" in page
    assert "1&nbsp;personne avant vous" in page
    assert "Vous avez le numéro 2" in text_of(client, PUBLIC_PAGE)
    headers = client.get(ticket_path).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    answer = client.confirm(client.fill(ticket_path, to=f"{ticket_path}/quitter"))
    assert answer.status_code == 302
    assert "Vous avez quitté la file" in text_of(client, ticket_path)
    assert order(fair, now()) == [1]
    fields = {"csrf_token": client.token(PUBLIC_PAGE), "confirmed": "yes"}
    assert client.post(f"{ticket_path}/quitter", data=fields).location


def test_a_number_says_each_thing_that_becomes_of_it(
    app: Flask, client: PageClient, fair: Fair
) -> None:
    ticket = take(fair, now())
    agent = fair.agents["Département"][0]
    ticket_path = f"/file/{ticket.private_token}"
    call_next(Act(PUBLIC), stand_of(fair), agent)
    page = text_of(client, ticket_path)
    assert "C’est votre tour" in page
    assert "<title>Numéro 1, c’est votre tour" in page
    desk = sign_in(app, Role.ORGANISER)
    for word, sentence in (
        ("absent", "Vous avez été appelé"),
        ("replacer", "Vous êtes le prochain"),
    ):
        desk.fill(DESK, to=f"{DESK}/{ticket.id}/{word}")
        assert sentence in text_of(client, ticket_path)
    desk.fill(DESK, to=f"{DESK}/{ticket.id}/recu")
    assert "Vous avez été reçu" in text_of(client, ticket_path)


def test_a_badge_has_one_number_whatever_phone_asks(app: Flask, fair: Fair) -> None:
    code = code_of(fair.edition)
    first, second = app.test_client(), app.test_client()
    assert isinstance(first, PageClient)
    assert isinstance(second, PageClient)
    answer = first.fill(PUBLIC_PAGE, code=f"{code[:4]} {code[4:8]}")
    two = second.fill(PUBLIC_PAGE, code=f"HTTPS://SALON.EXAMPLE/B/{code}")
    assert answer.location == two.location
    assert count() == 1


HOSTILE = ("ZZZZ2222", "<script>alert(1)</script>", "a" * 5_000, "x\r\nBcc: y", "\x00", "' OR 1=1")


def test_a_code_that_is_no_badge_takes_no_number(
    app: Flask, client: PageClient, fair: Fair
) -> None:
    desk = sign_in(app, Role.ORGANISER)
    for code in HOSTILE:
        answer = client.fill(PUBLIC_PAGE, code=code)
        assert answer.status_code in (400, 422), code
        assert "<script>alert" not in answer.get_data(as_text=True)
        assert answer.status_code == 400 or BadgeUnknown.message in answer.get_data(as_text=True)
        assert desk.fill(DESK, to=f"{DESK}/numero", code=code).status_code in (400, 422), code
    assert count() == 0


def test_a_form_sent_twice_takes_one_number(client: PageClient, fair: Fair) -> None:
    page = client.get(PUBLIC_PAGE).get_data(as_text=True)
    hidden = dict(re.findall(r'name="(csrf_token|submission_key)"[^>]*value="([^"]+)"', page))
    first, second = (client.post(PUBLIC_PAGE, data=hidden) for _ in range(2))
    assert first.location == second.location
    assert count() == 1
    without = client.post(PUBLIC_PAGE, data={"submission_key": new_key()})
    assert without.status_code == 400
    wrong = client.post(PUBLIC_PAGE, data={**hidden, "submission_key": "x"})
    assert wrong.status_code == 400
    assert count() == 1


def test_one_address_takes_so_many_numbers_and_no_more(client: PageClient, fair: Fair) -> None:
    token = client.token(PUBLIC_PAGE)
    statuses = [
        client.post(
            PUBLIC_PAGE, data={"csrf_token": token, "submission_key": new_key()}
        ).status_code
        for _ in range(21)
    ]
    assert statuses == [302] * 20 + [429]
    assert count() == 20


def test_the_queue_is_closed_while_the_fair_is(client: PageClient, edition: Edition) -> None:
    make_fair(edition)
    page = text_of(client, PUBLIC_PAGE)
    assert "La file est fermée" in page
    assert "file fermée" in text_of(client, "/stand/V0/ecran")
    token = client.token("/connexion")
    answer = client.post(PUBLIC_PAGE, data={"csrf_token": token, "submission_key": new_key()})
    assert answer.status_code == 409
    assert count() == 0


NOWHERE = (
    "/stand/ZZZ/file",
    "/stand/ZZZ/ecran",
    "/stand/ZZZ/ecran.json",
    "/stand/%00/file",
    "/file/nothing",
    "/file/%F0%9F%8C%B8",
)


def test_what_does_not_exist_is_not_found(client: PageClient, fair: Fair) -> None:
    for path in NOWHERE:
        assert client.get(path).status_code in (400, 404), path


def test_a_number_of_another_day_opens_and_says_so(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    ticket = take(fair, fair.at(9, 30))
    assert "n’est plus valable" in text_of(client, f"/file/{ticket.private_token}")


def test_the_screen_says_numbers_and_first_names_only(client: PageClient, fair: Fair) -> None:
    agent = fair.agents["Département"][0]
    visitor = make_visitor(fair.edition, last_name="Bastide")
    take(fair, now(), attendee=visitor)
    for _ in range(7):
        take(fair, now())
    call_next(Act(PUBLIC), stand_of(fair), agent)
    page = text_of(client, "/stand/V0/ecran")
    answer = client.get("/stand/V0/ecran.json")
    assert answer.json is not None
    assert [item["number"] for item in answer.json["called"]] == [1]
    assert answer.json["called"][0]["by"] == f"avec {agent.first_name}"
    assert answer.json["next"] == [2, 3, 4, 5, 6]
    assert answer.json["more"] == "et 2\u00a0autres"
    for hidden in ("Bastide", visitor.first_name, agent.last_name):
        assert hidden not in page
        assert hidden not in answer.get_data(as_text=True)
    tag = answer.headers["ETag"]
    second_answer = client.get("/stand/V0/ecran.json", headers={"If-None-Match": tag})
    assert (second_answer.status_code == 304) == (second_answer.headers["ETag"] == tag)
    leave_queue(
        Act(PUBLIC), current_session().scalars(select(Ticket).where(Ticket.number == 2)).one()
    )
    following = client.get("/stand/V0/ecran.json").json
    assert following is not None
    assert following["next"][0] == 3


def test_the_stand_s_public_page_leads_to_its_queue(client: PageClient, fair: Fair) -> None:
    assert f'href="{PUBLIC_PAGE}"' in text_of(client, "/village")


def test_waits_are_said_in_fives() -> None:
    sentences = [wait_words(value) for value in (None, 0, 4, 5, 6, 59, 60, 81)]
    assert [text.replace("\u00a0", " ") for text in sentences] == [
        "durée inconnue",
        "moins de 5 minutes",
        "moins de 5 minutes",
        "environ 5 minutes",
        "environ 10 minutes",
        "environ 1 h",
        "environ 1 h",
        "environ 1 h 25",
    ]
    assert [short_wait(value) for value in (None, 4, 22)] == ["?", "<\u00a05", "25"]
    at = now().replace(minute=51, second=0, microsecond=0)
    assert turn_words(at, at) == "maintenant"
    assert turn_words(at, at.replace(minute=30)).endswith("55")
