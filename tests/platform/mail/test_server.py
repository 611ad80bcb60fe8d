"""Sending to a mail server with a wrong certificate, or whose answers never end."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.mail import outbox, sending
from salon.platform.mail import server as mail_server
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.mail.server import MailServer, deliver
from salon.platform.settings.installation import (
    Settings,
    SmtpSecurity,
    UnsafeSettings,
    read_settings,
)
from salon.platform.web.access import settings as current_settings
from tests.certificates import Authority
from tests.factories import sign_in
from tests.postman import Postman, open_postman, open_tarpit

BOTH = pytest.mark.parametrize("security", [SmtpSecurity.STARTTLS, SmtpSecurity.IMPLICIT])


@contextmanager
def encrypted_postman(
    security: SmtpSecurity, authority: Authority, host: str = "127.0.0.1"
) -> Iterator[Postman]:
    context = authority.server_context(host)
    if security == SmtpSecurity.IMPLICIT:
        with open_postman(implicit=context) as postman:
            yield postman
    else:
        with open_postman(starttls=context) as postman:
            yield postman


def send_one(app: Flask, postman: Postman, security: SmtpSecurity, ca_file: str = "") -> Message:
    """Post a sign-in code, try to send it once, and return its row."""
    app.config["SALON"] = replace(
        current_settings(),
        smtp_host="127.0.0.1",
        smtp_port=postman.port,
        smtp_user="salon",
        smtp_password="un secret",
        smtp_security=security,
        smtp_ca_file=ca_file,
    )
    with transaction() as session:
        outbox.post(session, "sign_in_code", "maire@x.example", code="1234 5678", minutes=10)
    with MailServer(current_settings()) as server:
        assert sending.send_due(lambda message: deliver(message, server)) == 1
    current_session().rollback()
    return current_session().query(Message).one()


@BOTH
def test_a_server_that_no_authority_vouches_for_is_told_nothing(
    app: Flask, edition: Edition, tmp_path: Path, security: SmtpSecurity
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    with encrypted_postman(security, Authority(tmp_path)) as postman:
        message = send_one(app, postman, security)
    assert (postman.received, postman.sign_ins) == ([], [])
    assert message.status == MessageStatus.WAITING
    page = organiser.get(f"/organisation/courriels/{message.id}").text
    assert "le certificat du serveur de courriel n’est pas reconnu" in page
    assert "Vérifiez SMTP_HOST et SMTP_CA_FILE" in page


@BOTH
def test_a_certificate_of_another_host_is_refused(
    app: Flask, tmp_path: Path, security: SmtpSecurity
) -> None:
    authority = Authority(tmp_path)
    with encrypted_postman(security, authority, host="127.0.0.2") as postman:
        message = send_one(app, postman, security, str(authority.file))
    assert (postman.received, postman.sign_ins) == ([], [])
    assert message.status == MessageStatus.WAITING
    assert "mismatch" in message.last_error


@BOTH
def test_the_authority_of_smtp_ca_file_is_trusted(
    app: Flask, tmp_path: Path, security: SmtpSecurity
) -> None:
    authority = Authority(tmp_path)
    with encrypted_postman(security, authority) as postman:
        message = send_one(app, postman, security, str(authority.file))
    assert message.status == MessageStatus.SENT
    assert len(postman.received) == 1
    assert postman.sign_ins == [("salon", "un secret")]


def test_a_server_without_starttls_gets_neither_password_nor_message(app: Flask) -> None:
    with open_postman() as postman:
        message = send_one(app, postman, SmtpSecurity.STARTTLS)
    assert (postman.received, postman.sign_ins) == ([], [])
    assert message.status == MessageStatus.WAITING
    assert "STARTTLS" in message.last_error


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"SMTP_USER": "salon"}, "SMTP_USER enverrait le mot de passe en clair"),
        ({"SMTP_USER": "salon", "SMTP_TLS": "0"}, "SMTP_TLS=starttls"),
        ({"SMTP_TLS": "oui"}, "SMTP_TLS=oui"),
        ({"SMTP_CA_FILE": "/nowhere.pem"}, "SMTP_CA_FILE=/nowhere.pem"),
        ({"SMTP_CA_FILE": __file__}, "n’est pas un certificat PEM"),
    ],
)
def test_settings_that_would_leak_a_password_are_refused_at_start(
    tmp_path: Path, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(UnsafeSettings, match=words) as refusal:
        read_settings({"SALON_DATA": str(tmp_path), **environ})
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("environ", "security"),
    [
        ({}, SmtpSecurity.NONE),
        ({"SMTP_TLS": "1"}, SmtpSecurity.STARTTLS),
        ({"SMTP_TLS": "starttls", "SMTP_USER": "salon"}, SmtpSecurity.STARTTLS),
        ({"SMTP_PORT": "465", "SMTP_USER": "salon"}, SmtpSecurity.IMPLICIT),
        ({"SMTP_PORT": "4465", "SMTP_TLS": "implicit"}, SmtpSecurity.IMPLICIT),
    ],
)
def test_the_port_of_implicit_tls_needs_no_other_word(
    tmp_path: Path, environ: dict[str, str], security: SmtpSecurity
) -> None:
    assert read_settings({"SALON_DATA": str(tmp_path), **environ}).smtp_security == security


def test_a_refused_recipient_does_not_end_the_conversation(app: Flask, settings: Settings) -> None:
    with open_postman() as postman:
        postman.unknown.add("b@x.example")
        app.config["SALON"] = replace(settings, smtp_host="127.0.0.1", smtp_port=postman.port)
        with transaction() as session:
            for name in "abc":
                outbox.post(session, "sign_in_code", f"{name}@x.example", code="1", minutes=10)
        with MailServer(current_settings()) as server:
            assert sending.send_due(lambda message: deliver(message, server)) == 3
    assert postman.recipients == ["a@x.example", "c@x.example"]
    assert postman.conversations == 1


def test_a_server_that_drips_its_answer_is_left_at_the_deadline(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "DEADLINE_S", 0.5)
    # How long one answer may take is not what ends it.
    monkeypatch.setattr(mail_server, "SILENCE_S", 3_600)
    with open_tarpit() as port:
        app.config["SALON"] = replace(settings, smtp_host="127.0.0.1", smtp_port=port)
        with transaction() as session:
            outbox.post(session, "sign_in_code", "maire@x.example", code="1", minutes=10)
        with MailServer(current_settings()) as server:
            assert sending.send_due(lambda message: deliver(message, server)) == 1
    message = current_session().query(Message).one()
    assert message.status == MessageStatus.WAITING
    assert message.last_error == "le serveur de courriel a mis trop longtemps à répondre"


def test_a_caller_with_an_event_loop_of_its_own_is_served(settings: Settings) -> None:
    async def send(port: int) -> None:
        reachable = replace(settings, smtp_host="127.0.0.1", smtp_port=port)
        with MailServer(reachable) as server:
            server.send("maire@x.example", b"Subject: Essai\r\n\r\nBonjour\r\n")

    with open_postman() as postman:
        ThreadPoolExecutor(1).submit(asyncio.run, send(postman.port)).result()
    assert postman.recipients == ["maire@x.example"]
