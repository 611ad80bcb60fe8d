"""Outbox: messages are rows written in the transaction that causes them; a worker sends them.

Schedule: a refused or unanswered attempt is repeated after 1, 2, 5, 15, 30 and then every 60
minutes until 24 hours have passed and LEAST_ATTEMPTS were made; a permanent refusal (5xx) stops at
once. Then organisers see the message as refused and can send it again. Nothing is deleted by a
failure.

A message posted by a signed-in person's request is held first (`holding.py`): until `held_until`
it can be called off, alone or with the others of the same act. After a restore all mail is held
(`restored.py`).
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Index, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from salon.platform.database.act import mail_hold_of
from salon.platform.database.db import (
    Model,
    UtcDateTime,
    at_least,
    current_session,
    rehearsal,
    transaction,
)
from salon.platform.database.demonstration_state import lives_as_demonstration
from salon.platform.mail.holding import is_held
from salon.platform.mail.message_secrets import without_secrets
from salon.platform.mail.restored import may_leave
from salon.platform.settings.clock import now as fair_now
from salon.platform.settings.clock import real_now
from salon.platform.words.labels import LabelledEnum

LEASE = timedelta(minutes=2)
"""Twice the longest attempt (`server.DEADLINE_S`)."""
KEEP_TRYING = timedelta(hours=24)
LEAST_ATTEMPTS = 8
"""Three hours of them: a message that waited a day for its first attempt gets the others too."""
CODES = frozenset({"code"})
LAPSES_AT = "lapses_at"
"""Key of a context: the moment of the fair, in ISO form, from which the message says what is not
true any more (« demain »); it is called off then, however long it could not leave."""
OWN_WORDS = "own_words"
"""Key of a context: the organiser's words that a message of 1.0.0 carried when it was sent."""
BACK_OFF_MINUTES = (1, 2, 5, 15, 30, 60)


class MessageStatus(LabelledEnum):
    WAITING = "waiting", "En attente"
    SENT = "sent", "Envoyé"
    REFUSED = "refused", "Refusé"
    CALLED_OFF = "called_off", "Envoi annulé"


