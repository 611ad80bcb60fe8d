"""Organisations of the edition before, and their invitations to this one."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from salon.accounts.queries import email_key_of
from salon.badges.models import Attendee, AttendeeStatus, Commune, Epci, Group
from salon.exhibitors.models import ApplicationStatus, ContactKind, Exhibitor
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.queries.former_exhibitors import applications_by_mark, marks_of
from salon.fair.models import Edition
from salon.fair.queries import editions_before
from salon.invitations.engine import InvitationState, state_of
from salon.invitations.models import InvitedKind, OrganisationInvitation, organisation_key
from salon.invitations.rules import can_answer
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest
from salon.platform.words.formats import plural
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class Candidate:
    """An organisation of an earlier edition and the address that it gave; `size`: people or m²."""

    key: str
    kind: InvitedKind
    name: str
    email: str
    fact: str = ""
    size: int = 0
    siret: str = ""


@dataclass(frozen=True)
class InvitedOrganisation:
    """A candidate with the state of its invitation, its answer and the time of sending."""

    candidate: Candidate
    state: InvitationState
    answer: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True)
class InvitationFilter:
    text: str = ""
    kind: str = ""
    state: str = ""


INVITATIONS = Listing(
    {
        "name": Column("Nom", lambda row: folded(row.candidate.name)),
        "size": Column("Taille", lambda row: row.candidate.size),
        "state": Column("État", lambda row: list(InvitationState).index(row.state)),
    },
    length=100,
)


def find_past_edition(edition: Edition) -> Edition | None:
    """Return the edition held just before this one."""
    return next(iter(editions_before(edition)), None)


def address_hash(email: str) -> str:
    """Return the SHA-256 of an address as compared."""
    return hashlib.sha256(email_key_of(email).encode()).hexdigest()


@across_editions()
def opposed_addresses(emails: Iterable[str]) -> frozenset[str]:
    """Return those of these addresses that want no more invitations."""
    opposed = set(
        current_session().scalars(
            select(OrganisationInvitation.email_hash).where(
                OrganisationInvitation.opposed_at.is_not(None)
            )
        )
    )
    return frozenset(email for email in emails if address_hash(email) in opposed)


def get_invitation(token: str) -> OrganisationInvitation:
    """Return the invitation that a private link opens."""
    statement = select(OrganisationInvitation).where(OrganisationInvitation.private_token == token)
    return current_session().scalars(statement).one()


def invitations_of(edition: Edition) -> dict[str, OrganisationInvitation]:
    """Return the invitations of an edition, by the key of their organisation."""
    statement = select(OrganisationInvitation).where(
        OrganisationInvitation.edition_id == edition.id
    )
    return {invitation.key: invitation for invitation in current_session().scalars(statement)}


@across_editions()
def invited_organisations(
    edition: Edition, kinds: Collection[InvitedKind]
) -> list[InvitedOrganisation]:
    """Return the organisations of these kinds that came to the edition before, or were invited."""
    past_edition = find_past_edition(edition)
    candidates: dict[str, Candidate] = {}
    for invitation in invitations_of(edition).values():
        if invitation.email:
            candidates[invitation.key] = Candidate(
                invitation.key, invitation.kind, invitation.name, invitation.email
            )
    if past_edition is not None:
        for candidate in (*former_exhibitors(past_edition), *former_places(past_edition)):
            candidates[candidate.key] = candidate
    of_kinds = [candidate for candidate in candidates.values() if candidate.kind in kinds]
    by_name = sorted(of_kinds, key=lambda candidate: (candidate.kind, folded(candidate.name)))
    return _with_states(edition, by_name)


def count_to_invite(edition: Edition) -> dict[InvitedKind, int]:
    """Return the number of organisations not yet written to, by kind."""
    states = [
        (organisation.candidate.kind, organisation.state)
        for organisation in invited_organisations(edition, list(InvitedKind))
    ]
    return {kind: states.count((kind, InvitationState.TO_SEND)) for kind in InvitedKind}


def _with_states(edition: Edition, candidates: list[Candidate]) -> list[InvitedOrganisation]:
    invitations = invitations_of(edition)
    opposed = opposed_addresses(candidate.email for candidate in candidates)
    applications = applications_by_mark(edition.id)
    people = _people_by_place(edition)
    organisations = []
    for candidate in candidates:
        invitation = invitations.get(candidate.key)
        application = None
        if candidate.kind == InvitedKind.EXHIBITOR:
            email = email_key_of(candidate.email)
            marks = marks_of(candidate.siret, folded(candidate.name), email)
            application = next((applications[mark] for mark in marks if mark in applications), None)
        is_draft = application is not None and application.status == ApplicationStatus.DRAFT
        registered = people.get(candidate.key, 0)
        is_sent = invitation is not None and invitation.sent_at is not None
        state = state_of(
            is_sent=is_sent,
            is_started=is_draft,
            is_answered=bool(registered) or (application is not None and not is_draft),
            is_declined=invitation is not None and invitation.declined_at is not None,
            is_opposed=candidate.email in opposed
            or (invitation is not None and invitation.opposed_at is not None),
        )
        answer = ""
        if application is not None:
            answer = application.status.label
        elif registered:
            answer = plural(registered, "inscrit")
        sent_at = invitation.sent_at if invitation else None
        organisations.append(InvitedOrganisation(candidate, state, answer, sent_at))
    return organisations


def invitations_page(
    organisations: list[InvitedOrganisation], filters: InvitationFilter, request: PageRequest
) -> Page:
    """Return a page of the organisations that pass the filters."""
    text = folded(filters.text)
    rows = [
        row
        for row in organisations
        if text in folded(f"{row.candidate.name} {row.candidate.email}")
        and filters.kind in ("", row.candidate.kind)
        and filters.state in ("", row.state)
    ]
    return INVITATIONS.page_of_rows(rows, request)


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


REGISTERED_FOR_A_PLACE = (
    Attendee.status == AttendeeStatus.REGISTERED,
    Attendee.exhibitor_id.is_(None),
    Attendee.agent_id.is_(None),
    or_(Attendee.commune_code.is_not(None), Attendee.epci_siren.is_not(None)),
)


def _people_by_place(edition: Edition) -> dict[str, int]:
    statement = (
        select(Attendee.commune_code, Attendee.epci_siren, func.count())
        .where(Attendee.edition_id == edition.id, *REGISTERED_FOR_A_PLACE)
        .group_by(Attendee.commune_code, Attendee.epci_siren)
    )
    return {
        organisation_key(None, commune, epci): count
        for commune, epci, count in current_session().execute(statement)
    }


def count_registered(invitation: OrganisationInvitation) -> int:
    """Return the number of people registered for the invited commune or EPCI."""
    statement = select(func.count()).where(
        Attendee.edition_id == invitation.edition_id,
        Attendee.commune_code == invitation.commune_code
        if invitation.commune_code
        else Attendee.epci_siren == invitation.epci_siren,
        *REGISTERED_FOR_A_PLACE,
    )
    return current_session().scalar(statement) or 0


def find_answer_dates(edition: Edition, kind: InvitedKind) -> tuple[datetime, datetime] | None:
    """Return when the invited of a kind may register or apply: opening included, closing excluded.

    None while the exhibitors' applications have no dates.
    """
    if kind == InvitedKind.PLACE:
        return edition.registration_opens_at, edition.registration_closes_at
    terms = find_terms(edition)
    return (terms.applications_open_at, terms.applications_close_at) if terms else None


def kinds_that_can_answer(
    edition: Edition, kinds: Collection[InvitedKind], now: datetime
) -> list[InvitedKind]:
    """Return those of the kinds whose registration or applications are not closed."""
    dates = {kind: find_answer_dates(edition, kind) for kind in kinds}
    return [kind for kind, period in dates.items() if can_answer(period and period[1], now)]


def edition_of(invitation: OrganisationInvitation) -> Edition:
    """Return the edition that an invitation is to."""
    return current_session().get_one(Edition, invitation.edition_id)
