"""A mail server of ours, which keeps what it is given and answers what it is told to."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Postman:
    """What was received, and how to answer; `port` is where it listens."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.answer = "250 OK"
        self.on_recipient = "250 OK"
        # The controller connects to its own port at start, which must be known before.
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        if self.answer.startswith("250"):
            self.received.append(envelope.content)
        return self.answer


@contextmanager
def open_postman() -> Iterator[Postman]:
    """Listens until its end."""
    handler = Postman()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()