class Message(Model):
    """One message to one address. Its text is in templates/mail/<kind>.txt.

    `sent_subject`, `sent_text`: its words as it left, codes and private links hidden; `sent_files`:
    name and SHA-256 of each file that went with it.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "status", "next_attempt_at"),
        *at_least(0, "attempts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recipient: Mapped[str] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(default="", index=True)
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(unique=True)
    status: Mapped[MessageStatus] = mapped_column(default=MessageStatus.WAITING)
    urgent: Mapped[bool] = mapped_column(default=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(default="", index=True)
    author: Mapped[str] = mapped_column(default="")
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_subject: Mapped[str] = mapped_column(default="", server_default="")
    sent_text: Mapped[str] = mapped_column(default="", server_default="")
    sent_files: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default="[]")
    last_error: Mapped[str] = mapped_column(default="")

    @property
    def is_held(self) -> bool:
        """Return whether the message has not left and can still be called off."""
        return (
            self.status == MessageStatus.WAITING
            and self.held_until is not None
            and self.held_until > real_now()
        )

    @property
    def has_lapsed(self) -> bool:
        """Return whether what the message says is not true any more."""
        lapses_at = self.context.get(LAPSES_AT)
        return lapses_at is not None and datetime.fromisoformat(lapses_at) <= fair_now()


DUE_SINCE = func.coalesce(Message.held_until, Message.created_at)


@dataclass(frozen=True)
class Copy:
    """What is stored of a message that left (`Message.sent_subject` and its neighbours)."""

    subject: str
    text: str
    files: list[list[str]]


@dataclass(frozen=True)
class Delivery:
    """Result of an attempt: sent, or the reason of the failure, and whether a later one may
    succeed. `copy`: what was sent; `called_off`: not tried, its recipient wants no such message, or
    it has lapsed."""

    sent: bool
    error: str = ""
    permanent: bool = False
    copy: Copy | None = None
    called_off: bool = False

    @property
    def may_succeed_later(self) -> bool:
        return not (self.sent or self.permanent or self.called_off)


def act_key(session: Session) -> str:
    """Return the key under which the messages of the act under way are held, "" without hold."""
    hold = mail_hold_of(session)
    return hold.key if hold is not None else ""


def post(
    session: Session,
    kind: str,
    recipient: str,
    about: str = "",
    urgent: bool = True,
    event_at: datetime | None = None,
    **context: Any,
) -> Message:
    """Add a message inside the caller's transaction, which says by its act whether it is held.

    `about` names its subject (`attendee:12`); `context` holds the values of its template (JSON),
    and LAPSES_AT where the message is true for a time.
    Messages that are not urgent wait until no urgent one is due. `event_at`: start of the event it
    is about; a message about a near event is not held.
    """
    now = real_now()
    hold = mail_hold_of(session)
    held_until = None
    if hold and hold.duration and is_held(kind, hold.author.role, event_at, fair_now()):
        held_until = now + hold.duration
        hold.has_held = True
    message = Message(
        kind=kind,
        recipient=recipient,
        about=about,
        context=context,
        message_id=f"<{secrets.token_hex(16)}@salon>",
        urgent=urgent,
        created_at=now,
        next_attempt_at=held_until or now,
        held_until=held_until,
        act=hold.key if hold and held_until else "",
        author=hold.author.key if hold else "",
    )
    session.add(message)
    if "rehearsed_messages" in session.info:
        copy = Message(kind=kind, recipient=recipient, about=about, context=context)
        session.info["rehearsed_messages"].append(copy)
    return message


@contextmanager
def rehearsed_messages() -> Iterator[list[Message]]:
    """Run services as a rehearsal; yield the messages that they would post."""
    messages: list[Message] = []
    with rehearsal():
        current_session().info["rehearsed_messages"] = messages
        try:
            yield messages
        finally:
            del current_session().info["rehearsed_messages"]


def is_held_now() -> ColumnElement[bool]:
    """Return the SQL condition that a message has not left and can still be called off."""
    return and_(
        Message.status == MessageStatus.WAITING,
        Message.held_until > real_now(),
        Message.leased_until.is_(None),
    )


def held_messages(act: str) -> Sequence[Message]:
    """Return the messages of an act that can still be called off."""
    return (
        current_session()
        .scalars(select(Message).where(Message.act == act, is_held_now()).order_by(Message.id))
        .all()
    )


def lock_held(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Message]:
    """Lock the held messages that meet the conditions; a worker cannot take them meanwhile."""
    messages = select(Message).where(is_held_now(), *conditions).order_by(Message.id)
    return session.scalars(messages.with_for_update()).all()


def call_off(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Message]:
    """Call off the held messages that meet the conditions; return them."""
    messages = lock_held(session, *conditions)
    for message in messages:
        message.status = MessageStatus.CALLED_OFF
    return messages


def call_off_about(session: Session, about: str, *kinds: str) -> bool:
    """Call off the held messages of these kinds about one subject.

    Return whether its latest one had already left, so that another message must follow it.
    """
    condition = (Message.about == about, Message.kind.in_(kinds))
    call_off(session, *condition)
    latest = select(Message).where(*condition).order_by(Message.id.desc()).limit(1)
    message = session.scalar(latest)
    return message is not None and message.status != MessageStatus.CALLED_OFF


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(
        Message.status == MessageStatus.WAITING,
        Message.next_attempt_at <= now,
        may_leave(Message.kind, Message.created_at),
        or_(Message.leased_until.is_(None), Message.leased_until <= now),
    )


def has_due() -> bool:
    """Return whether a message is due."""
    statement = select(Message.id).where(_is_due(real_now())).limit(1)
    return current_session().scalar(statement) is not None


def lease_due(limit: int = 1, *, is_urgent: bool = False) -> Sequence[Message]:
    """Lease up to `limit` due messages for LEASE; no other worker gets them meanwhile.

    Those with the fewest attempts come first; with `is_urgent`, urgent ones alone. Nothing is
    locked while none is due.
    """
    now = real_now()
    due = (
        select(Message)
        .where(_is_due(now), *([Message.urgent.is_(True)] if is_urgent else []))
        .order_by(Message.urgent.desc(), Message.attempts, Message.id)
        .limit(limit)
    )
    if current_session().scalar(due.with_only_columns(Message.id)) is None:
        return []
    with transaction() as session:
        messages = session.scalars(due.with_for_update(skip_locked=True)).all()
        for message in messages:
            message.leased_until = now + LEASE
    return messages


def settle(message_id: int, delivery: Delivery) -> None:
    """Record the result of an attempt and the time of the next one; forget secrets once sent."""
    now = real_now()
    with transaction() as session:
        message = session.get(Message, message_id, with_for_update=True)
        if message is None:
            return
        message.attempts += 1
        message.leased_until = None
        message.last_error = delivery.error[:500]
        if delivery.sent:
            message.status = MessageStatus.SENT
            message.sent_at = now
            if not lives_as_demonstration():
                message.context = without_secrets(message.context)
            if delivery.copy is not None:
                message.sent_subject, message.sent_text = delivery.copy.subject, delivery.copy.text
                message.sent_files = delivery.copy.files
        elif delivery.called_off:
            message.status = MessageStatus.CALLED_OFF
            message.context = without_secrets(message.context)
        elif delivery.permanent or (
            now - message.created_at >= KEEP_TRYING and message.attempts >= LEAST_ATTEMPTS
        ):
            message.status = MessageStatus.REFUSED
            # A link still opens when the message is sent again; a code is over by then.
            message.context = without_secrets(message.context, CODES)
        else:
            wait = BACK_OFF_MINUTES[min(message.attempts, len(BACK_OFF_MINUTES)) - 1]
            message.next_attempt_at = now + timedelta(minutes=wait)


def find_by_message_id(message_id: str, status: MessageStatus) -> Message | None:
    """Return the message of this state and of this stored Message-ID."""
    statement = select(Message).where(Message.message_id == message_id, Message.status == status)
    return current_session().scalar(statement)


def settle_bounced(message: Message, reason: str) -> None:
    """Record that a message, sent, has come back from its recipient's server."""
    with transaction(message):
        if message.status == MessageStatus.SENT:
            message.status = MessageStatus.REFUSED
            message.last_error = reason[:500]


