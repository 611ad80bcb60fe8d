"""Messages that come back: delivery reports (RFC 3464) read in a mailbox of ours over IMAP.

A report counts when it returns the Message-ID of a message that we sent, which nobody else can
guess. Reports of a delay, of others' mail and all other mail are left alone.
"""

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from salon.platform.mail.outbox import MessageStatus, find_by_message_id, settle_bounced
from salon.platform.mail.refusals import STATUS, status_words
from salon.platform.mail.server import SILENCE_S, tls_context
from salon.platform.settings.remote_services import Mailbox
from salon.platform.words.texts import printable_line

LONGEST_BYTES = 256 * 1024
"""Of a report is read: its status comes before the message that it returns."""
MOST_MAILS = 200
"""Mails looked at in one reading, the newest first."""
OWN_ID = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")
RETURNED = ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers")


class MailboxUnread(RuntimeError):
    """The mailbox of the reports cannot be read; the message says why, in French."""


@dataclass(frozen=True)
class Bounce:
    """A message of ours, by its stored Message-ID, that its recipient's server did not deliver."""

    message_id: str
    reason: str


def record_bounces(mailbox: Mailbox) -> int:
    """Record the messages that came back; return their number. Raises MailboxUnread."""
    count = 0
    with _opened(mailbox) as connection:
        for uid in _reports(connection):
            bounce = bounce_of(_content(connection, uid))
            message = bounce and find_by_message_id(bounce.message_id, MessageStatus.SENT)
            if bounce and message:
                settle_bounced(message, bounce.reason)
                count += 1
            connection.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
    return count


def check_mailbox(mailbox: Mailbox) -> None:
    """Open the folder and leave it. Raises MailboxUnread."""
    with _opened(mailbox):
        pass


@contextmanager
def _opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    """Yield a conversation with the server, encrypted from its first byte, in the folder."""
    try:
        with imaplib.IMAP4_SSL(
            mailbox.host,
            mailbox.port,
            ssl_context=tls_context(mailbox.ca_file),
            timeout=SILENCE_S,
        ) as connection:
            connection.login(mailbox.user, mailbox.password)
            answer, detail = connection.select(_quoted(mailbox.folder))
            if answer != "OK":
                raise MailboxUnread(f"le dossier {mailbox.folder} ne s’ouvre pas : {detail!r}")
            yield connection
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxUnread(f"la boîte des retours ne se lit pas : {error}") from error


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _reports(connection: imaplib.IMAP4) -> list[str]:
    """Return the UIDs of the unread reports; other mail stays unread, for whom it is to."""
    _, (uids, *_) = connection.uid("SEARCH", "UNSEEN")
    newest = (uids or b"").decode().split()[-MOST_MAILS:]
    if not newest:
        return []
    header = "(BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE)])"
    _, parts = connection.uid("FETCH", ",".join(newest), header)
    reports = []
    for part in parts:
        if isinstance(part, tuple) and b"delivery-status" in part[1].lower():
            uid = re.search(rb"UID (\d+)", part[0])
            reports += [uid[1].decode()] if uid else []
    return reports


def _content(connection: imaplib.IMAP4, uid: str) -> bytes:
    _, parts = connection.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LONGEST_BYTES}>)")
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b"")


def bounce_of(content: bytes) -> Bounce | None:
    """Return what a report says of a message of ours; None unless it failed for good."""
    try:
        report = message_from_bytes(content[:LONGEST_BYTES], policy=policy.compat32)
        parts = list(report.walk())
    except RecursionError:  # parts within parts without end, that no mail server writes
        return None
    fields = next(
        (
            recipient
            for part in parts
            if part.get_content_type() == "message/delivery-status"
            for recipient in _groups(part)
            if str(recipient.get("Action", "")).strip().lower() == "failed"
        ),
        None,
    )
    number = _own_id(report, parts)
    if fields is None or number is None:
        return None
    return Bounce(f"<{number}@salon>", _reason(fields))


def _groups(part: Message) -> list[Message]:
    """Return the groups of fields of a report: of the message, then of each recipient."""
    payload = part.get_payload()
    return [group for group in payload if isinstance(group, Message)] if payload else []


def _own_id(report: Message, parts: list[Message]) -> str | None:
    """Return our Message-ID in the returned headers, else in those that refer to it."""
    for part in parts:
        if part.get_content_type() in RETURNED:
            message: object = next(iter(part.get_payload()), None)
            headers = message if isinstance(message, Message) else _read_headers(part)
            if match := OWN_ID.search(str(headers.get("Message-ID", ""))):
                return match[1]
    for name in ("In-Reply-To", "References", "X-Original-Message-ID"):
        if match := OWN_ID.search(str(report.get(name, ""))):
            return match[1]
    return None


def _read_headers(part: Message) -> Message:
    content = part.get_payload(decode=True)
    return message_from_bytes(content if isinstance(content, bytes) else b"")


def _reason(fields: Message) -> str:
    status = STATUS.search(str(fields.get("Status", "")))
    diagnostic = printable_line(" ".join(str(fields.get("Diagnostic-Code", "")).split()))
    # Some servers give a status of no meaning (5.0.0) and the true one in the diagnostic.
    precise = STATUS.search(diagnostic)
    code = status.group() if status else ""
    if precise and code in ("", "5.0.0", "4.0.0"):
        code = precise.group()
    words = status_words(code) or "le serveur du destinataire ne l’a pas distribué"
    detail = ", ".join(part for part in (code, diagnostic.partition(";")[2].strip()) if part)
    return f"revenu : {words}" + (f" ({detail})" if detail else "")
