"""The organiser's words in messages: sender, reply address, signature, texts of each kind."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from salon.fair.actions import FairAction
from salon.fair.imports.seed_tables import FileNotUnderstood, read_columns
from salon.fair.models import Edition, MailSettings
from salon.fair.queries import find_mail_choices
from salon.fair.services.acts import FairAct
from salon.platform.database.db import get_or_create, transaction
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import Values, check_version, stamp_of
from salon.platform.mail.catalogue import LABELS
from salon.platform.mail.delivery import original_wording
from salon.platform.mail.wording import Wording, check_reply_address, check_wording
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.texts import clean_name

FILE = "messages.toml"
KEYS = {
    "expediteur": ("sender_name", str),
    "reponse": ("reply_to", str),
    "signature": ("signature", str),
    "textes": ("texts", dict),
}
SENDER = ("sender_name", "reply_to", "signature")


def sender_of(edition: Edition) -> dict[str, str]:
    """Return the name, the reply address and the signature, "" for the product's own."""
    choices = find_mail_choices(edition.id)
    return {name: getattr(choices, name) for name in SENDER}


def texts_of(edition: Edition, kind: str) -> dict[str, str]:
    """Return the texts of a kind of message as they are used now, with named fields."""
    original = asdict(original_wording(kind, edition))
    texts = asdict(find_mail_choices(edition.id).wording_of(kind))
    return {name: texts[name] or text for name, text in original.items()}


def rewritten(edition: Edition, kind: str, texts: Mapping[str, str]) -> Wording:
    """Return the texts that differ from the original; "" for the others. Raises UnknownField,
    BraceAlone."""
    original = asdict(original_wording(kind, edition))
    wording = Wording(
        **{
            name: "" if text.split() == original[name].split() else text
            for name, text in texts.items()
        }
    )
    check_wording(kind, wording)
    return wording


def change_sender(act: FairAct, changes: Mapping[str, str], stamp: str) -> None:
    """Change the sender's name, the reply address and the signature.

    Raises StaleVersion, ReplyAddressRefused.
    """
    check_reply_address(changes["reply_to"])
    row = _row_of(act.edition)
    with act.transaction(row) as session:
        check_version(stamp, stamp_of(sender_of(act.edition)))
        for name in SENDER:
            setattr(row, name, changes[name])
        write_entry(session, act.actor, FairAction.MAIL_SENDER_CHANGED, f"edition:{act.edition.id}")


def change_texts(act: FairAct, kind: str, texts: Mapping[str, str], stamp: str) -> None:
    """Change the texts of a kind of message; one left as the original, or empty, is the original.

    Raises StaleVersion, UnknownField, BraceAlone.
    """
    wording = rewritten(act.edition, kind, texts)
    changed_texts = {name: text for name, text in asdict(wording).items() if text}
    row = _row_of(act.edition)
    with act.transaction(row) as session:
        check_version(stamp, stamp_of(texts_of(act.edition, kind)))
        other_texts = {name: kept_texts for name, kept_texts in row.texts.items() if name != kind}
        row.texts = {**other_texts, **({kind: changed_texts} if changed_texts else {})}
        subject = f"edition:{act.edition.id}"
        write_entry(
            session, act.actor, FairAction.MAIL_TEXTS_CHANGED, subject, message=LABELS[kind]
        )


def load_messages(edition: Edition, folder: Path) -> None:
    """Set the words of messages.toml, which may lack. Raises FileNotUnderstood."""
    path = folder / FILE
    if not path.exists():
        return
    values = read_columns(path, KEYS)
    try:
        _check_loaded(values)
    except RuleBroken as error:
        raise FileNotUnderstood(path, error.message) from error
    with transaction() as session:
        session.add(MailSettings(edition_id=edition.id, **values))


def _check_loaded(values: Values) -> None:
    sender = values.get("sender_name", "")
    if sender != clean_name(sender):
        raise BadInput("le nom de l’expéditeur tient sur une ligne.")
    check_reply_address(values.get("reply_to", ""))
    for kind, texts in values.get("texts", {}).items():
        are_texts = isinstance(texts, dict) and texts.keys() <= asdict(Wording()).keys()
        if kind not in LABELS or not are_texts:
            raise BadInput(f"« {kind} » n’est pas un message dont le texte change.")
        if not all(isinstance(text, str) for text in texts.values()):
            raise BadInput(f"« {kind} » : un texte entre guillemets est attendu.")
        check_wording(kind, Wording(**texts))


def _row_of(edition: Edition) -> MailSettings:
    """Return the row of the edition's messages, created on first use."""
    empty = dict.fromkeys(SENDER, "")
    return get_or_create(MailSettings, edition.id, edition_id=edition.id, texts={}, **empty)