def queue_again(message: Message) -> None:
    """Queue a message, locked by the caller, for another 24 hours."""
    now = real_now()
    message.status = MessageStatus.WAITING
    message.attempts = 0
    message.created_at = now
    message.next_attempt_at = now
    message.held_until = None


def oldest_waiting() -> datetime | None:
    """Return since when the oldest due message waits: its posting, or the end of its hold."""
    return current_session().scalar(
        select(func.min(DUE_SINCE)).where(
            Message.status == MessageStatus.WAITING,
            real_now() >= DUE_SINCE,
            may_leave(Message.kind, Message.created_at),
        )
    )


def get_message(message_id: int) -> Message:
    return current_session().get_one(Message, message_id)


def recent_messages(limit: int, search: str = "") -> Sequence[Message]:
    """Return the newest messages, to an address that contains `search`."""
    statement = select(Message).order_by(Message.id.desc()).limit(limit)
    if search:
        statement = statement.where(Message.recipient.icontains(search, autoescape=True))
    return current_session().scalars(statement).all()


def counts_by_status() -> dict[str, int]:
    """Return the number of messages by status."""
    rows = current_session().execute(select(Message.status, func.count()).group_by(Message.status))
    counts = {status.value: count for status, count in rows}
    return {status.value: counts.get(status.value, 0) for status in MessageStatus}
