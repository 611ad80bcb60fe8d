"""A real SMTP conversation with a server of ours that accepts, delays, refuses or hangs up."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask import Flask

from salon.platform.database.db import current_session, transaction
from salon.platform.mail import outbox, sending
from salon.platform.mail.delivery import ForgedHeaders, envelope
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.mail.server import MailServer, deliver
from salon.platform.settings.installation import Settings
from salon.platform.web import access
from tests.postman import Postman, open_postman


@pytest.fixture
def postman() -> Iterator[Postman]:
    with open_postman() as handler:
        yield handler


@pytest.fixture
def settings(settings: Settings, postman: Postman) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=postman.port)


def post(recipient: str = "mairie@commune.example", code: str = "1234 5678") -> None:
    with transaction() as session:
        outbox.post(session, "sign_in_code", recipient, code=code, minutes=10)


def send_due() -> int:
    with MailServer(access.settings()) as server:
        return sending.send_due(lambda message: deliver(message, server))


def body_words(mail: Any) -> list[str]:
    """Return the text and the HTML of a message without files."""
    return [part.get_content() for part in mail.iter_parts()]


def status() -> MessageStatus:
    current_session().rollback()
    return current_session().query(Message).one().status


def test_a_message_arrives_whole_with_its_french(app: Flask, postman: Postman) -> None:
    post()
    assert send_due() == 1
    assert status() == MessageStatus.SENT
    mail = message_from_bytes(postman.received[0], policy=policy.default)
    assert mail["To"] == "mairie@commune.example"
    assert mail["Subject"] == "Votre code de connexion au salon"
    assert mail.get_content_type() == "multipart/alternative"
    for part, words in zip(mail.iter_parts(), map(str, body_words(mail)), strict=True):
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
        assert "1234 5678" in words.replace("\u00a0", " ")
        assert "L’équipe du salon" in words


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("451 réessayez", MessageStatus.WAITING),
        ("554 refusé", MessageStatus.REFUSED),
    ],
)
def test_the_server_s_answer_decides(
    app: Flask, postman: Postman, answer: str, expected: MessageStatus
) -> None:
    postman.answer = answer.encode("ascii", "replace").decode()
    post()
    send_due()
    assert status() == expected


def test_an_unknown_mailbox_is_shown_as_refused(app: Flask, postman: Postman) -> None:
    postman.on_recipient = "550 no such user"
    post()
    send_due()
    assert status() == MessageStatus.REFUSED
    reason = "cette adresse n’existe pas ou ne reçoit pas nos messages (550 no such user)"
    assert current_session().query(Message).one().last_error == reason


def test_a_silent_server_loses_nothing(app: Flask, settings: Settings) -> None:
    app.config["SALON"] = replace(settings, smtp_port=1)
    post()
    send_due()
    assert status() == MessageStatus.WAITING
    app.config["SALON"] = settings
    with transaction() as session:
        message = session.query(Message).one()
        message.next_attempt_at = message.created_at
    send_due()
    assert status() == MessageStatus.SENT


@pytest.mark.parametrize(
    "recipient",
    [
        "mairie@commune.example\r\nBcc: x@evil.test",
        "mairie@commune.example\nBcc: x@evil.test",
        "=?UTF-8?Q?a=0ABcc:_x@evil.test?= <mairie@commune.example>",
        "A é =?UTF-8?Q?=0ABcc:_x@evil?= <mairie@commune.example>",
    ],
)
def test_no_address_adds_a_header(app: Flask, postman: Postman, recipient: str) -> None:
    """Python 3.11's email module writes a real Bcc line for some of these."""
    post(recipient)
    send_due()
    assert status() != MessageStatus.WAITING
    for raw in postman.received:
        assert "bcc" not in {name.lower() for name in message_from_bytes(raw)}


@pytest.mark.parametrize("name", ["Reply-To", "Bcc", "Cc", "List-Unsubscribe"])
def test_a_subject_adds_no_header(app: Flask, name: str) -> None:
    """The list of a partner may hold an encoded word, which the email module of Python unfolds."""
    subject = f"é =?UTF-8?Q?=0A{name}:_x@evil.test?="
    context = {"subject": subject, "words": "Bonjour", "origin": "est la vôtre"}
    message = Message(
        kind="mailing", recipient="a@b.example", context=context, message_id="<a@salon>"
    )
    with pytest.raises(ForgedHeaders):
        envelope(message, [])


def test_hostile_values_in_the_text_stay_text(app: Flask) -> None:
    post(code="<a href=//evil>cliquez</a> {{config}} {x.__class__}\r\nBcc: x@evil.test")
    mail = message_from_bytes(
        envelope(current_session().query(Message).one()), policy=policy.default
    )
    assert mail["Bcc"] is None
    text, page = body_words(mail)
    assert "<a href=//evil>cliquez</a> {{config}} {x.__class__}" in text
    assert "&lt;a href=//evil&gt;cliquez&lt;/a&gt; {{config}} {x.__class__}" in page
