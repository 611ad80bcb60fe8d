"""The filters of « Communes et EPCI », those saved by the team, and who may follow a place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from salon.accounts.models import Account
from salon.fair.models import Edition
from salon.invitations.models import BookFilterSet, LocalAuthority
from salon.invitations.queries.territory import BookRow, PastOutcome
from salon.platform.database.db import current_session
from salon.platform.database.identity import Domain, Role
from salon.platform.words.texts import folded

WITHOUT, WITH = "without", "with"
CAME, NEVER, ENTERED, DECLINED = "came", "never", "entered", "declined"
MINE, NOBODYS = "me", "none"
DUE, PLANNED = "due", "planned"


@dataclass(frozen=True)
class BookFilter:
    """`epci`: a SIREN; `address`: "with" or "without"; `past`: "came" for registered, "entered",
    "declined" or "never"; `follower`: the id of an account, "me" or "none"; `call`: "due" or
    "planned"."""

    text: str = ""
    state: str = ""
    epci: str = ""
    canton: str = ""
    address: str = ""
    past: str = ""
    follower: str = ""
    call: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def filtered(
    rows: Iterable[BookRow],
    filters: BookFilter,
    account_id: int | None = None,
    today: date = date.max,
) -> list[BookRow]:
    """Return the rows that pass the filters; words are looked for in any order.

    `account_id`: whose places are « suivies par moi »; `today`: until when calls are due.
    """
    words = folded(filters.text).split()
    follower = str(account_id) if filters.follower == MINE else filters.follower
    kept = []
    for row in rows:
        head = row.authority.head if row.authority else ""
        text = folded(f"{row.name} {head} {row.email} {row.epci_name} {row.note}")
        if (
            all(word in text for word in words)
            and filters.state in ("", row.organisation.state)
            and filters.epci in ("", row.epci_siren)
            and filters.canton in ("", row.canton)
            and filters.address in ("", WITH if row.email else WITHOUT)
            and (not filters.past or filters.past in _past_words(row.past))
            and follower in ("", _follower_of(row))
            and (not filters.call or row.next_call_on is not None)
            and (filters.call != DUE or row.is_due(today))
        ):
            kept.append(row)
    return kept


def _past_words(past: PastOutcome) -> Iterator[str]:
    """Yield the values of the filter that an outcome passes."""
    yield CAME if past.registered else NEVER
    if past.came:
        yield ENTERED
    if past.is_declined:
        yield DECLINED


def _follower_of(row: BookRow) -> str:
    follower_id = row.invitation.follower_id if row.invitation else None
    return NOBODYS if follower_id is None else str(follower_id)


def followers_of(edition: Edition) -> dict[str, str]:
    """Return the name of each organiser who may follow places of an edition, by id."""
    statement = (
        select(Account)
        .where(Account.role == Role.ORGANISER, Account.disabled_at.is_(None))
        .options(selectinload(Account.rights))
    )
    followers = {
        str(account.id): account.display_name
        for account in current_session().scalars(statement)
        if {Domain.ALL, Domain.REGISTRATIONS} & set(account.domains(edition.id))
    }
    return dict(sorted(followers.items(), key=lambda follower: folded(follower[1])))


def cantons() -> list[str]:
    """Return the cantons that the book knows, by name."""
    statement = select(LocalAuthority.canton).where(LocalAuthority.canton != "").distinct()
    return sorted(current_session().scalars(statement), key=folded)


def filter_sets_of(edition: Edition) -> Sequence[BookFilterSet]:
    """Return the saved filters of an edition, by name."""
    statement = select(BookFilterSet).where(BookFilterSet.edition_id == edition.id)
    return sorted(current_session().scalars(statement), key=lambda saved: folded(saved.name))
