import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from stdnum.fr import siret

from salon.demonstration.services import demonstration_bar
from salon.exhibitors.models import Exhibitor
from salon.fair.queries import find_public_edition
from salon.platform.database.db import current_session, transaction
from salon.platform.mail import outbox, sending
from salon.platform.mail.outbox import Message
from salon.platform.settings import clock
from salon.platform.words.formats import hour
from tests.pages import PageClient


def test_the_bar_says_the_moment_and_jumps(client: PageClient) -> None:
    # The clock runs since the demonstration was loaded, once for all tests.
    moments = [hour(clock.now())]
    page = client.get("/").text
    moments.append(hour(clock.now()))
    assert any(f"vendredi 1er\u00a0octobre 2021, {moment}" in page for moment in moments)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    for key, words in (
        ("registrations", "6\u00a0septembre 2021, 10\u00a0h"),
        ("eve", "jeudi 30\u00a0septembre 2021, 17\u00a0h"),
        ("morning", "10\u00a0h\u00a030"),
        ("evening", "19\u00a0h"),
        ("opening", "8\u00a0h\u00a045"),
    ):
        data = {"moment": key, "csrf_token": token[1], "back": "/programme"}
        answer = client.post("/demonstration/moment", data=data)
        assert answer.headers["Location"] == "/programme"
        assert words in client.get("/").text


@pytest.mark.parametrize("back", ["//evil.test", "https://evil.test", "/\\evil.test"])
def test_a_jump_stays_on_the_site(client: PageClient, back: str) -> None:
    data = {"moment": "eve", "csrf_token": client.token("/"), "back": back}
    assert client.post("/demonstration/moment", data=data).headers["Location"] == "/"
    data["moment"] = "inconnu"
    assert client.post("/demonstration/moment", data=data).status_code == 404


def test_time_runs_on_and_sign_in_codes_keep_real_time(client: PageClient) -> None:
    assert timedelta(days=1000) < clock.real_now() - clock.now()
    client.fill("/connexion", email="agent@salon34.example")
    message = outbox.recent_messages(1)[0]
    assert clock.real_now() - message.created_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("role", "start"),
    [
        ("organiser", "/organisation"),
        ("agent", "/planning"),
        ("exhibitor", "/mon-stand"),
        ("visitor", "/badge/"),
        ("station", "/scanner"),
    ],
)
def test_one_click_enters_each_role(client: PageClient, role: str, start: str) -> None:
    data = {"role": role, "csrf_token": client.token("/demonstration")}
    answer = client.post("/demonstration/entrer", data=data)
    assert answer.headers["Location"].startswith(start)
    page = client.get(answer.headers["Location"], follow_redirects=True)
    assert page.status_code == 200


def test_a_newcomer_finds_a_siret_to_try_the_application(client: PageClient) -> None:
    page = client.get("/demonstration").text
    match = re.search(r"SIRET d’essai\s*: <code>(\d{14})</code>", page.replace("&nbsp;", " "))
    assert match is not None
    assert siret.is_valid(match[1])
    taken = current_session().scalars(select(Exhibitor.siret)).all()
    assert match[1] not in taken
    assert 'href="/exposants/inscription"' in page


def test_an_unknown_role_is_no_role(client: PageClient) -> None:
    data = {"role": "admin", "csrf_token": client.token("/demonstration")}
    assert client.post("/demonstration/entrer", data=data).status_code == 404


def test_the_mailbox_shows_every_message_with_its_links_alone(client: PageClient) -> None:
    page = client.get("/demonstration/courriels?q=olargues").text
    assert "mairie@olargues.example" in page
    oldest = re.findall(r"/demonstration/courriels/\d+", page)[-1]
    assert "/inscription/dossier/" in client.get(oldest).text
    with transaction() as session:
        hostile = "<a href=//evil>www.evil.test</a>"
        outbox.post(session, "sign_in_code", "x@y.example", code=hostile, minutes=10)
    newest = outbox.recent_messages(1)[0].id
    page = client.get(f"/demonstration/courriels/{newest}").text
    assert "&lt;a href=//evil&gt;www.evil.test" in page
    assert client.get("/demonstration/courriels/999999").status_code == 404


def test_made_up_visitors_are_told_nothing(app: Flask) -> None:
    bar = demonstration_bar(find_public_edition())
    assert bar
    assert bar.current == "opening"
    kinds = [message.kind for message in current_session().scalars(select(Message))]
    assert sum(kind in ("registration", "group_registered") for kind in kinds) == 7


def test_the_mailbox_keeps_what_was_sent(client: PageClient) -> None:
    client.fill("/connexion", email="agent@salon34.example")
    code = outbox.recent_messages(1)[0].context["code"]
    sending.send_due(lambda message: outbox.Delivery(True))
    number = outbox.recent_messages(1)[0].id
    assert code in client.get(f"/demonstration/courriels/{number}").text
