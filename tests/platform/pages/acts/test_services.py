"""Messages that are held, called off or sent before their time, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, true, update
from sqlalchemy.exc import NoResultFound

from salon.badges.services import cancel_attendee
from salon.dashboard.queries import overview
from salon.dashboard.rules import TooLateToCallOff
from salon.dashboard.services import messages as services
from salon.exhibitor_space.services.reminders import remind_now
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act, MailHold
from salon.platform.database.db import current_session, rehearsal, transaction
from salon.platform.database.identity import Domain, Identity, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.mail import outbox, sending
from salon.platform.mail.outbox import Delivery, Message, MessageStatus
from salon.platform.settings.clock import real_now
from tests.badges.people import register_one
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import act_in

CLAIRE = Identity(Role.ORGANISER, 1, "Claire")
PAUL = Identity(Role.AGENT, 2, "Paul")
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def hold(app: Flask) -> MailHold:
    return MailHold(CLAIRE, TEN_MINUTES)


def cancelled_by(attendee_id: int, hold: MailHold | None = None) -> Message:
    cancel_attendee(Act(CLAIRE, hold=hold), attendee_id)
    return current_session().scalars(select(Message).where(Message.kind == "cancelled")).one()


def send_all() -> list[str]:
    """Deliver what is due; return the kinds."""
    kinds: list[str] = []

    def deliver(message: Message) -> Delivery:
        kinds.append(message.kind)
        return Delivery(sent=True)

    sending.send_due(deliver)
    return kinds


@pytest.mark.on_both
def test_a_held_message_leaves_after_ten_minutes_and_not_before(
    edition: Edition, hold: MailHold
) -> None:
    attendee = register_one()
    before = real_now()
    message = cancelled_by(attendee.id, hold)
    assert message.held_until is not None
    assert before + TEN_MINUTES <= message.held_until <= real_now() + TEN_MINUTES
    assert send_all() == ["registration"]
    let_time_pass(message)
    assert send_all() == ["cancelled"]


def let_time_pass(message: Message) -> None:
    """The hold of a message is over."""
    moment = real_now() - timedelta(seconds=1)
    with transaction() as session:
        session.execute(update(Message).values(held_until=moment, next_attempt_at=moment))
    current_session().refresh(message)


def test_an_act_without_hold_holds_nothing(edition: Edition) -> None:
    message = cancelled_by(register_one().id)
    assert message.held_until is None
    assert send_all() == ["registration", "cancelled"]


def test_a_hold_of_no_time_holds_nothing(edition: Edition) -> None:
    message = cancelled_by(register_one().id, MailHold(CLAIRE, timedelta()))
    assert message.held_until is None


@pytest.mark.on_both
def test_a_message_called_off_never_leaves(edition: Edition, hold: MailHold) -> None:
    message = cancelled_by(register_one().id, hold)
    assert services.call_off_act(Act(CLAIRE), hold.key) == 1
    let_time_pass(message)
    assert "cancelled" not in send_all()
    assert message.status == MessageStatus.CALLED_OFF
    traces = current_session().scalars(select(JournalEntry.action)).all()
    assert "message.called_off" in traces


def test_a_message_that_left_is_not_called_off(edition: Edition, hold: MailHold) -> None:
    message = cancelled_by(register_one().id, hold)
    let_time_pass(message)
    with pytest.raises(TooLateToCallOff):
        services.call_off_act(Act(CLAIRE), hold.key)
    with pytest.raises(TooLateToCallOff):
        services.call_off_message(Act(CLAIRE), message.id)


@pytest.mark.on_both
def test_only_its_author_and_organisers_call_an_act_off(edition: Edition, hold: MailHold) -> None:
    cancelled_by(register_one().id, hold)
    with pytest.raises(NoResultFound):
        services.call_off_act(Act(PAUL), hold.key)
    assert current_session().scalars(
        select(Message.status).where(Message.kind == "cancelled")
    ).one() == (MessageStatus.WAITING)
    denis = Identity(Role.ORGANISER, 9, "Denis", rights=frozenset({(Domain.ALL, None)}))
    assert services.call_off_act(Act(denis), hold.key) == 1


@pytest.mark.on_both
def test_a_held_message_is_sent_before_its_time(edition: Edition, hold: MailHold) -> None:
    message = cancelled_by(register_one().id, hold)
    services.send_now(Act(CLAIRE), message.id)
    assert "cancelled" in send_all()
    with pytest.raises(TooLateToCallOff):
        services.send_now(Act(CLAIRE), message.id)


@pytest.mark.on_both
def test_a_message_called_off_can_be_sent_after_all(edition: Edition, hold: MailHold) -> None:
    message = cancelled_by(register_one().id, hold)
    services.call_off_message(Act(CLAIRE), message.id)
    services.send_again(Act(CLAIRE), message.id)
    assert "cancelled" in send_all()


@pytest.mark.on_both
def test_a_held_message_is_not_late(edition: Edition, hold: MailHold) -> None:
    message = cancelled_by(register_one().id, hold)
    send_all()
    hour_ago = real_now() - timedelta(hours=1)
    with transaction() as session:
        session.execute(update(Message).values(created_at=hour_ago))
    assert outbox.oldest_waiting() is None
    assert overview.waiting_for(edition.id, real_now(), true()).late_mails == 0
    let_time_pass(message)
    assert outbox.oldest_waiting() == message.held_until


@pytest.mark.on_both
def test_a_reminder_called_off_may_be_given_again_the_same_day(
    edition: Edition, hold: MailHold
) -> None:
    make_terms(edition)
    exhibitor = make_exhibitor(edition)
    moment = datetime(2021, 9, 20, 9, tzinfo=UTC)
    remind_now(act_in(get_public_edition(), CLAIRE, moment, hold), exhibitor.id)
    services.call_off_act(Act(CLAIRE), hold.key)
    remind_now(
        act_in(get_public_edition(), CLAIRE, moment + timedelta(hours=1), hold), exhibitor.id
    )
    statuses = current_session().scalars(
        select(Message.status).where(Message.kind == "exhibitor_reminder").order_by(Message.id)
    )
    assert list(statuses) == [MessageStatus.CALLED_OFF, MessageStatus.WAITING]


def test_a_rehearsal_shows_the_messages_and_keeps_nothing(edition: Edition) -> None:
    attendee = register_one()
    with outbox.rehearsed_messages() as messages:
        cancel_attendee(Act(CLAIRE), attendee.id)
    assert [message.kind for message in messages] == ["cancelled"]
    assert messages[0].recipient == attendee.email
    current_session().refresh(attendee)
    assert attendee.status == "registered"
    assert list(current_session().scalars(select(Message.kind))) == ["registration"]


def test_a_rehearsal_of_several_acts_keeps_none(edition: Edition) -> None:
    people = [register_one(), register_one()]
    with rehearsal():
        for attendee in people:
            cancel_attendee(Act(CLAIRE), attendee.id)
        states = [current_session().get_one(type(person), person.id).status for person in people]
        assert states == ["cancelled", "cancelled"]
    for attendee in people:
        current_session().refresh(attendee)
        assert attendee.status == "registered"
