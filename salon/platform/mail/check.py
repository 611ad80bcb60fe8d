"""A test message to one address, each step of its sending reported."""

import secrets
from collections.abc import Iterator

from aiosmtplib import SMTPException

from salon.platform.mail.bounces import MailboxUnread, check_mailbox
from salon.platform.mail.delivery import envelope
from salon.platform.mail.outbox import Message
from salon.platform.mail.server import MailServer, reason_of
from salon.platform.settings.installation import Settings
from salon.platform.settings.remote_services import SmtpSecurity

SECURITY = {
    SmtpSecurity.NONE: "sans chiffrement",
    SmtpSecurity.STARTTLS: "chiffrée par STARTTLS, certificat vérifié",
    SmtpSecurity.IMPLICIT: "chiffrée dès le début, certificat vérifié",
}


class MailNotSent(RuntimeError):
    """A step failed; the message names it with the reason, in French."""


def check_mail(settings: Settings, recipient: str) -> Iterator[str]:
    """Send one message at once, outside the outbox; yield each step done. Raises MailNotSent."""
    if not settings.smtp_host:
        raise MailNotSent("SMTP_HOST n’est pas donné : aucun courriel ne part de ce serveur.")
    message = Message(
        kind="mail_check",
        recipient=recipient,
        context={},
        message_id=f"<{secrets.token_hex(16)}@salon>",
    )
    content = envelope(message)
    yield f"Expéditeur : {settings.sender}"
    place = f"{settings.smtp_host}, port {settings.smtp_port}"
    with MailServer(settings) as server:
        try:
            server.greet()
        except (OSError, SMTPException) as error:
            raise MailNotSent(f"Serveur : {place} : {reason_of(error)}") from None
        yield f"Serveur : {place} répond, connexion {SECURITY[settings.smtp_security]}"
        if settings.smtp_user:
            yield f"Identification : {settings.smtp_user} est accepté"
        try:
            server.send(recipient, content)
        except (OSError, SMTPException) as error:
            raise MailNotSent(f"Message : refusé, {reason_of(error)}") from None
    yield f"Message : accepté pour {recipient}"
    if settings.bounce_mailbox is not None:
        try:
            check_mailbox(settings.bounce_mailbox)
        except MailboxUnread as error:
            raise MailNotSent(f"Retours : {error}") from None
        yield f"Retours : la boîte de {settings.bounce_mailbox.user} se lit"
    yield "Ouvrez cette boîte : il doit y être, et pas parmi les indésirables."
