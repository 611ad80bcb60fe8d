"""Recipients of a mailing: one for each address."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


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
