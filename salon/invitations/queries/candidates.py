"""Who may be invited to an edition, and the address of each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from salon.badges.models import Attendee, AttendeeStatus, Commune, Epci, Group
from salon.exhibitors.models import ApplicationStatus, ContactKind, Exhibitor
from salon.fair.models import Edition
from salon.fair.queries import editions_before
from salon.invitations.models import (
    Guest,
    InvitedKind,
    LocalAuthority,
    OrganisationInvitation,
    organisation_key,
)
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.words.formats import plural, short_day
from salon.platform.words.people import Civility, salutation


@dataclass(frozen=True)
class Candidate:
    """An organisation and its address. `size`: people or m² of the edition before; `origin`: the
    list that the address comes from, "" for one given at that edition; `greeting`: how a letter
    opens."""

    key: str
    kind: InvitedKind
    name: str
    email: str
    fact: str = ""
    size: int = 0
    siret: str = ""
    origin: str = ""
    greeting: str = ""


def find_past_edition(edition: Edition) -> Edition | None:
    """Return the edition held just before this one."""
    return next(iter(editions_before(edition)), None)


def invitations_of(edition: Edition) -> dict[str, OrganisationInvitation]:
    """Return the invitations of an edition, by the key of their organisation."""
    statement = (
        select(OrganisationInvitation)
        .where(OrganisationInvitation.edition_id == edition.id)
        .options(selectinload(OrganisationInvitation.follower))
    )
    return {invitation.key: invitation for invitation in current_session().scalars(statement)}


@across_editions()
def candidates_of(edition: Edition, kinds: Collection[InvitedKind]) -> dict[str, Candidate]:
    """Return who of these kinds may be invited, by key. An address given at the edition before
    comes first, then that of the book, then that of the invitation."""
    past_edition = find_past_edition(edition)
    candidates = {
        invitation.key: Candidate(
            invitation.key, invitation.kind, invitation.name, invitation.email
        )
        for invitation in invitations_of(edition).values()
        if invitation.email and invitation.kind in kinds
    }
    listings = {InvitedKind.PLACE: book_candidates, InvitedKind.OTHER: guest_candidates}
    for kind in listings.keys() & set(kinds):
        candidates |= {candidate.key: candidate for candidate in listings[kind]()}
    if past_edition is not None:
        former = {InvitedKind.EXHIBITOR: former_exhibitors, InvitedKind.PLACE: former_places}
        for candidate in chain.from_iterable(
            read(past_edition) for kind, read in former.items() if kind in kinds
        ):
            listed = candidates.get(candidate.key)
            if listed is not None and listed.email == candidate.email:
                candidate = replace(candidate, origin=listed.origin, greeting=listed.greeting)
            candidates[candidate.key] = candidate
    return candidates


def book_candidates() -> Iterator[Candidate]:
    """Yield the communes and EPCI of the book that have an address."""
    statement = (
        select(LocalAuthority, func.coalesce(Commune.name, Epci.name))
        .outerjoin(Commune, Commune.code == LocalAuthority.commune_code)
        .outerjoin(Epci, Epci.siren == LocalAuthority.epci_siren)
        .where(LocalAuthority.email != "")
    )
    for authority, name in current_session().execute(statement):
        yield Candidate(
            authority.key,
            InvitedKind.PLACE,
            name,
            authority.email,
            authority.head,
            origin=origin_of(authority),
            greeting=greeting_of(authority),
        )


def guest_candidates() -> Iterator[Candidate]:
    """Yield the other organisations that have an address."""
    for guest in current_session().scalars(select(Guest).where(Guest.email != "")):
        yield candidate_of(guest)


def candidate_of(guest: Guest) -> Candidate:
    return Candidate(
        guest.key,
        InvitedKind.OTHER,
        guest.name,
        guest.email,
        ", ".join(filter(None, (guest.kind, guest.contact))),
        origin=_origin(guest.source, guest.dated_on),
        greeting=salutation(guest.contact_civility) if guest.contact else "Madame, Monsieur",
    )


def origin_of(authority: LocalAuthority) -> str:
    """Return the list that the address comes from, and its day: « Annuaire, 1/12/2026 »."""
    return _origin(authority.address_source, authority.address_dated_on)


def _origin(source: str, dated_on: date | None) -> str:
    return ", ".join(filter(None, (source, short_day(dated_on) if dated_on else "")))


def lists_of(model: type[Guest | LocalAuthority]) -> list[str]:
    """Return the lists that the addresses of a book come from, each with its latest day."""
    source = LocalAuthority.address_source if model is LocalAuthority else Guest.source
    dated_on = LocalAuthority.address_dated_on if model is LocalAuthority else Guest.dated_on
    statement = (
        select(source, func.max(dated_on))
        .where(model.email != "", source != "")
        .group_by(source)
        .order_by(source)
    )
    return [_origin(name, day) for name, day in current_session().execute(statement)]


def greeting_of(authority: LocalAuthority) -> str:
    """Return « Madame la Maire », « Monsieur le Président », or « Madame, Monsieur »."""
    civility = authority.head_civility
    if not (civility and authority.head):
        return "Madame, Monsieur"
    is_madame = civility == Civility.MADAME
    if authority.commune_code:
        return salutation(civility, "la Maire" if is_madame else "le Maire")
    return salutation(civility, "la Présidente" if is_madame else "le Président")


def find_origin(invitation: OrganisationInvitation) -> str:
    """Return the list that the address of an invitation comes from; "" for one that was given at
    the edition before."""
    listed = (*book_candidates(), *guest_candidates())
    candidates = {candidate.key: candidate for candidate in listed}
    candidate = candidates.get(invitation.key)
    return candidate.origin if candidate and candidate.email == invitation.email else ""


def former_exhibitors(past_edition: Edition) -> Iterator[Candidate]:
    """Yield the accepted exhibitors of an edition whose main contact has an address."""
    statement = (
        select(Exhibitor)
        .where(
            Exhibitor.edition_id == past_edition.id, Exhibitor.status == ApplicationStatus.ACCEPTED
        )
        .options(selectinload(Exhibitor.contacts))
    )
    for exhibitor in current_session().scalars(statement):
        email = next(
            (contact.email for contact in exhibitor.contacts if contact.kind == ContactKind.MAIN),
            "",
        )
        if email:
            yield Candidate(
                organisation_key(exhibitor.id, None, None),
                InvitedKind.EXHIBITOR,
                exhibitor.name,
                email,
                f"{exhibitor.area}\u00a0m²" if exhibitor.area else "Pavillon",
                exhibitor.area or 0,
                exhibitor.siret,
            )


def former_places(past_edition: Edition) -> Iterator[Candidate]:
    """Yield the communes and EPCI whose people were registered, and who registered them.

    Of several addresses, the one that registered most people; of as many, the latest.
    """
    people = func.count(Attendee.id)
    latest = func.max(Attendee.registered_at)
    statement = (
        select(
            Attendee.commune_code,
            Attendee.epci_siren,
            func.coalesce(Commune.name, Epci.name),
            Group.contact_email,
            people,
        )
        .join(Attendee.group)
        .outerjoin(Attendee.commune)
        .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
        .where(Attendee.edition_id == past_edition.id, *REGISTERED_FOR_A_PLACE)
        .group_by(
            Attendee.commune_code,
            Attendee.epci_siren,
            Commune.name,
            Epci.name,
            Group.contact_email,
        )
        .order_by(people.desc(), latest.desc())
    )
    contacts: dict[str, tuple[str, str]] = {}
    totals: dict[str, int] = {}
    for commune, epci, name, email, count in current_session().execute(statement):
        key = organisation_key(None, commune, epci)
        totals[key] = totals.get(key, 0) + count
        if email:
            contacts.setdefault(key, (name, email))
    for key, (name, email) in contacts.items():
        fact = plural(totals[key], "inscrit")
        yield Candidate(key, InvitedKind.PLACE, name, email, fact, totals[key])


REGISTERED_BY_THEMSELVES = (
    Attendee.status == AttendeeStatus.REGISTERED,
    Attendee.exhibitor_id.is_(None),
    Attendee.agent_id.is_(None),
)
REGISTERED_FOR_A_PLACE = (
    *REGISTERED_BY_THEMSELVES,
    or_(Attendee.commune_code.is_not(None), Attendee.epci_siren.is_not(None)),
)
