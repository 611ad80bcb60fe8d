"""Longest wait of a request for the database's lock, counted from its arrival.

Requests that write are answered one after the other (`webserver.gateway`): when the lock is held,
those that come behind have waited already, and are refused with the first.
"""

from flask import Flask, request

from salon.platform.database.db import BUSY_TIMEOUT_MS, READ_PATIENCE_S, lock_deadline
from webserver import RECEIVED_AT, SAFE_METHODS


def register_deadlines(app: Flask) -> None:
    """Set the deadline of each request; comes before anything that writes."""

    @app.before_request
    def set_deadline() -> None:
        received_at = request.environ.get(RECEIVED_AT)
        is_read = request.method in SAFE_METHODS
        patience = READ_PATIENCE_S if is_read else BUSY_TIMEOUT_MS / 1000
        lock_deadline.set(None if received_at is None else received_at + patience)

    @app.teardown_request
    def forget_deadline(_: BaseException | None) -> None:
        lock_deadline.set(None)
