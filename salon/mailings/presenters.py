"""French labels of the journal, looks of states, and the words about an audience."""

from collections.abc import Mapping, Sequence

from salon.fair.models import Edition
from salon.mailings.engine import FIELDS, LINK, Recipient
from salon.mailings.models import MailingState
from salon.mailings.queries.audiences import AUDIENCES
from salon.mailings.queries.mailings import Fate, Selection
from salon.platform.mail.wording import edition_fields
from salon.platform.words.formats import plural

LOOKS = {
    MailingState.DRAFT: ("neutral", "pencil"),
    MailingState.PLANNED: ("info", "clock"),
    MailingState.SENDING: ("info", "send"),
    MailingState.STOPPED: ("warning", "pause-circle"),
    MailingState.SENT: ("ok", None),
}
FATE_LOOKS = {
    Fate.SENT: ("ok", Fate.SENT.label, None),
    Fate.WAITING: ("info", Fate.WAITING.label, "hourglass-split"),
    Fate.REFUSED: ("danger", Fate.REFUSED.label, None),
    Fate.LEFT_OUT: ("neutral", Fate.LEFT_OUT.label, None),
}
EXAMPLES = {
    "civilité": "Madame la Maire",
    "nom": "Mme Claire Martin",
    "commune": "Valmont",
    "organisme": "CC du Valmont",
    LINK: "sa page : badge, invitation ou planning",
}


def fields_offered(edition: Edition) -> list[tuple[str, str]]:
    """Return each field that a text may have, with what it says."""
    own = [(name, EXAMPLES[name]) for name in (*FIELDS, LINK)]
    return [*own, *((name, value) for name, value in edition_fields(edition).items() if value)]


GONE = "ce choix n’existe plus"


def filter_words(edition: Edition, audience: str, filters: Mapping[str, str]) -> str:
    """Return « Inscrits, Catégorie : Élu, Badge : Imprimé »."""
    chosen = AUDIENCES[audience]
    words = [
        f"{filter_.label.lower()}\u00a0: {dict(filter_.options(edition)).get(value, GONE)}"
        for filter_ in chosen.filters
        if (value := filters.get(filter_.name))
    ]
    return ", ".join([chosen.label, *words])


LIST_FILTERS = {
    "address": "l’adresse électronique",
    "call": "le rappel",
    "canton": "le canton",
    "commune": "la commune",
    "follower": "la personne qui suit",
    "kind": "la sorte d’organisme",
    "q": "le texte cherché",
    "state": "l’état",
    "theme": "le thème",
    "waits": "ce qui attend",
}
"""Filters of lists that an audience may not have, in words."""
OF_THE_PAGE = ("days_before", "page", "sort")


def left_out_filters(query: Mapping[str, str], filters: Mapping[str, str]) -> str:
    """Return the filters of a list that a message does not have: « le texte cherché, l’état »."""
    names = [name for name, value in query.items() if value and name not in OF_THE_PAGE]
    words = (LIST_FILTERS.get(name, "un autre filtre") for name in names if name not in filters)
    return ", ".join(dict.fromkeys(words))


def who(recipient: Recipient) -> str:
    """Return « Mme Agnès Roqueblave, Valmont (mairie@valmont.example) »."""
    named = ", ".join(filter(None, (recipient.name, recipient.organisation or recipient.commune)))
    shared = f", et {plural(recipient.others, 'autre')}" if recipient.others else ""
    words = f"{named}{shared}".removeprefix(", ")
    return f"{words} ({recipient.address})" if recipient.address else words


def selection_words(selection: Selection) -> str:
    """Return « 142 adresses, pour 151 destinataires »."""
    addresses = len(selection.recipients)
    words = plural(addresses, "adresse")
    if selection.people != addresses:
        words += (
            f", pour {plural(selection.people, 'personne ou organisme', 'personnes ou organismes')}"
        )
    return words


def left_out(selection: Selection) -> Sequence[tuple[str, Sequence[Recipient]]]:
    """Return why some are not written to, and who they are."""
    reasons = (
        ("Ne veulent plus recevoir de message", selection.opposed),
        ("Sans adresse électronique", selection.without_address),
    )
    return [(reason, people) for reason, people in reasons if people]
