"""Senders of the outbox: one message in hand at a time, results recorded even late."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from salon.platform.mail.delivery import attachments_of, copy_of
from salon.platform.mail.hand_overs import HandOvers
from salon.platform.mail.outbox import (
    Delivery,
    Message,
    MessageStatus,
    find_by_message_id,
    has_due,
    lease_due,
    settle,
)
from salon.platform.mail.pace import Pace

RELIEF_S = 2.0
"""Longest time with a message before another sender goes on with the next."""
LONGEST_WAIT_S = 10.0
"""Longest wait for the pace with an open conversation."""
LOOK_S = 0.5
"""Longest wait before an urgent message, or the end of the process, is looked for."""


class Senders:
    """State shared by the senders of one process: the turn, and results not yet recorded.

    One sender has a message at a time, so that a kill finds no more than that one between the mail
    server's answer and its record. A sender held up for RELIEF_S no longer counts.
    """

    def __init__(self, hand_overs: HandOvers | None = None, pace: Pace | None = None) -> None:
        self.hand_overs = hand_overs
        self.pace = pace or Pace()
        self._pacer = threading.Lock()
        self._turn = threading.Condition()
        self._in_hand: dict[int, float] = {}
        self._record = threading.Lock()
        self._deliveries: dict[int, tuple[str, Delivery]] = {}
        self._is_recovered = False

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

    def add(self, message_id: int, sent_as: str, delivery: Delivery) -> None:
        """Record the result of an attempt, and those still unrecorded. Raises the database's
        errors.

        Without this memory, messages accepted while the database was away would be sent again.
        """
        with self._record:
            self._deliveries[message_id] = sent_as, delivery
        self.record()

    def record(self) -> None:
        with self._record:
            self._recover()
            for message_id, (sent_as, delivery) in tuple(self._deliveries.items()):
                settle(message_id, delivery)
                if self.hand_overs is not None:
                    self.hand_overs.remove(sent_as)
                del self._deliveries[message_id]

    def _recover(self) -> None:
        """Record as sent, once, what killed workers had given to the mail server."""
        if self._is_recovered or self.hand_overs is None:
            return
        with self.hand_overs.of_ended_processes() as message_ids:
            for message_id in message_ids:
                message = find_by_message_id(message_id, MessageStatus.WAITING)
                if message is not None:
                    copy = copy_of(message, attachments_of(message))
                    settle(message.id, Delivery(sent=True, copy=copy))
        self._is_recovered = True

    def wait_for_pace(self) -> bool:
        """Wait a little for the next message that is not urgent; return whether it was worth it."""
        if not 0 < self.pace.seconds_left() < LONGEST_WAIT_S or not has_due():
            return False
        if not self._pacer.acquire(blocking=False):
            return False
        try:
            sleep(min(self.pace.seconds_left(), LOOK_S))
        finally:
            self._pacer.release()
        return True


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
            due = lease_due(is_urgent=senders.pace.seconds_left() > 0)
            for message in due:
                number, sent_as, is_urgent = message.id, message.message_id, message.urgent
                if not is_urgent:
                    senders.pace.start()
                delivery = deliver(message)
                if not is_urgent:
                    senders.pace.note(delivery)
                senders.add(number, sent_as, delivery)
                count += 1
        if not due and not senders.wait_for_pace():
            break
    return count
