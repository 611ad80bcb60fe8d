"""Messages to many: at the rate that the mail server accepts, and once each."""

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from salon.platform.database.db import current_session, transaction
from salon.platform.mail import outbox, pace, sending
from salon.platform.mail.hand_overs import FOLDER, HandOvers
from salon.platform.mail.outbox import Delivery, Message, MessageStatus
from salon.platform.mail.pace import Pace
from salon.platform.mail.sending import Senders, send_due
from salon.platform.settings.clock import real_now

TOO_FAST = Delivery(False, "le serveur demande d’attendre (451 4.7.1 too fast)")


class Clock:
    """The seconds that the senders read, and wait for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        for module in (pace, sending):
            monkeypatch.setattr(module, "monotonic", lambda: self.seconds)
        monkeypatch.setattr(sending, "sleep", self.advance)

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def post(*recipients: str, urgent: bool = False) -> None:
    with transaction() as session:
        for name in recipients:
            recipient = f"{name}@commune.example"
            outbox.post(session, "sign_in_code", recipient, urgent=urgent, code="1", minutes=10)


def messages() -> list[Message]:
    current_session().rollback()
    return list(current_session().scalars(select(Message).order_by(Message.id)))


def retry_now() -> None:
    with transaction():
        for message in messages():
            message.next_attempt_at = message.created_at


def test_a_minute_takes_so_many_and_an_urgent_one_at_once(app: Flask, clock: Clock) -> None:
    post(*"abcd")
    left: list[tuple[str, float]] = []

    def deliver(message: Message) -> Delivery:
        left.append((message.recipient[:1], clock.seconds - 1000))
        if len(left) == 2:
            post("u", urgent=True)
        return Delivery(True)

    assert send_due(deliver, Senders(pace=Pace(per_minute=40))) == 5
    assert left == [("a", 0), ("b", 1.5), ("u", 1.5), ("c", 3), ("d", 4.5)]


def test_those_that_are_called_off_take_no_turn(app: Flask, clock: Clock) -> None:
    post(*"abcd")
    left: list[tuple[str, float]] = []

    def deliver(message: Message) -> Delivery:
        name = message.recipient[:1]
        left.append((name, clock.seconds - 1000))
        return Delivery(False, "son heure est passée", called_off=name in "bc")

    assert send_due(deliver, Senders(pace=Pace(per_minute=40))) == 4
    assert left == [("a", 0), ("b", 1.5), ("c", 1.5), ("d", 1.5)]


def test_a_server_that_is_told_too_much_costs_the_others_no_attempt(
    app: Flask, clock: Clock
) -> None:
    post(*"abcdefgh")
    post("u", urgent=True)
    senders, answer = Senders(pace=Pace()), TOO_FAST
    assert send_due(lambda message: answer, senders) == 4
    assert [message.attempts for message in messages()] == [1, 1, 1, 0, 0, 0, 0, 0, 1]
    retry_now()
    assert send_due(lambda message: answer, senders) == 1  # the urgent one alone
    # One more try a minute later, then two minutes, five, and a quarter of an hour.
    for pause in (60, 120, 300, 900, 900):
        clock.advance(pause - 20)
        assert send_due(lambda message: answer, senders) == 0
        clock.advance(20)
        assert send_due(lambda message: answer, senders) == 1
    answer = Delivery(True)
    clock.advance(900)
    retry_now()
    assert send_due(lambda message: answer, senders) == 9
    assert {message.status for message in messages()} == {MessageStatus.SENT}
    assert max(message.attempts for message in messages() if not message.urgent) == 2


def test_what_a_killed_worker_had_given_to_the_server_is_not_sent_again(
    app: Flask, tmp_path: Path
) -> None:
    post(*"abcd")
    given, refused, recorded, _ = (message.message_id for message in messages())
    killed, living = HandOvers(tmp_path), HandOvers(tmp_path)
    for message_id in (given, refused, recorded):
        killed.add(message_id)
    killed.remove(refused)
    living.add(refused)
    with transaction():
        for message in messages()[:3]:
            message.leased_until = real_now()
        messages()[2].status = MessageStatus.REFUSED
    os.close(killed._file)  # as the kernel does
    sent: list[str] = []
    senders = Senders(HandOvers(tmp_path))
    send_due(lambda message: (sent.append(message.message_id), Delivery(True))[1], senders)
    assert sent == [messages()[1].message_id, messages()[3].message_id]
    assert [message.status for message in messages()] == [
        *(MessageStatus.SENT, MessageStatus.SENT, MessageStatus.REFUSED, MessageStatus.SENT)
    ]
    assert "1" in messages()[0].sent_subject + messages()[0].sent_text
    assert [path.stat().st_size for path in (tmp_path / FOLDER).iterdir()].count(0) == 1
    assert len(list((tmp_path / FOLDER).iterdir())) == 2  # the living one's, and ours
