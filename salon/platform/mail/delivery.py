"""One message as it is sent: text from templates/mail with the organiser's words, HTML made of it,
attachments, checked envelope."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import Flask, current_app

from salon.platform.mail.catalogue import BULK_KINDS
from salon.platform.mail.html import Picture, html_of
from salon.platform.mail.message_secrets import HIDDEN, without_secrets
from salon.platform.mail.oppositions import UNSUBSCRIBE_PATH, unsubscribe_token
from salon.platform.mail.outbox import OWN_WORDS, Copy, Message, MessageStatus
from salon.platform.mail.samples import sample_context
from salon.platform.mail.wording import (
    SIGNATURE,
    Context,
    EditionPlaceholders,
    MailChoices,
    Wording,
    call_block,
    filled,
    other_samples,
    placeholders,
    with_placeholders,
    with_prepositions,
)
from salon.platform.settings.clock import in_zone, real_now
from salon.platform.settings.edition import EditionFacts
from salon.platform.web.access import settings
from salon.platform.words.typography import unbreakable

SUBJECT_MARK = "Objet : "
MARKED = frozenset({"mailing"})
"""Kinds whose text is an organiser's own, with emphasis and links (`html.py`)."""
LINK = re.compile(r'(<a\b[^>]*?) href="[^"]*"')
EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


class ForgedHeaders(ValueError):
    """The serialised message does not have exactly the headers it should (CVE-2024-6923)."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message, or a picture shown in its HTML (`picture`: its words)."""

    file_name: str
    subtype: str
    content: bytes
    parameters: dict[str, str] = field(default_factory=dict)
    """Parameters of its Content-Type."""
    maintype: str = "text"
    picture: str = ""

    @property
    def is_invitation(self) -> bool:
        """Return whether mail programs show it beside the text (RFC 6047).

        Outlook and Gmail do so for an alternative of the text, not for a file; the file is there to
        be saved.
        """
        return self.parameters.get("method") in ("REQUEST", "CANCEL")


Attachments = Callable[[str, Context], list[Attachment]]


def register_mail(
    app: Flask,
    find_edition: Callable[[str], EditionFacts | None],
    attachments: Sequence[Attachments],
    find_choices: Callable[[int], MailChoices],
) -> None:
    """Register the sources of messages.

    Templates read as `edition` what `find_edition(about)` returns. Each of
    `attachments(kind, context)` returns the files that go with a kind of message.
    `find_choices(edition_id)` returns the organiser's words for the messages of an edition.
    """
    app.extensions["salon_mail_edition"] = find_edition
    app.extensions["salon_attachments"] = attachments
    app.extensions["salon_mail_choices"] = find_choices


def words_of(message: Message) -> tuple[str, str]:
    """Return subject and text of a message, secrets included: for its recipient alone."""
    return _rendered(message, message.context, unsubscribe_token(message.recipient))


def shown_words_of(message: Message) -> tuple[str, str]:
    """Return subject and text with codes and private links hidden, for anybody else: as they left
    once the message is sent, whatever has changed since."""
    if message.sent_text:
        return message.sent_subject, message.sent_text
    return _rendered(message, without_secrets(message.context), HIDDEN)


def file_names_of(message: Message) -> list[str]:
    """Return the names of the files that go, or went, with a message."""
    if message.sent_text:
        return [name for name, _ in message.sent_files]
    return [file.file_name for file in attachments_of(message) if not file.picture]


def copy_of(message: Message, files: Sequence[Attachment]) -> Copy:
    """Return what is stored of a message that leaves: its words without secrets, the name and the
    SHA-256 of each file."""
    subject, text = _rendered(message, without_secrets(message.context), HIDDEN)
    digests = [
        [file.file_name, hashlib.sha256(file.content).hexdigest()]
        for file in files
        if not file.picture
    ]
    return Copy(subject, text, digests)


def shown_page_of(message: Message) -> str:
    """Return the HTML of a message for anybody but its recipient: secrets hidden, links dead."""
    return LINK.sub(r"\1", page_of(message, *shown_words_of(message)))


def page_of(message: Message, subject: str, text: str, files: Sequence[Attachment] = ()) -> str:
    """Return the HTML of a message for a page of ours, the picture among its `files` inside."""
    pictures = [
        Picture(
            f"data:image/{file.subtype};base64,{b64encode(file.content).decode()}", file.picture
        )
        for file in files
        if file.picture
    ]
    edition, picture = edition_of(message), next(iter(pictures), None)
    with in_zone(edition.time_zone if edition else ""):
        return html_of(
            subject,
            text,
            edition,
            picture,
            is_framed=True,
            is_marked=message.kind in MARKED,
        )


def sample_words(kind: str, edition: EditionFacts, choices: MailChoices) -> tuple[str, str]:
    """Return subject and text of a sample message, with these choices."""
    return _written(kind, sample_context(kind), edition, choices, unsubscribe_address(kind, HIDDEN))


def original_wording(kind: str, edition: EditionFacts) -> Wording:
    """Return the product's own texts of a kind of message, with named fields."""
    return _original(kind, edition, placeholders(kind))


def varying_parts(kind: str, edition: EditionFacts) -> frozenset[str]:
    """Return the parts whose original words depend on the message: on whom it is for, on how many
    things it tells."""
    usual = asdict(original_wording(kind, edition))
    varied = [
        asdict(_original(kind, edition, with_placeholders(kind, sample)))
        for sample in other_samples(kind)
    ]
    return frozenset(
        name for name, text in usual.items() if any(texts[name] != text for texts in varied)
    )


