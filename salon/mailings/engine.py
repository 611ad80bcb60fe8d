"""Recipients of a mailing: one for each address; and its text, as each of them reads it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from salon.platform.mail.wording import FIELD
from salon.platform.words.texts import folded

MARKS = str.maketrans("", "", "<>*{}")
"""Characters of the marks of a text (`words/markdown.py`, `mail_text`)."""


@dataclass(frozen=True)
class Recipient:
    """Whom a mailing writes to, by one address.

    `key`: the row that stands for them (`attendee:12`, `commune:34032`); `name`: « Mme Agnès
    Roqueblave », "" when several people share the address; `greeting`: how a letter opens, without
    its comma; `path`: the path of their own page, "" without one; `others`: how many more people
    the same address stands for.
    """

    key: str
    address: str
    name: str = ""
    greeting: str = "Madame, Monsieur"
    commune: str = ""
    organisation: str = ""
    path: str = ""
    others: int = 0


def one_per_address(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Return one recipient for each address, in the order of their first one.

    Several people behind one address are greeted together, and no one's own page is named.
    """
    shared: dict[str, list[Recipient]] = {}
    for recipient in recipients:
        if recipient.address:
            shared.setdefault(recipient.address.casefold(), []).append(recipient)
    return [
        people[0]
        if len(people) == 1
        else replace(
            people[0],
            name="",
            greeting="Madame, Monsieur",
            path="",
            others=len(people) - 1,
        )
        for people in shared.values()
    ]


LINK = "lien"
FIELDS = {
    "civilité": "greeting",
    "nom": "name",
    "commune": "commune",
    "organisme": "organisation",
}
"""Named fields of a mailing and what they say of a recipient, besides those of the edition."""
BLANK_BEFORE = re.compile(r" +(?=[ ,.)\n]|$)")


def filled(text: str, recipient: Recipient, edition_values: Mapping[str, str]) -> str:
    """Return a text with its fields replaced, but the link; an empty one leaves no blank behind.

    What a value says is never read as a mark, a link or a field.
    """
    values = {
        **edition_values,
        **{name: getattr(recipient, attribute) for name, attribute in FIELDS.items()},
    }
    by_key = {folded(name): " ".join(value.splitlines()) for name, value in values.items()}

    def value_of(match: re.Match[str]) -> str:
        key = folded(match[1])
        return f"{{{LINK}}}" if key == LINK else by_key.get(key, "").translate(MARKS)

    return BLANK_BEFORE.sub("", FIELD.sub(value_of, text))
