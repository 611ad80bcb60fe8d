"""« Rétablir » in the message of a cancelled registration: who cancelled, when, and by whom not."""

import re

import pytest
from flask import Flask

from salon.badges.models import Attendee, AttendeeStatus
from salon.badges.services import cancel_attendee, register_visitors, restore_attendee
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity
from salon.platform.mail import sending
from salon.platform.mail.delivery import copy_of, page_of, shown_page_of, shown_words_of, words_of
from salon.platform.mail.message_secrets import HIDDEN
from salon.platform.mail.outbox import Delivery, Message
from salon.platform.settings.clock import now
from tests.appointments.make import PUBLIC
from tests.appointments.restoring.test_services import CLAIRE
from tests.badges.people import all_of, badge_of, make_person, register_one
from tests.badges.visitor_pages import page_of as text_of
from tests.factories import act_in, new_key, set_time
from tests.pages import PageClient

OFFER = "Rétablir l’inscription, avec le même badge"


def cancelled(edition: Edition, actor: Identity = PUBLIC) -> tuple[Attendee, str, Message]:
    """Return a person whose registration an actor cancelled, its page, the message about it."""
    attendee = register_one()
    path = f"/badge/{badge_of(attendee.id).private_token}"
    cancel_attendee(Act(actor, now()), attendee.id)
    return attendee, path, all_of(Message)[-1]


def test_the_message_leads_to_the_page_that_asks_and_one_button_restores(
    client: PageClient, edition: Edition
) -> None:
    attendee, path, message = cancelled(edition)
    words = words_of(message)[1]
    assert f"{path}/retablir\n" in words
    assert re.search(r"annulée le .*, par le lien privé", words)
    assert "Rétablir l’inscription</a>" in page_of(message, *words_of(message))
    page = text_of(client.get(f"{path}/retablir"))
    assert "<h1>Cette inscription est annulée</h1>" in page
    assert re.search(r"Annulée le .*, par le lien privé de l’inscription ou du dossier\.", page)
    assert page.count(OFFER) == 1
    token = client.token(f"{path}/retablir")
    for _ in range(2):
        assert client.post(f"{path}/retablir", data={"csrf_token": token}).location == path
    assert all_of(Attendee)[0].status == AttendeeStatus.REGISTERED
    assert attendee.full_name in text_of(client.get(f"{path}/retablir"))


def test_its_link_is_hidden_wherever_the_message_is_stored(app: Flask, edition: Edition) -> None:
    _, path, _ = cancelled(edition)
    sending.send_due(lambda due: Delivery(True, copy=copy_of(due, [])))
    message = all_of(Message)[-1]
    token = path.removeprefix("/badge/")
    shown = (*shown_words_of(message), shown_page_of(message), str(message.context))
    assert not [text for text in shown if token in text]
    assert f"/badge/{HIDDEN}/retablir" in message.sent_text


def test_what_the_organisers_cancelled_is_theirs_to_restore(
    client: PageClient, edition: Edition
) -> None:
    _, path, message = cancelled(edition, CLAIRE)
    words = words_of(message)[1]
    assert "retablir" not in words
    assert "L’organisation du salon l’a annulée le" in words
    assert "/infos-pratiques#ecrire" in words
    page = text_of(client.get(f"{path}/retablir"))
    assert ", par l’organisation du salon." in page
    assert OFFER not in page


def test_the_last_word_is_that_of_who_cancelled_last(client: PageClient, edition: Edition) -> None:
    """The holder's link opens while the organisers restore, then cancel."""
    attendee, path, _ = cancelled(edition)
    token = client.token(f"{path}/retablir")
    restore_attendee(Act(CLAIRE), attendee.id)
    assert client.post(f"{path}/retablir", data={"csrf_token": token}).location == path
    assert all_of(Message)[-1].kind == "restored"
    cancel_attendee(Act(CLAIRE, now()), attendee.id)
    answer = client.post(f"{path}/retablir", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "annulée par l’organisation" in answer.text
    assert all_of(Attendee)[0].status == AttendeeStatus.CANCELLED


def test_nothing_is_offered_where_nothing_comes_back(
    client: PageClient, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fair that is cancelled or over; somebody registered anew meanwhile."""
    person = make_person()
    attendee = register_one(email=person.email, last_name=person.last_name)
    path = f"/badge/{badge_of(attendee.id).private_token}"
    cancel_attendee(Act(PUBLIC, now()), attendee.id)
    token = client.token(f"{path}/retablir")
    with transaction(edition):
        edition.standing = Standing.CANCELLED
    assert "Le salon est annulé." in text_of(client.get(f"{path}/retablir"))
    assert client.post(f"{path}/retablir", data={"csrf_token": token}).status_code == 409
    with transaction(edition):
        edition.standing = Standing.AS_PLANNED
    register_visitors(act_in(edition, PUBLIC), person.email, [person], new_key())
    answer = client.post(f"{path}/retablir", data={"csrf_token": token})
    assert "porte déjà ce nom" in answer.text
    set_time(monkeypatch, edition.ends_at, "salon.badges.routes.badge")
    page = text_of(client.get(f"{path}/retablir"))
    assert "Le salon est terminé." in page
    assert OFFER not in page
    current_session().rollback()