def _original(kind: str, edition: EditionFacts, context: Context) -> Wording:
    parts = {"opening": "", "closing": ""}

    def recorded(name: str) -> Callable[[Callable[[], str]], str]:
        def record(caller: Callable[[], str]) -> str:
            parts[name] = with_prepositions(" ".join(caller().split()))
            return ""

        return record

    calls = {name: recorded(name) for name in parts}
    edition_placeholders = EditionPlaceholders(edition)
    template = current_app.jinja_env.get_template(f"mail/{kind}.txt")
    page = template.render(
        **context,
        **calls,
        public_url="",
        edition=edition_placeholders,
        signature="",
        unsubscribe="",
    )
    subject = page.partition("\n")[0].removeprefix(SUBJECT_MARK).strip()
    return Wording(with_prepositions(subject), **parts)


def unsubscribe_address(kind: str, token: str) -> str:
    """Return the address that stops the messages sent to many; "" for a kind that is not."""
    return f"{settings().public_url}{UNSUBSCRIBE_PATH}{token}" if kind in BULK_KINDS else ""


def _rendered(message: Message, context: Context, token: str) -> tuple[str, str]:
    edition = edition_of(message)
    if message.status == MessageStatus.SENT:
        sent_words = context.get(OWN_WORDS, {})
        texts = {message.kind: sent_words.get("texts", {})}
        choices = MailChoices(signature=sent_words.get("signature", ""), texts=texts)
    else:
        choices = choices_of(edition)
    unsubscribe = unsubscribe_address(message.kind, token)
    return _written(message.kind, context, edition, choices, unsubscribe)


def _written(
    kind: str,
    context: Context,
    edition: EditionFacts | None,
    choices: MailChoices,
    unsubscribe: str,
) -> tuple[str, str]:
    template = current_app.jinja_env.get_template(f"mail/{kind}.txt")
    wording = choices.wording_of(kind)
    with in_zone(edition.time_zone if edition else ""):
        page = template.render(
            **context,
            public_url=settings().public_url,
            edition=edition,
            opening=call_block(filled(wording.opening, kind, context, edition)),
            closing=call_block(filled(wording.closing, kind, context, edition)),
            signature=choices.signature or SIGNATURE,
            unsubscribe=unsubscribe,
        )
        subject = " ".join(filled(wording.subject, kind, context, edition).split())
    first, _, body = page.partition("\n")
    subject = subject or first.removeprefix(SUBJECT_MARK).strip()
    lines = EMPTY_LINES.sub("\n\n", body.strip())
    return unbreakable(subject), unbreakable(lines) + "\n"


def choices_of(edition: EditionFacts | None) -> MailChoices:
    """Return the organiser's choices for the messages of an edition."""
    find_choices: Callable[[int], MailChoices] = current_app.extensions["salon_mail_choices"]
    return find_choices(edition.id) if edition is not None else MailChoices()


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


def envelope(message: Message, files: Sequence[Attachment] | None = None) -> bytes:
    """Return the message as sent, with its `files` (`attachments_of`).

    Raises ForgedHeaders, or ValueError on an impossible header.
    """
    files = attachments_of(message) if files is None else files
    subject, body = words_of(message)
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = subject
    edition = edition_of(message)
    choices, sender = choices_of(edition), settings().sender
    name = choices.sender_name or sender.display_name
    mail["From"] = Address(name, sender.username, sender.domain)
    mail["To"] = message.recipient
    if reply_to := message.context.get("reply_to") or choices.reply_to:
        mail["Reply-To"] = Address(addr_spec=reply_to)
    mail["Date"] = format_datetime(real_now())
    domain = settings().sender.domain
    mail["Message-ID"] = message.message_id.replace("@salon", f"@{domain}")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="quoted-printable")
    picture = next((file for file in files if file.picture), None)
    content_id = f"picture@{domain}"
    shown = Picture(f"cid:{content_id}", picture.picture) if picture else None
    with in_zone(edition.time_zone if edition else ""):
        page = html_of(
            subject,
            body,
            edition,
            shown,
            is_marked=message.kind in MARKED,
        )
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    if picture is not None:
        _, html = mail.iter_parts()
        html.add_related(
            picture.content, maintype="image", subtype=picture.subtype, cid=f"<{content_id}>"
        )
    for file in files:
        if file.is_invitation:
            mail.add_alternative(
                file.content, maintype="text", subtype="calendar", params=file.parameters
            )
    for file in files:
        if file.picture:
            continue
        kind = ("application", "ics") if file.is_invitation else (file.maintype, file.subtype)
        mail.add_attachment(
            file.content,
            maintype=kind[0],
            subtype=kind[1],
            filename=file.file_name,
            params={} if file.is_invitation else file.parameters,
        )
    first = _unsubscribe_headers(message)
    raw = first + mail.as_bytes()
    names = [*message_from_bytes(first).keys(), *mail.keys()]
    if (read := message_from_bytes(raw).keys()) != names:
        raise ForgedHeaders(", ".join(read))
    return raw


def _unsubscribe_headers(message: Message) -> bytes:
    """Return the headers of RFC 8058 for a message sent to many, as they go: `email` would fold
    the address."""
    address = unsubscribe_address(message.kind, unsubscribe_token(message.recipient))
    if not address:
        return b""
    headers = f"List-Unsubscribe: <{address}>\r\n"
    return f"{headers}List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode("ascii")
