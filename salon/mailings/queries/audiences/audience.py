"""An audience: who it is, by which filters it is narrowed, and who may write to it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from salon.fair.models import Edition
from salon.invitations.models import InvitedKind
from salon.mailings.engine import Recipient
from salon.platform.database.identity import Domain

Choices = Mapping[str, str]
"""Value of each filter in force, by its name."""


@dataclass(frozen=True)
class Filter:
    """One filter of an audience. `options(edition)` returns its values and their labels, without
    the empty one."""

    name: str
    label: str
    options: Callable[[Edition], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Audience:
    """A group of people that a mailing may be written to.

    `find(edition, choices, now)` returns a recipient for each person or organisation, several for
    one address where several people share it. `invited_as`: who is written to is invited, as that
    kind of organisation, and answers on the page of the invitation. `origin`: why its members are
    written to, said at the foot (« Vous recevez ce message parce que cette adresse… »). `lists()`
    returns the lists that their addresses may come from, named there too (RGPD, article 14).
    `answered(edition, keys, since)` returns those of these keys that have answered since, for an
    audience whose messages ask for it.
    """

    key: str
    label: str
    domain: Domain
    find: Callable[[Edition, Choices, datetime], Sequence[Recipient]]
    filters: Sequence[Filter] = field(default=())
    invited_as: InvitedKind | None = None
    origin: str = "a été donnée à l’organisation du salon"
    lists: Callable[[], Sequence[str]] = list
    answered: Callable[[Edition, Collection[str], datetime], Collection[str]] | None = None

    def filters_among(self, edition: Edition, query: Choices) -> dict[str, str]:
        """Return those of the filters of a list that the audience has, too."""
        return {
            filter_.name: value
            for filter_ in self.filters
            if (value := query.get(filter_.name)) and value in dict(filter_.options(edition))
        }
