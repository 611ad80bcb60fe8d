"""What organisers do from the dashboard."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from salon.accounts.queries import live_organisers
from salon.dashboard.rules import check_has_words
from salon.db import session, transaction
from salon.identity import Identity
from salon.journal import write_entry
from salon.limits import count_try
from salon.operations import Failures
from salon.outbox import Message, get_message, post, queue_again

ALARM = "alarm"
ALARM_AGAIN = timedelta(minutes=30)
PROBE = "readyz"
PROBES_PER_HOUR = 10_000_000


def send_again(message_id: int, by: Identity) -> Message:
    """Puts a message back in the queue for 24 hours. Raises MessageErased, NoResultFound."""
    message = get_message(message_id)
    with transaction(message) as writing:
        check_has_words(message.recipient)
        queue_again(message)
        subject = message.about or f"message:{message.id}"
        write_entry(writing, by, "message.sent_again", subject, message=message.id)
    return message


def tell_alarm(failures: Failures, now: datetime) -> bool:
    """Writes to every organiser when too many operations fail, at most twice an hour.

    `now` is the world's time. Answers whether it wrote.
    """
    if not failures.is_alarm or _told_since(now - ALARM_AGAIN):
        return False
    with transaction() as writing:
        for one in live_organisers():
            post(writing, ALARM, one.email, done=failures.done, failed=failures.failed)
    return True


def _told_since(moment: datetime) -> bool:
    told = select(Message.id).where(Message.kind == ALARM, Message.created_at > moment)
    return session().scalar(told.limit(1)) is not None


def can_write() -> bool:
    """Whether the database takes a write now: one counter row, one commit."""
    try:
        count_try(PROBE, PROBES_PER_HOUR, 3600)
    except SQLAlchemyError:
        session().rollback()
        return False
    return True
