"""One message as it is sent: text from templates/mail, attachments, checked envelope."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from flask import Flask, current_app

from salon.platform.access import settings
from salon.platform.clock import in_zone, real_now
from salon.platform.edition import EditionFacts
from salon.platform.mail.message_secrets import without_secrets
from salon.platform.mail.outbox import Message
from salon.platform.typography import unbreakable

SUBJECT_MARK = "Objet : "
EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
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
    """Parameters of its Content-Type."""

    @property
    def is_invitation(self) -> bool:
        """Return whether mail programs show it beside the text (RFC 6047).

        Outlook and Gmail do so for an alternative of the text, not for a file; the file is there to
        be saved.
        """
        return self.parameters.get("method") in ("REQUEST", "CANCEL")


Attachments = Callable[[str, dict[str, Any]], list[Attachment]]


def register_mail(
    app: Flask,
    find_edition: Callable[[str], EditionFacts | None],
    attachments: Sequence[Attachments],
) -> None:
    """Register the sources of messages.

    Templates read as `edition` what `find_edition(about)` returns. Each of
    `attachments(kind, context)` returns the files that go with a kind of message.
    """
    app.extensions["salon_mail_edition"] = find_edition
    app.extensions["salon_attachments"] = attachments


def words_of(message: Message) -> tuple[str, str]:
    """Return subject and text of a message, secrets included: for its recipient alone."""
    return _rendered(message, message.context)


def shown_words_of(message: Message) -> tuple[str, str]:
    """Return subject and text with codes and private links hidden, for anybody else."""
    return _rendered(message, without_secrets(message.context))


def _rendered(message: Message, context: dict[str, Any]) -> tuple[str, str]:
    template = current_app.jinja_env.get_template(f"mail/{message.kind}.txt")
    edition = edition_of(message)
    with in_zone(edition.time_zone if edition else ""):
        page = template.render(**context, public_url=settings().public_url, edition=edition)
    first, _, body = page.partition("\n")
    subject = first.removeprefix(SUBJECT_MARK).strip()
    lines = EMPTY_LINES.sub("\n\n", body.strip())
    return unbreakable(subject), unbreakable(lines) + "\n"


def edition_of(message: Message) -> EditionFacts | None:
    """Return the edition of what the message is about, else that of the request."""
    find_edition: Callable[[str], EditionFacts | None]
    find_edition = current_app.extensions["salon_mail_edition"]
    return find_edition(message.about or "")


def attachments_of(message: Message) -> list[Attachment]:
    sources: Sequence[Attachments] = current_app.extensions["salon_attachments"]
    edition = edition_of(message)
    with in_zone(edition.time_zone if edition else ""):
        return [file for source in sources for file in source(message.kind, message.context)]


def envelope(message: Message) -> bytes:
    """Return the message as sent. Raises ForgedHeaders, or ValueError on an impossible header."""
    subject, body = words_of(message)
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = subject
    mail["From"] = settings().sender
    mail["To"] = message.recipient
    mail["Date"] = format_datetime(real_now())
    domain = settings().sender.domain
    mail["Message-ID"] = message.message_id.replace("@salon", f"@{domain}")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="quoted-printable")
    files = attachments_of(message)
    for file in files:
        if file.is_invitation:
            mail.add_alternative(
                file.content, maintype="text", subtype="calendar", params=file.parameters
            )
    for file in files:
        kind = ("application", "ics") if file.is_invitation else ("text", file.subtype)
        mail.add_attachment(
            file.content,
            maintype=kind[0],
            subtype=kind[1],
            filename=file.file_name,
            params={} if file.is_invitation else file.parameters,
        )
    raw = mail.as_bytes()
    read = message_from_bytes(raw, policy=policy.compat32)
    if set(read.keys()) != HEADERS & set(read.keys()) or len(read.keys()) != len(set(read.keys())):
        raise ForgedHeaders(", ".join(read.keys()))
    return raw
