"""Messages that come back: reports of three mail servers, read in a mailbox over IMAP and TLS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.mail import bounces, outbox, sending
from salon.platform.mail.bounces import LONGEST_BYTES, MailboxUnread, bounce_of, record_bounces
from salon.platform.mail.outbox import Delivery, Message, MessageStatus
from salon.platform.mail.refusals import refusal_words
from salon.platform.settings.remote_services import Mailbox
from tests.certificates import Authority
from tests.factories import make_edition, sign_in
from tests.imap import PASSWORD, USER, MailboxServer, open_mailbox
from tests.tables import each

REPORTS = Path(__file__).parent / "reports"
STRANGER = "0123456789abcdef" * 2
ORDINARY = "From: maire@mons.example\nContent-Type: text/plain\n\nMerci, nous viendrons.\n"
REASONS = {
    "postfix": "revenu : cette adresse n’existe pas (5.1.1, 550 5.1.1 <mairie@mons.example>",
    "exchange": "revenu : cette boîte est pleine (5.2.2, 554 5.2.2 mailbox full",
    "gmail": "revenu : le domaine de cette adresse n’existe pas (5.4.4, The recipient server",
}


def report(name: str, number: str) -> str:
    return (REPORTS / f"{name}.eml").read_text().replace("NUMBER", number)


def delayed(number: str) -> str:
    text = report("postfix", number).replace("Action: failed", "Action: delayed")
    return text.replace("Status: 5.1.1", "Status: 4.4.1")


@contextmanager
def reports_of(folder: Path, *mails: str) -> Iterator[tuple[Mailbox, MailboxServer]]:
    authority = Authority(folder)
    contents = [mail.encode() for mail in mails]
    with open_mailbox(authority.server_context(), *contents) as server:
        place = Mailbox("127.0.0.1", server.port, USER, PASSWORD, ca_file=str(authority.file))
        yield place, server


@pytest.fixture
def numbers(app: Flask) -> list[str]:
    """Return the numbers of five messages that have left."""
    with transaction() as session:
        for number in range(5):
            recipient = f"mairie{number}@commune.example"
            outbox.post(session, "sign_in_code", recipient, code="1", minutes=10)
    sending.send_due(lambda message: Delivery(True))
    return [message.message_id[1:33] for message in messages()]


def messages() -> list[Message]:
    current_session().rollback()
    return current_session().query(Message).order_by(Message.id).all()


def test_a_message_that_comes_back_is_refused_with_its_reason_in_french(
    app: Flask, numbers: list[str], tmp_path: Path
) -> None:
    make_edition()
    mails = [report(name, number) for name, number in zip(REASONS, numbers, strict=False)]
    mails += [delayed(numbers[3]), report("postfix", STRANGER), ORDINARY]
    with reports_of(tmp_path, *mails) as (mailbox, server):
        assert record_bounces(mailbox) == 3
        # A report is read once; what a person has written stays unread for whom it is to.
        assert server.seen == {1, 2, 3, 4, 5}
        assert record_bounces(mailbox) == 0
    assert [message.status for message in messages()] == [
        *[MessageStatus.REFUSED] * 3,
        *[MessageStatus.SENT] * 2,
    ]
    for message, reason in zip(messages(), REASONS.values(), strict=False):
        assert message.last_error.startswith(reason)
        assert message.sent_at is not None
    page = sign_in(app, Role.ORGANISER).get("/organisation/courriels?status=refused").text
    assert "cette boîte est pleine" in page


@each(
    "content",
    [
        b"",
        b"Content-Type: multipart/report; report-type=delivery-status\n\n",
        report("postfix", STRANGER).partition("Content-Description: Undelivered")[0].encode(),
        report("postfix", "0123").encode(),
        report("postfix", STRANGER).replace("@salon.example>", "").encode(),
        delayed(STRANGER).encode(),
        report("postfix", STRANGER).replace("failed", "delivered").encode(),
        b"\xff\x00" * 500,
    ],
)
def test_a_report_that_is_not_of_a_message_of_ours_says_nothing(content: bytes) -> None:
    assert bounce_of(content) is None


def test_a_report_of_parts_within_parts_without_end_stops_nobody() -> None:
    opened = "--{}\nContent-Type: multipart/mixed; boundary={}\n\n"
    parts = "".join(opened.format(number, number + 1) for number in range(4000))
    assert bounce_of(parts.removeprefix("--0\n").encode()) is None
    assert bounce_of(b"Content-Type: message/rfc822\n\n" * 8000) is None


def test_what_a_server_wrote_is_noted_without_what_no_database_stores() -> None:
    hostile = report("postfix", STRANGER).replace("550 5.1.1", "550\0 \a5.1.1\x1b[2J", 1)
    bounce = bounce_of(hostile.encode())
    assert bounce is not None
    assert bounce.reason.isprintable()
    assert refusal_words(550, "5.1.1 \0no\nsuch user").endswith("(550 5.1.1 no such user)")


def test_a_report_that_returns_a_whole_big_message_is_read_to_its_status(
    app: Flask, numbers: list[str], tmp_path: Path
) -> None:
    big = report("postfix", numbers[0]).replace("Madame,", "Madame,\n" * LONGEST_BYTES)
    with reports_of(tmp_path, big) as (mailbox, _):
        assert record_bounces(mailbox) == 1


def test_the_newest_are_looked_at_first(
    app: Flask, numbers: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces, "MOST_MAILS", 2)
    mails = [report("postfix", number) for number in numbers[:3]]
    with reports_of(tmp_path, *mails) as (mailbox, _):
        assert [record_bounces(mailbox), record_bounces(mailbox)] == [2, 1]


def test_a_mailbox_that_cannot_be_read_says_why(numbers: list[str], tmp_path: Path) -> None:
    with reports_of(tmp_path, report("postfix", numbers[0])) as (mailbox, server):
        for change, words in (
            ({"password": "un autre"}, "ne se lit pas"),
            ({"folder": "Retours"}, "le dossier Retours ne s’ouvre pas"),
            ({"ca_file": ""}, "CERTIFICATE_VERIFY_FAILED"),
        ):
            with pytest.raises(MailboxUnread, match=words):
                record_bounces(replace(mailbox, **change))
        assert "UID" not in server.said
    with pytest.raises(MailboxUnread, match="ne se lit pas"):
        record_bounces(mailbox)
