"""Threads that answer: one at a time, and another one where an answer lasts."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")
LASTING_S = 0.5
"""Below it, answers of a busy machine would be taken for such, and cost a tenth more."""
MOST_LASTING = 3


class Lane(Generic[Item]):
    """Requests that are answered one after the other, for as long as none lasts.

    Threads at once fight for the interpreter, and answer fewer. So one thread takes requests; where
    its answer lasts longer than LASTING_S and others wait, another one takes its turn, and it ends
    with that answer. MOST_LASTING answers last at once; behind them a request waits.
    """

    def __init__(self, answer: Callable[[Item], None]) -> None:
        self.answer = answer
        self.waiting: SimpleQueue[Item] = SimpleQueue()
        self.lock = threading.Lock()
        self.lasting = 0
        self.began_at: float | None = None
        """time.monotonic() at which the thread whose turn it is began its answer."""

    def open(self) -> None:
        """Give the turn to a new thread."""
        self.turn = object()
        self.began_at = None
        threading.Thread(target=self._work, args=(self.turn,), daemon=True).start()

    def look(self, now: float) -> None:
        """Give the turn to another thread where an answer lasts. To be called often."""
        with self.lock:
            lasts = self.began_at is not None and now - self.began_at > LASTING_S
            if lasts and self.lasting < MOST_LASTING and not self.waiting.empty():
                self.lasting += 1
                self.open()

    def _work(self, turn: object) -> None:
        try:
            while self.turn is turn:
                item = self.waiting.get()
                self.began_at = time.monotonic()
                self.answer(item)
                with self.lock:
                    if self.turn is turn:
                        self.began_at = None
        finally:
            with self.lock:
                if self.turn is turn:  # the application let something through
                    self.open()
                else:
                    self.lasting -= 1
