"""Changes of what the fair is: names, place, how to come, texts of the public pages.

Each has its values by field (`…_of`), whose stamp is the version that a page read, and one service
`change_…(edition, changes, stamp, actor)`. They raise StaleVersion.
"""

from collections.abc import Callable

from salon.fair import rules
from salon.fair.actions import FairAction
from salon.fair.models import Edition
from salon.fair.rules.texts import PAGE_TEXTS, TEXT_KEYS, WAYS_IN, kept_texts, text_of
from salon.fair.services.acts import FairAct
from salon.platform.database.journal import JournalAction, write_entry
from salon.platform.database.versions import Values, check_version, stamp_of


def identity_of(edition: Edition) -> dict[str, object]:
    names = ("name", "short_name", "organiser", "contact_email", "contact_phone", "figures")
    return {name: getattr(edition, name) for name in names}


def arrival_of(edition: Edition) -> dict[str, object]:
    """`access`: a line per fact, also printed on the folded badge; `practical`: {title, text}."""
    ways = {key: text_of(edition, key) for key in WAYS_IN}
    return {"access": edition.access, **ways, "practical": edition.practical}


def texts_of(edition: Edition) -> dict[str, object]:
    """Return the texts of the public pages as they are read now."""
    return {key: text_of(edition, key) for key in PAGE_TEXTS}


def registration_of(edition: Edition) -> dict[str, object]:
    names = ("registration_opens_at", "registration_closes_at", "phone_asked")
    return {name: getattr(edition, name) for name in names}


def legal_of(edition: Edition) -> dict[str, object]:
    return {"legal": edition.legal}


def ways_described(edition: Edition) -> list[str]:
    """Return the ways to come that have a text, such as « En train »."""
    return [title for key, title in WAYS_IN.items() if edition.texts.get(key)]


def count_rewritten_texts(edition: Edition) -> tuple[int, int]:
    """Return how many texts of the public pages the organiser changed, and how many there are."""
    return sum(key in edition.texts for key in PAGE_TEXTS), len(PAGE_TEXTS)


def change_identity(act: FairAct, changes: Values, stamp: str) -> None:
    """Change the names, the organiser, the contacts and the figures of the fair."""
    _change(act, identity_of, changes, stamp, FairAction.EDITION_IDENTITY_CHANGED)


def change_registration(act: FairAct, changes: Values, stamp: str) -> None:
    """Change when people register online, and whether a telephone number is asked.

    Raises RegistrationClosesFirst.
    """
    rules.check_registration_opens_first(
        changes["registration_opens_at"], changes["registration_closes_at"]
    )
    _change(act, registration_of, changes, stamp, FairAction.EDITION_REGISTRATION_CHANGED)


def change_legal(act: FairAct, changes: Values, stamp: str) -> None:
    """Change the legal notices; an empty one is that of the server's settings."""
    _change(act, legal_of, changes, stamp, FairAction.EDITION_LEGAL_CHANGED)


def change_arrival(act: FairAct, changes: Values, stamp: str) -> None:
    """Change the practical information: how to come, and what to know on the spot."""
    _change(act, arrival_of, changes, stamp, FairAction.EDITION_PRACTICAL_CHANGED)


def change_texts(act: FairAct, changes: Values, stamp: str) -> None:
    """Change the texts of the public pages; an empty one is the original again."""
    _change(act, texts_of, changes, stamp, FairAction.EDITION_TEXTS_CHANGED)


def _change(
    act: FairAct,
    read: Callable[[Edition], Values],
    changes: Values,
    stamp: str,
    action: JournalAction,
) -> None:
    """Write the columns and texts that differ; the journal names them."""
    with act.transaction(act.edition) as session:
        current = read(act.edition)
        check_version(stamp, stamp_of(current))
        changed_names = [name for name, value in changes.items() if current[name] != value]
        if not changed_names:
            return
        texts = {name: changes[name] for name in changed_names if name in TEXT_KEYS}
        for name in set(changed_names) - texts.keys():
            setattr(act.edition, name, changes[name])
        if texts:
            act.edition.texts = kept_texts(act.edition, texts)
        write_entry(session, act.actor, action, f"edition:{act.edition.id}", fields=changed_names)
