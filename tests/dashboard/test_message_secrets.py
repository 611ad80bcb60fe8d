"""Codes and private links of messages: for their recipient alone, and gone once sent."""

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.services import sign_in_codes
from salon.dashboard.rules import SecretForgotten
from salon.dashboard.services import messages as services
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.mail import outbox, sending
from salon.platform.mail.delivery import words_of
from salon.platform.mail.message_secrets import HIDDEN
from salon.platform.mail.outbox import Delivery, Message, MessageStatus
from tests.badges.people import badge_of, register_one
from tests.factories import make_account, sign_in


def messages() -> list[Message]:
    current_session().rollback()
    return list(current_session().scalars(select(Message).order_by(Message.id)))


def test_nobody_reads_the_secrets_of_a_message_on_a_page(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    attendee = register_one(email="vera@beziers.example")
    token = badge_of(attendee.id).private_token
    account = make_account(role=Role.EXHIBITOR, email="vera@beziers.example")
    sign_in_codes.offer_sign_in_code(account.email, "a browser", 600)
    registration, code = messages()[-2:]
    assert token in words_of(registration)[1]
    pages = [
        organiser.get("/organisation/courriels").text,
        organiser.get(f"/organisation/courriels/{registration.id}").text,
        organiser.get(f"/organisation/courriels/{code.id}").text,
        organiser.get(f"/organisation/courriels/{registration.id}/lettre").text,
        organiser.get(f"/organisation/courriels/{code.id}/lettre").text,
        organiser.get(f"/organisation/participants/{attendee.id}/donnees").text,
        organiser.get("/organisation/journal.csv").text,
    ]
    assert HIDDEN in pages[1]
    assert HIDDEN in pages[2]
    page_text = "".join(pages)
    assert str(code.context["code"]) not in page_text
    assert token not in page_text


def test_a_sent_message_goes_again_with_the_link_of_today(app: Flask, edition: Edition) -> None:
    attendee = register_one()
    sending.send_due(lambda message: Delivery(True))
    (sent_message,) = messages()
    assert sent_message.context["token"] == HIDDEN
    services.send_again(Act(SYSTEM), sent_message.id)
    (later_message,) = messages()
    assert later_message.status == MessageStatus.WAITING
    assert badge_of(attendee.id).private_token in words_of(later_message)[1]


def test_a_code_never_goes_twice(app: Flask, edition: Edition) -> None:
    account = make_account(role=Role.EXHIBITOR)
    for delivery in (Delivery(True), Delivery(False, "550 inconnu", permanent=True)):
        sign_in_codes.offer_sign_in_code(account.email, "a browser", 600)
        sending.send_due(lambda message, delivery=delivery: delivery)
        message = messages()[-1]
        assert message.context["code"] == HIDDEN
        with pytest.raises(SecretForgotten):
            services.send_again(Act(SYSTEM), message.id)


def test_a_refused_message_keeps_its_link(app: Flask, edition: Edition) -> None:
    attendee = register_one()
    sending.send_due(lambda message: Delivery(False, "550 inconnu", permanent=True))
    (refused,) = messages()
    assert refused.context["token"] == badge_of(attendee.id).private_token


def test_secrets_are_hidden_wherever_they_are_in_a_message(app: Flask, edition: Edition) -> None:
    with transaction() as session:
        rows = [{"subject": "Toiture", "token": "abc"}, {"subject": "Eau", "token": ""}]
        outbox.post(session, "alarm", "a@b.example", done=1, failed=1, appointments=rows)
    sending.send_due(lambda message: Delivery(True))
    (message,) = messages()
    assert message.context["appointments"] == [
        {"subject": "Toiture", "token": HIDDEN},
        {"subject": "Eau", "token": ""},
    ]
