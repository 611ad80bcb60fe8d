"""Rate of the messages that are not urgent, as the mail server accepts it."""

import threading
from time import monotonic

from salon.platform.mail.outbox import Delivery

PATIENCE = 3
"""Temporary refusals in a row after which the messages that are not urgent pause."""
PAUSES_S = (60, 120, 300, 900)


class Pace:
    """When the next message that is not urgent may leave.

    At most `per_minute` leave in a minute; 0: as many as there are. A server that refuses for a
    time, as one that is told too much, is left alone: the messages that wait lose none of their
    attempts.
    """

    def __init__(self, per_minute: int = 0) -> None:
        self._gap_s = 60 / per_minute if per_minute else 0.0
        self._lock = threading.Lock()
        self._next_at = -float("inf")
        self._refusals = 0

    def seconds_left(self) -> float:
        return max(0.0, self._next_at - monotonic())

    def start(self) -> None:
        """Count a message that leaves now."""
        with self._lock:
            self._next_at = max(self._next_at, monotonic() + self._gap_s)

    def note(self, delivery: Delivery) -> None:
        """Slow down after refusals that another time may not meet; a message that was called off
        took no turn."""
        with self._lock:
            if delivery.called_off:
                self._next_at -= self._gap_s
                return
            self._refusals = self._refusals + 1 if delivery.may_succeed_later else 0
            if self._refusals >= PATIENCE:
                pause = PAUSES_S[min(self._refusals - PATIENCE, len(PAUSES_S) - 1)]
                self._next_at = monotonic() + pause
