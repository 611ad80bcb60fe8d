"""The communes and EPCI of the territory, with the book and what became of each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from salon.badges.engine.matching import Affiliation, name_key
from salon.badges.models import Commune, Epci
from salon.badges.models.labels import Function
from salon.fair.models import Edition
from salon.invitations.engine import InvitationState
from salon.invitations.models import (
    InvitedKind,
    LocalAuthority,
    OrganisationInvitation,
    organisation_key,
)
from salon.invitations.queries.candidates import (
    Candidate,
    candidates_of,
    find_past_edition,
    invitations_of,
)
from salon.invitations.queries.invitations import (
    NOBODY,
    InvitedOrganisation,
    kinds_that_can_answer,
    people_by_place,
    with_states,
)
from salon.invitations.rules import check_invites
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest
from salon.platform.words.errors import RuleBroken
from salon.platform.words.territory import department_of
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class Territory:
    """The places that are loaded, by the code or the SIREN of each."""

    communes: Mapping[str, Affiliation]
    epcis: Mapping[str, Affiliation]
    communes_by_siren: Mapping[str, Affiliation]

    def find(self, code: str, siren: str) -> Affiliation | None:
        """Return the commune or the EPCI of a code Insee or a SIREN."""
        siren = siren.replace(" ", "")[:9]
        return self.communes.get(code) or self.epcis.get(siren) or self.communes_by_siren.get(siren)

    def holds(self, code: str, siren: str) -> bool:
        """Return whether a line may be of the territory: known, of one of its départements, or
        without code."""
        if self.find(code, siren) is not None or not (code or siren.strip()):
            return True
        return bool(code) and department_of(code) in self.departments

    @cached_property
    def departments(self) -> frozenset[str]:
        """Return the codes of the départements that are loaded."""
        return frozenset(map(department_of, self.communes))


@dataclass(frozen=True)
class BookRow:
    """A commune or an EPCI: who heads it, what becomes of it, and what became of it at the edition
    before."""

    organisation: InvitedOrganisation
    epci_siren: str
    epci_name: str
    population: int | None
    authority: LocalAuthority | None
    past: "PastOutcome"

    @property
    def key(self) -> str:
        return self.organisation.candidate.key

    @property
    def name(self) -> str:
        return self.organisation.candidate.name

    @property
    def email(self) -> str:
        return self.organisation.candidate.email

    @property
    def is_commune(self) -> bool:
        return self.key.startswith("commune:")

    @property
    def mayors(self) -> int:
        return self.organisation.functions.get(Function.MAYOR, 0)

    @property
    def invitation(self) -> OrganisationInvitation | None:
        return self.organisation.invitation

    @property
    def canton(self) -> str:
        return self.authority.canton if self.authority else ""

    @property
    def follower(self) -> str:
        invitation = self.invitation
        return invitation.follower.display_name if invitation and invitation.follower else ""

    @property
    def next_call_on(self) -> date | None:
        return self.invitation.next_call_on if self.invitation else None

    @property
    def note(self) -> str:
        return self.invitation.note if self.invitation else ""

    def is_due(self, today: date) -> bool:
        """Return whether the place is to be called today, or should have been before."""
        return self.next_call_on is not None and self.next_call_on <= today


@dataclass(frozen=True)
class PastOutcome:
    """What became of a place at the edition before: its people registered, those who came, its
    invitation."""

    registered: int = 0
    came: int = 0
    invitation: OrganisationInvitation | None = None

    @property
    def is_declined(self) -> bool:
        return self.invitation is not None and self.invitation.declined_at is not None


@dataclass(frozen=True)
class EpciTotal:
    """Communes of an EPCI: all, those with people registered, those whose people came, those
    invited; and their mayors."""

    siren: str
    name: str
    communes: int
    registered: int
    came: int
    invited: int
    mayors: int


BOOK = Listing(
    {
        "name": Column("Nom", lambda row: folded(row.name)),
        "epci": Column("EPCI", lambda row: (folded(row.epci_name), folded(row.name))),
        "canton": Column("Canton", lambda row: (not row.canton, folded(row.canton))),
        "population": Column("Population", lambda row: row.population or 0),
        "state": Column("État", lambda row: list(InvitationState).index(row.organisation.state)),
        "past": Column("Dernière fois", lambda row: row.past.registered),
        "follower": Column("Qui la suit", lambda row: (not row.follower, folded(row.follower))),
        "call": Column("Rappel", lambda row: row.next_call_on or date.max),
    },
    length=100,
)


def find_territory() -> Territory:
    session = current_session()
    communes = list(session.scalars(select(Commune)))
    places = {commune.code: Affiliation(commune.name, commune.code) for commune in communes}
    epcis = {
        epci.siren: Affiliation(epci.name, epci_siren=epci.siren)
        for epci in session.scalars(select(Epci))
    }
    by_siren = {commune.siren: places[commune.code] for commune in communes}
    return Territory(places, epcis, by_siren)


def authorities_by_key() -> dict[str, LocalAuthority]:
    """Return the rows of the book by key: `commune:34032`, `epci:243400769`."""
    return {row.key: row for row in current_session().scalars(select(LocalAuthority))}


def authorities_headed_by(
    people: Collection[tuple[str, str]], emails: Collection[str]
) -> list[LocalAuthority]:
    """Return the rows of the book that name a person as the head of a place.

    `people`: each `name_key` with the key of the place that the person was registered for. A name
    alone is not enough, but with one of the addresses, in lower case.
    """
    names = {name for name, _ in people}
    return [
        authority
        for authority in authorities_by_key().values()
        if (name := name_key(authority.head_first_name, authority.head_last_name)) in names
        and ((name, authority.key) in people or authority.email.casefold() in emails)
    ]


@across_editions()
def book_rows(edition: Edition) -> list[BookRow]:
    """Return every commune, then every EPCI of the territory, each by name."""
    session = current_session()
    communes = session.scalars(select(Commune).options(selectinload(Commune.epci))).all()
    epcis = session.scalars(select(Epci)).all()
    authorities, candidates = authorities_by_key(), candidates_of(edition, [InvitedKind.PLACE])
    past_edition = find_past_edition(edition)
    past = _past_outcomes(past_edition) if past_edition else {}
    facts: dict[str, tuple[str, str, int | None]] = {}
    names: dict[str, str] = {}
    for commune in sorted(communes, key=lambda row: row.search_key):
        key = organisation_key(None, commune.code, None)
        facts[key] = (commune.epci_siren or "", commune.epci_name, commune.population)
        names[key] = commune.name
    residents = _residents(communes)
    for epci in sorted(epcis, key=lambda row: folded(row.name)):
        key = organisation_key(None, None, epci.siren)
        facts[key] = (epci.siren, epci.name, residents.get(epci.siren))
        names[key] = epci.name
    listed = [
        candidates.get(key, Candidate(key, InvitedKind.PLACE, name, ""))
        for key, name in names.items()
    ]
    return [
        BookRow(
            organisation,
            *facts[organisation.candidate.key],
            authority=authorities.get(organisation.candidate.key),
            past=past.get(organisation.candidate.key, NO_OUTCOME),
        )
        for organisation in with_states(edition, listed)
    ]


NO_OUTCOME = PastOutcome()


def _past_outcomes(edition: Edition) -> dict[str, PastOutcome]:
    people, invitations = people_by_place(edition), invitations_of(edition)
    outcomes = {}
    for key in people.keys() | invitations.keys():
        of_place = people.get(key, NOBODY)
        outcomes[key] = PastOutcome(of_place.functions.total(), of_place.came, invitations.get(key))
    return outcomes


def _residents(communes: Iterable[Commune]) -> dict[str, int]:
    residents: dict[str, int] = {}
    for commune in communes:
        if commune.epci_siren:
            residents[commune.epci_siren] = (
                residents.get(commune.epci_siren, 0) + commune.population
            )
    return residents


def find_book_row(edition: Edition, key: str) -> BookRow | None:
    return next((row for row in book_rows(edition) if row.key == key), None)


def book_page(rows: Sequence[BookRow], request: PageRequest) -> Page:
    return BOOK.page_of_rows(rows, request)


def sorted_rows(rows: Sequence[BookRow], request: PageRequest) -> Sequence[BookRow]:
    """Return every row in the requested order."""
    if column := BOOK.column_of(request):
        return sorted(rows, key=column.expressions[0], reverse=request.is_reversed)
    return rows


def totals_by_epci(rows: Iterable[BookRow]) -> list[EpciTotal]:
    """Return the totals of the communes of each EPCI, by name."""
    members: dict[tuple[str, str], list[BookRow]] = {}
    for row in rows:
        if row.is_commune:
            members.setdefault((row.epci_name, row.epci_siren), []).append(row)
    return [
        EpciTotal(
            siren,
            name or "Sans EPCI",
            len(communes),
            sum(bool(row.organisation.functions) for row in communes),
            sum(bool(row.organisation.came) for row in communes),
            sum(row.organisation.sent_at is not None for row in communes),
            sum(row.mayors for row in communes),
        )
        for (name, siren), communes in sorted(members.items(), key=lambda item: folded(item[0][0]))
    ]


def places_can_answer(edition: Edition, now: datetime) -> bool:
    """Return whether communes and EPCI that are invited now can register."""
    try:
        check_invites(edition, now)
    except RuleBroken:
        return False
    return bool(kinds_that_can_answer(edition, (InvitedKind.PLACE,), now))
