"""Senders of the outbox: one message in hand at a time, results recorded even late."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from salon.platform.mail.outbox import Delivery, Message, lease_due, settle

RELIEF_S = 2.0
"""Longest time with a message before another sender goes on with the next."""


class Senders:
    """State shared by the senders of one process: the turn, and results not yet recorded.

    One sender has a message at a time, so that a kill finds no more than that one between the mail
    server's answer and its record. A sender held up for RELIEF_S no longer counts.
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._in_hand: dict[int, float] = {}
        self._record = threading.Lock()
        self._deliveries: dict[int, Delivery] = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until no other sender has a message, or has had it for RELIEF_S."""
        sender = threading.get_ident()
        with self._turn:
            while (left := self._seconds_left()) > 0:
                self._turn.wait(left)
            self._in_hand[sender] = monotonic()
        try:
            yield
        finally:
            with self._turn:
                del self._in_hand[sender]
                self._turn.notify()

    def _seconds_left(self) -> float:
        latest = max(self._in_hand.values(), default=-RELIEF_S)
        return latest + RELIEF_S - monotonic()

    def add(self, message_id: int, delivery: Delivery) -> None:
        """Record the result of an attempt, and those still unrecorded. Raises the database's
        errors.

        Without this memory, messages accepted while the database was away would be sent again.
        """
        with self._record:
            self._deliveries[message_id] = delivery
        self.record()

    def record(self) -> None:
        with self._record:
            for message_id, delivery in tuple(self._deliveries.items()):
                settle(message_id, delivery)
                del self._deliveries[message_id]


def send_due(
    deliver: Callable[[Message], Delivery],
    senders: Senders | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Send the due messages, each outside any transaction; return how many were tried.

    One message is leased at a time: urgent ones overtake the rest, and a killed worker holds up a
    single message. When `stop()` becomes true it ends after the current message.
    """
    senders = senders or Senders()
    senders.record()
    count = 0
    while not stop():
        with senders.turn():
            due = lease_due()
            for message in due:
                senders.add(message.id, deliver(message))
                count += 1
        if not due:
            break
    return count
