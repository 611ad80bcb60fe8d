"""Organisers' acts on messages, and the writing that a probe asks for."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.exc import NoResultFound, SQLAlchemyError
from sqlalchemy.orm import Session

from salon.dashboard.actions import DashboardAction
from salon.dashboard.queries.overview import find_private_token
from salon.dashboard.rules import check_can_be_called_off, check_has_its_secrets, check_has_words
from salon.exhibitor_space.services.reminders import reset_reminder
from salon.invitations.services.sending import reset_invitation
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalAction, write_entry
from salon.platform.database.marks import MAIL_HELD, Mark
from salon.platform.mail.message_secrets import HIDDEN
from salon.platform.mail.outbox import (
    Message,
    MessageStatus,
    call_off,
    get_message,
    is_held_now,
    lock_held,
    queue_again,
)
from salon.platform.web.access import settings
from salon.platform.web.limits import count_try

log = logging.getLogger("salon")

PROBE = "readyz"
PROBES_PER_HOUR = 10_000_000
FRESH_S, RETRY_S = 5.0, 1.0


def send_again(act: Act, message_id: int) -> Message:
    """Queue a message again for 24 hours, with the private link of today.

    Raises MessageErased, SecretForgotten, NoResultFound.
    """
    message = get_message(message_id)
    with act.transaction(message) as session:
        check_has_words(message.recipient)
        token = find_private_token(message.about)
        if token and message.context.get("token") == HIDDEN:
            message.context = {**message.context, "token": token}
        check_has_its_secrets(message.context)
        queue_again(message)
        subject = message.about or f"message:{message.id}"
        write_entry(
            session, act.actor, DashboardAction.MESSAGE_SENT_AGAIN, subject, message=message.id
        )
    return message


def send_now(act: Act, message_id: int) -> int:
    """End the hold of a message and of those that it corrects, which leave before it.

    Return how many there were. Raises TooLateToCallOff when it is no longer held.
    """
    older_ids = [message.id for message in _corrected_by(Message.id == message_id)]
    with act.transaction() as session:
        messages = lock_held(session, Message.id.in_((message_id, *older_ids)))
        check_can_be_called_off(sum(message.id == message_id for message in messages))
        for message in messages:
            queue_again(message)
        _write_trace(act, session, DashboardAction.MESSAGE_SENT_NOW, messages)
    return len(messages)


def older_messages(act: Act, condition: ColumnElement[bool]) -> Sequence[Message]:
    """Return the held messages that the ones of the condition, still held, correct.

    An actor without all rights is asked about their own alone.
    """
    messages = _corrected_by(condition)
    return [row for row in messages if act.actor.has_all_rights or row.author == act.actor.key]


def _corrected_by(condition: ColumnElement[bool]) -> Sequence[Message]:
    """Return older held messages of one kind, about the same and to the same address."""
    newer = select(Message).where(condition, is_held_now()).subquery()
    statement = (
        select(Message)
        .join(
            newer,
            and_(
                Message.id < newer.c.id,
                Message.kind == newer.c.kind,
                Message.about == newer.c.about,
                Message.recipient == newer.c.recipient,
            ),
        )
        .where(is_held_now(), not_(condition), Message.about != "")
        .order_by(Message.id)
    )
    return current_session().scalars(statement).unique().all()


def call_off_message(act: Act, message_id: int, older_ids: Collection[int] = ()) -> None:
    """Call off one held message, and older ones. Raises TooLateToCallOff."""
    with act.transaction() as session:
        messages = call_off(session, Message.id.in_((message_id, *older_ids)))
        check_can_be_called_off(len(messages))
        _unmark_sent(session, messages)
        _write_trace(act, session, DashboardAction.MESSAGE_CALLED_OFF, messages)


def call_off_act(act: Act, act_key: str, older_ids: Collection[int] = ()) -> int:
    """Call off the messages that an act still holds, and older ones; return how many there were.

    Raises TooLateToCallOff; NoResultFound for another person's act, unless the actor has all
    rights.
    """
    with act.transaction() as session:
        messages = call_off(session, Message.act == act_key)
        check_can_be_called_off(len(messages))
        if not act.actor.has_all_rights and messages[0].author != act.actor.key:
            raise NoResultFound
        messages = [*messages, *call_off(session, Message.id.in_(older_ids))]
        _unmark_sent(session, messages)
        _write_trace(act, session, DashboardAction.MESSAGE_CALLED_OFF, messages)
    return len(messages)


def release_mail(act: Act, *, sends_backlog: bool) -> int:
    """Let the mail of a restored database leave; return how many messages were called off.

    What waited in the backup leaves too, or is called off. Idempotent.
    """
    with act.transaction() as session:
        mark = session.get(Mark, MAIL_HELD, with_for_update=True)
        if mark is None:
            return 0
        backlog = select(Message).where(
            Message.status == MessageStatus.WAITING, Message.created_at <= mark.written_at
        )
        messages = [] if sends_backlog else session.scalars(backlog.with_for_update()).all()
        for message in messages:
            message.status = MessageStatus.CALLED_OFF
        session.delete(mark)
        write_entry(session, act.actor, DashboardAction.MAIL_RELEASED, count=len(messages))
    return len(messages)


def _unmark_sent(session: Session, messages: Sequence[Message]) -> None:
    """Unmark a reminder or an invitation that is called off, so that it may be sent again."""
    for message in messages:
        if message.kind == "exhibitor_reminder":
            reset_reminder(session, message.context["exhibitor_id"], message.context["posted_at"])
        elif message.kind == "organisation_invited":
            reset_invitation(session, message.context["invitation_id"])


def _write_trace(
    act: Act, session: Session, action: JournalAction, messages: Sequence[Message]
) -> None:
    for message in messages:
        subject = message.about or f"message:{message.id}"
        write_entry(session, act.actor, action, subject, message=message.id)


class Readiness:
    """Result of the last try of a place, the database or the files, for one process.

    Anybody may ask, so it is tried at most every FRESH_S, and every RETRY_S while it fails.
    """

    def __init__(self, can_write: Callable[[], bool]) -> None:
        self._can_write = can_write
        self._lock = threading.Lock()
        self._is_ready = False
        self._tried_at = -FRESH_S

    def is_ready(self, at: float) -> bool:
        """Return whether a recent try succeeded at `at` (seconds of a monotonic clock).

        While one try is waited for, other callers get the result before it.
        """
        is_old = at - self._tried_at >= (FRESH_S if self._is_ready else RETRY_S)
        if is_old and self._lock.acquire(blocking=False):
            try:
                self._is_ready = self._can_write()
                self._tried_at = at
            finally:
                self._lock.release()
        return self._is_ready


def can_store() -> bool:
    """Return whether the place of the files takes one, gives it back and deletes it."""
    try:
        settings().file_store.check()
    except OSError as error:
        log.error("files unreachable: %s", error)
        return False
    return True


def can_write() -> bool:
    """Return whether the database takes a write now: one counter row, one commit."""
    try:
        count_try(PROBE, PROBES_PER_HOUR, 3600)
    except SQLAlchemyError:
        current_session().rollback()
        return False
    return True
