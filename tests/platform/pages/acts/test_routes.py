"""After an act: its messages are called off from the page that confirms it."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import local
from tests.badges.people import register_one
from tests.factories import sign_in
from tests.pages import PageClient


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def cancel(client: PageClient, attendee: Attendee) -> str:
    """Cancel a registration from its page; return the page that confirms it."""
    path = f"/organisation/participants/{attendee.id}"
    assert client.fill(path, to=f"{path}/annuler", confirmed="yes").status_code == 302
    return client.get(path).get_data(as_text=True)


def message_about(attendee: Attendee) -> Message:
    messages = select(Message).where(
        Message.about == f"attendee:{attendee.id}", Message.kind == "cancelled"
    )
    return current_session().scalars(messages).one()


def test_the_page_after_an_act_calls_its_messages_off(organiser: PageClient) -> None:
    attendee = register_one()
    page = cancel(organiser, attendee)
    message = message_about(attendee)
    assert message.held_until is not None
    assert f"1\u00a0courriel retenu jusqu’à {local(message.held_until).hour}\u00a0h" in page
    path = re.findall(r'action="(/envois/[0-9a-f]+/annuler)"', page)
    assert len(path) == 1
    answer = organiser.fill(
        "/organisation/mot-de-passe", to=path[0], back="/organisation/participants"
    )
    assert answer.headers["Location"] == "/organisation/participants"
    assert "1\u00a0courriel ne partira pas" in organiser.get(answer.headers["Location"]).text
    assert message_about(attendee).status == MessageStatus.CALLED_OFF
    assert organiser.fill("/organisation/mot-de-passe", to=path[0]).status_code == 409


def test_the_offer_is_made_once(organiser: PageClient) -> None:
    attendee = register_one()
    assert "Annuler l’envoi" in cancel(organiser, attendee)
    page = organiser.get(f"/organisation/participants/{attendee.id}").text
    assert "Annuler l’envoi" not in page


def test_nobody_else_calls_an_act_off(app: Flask, organiser: PageClient) -> None:
    attendee = register_one()
    cancel(organiser, attendee)
    path = f"/envois/{message_about(attendee).act}/annuler"
    agent = sign_in(app, Role.AGENT)
    assert agent.fill("/planning", to=path).status_code == 404
    assert message_about(attendee).status == MessageStatus.WAITING


def test_messages_show_what_is_held_and_send_or_call_it_off(organiser: PageClient) -> None:
    first, second = register_one(), register_one()
    for attendee in (first, second):
        cancel(organiser, attendee)
    assert organiser.get("/organisation/courriels").text.count("Retenu jusqu’à") == 2
    path = f"/organisation/courriels/{message_about(first).id}"
    assert organiser.fill(path, to=f"{path}/envoyer").status_code == 302
    page = organiser.get(path).text
    assert "Retenu jusqu’à" not in page
    assert "En attente" in page
    path = f"/organisation/courriels/{message_about(second).id}"
    assert organiser.fill(path, to=f"{path}/annuler").status_code == 302
    page = organiser.get(path).text
    assert "Envoi annulé" in page
    assert "Envoyer quand même" in page
    called_off = organiser.get("/organisation/courriels?status=called_off").text
    assert "1\u00a0message" in called_off
    assert organiser.fill(path, to=f"{path}/renvoyer").status_code == 302
    assert message_about(second).status == MessageStatus.WAITING


def test_a_hold_of_no_minute_offers_nothing(app: Flask, edition: Edition) -> None:
    app.config["SALON"] = replace(app.config["SALON"], mail_hold=0)
    client = sign_in(app, Role.ORGANISER)
    attendee = register_one()
    assert "Annuler l’envoi" not in cancel(client, attendee)
    assert message_about(attendee).held_until is None
