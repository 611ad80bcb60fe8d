"""Longest waits of a request for the database: for its lock, and for its answers.

The wait for the lock counts from the arrival of the request.

Requests that write are answered one after the other (`webserver.gateway`): when the lock is held,
those that come behind have waited already, and are refused with the first.

A server that is frozen does not even refuse: a request waits for each answer a little longer than
the server's own limits, and its connection is closed then.
"""

from flask import Flask, request

from salon.platform.database.db import (
    BUSY_TIMEOUT_MS,
    READ_PATIENCE_S,
    answer_patience_s,
    lock_deadline,
)
from salon.platform.settings.installation import STATEMENT_TIMEOUT_MS
from salon.platform.web.long_answers import is_long
from webserver import RECEIVED_AT, SAFE_METHODS

MORE_S = 1.0
"""What an answer needs that says that a limit is reached."""


def register_deadlines(app: Flask) -> None:
    """Set the deadline of each request; comes before anything that writes."""

    @app.before_request
    def set_deadline() -> None:
        received_at = request.environ.get(RECEIVED_AT)
        is_read = request.method in SAFE_METHODS
        patience = READ_PATIENCE_S if is_read else BUSY_TIMEOUT_MS / 1000
        if received_at is not None:
            lock_deadline.set(received_at + patience)
            longest_ms = STATEMENT_TIMEOUT_MS if is_long(app, request) else BUSY_TIMEOUT_MS
            # Stays until the next request: the end of this one's transaction is waited for, too.
            answer_patience_s.set(longest_ms / 1000 + MORE_S)

    @app.teardown_request
    def forget_deadline(_: BaseException | None) -> None:
        lock_deadline.set(None)
