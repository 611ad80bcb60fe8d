"""What organisers do from the dashboard."""

from sqlalchemy.exc import SQLAlchemyError

from salon.dashboard.rules import check_has_words
from salon.db import session, transaction
from salon.identity import Identity
from salon.journal import write_entry
from salon.limits import count_try
from salon.outbox import Message, get_message, queue_again

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


def can_write() -> bool:
    """Whether the database takes a write now: one counter row, one commit."""
    try:
        count_try(PROBE, PROBES_PER_HOUR, 3600)
    except SQLAlchemyError:
        session().rollback()
        return False
    return True
