"""SMTP conversation with the mail server: encrypted as the settings require, with deadlines."""

import asyncio
import re
import ssl
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from email.errors import MessageError
from functools import lru_cache
from types import TracebackType
from typing import Self

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPStatus,
)

from salon.platform.database.demonstration_state import lives_as_demonstration
from salon.platform.mail.catalogue import BULK_KINDS
from salon.platform.mail.delivery import attachments_of, copy_of, envelope
from salon.platform.mail.hand_overs import HandOvers
from salon.platform.mail.oppositions import opposed
from salon.platform.mail.outbox import Delivery, Message
from salon.platform.mail.refusals import refusal_words
from salon.platform.settings.installation import Settings
from salon.platform.settings.remote_services import SmtpSecurity
from salon.platform.web.access import settings

SILENCE_S = 20
"""Longest wait for one answer of the server."""
DEADLINE_S = 60
"""Longest time for one message, however slowly the server answers."""
DRAIN_S = 0.005
LINE_END = re.compile(rb"\r\n|\r|\n")
LAPSED = "son heure était passée quand il aurait pu partir"
OPPOSED = "cette adresse ne veut plus recevoir de messages écrits à plusieurs"


@lru_cache
def tls_context(ca_file: str) -> ssl.SSLContext:
    """Return a context that verifies certificate and host name.

    It trusts the authorities of the system, and those of `ca_file` where one is given.
    """
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


class MailServer:
    """One conversation, opened for the first message and reused for the next ones.

    Only EHLO and STARTTLS are sent before the certificate is verified. The event loop has a thread
    of its own, so that the caller may have a loop too.
    """

    def __init__(self, settings: Settings, hand_overs: HandOvers | None = None) -> None:
        self.settings = settings
        self._hand_overs = hand_overs
        self._runner = asyncio.Runner()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smtp")
        self._client: SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._client is not None:
            self._await(self._leave(self._client))
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def greet(self) -> None:
        """Connect, encrypt and sign in. Raises OSError or SMTPException."""
        self._await(self._greet())

    def send(self, recipient: str, content: bytes, message_id: str = "") -> None:
        """Hand over one message; return once the server has accepted it.

        It is noted by its `message_id` once the server has all of it. Raises OSError,
        SMTPException, and ValueError for an address that cannot be sent.
        """
        self._await(self._send(recipient, content, message_id))

    def _await(self, conversation: Coroutine[None, None, object]) -> None:
        self._thread.submit(self._runner.run, conversation).result()

    async def _greet(self) -> SMTP:
        async with asyncio.timeout(DEADLINE_S):
            return await self._connect()

    async def _send(self, recipient: str, content: bytes, message_id: str) -> None:
        try:
            async with asyncio.timeout(DEADLINE_S):
                client = await self._connect()
                try:
                    await self._hand_over(client, recipient, content, message_id)
                except (SMTPResponseException, ValueError):
                    with suppress(OSError, SMTPException):
                        await client.rset()
                    raise
        except TimeoutError:
            self._hang_up()
            raise

    async def _hand_over(
        self, client: SMTP, recipient: str, content: bytes, message_id: str
    ) -> None:
        sizes = [f"size={len(content)}"] if client.supports_extension("size") else []
        await client.mail(self.settings.sender.addr_spec, options=sizes)
        await client.rcpt(recipient)
        start = await client.execute_command(b"DATA")
        transport = client.transport
        if start.code != SMTPStatus.start_input or not isinstance(transport, asyncio.Transport):
            raise SMTPDataError(start.code, start.message)
        lines = LINE_END.split(content.rstrip(b"\r\n"))
        # A line of a point alone ends the message: others get a second one (RFC 5321, 4.5.2).
        transport.write(b"".join(b"." * line.startswith(b".") + line + b"\r\n" for line in lines))
        while transport.get_write_buffer_size():
            await asyncio.sleep(DRAIN_S)
        with self._noted(message_id):
            end = await client.execute_command(b".")
            if end.code != SMTPStatus.completed:
                raise SMTPDataError(end.code, end.message)

    @contextmanager
    def _noted(self, message_id: str) -> Iterator[None]:
        """Note that the server has the message, unless its answer is another."""
        if self._hand_overs is None:
            yield
            return
        self._hand_overs.add(message_id)
        is_accepted = False
        try:
            yield
            is_accepted = True
        finally:
            if not is_accepted:
                self._hand_overs.remove(message_id)

    async def _connect(self) -> SMTP:
        if self._client is not None:
            try:
                await self._client.noop()
            except (OSError, SMTPException):
                self._hang_up()
            else:
                return self._client
        settings = self.settings
        security = settings.smtp_security
        client = SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password or None,
            timeout=SILENCE_S,
            use_tls=security == SmtpSecurity.IMPLICIT,
            start_tls=security == SmtpSecurity.STARTTLS,
            tls_context=(
                None if security == SmtpSecurity.NONE else tls_context(settings.smtp_ca_file)
            ),
        )
        await client.connect()
        self._client = client
        return client

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def _leave(self, client: SMTP) -> None:
        try:
            async with asyncio.timeout(SILENCE_S):
                await client.quit()
        except (OSError, SMTPException):
            client.close()


def deliver(message: Message, server: MailServer) -> Delivery:
    """Send one message. In demonstration mode without SMTP, the built-in mailbox has it."""
    current_settings = settings()
    if message.kind in BULK_KINDS and opposed([message.recipient]):
        return Delivery(sent=False, error=OPPOSED, called_off=True)
    if message.has_lapsed:
        return Delivery(sent=False, error=LAPSED, called_off=True)
    try:
        files = attachments_of(message)
        raw = envelope(message, files)
        if current_settings.smtp_host:
            server.send(message.recipient, raw, message.message_id)
    except (OSError, SMTPException) as error:
        permanent = isinstance(error, SMTPDataError | SMTPRecipientRefused) and error.code >= 500
        return Delivery(sent=False, error=reason_of(error), permanent=permanent)
    except (ValueError, MessageError) as error:
        return Delivery(sent=False, error=f"message impossible : {error}", permanent=True)
    if current_settings.smtp_host or lives_as_demonstration():
        return Delivery(sent=True, copy=copy_of(message, files))
    return Delivery(sent=False, error="SMTP_HOST n’est pas configuré")


def reason_of(error: OSError | SMTPException) -> str:
    """Return the reason of a refusal, in French for an organiser."""
    cause = error.__cause__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"le certificat du serveur de courriel n’est pas reconnu ({cause.verify_message}) : "
            "rien ne lui a été confié. Vérifiez SMTP_HOST et SMTP_CA_FILE."
        )
    if isinstance(error, SMTPResponseException):
        return refusal_words(error.code, error.message)
    if isinstance(error, TimeoutError):
        return "le serveur de courriel a mis trop longtemps à répondre"
    return f"le serveur de courriel n’est pas joignable ({error})"
