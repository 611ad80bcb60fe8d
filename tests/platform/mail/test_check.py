"""`check-mail`: what the mail server is given, from a sender with a name, and what is said."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from salon.platform.settings.installation import Settings
from salon.platform.settings.remote_services import SmtpSecurity
from tests.certificates import Authority
from tests.postman import Postman, open_postman

NAMED = "Salon des maires de l’Hérault <salon@amf34.example>"


@pytest.fixture
def postman() -> Iterator[Postman]:
    with open_postman() as postman:
        yield postman


@pytest.fixture
def settings(settings: Settings, postman: Postman) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=postman.port, mail_from=NAMED)


def check(runner: FlaskCliRunner, address: str = "technique@amf34.example") -> tuple[int, str]:
    result = runner.invoke(args=["check-mail", address])
    return result.exit_code, result.output


def test_a_real_message_is_sent_and_each_step_said(
    runner: FlaskCliRunner, postman: Postman
) -> None:
    code, output = check(runner)
    assert code == 0, output
    assert [line.partition(" :")[0] for line in output.splitlines()[:3]] == [
        "Expéditeur",
        "Serveur",
        "Message",
    ]
    assert "sans chiffrement" in output
    (raw,) = postman.received
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["From"] == NAMED
    assert mail["Subject"] == "Essai d’envoi du salon"
    assert mail["Message-ID"].strip().endswith("@amf34.example>")
    assert postman.senders == ["salon@amf34.example"]


@pytest.mark.parametrize(
    ("recipient", "content", "words"),
    [
        (
            "550 inconnu",
            "250 OK",
            "cette adresse n’existe pas ou ne reçoit pas nos messages (550 inconnu)",
        ),
        (
            "250 OK",
            "554 indésirable",
            "Message : refusé, le serveur de courriel refuse ce message (554 ind",
        ),
    ],
)
def test_what_the_server_refuses_is_said(
    runner: FlaskCliRunner, postman: Postman, recipient: str, content: str, words: str
) -> None:
    postman.on_recipient, postman.answer = recipient, content
    code, output = check(runner)
    assert (code, words in output) == (1, True), output


def test_a_wrong_certificate_is_said(app: Flask, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with open_postman(starttls=authority.server_context("127.0.0.1")) as postman:
        app.config["SALON"] = replace(
            app.config["SALON"], smtp_port=postman.port, smtp_security=SmtpSecurity.STARTTLS
        )
        code, output = check(app.test_cli_runner())
    assert (code, "n’est pas reconnu" in output) == (1, True), output


def test_without_a_server_nothing_is_pretended(app: Flask) -> None:
    app.config["SALON"] = replace(app.config["SALON"], smtp_host="")
    code, output = check(app.test_cli_runner())
    assert (code, "SMTP_HOST" in output) == (1, True)
    assert check(app.test_cli_runner(), "notanemail")[0] == 1
