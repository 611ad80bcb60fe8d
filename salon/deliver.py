"""Sending one message: its words from templates/mail, its envelope checked, then SMTP."""

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from flask import Flask, current_app

from salon.access import settings
from salon.fair.queries import find_current_edition
from salon.outbox import Delivery, Message
from salon.times import real_now

SUBJECT_MARK = "Objet : "
TIMEOUT_S = 20
HEADERS = {
    "Subject",
    "From",
    "To",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}


class ForgedHeaders(ValueError):
    """The serialised message does not have exactly the headers it should (CVE-2024-6923)."""


@dataclass(frozen=True)
class Attachment:
    file_name: str
    subtype: str
    content: bytes
    parameters: dict[str, str] = field(default_factory=dict)
    """Of its Content-Type."""


Attachments = Callable[[str, dict[str, Any]], list[Attachment]]


def register_mail(app: Flask, attachments: Sequence[Attachments]) -> None:
    """Each of `attachments(kind, context)` gives files that go with a kind of message."""
    app.extensions["salon_attachments"] = attachments


def words_of(message: Message) -> tuple[str, str]:
    """Subject and text of a message."""
    template = current_app.jinja_env.get_template(f"mail/{message.kind}.txt")
    page = template.render(
        **message.context, public_url=settings().public_url, edition=find_current_edition()
    )
    first, _, body = page.partition("\n")
    return first.removeprefix(SUBJECT_MARK).strip(), body.strip() + "\n"


def attachments_of(message: Message) -> list[Attachment]:
    known: Sequence[Attachments] = current_app.extensions["salon_attachments"]
    return [file for one in known for file in one(message.kind, message.context)]


def envelope(message: Message) -> bytes:
    """The message as sent. Raises ForgedHeaders, or ValueError on an impossible header."""
    subject, body = words_of(message)
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = subject
    mail["From"] = settings().mail_from
    mail["To"] = message.recipient
    mail["Date"] = format_datetime(real_now())
    domain = settings().mail_from.rpartition("@")[2]
    mail["Message-ID"] = message.message_id.replace("@salon", f"@{domain}")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="quoted-printable")
    for one in attachments_of(message):
        mail.add_attachment(
            one.content,
            maintype="text",
            subtype=one.subtype,
            filename=one.file_name,
            params=one.parameters,
        )
    raw = mail.as_bytes()
    read = message_from_bytes(raw, policy=policy.compat32)
    if set(read.keys()) != HEADERS & set(read.keys()) or len(read.keys()) != len(set(read.keys())):
        raise ForgedHeaders(", ".join(read.keys()))
    return raw


def deliver(message: Message) -> Delivery:
    """Sends one message. In demonstration mode without SMTP, the built-in mailbox has it."""
    known = settings()
    try:
        raw = envelope(message)
    except (ValueError, MessageError) as error:
        return Delivery(sent=False, error=f"message impossible : {error}", permanent=True)
    if not known.smtp_host:
        if known.demonstration:
            return Delivery(sent=True)
        return Delivery(sent=False, error="SMTP_HOST n’est pas configuré")
    try:
        with smtplib.SMTP(known.smtp_host, known.smtp_port, timeout=TIMEOUT_S) as smtp:
            if known.smtp_tls:
                smtp.starttls()
            if known.smtp_user:
                smtp.login(known.smtp_user, known.smtp_password)
            smtp.sendmail(known.mail_from, [message.recipient], raw)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return Delivery(sent=False, error=_reason(code, text), permanent=code >= 500)
    except smtplib.SMTPResponseException as error:
        permanent = error.smtp_code >= 500 and not isinstance(
            error, smtplib.SMTPAuthenticationError
        )
        return Delivery(
            sent=False, error=_reason(error.smtp_code, error.smtp_error), permanent=permanent
        )
    except (OSError, smtplib.SMTPException) as error:
        return Delivery(sent=False, error=f"{type(error).__name__} : {error}")
    return Delivery(sent=True)


def _reason(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"
