"""A mail server of ours, which keeps what it is given and answers what it is told to."""

import asyncio
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.processes import PATIENCE_S, free_port

SILENCE_S = 3_600


class Postman:
    """The received messages, and the answers to give; `port`: its port.

    A recipient that ends with `silent_for` is never answered.
    """

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.recipients: list[str] = []
        self.senders: list[str | None] = []
        self.sign_ins: list[tuple[str, str]] = []
        self.answer = "250 OK"
        self.on_recipient = "250 OK"
        self.silent_for = ""
        self.unknown: set[str] = set()
        self.conversations = 0
        self.answers_after_s = 0.0
        # The controller connects to its own port at start, which must be known before.
        self.port = free_port()

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.conversations += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.unknown:
            return "550 no such user"
        if self.silent_for and address.endswith(self.silent_for):
            await asyncio.sleep(SILENCE_S)
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    def sign_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.sign_ins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        if self.answer.startswith("250"):
            self.received.append(envelope.content)
            self.recipients += envelope.rcpt_tos
            self.senders.append(envelope.mail_from)
        # As a filter of a real one: the message is there, and its sender does not know it yet.
        await asyncio.sleep(self.answers_after_s)
        return self.answer


@contextmanager
def open_postman(
    starttls: ssl.SSLContext | None = None, implicit: ssl.SSLContext | None = None
) -> Iterator[Postman]:
    """Listen until its end; encrypted from the first byte, after STARTTLS, or not at all."""
    handler = Postman()
    encrypted = starttls or implicit
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=handler.port,
        ssl_context=implicit,
        tls_context=starttls,
        authenticator=handler.sign_in if encrypted else None,
        auth_require_tls=starttls is not None,
        ready_timeout=PATIENCE_S,
    )
    controller.start()
    # What a client hangs up on in the middle of a handshake is no news.
    controller.loop.set_exception_handler(lambda loop, context: None)
    try:
        yield handler
    finally:
        controller.stop()


@contextmanager
def open_tarpit() -> Iterator[int]:
    """Yield the port of a server whose greeting comes byte by byte, for 20 s, then nothing."""
    is_over = threading.Event()

    class Dripping(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(ConnectionError):
                for _ in range(400):
                    if is_over.wait(0.05):
                        break
                    self.request.sendall(b"2")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        is_over.set()
        server.shutdown()
        thread.join()
