"""The content of a mailing for one recipient, as the template of its message reads it."""

from typing import Any

from salon.accounts.queries import get_account
from salon.fair.models import Edition, EditionState
from salon.fair.services.acts import FairAct
from salon.mailings.actions import MailingAction
from salon.mailings.engine import LINK, Recipient, filled
from salon.mailings.models import Mailing
from salon.mailings.queries.audiences import AUDIENCES
from salon.mailings.rules import check_words
from salon.platform.database.edition_walls import EditionIsClosed
from salon.platform.database.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.mail.outbox import Message
from salon.platform.mail.wording import edition_fields
from salon.platform.words.markdown import mail_text

KIND = "mailing"
SAMPLE = Recipient("", "", "Mme Claire Martin", "Madame la Maire", "Valmont", "Valmont", "/")
"""Somebody to read the message as, where the filters choose nobody."""


def letter_context(edition: Edition, mailing: Mailing, recipient: Recipient) -> dict[str, Any]:
    """Return the context of a message. The end of a private address is its secret `token`."""
    values, audience = edition_fields(edition), AUDIENCES[mailing.audience]
    lists = "\u00a0; ".join(audience.lists())
    context: dict[str, Any] = {
        "subject": filled(mailing.subject, recipient, values).rstrip(" ,"),
        "words": filled(mail_text(mailing.text), recipient, values),
        "origin": audience.origin + (f". Listes utilisées\u00a0: {lists}" if lists else ""),
    }
    if mailing.reply_to:
        context["reply_to"] = mailing.reply_to
    if f"{{{LINK}}}" in context["words"]:
        page, slash, token = recipient.path.lstrip("/").rpartition("/")
        # « /planning » alone is everybody's: it has no secret.
        context |= {"page": page + slash, "token": token} if slash else {"page": token, "token": ""}
    return context


def unsent_letter(edition: Edition, mailing: Mailing, recipient: Recipient) -> Message:
    """Return the message to a recipient, to be read; it is not posted."""
    context = letter_context(edition, mailing, recipient)
    return Message(
        kind=KIND, recipient=recipient.address, about=f"mailing:{mailing.id}", context=context
    )


def send_trial(act: FairAct, mailing: Mailing, recipient: Recipient) -> str:
    """Send the message as `recipient` would read it to who asks; return their address.

    The private page of the recipient is not opened to them. Raises UnknownField, BraceAlone,
    EditionIsClosed: a trial writes no row of the edition, whose wall would stop it.
    """
    if act.edition.state == EditionState.CLOSED:
        raise EditionIsClosed
    check_words(mailing.subject, mailing.text)
    assert act.actor.id is not None
    address = get_account(act.actor.id).email
    context = letter_context(act.edition, mailing, recipient)
    if "token" in context:
        context["token"] = "exemple" if context["token"] else ""
    with act.transaction() as session:
        outbox.post(session, KIND, address, about=f"mailing:{mailing.id}", **context)
        write_entry(session, act.actor, MailingAction.TRIED, f"mailing:{mailing.id}")
    return address
