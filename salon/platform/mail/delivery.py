"""One message as it is sent: text from templates/mail with the organiser's words, attachments,
checked envelope."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import Flask, current_app

from salon.platform.mail.message_secrets import without_secrets
from salon.platform.mail.outbox import OWN_WORDS, Message, MessageStatus
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
EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
HEADERS = {
    "Subject",
    "From",
    "To",
    "Reply-To",
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
    return _rendered(message, message.context)


def shown_words_of(message: Message) -> tuple[str, str]:
    """Return subject and text with codes and private links hidden, for anybody else."""
    return _rendered(message, without_secrets(message.context))


def sample_words(kind: str, edition: EditionFacts, choices: MailChoices) -> tuple[str, str]:
    """Return subject and text of a sample message, with these choices."""
    return _written(kind, sample_context(kind), edition, choices)


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
        **context, **calls, public_url="", edition=edition_placeholders, signature=""
    )
    subject = page.partition("\n")[0].removeprefix(SUBJECT_MARK).strip()
    return Wording(with_prepositions(subject), **parts)


def _rendered(message: Message, context: Context) -> tuple[str, str]:
    edition = edition_of(message)
    if message.status == MessageStatus.SENT:
        sent_words = context.get(OWN_WORDS, {})
        texts = {message.kind: sent_words.get("texts", {})}
        choices = MailChoices(signature=sent_words.get("signature", ""), texts=texts)
    else:
        choices = choices_of(edition)
    return _written(message.kind, context, edition, choices)


def own_words_of(message: Message) -> Context:
    """Return the organiser's signature and texts that a message carries, {} for the product's own.

    A message once sent is shown with these, whatever is written later.
    """
    choices = choices_of(edition_of(message))
    words = {"signature": choices.signature, "texts": dict(choices.texts.get(message.kind, {}))}
    return {name: value for name, value in words.items() if value}


def _written(
    kind: str, context: Context, edition: EditionFacts | None, choices: MailChoices
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


def envelope(message: Message) -> bytes:
    """Return the message as sent. Raises ForgedHeaders, or ValueError on an impossible header."""
    subject, body = words_of(message)
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = subject
    choices, sender = choices_of(edition_of(message)), settings().sender
    name = choices.sender_name or sender.display_name
    mail["From"] = Address(name, sender.username, sender.domain)
    mail["To"] = message.recipient
    if choices.reply_to:
        mail["Reply-To"] = Address(addr_spec=choices.reply_to)
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
