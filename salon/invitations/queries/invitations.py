"""Organisations of the edition before and of the book, and their invitations to this one."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import case, func, select

from salon.accounts.queries import email_key_of
from salon.badges.models import Attendee, Group
from salon.exhibitors.models import ApplicationStatus
from salon.exhibitors.queries.exhibitors import find_terms
from salon.exhibitors.queries.former_exhibitors import applications_by_mark, marks_of
from salon.fair.models import Edition
from salon.invitations.engine import Facts, InvitationState, state_of
from salon.invitations.models import InvitedKind, OrganisationInvitation, organisation_key
from salon.invitations.queries.candidates import (
    REGISTERED_BY_THEMSELVES,
    REGISTERED_FOR_A_PLACE,
    Candidate,
    candidates_of,
    invitations_of,
)
from salon.invitations.rules import can_answer
from salon.platform.database.day_presences import matches_presence
from salon.platform.database.db import current_session
from salon.platform.database.edition_scope import across_editions
from salon.platform.mail.oppositions import opposed as opposed_of
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.pages.lists.listing import Column, Listing, Page, PageRequest
from salon.platform.words.formats import plural
from salon.platform.words.texts import folded


@dataclass(frozen=True)
class InvitedOrganisation:
    """A candidate with its invitation, the state of it and its answer; `functions`: how many people
    of each function are registered; `came`: how many of them came."""

    candidate: Candidate
    state: InvitationState
    answer: str = ""
    invitation: OrganisationInvitation | None = None
    functions: Mapping[str, int] = field(default_factory=dict)
    came: int = 0

    @property
    def sent_at(self) -> datetime | None:
        return self.invitation.sent_at if self.invitation else None

    @property
    def opened_at(self) -> datetime | None:
        return self.invitation.opened_at if self.invitation else None


@dataclass
class PlacePeople:
    """The people registered for a place: how many of each function, how many of all came."""

    functions: Counter[str] = field(default_factory=Counter)
    came: int = 0


NOBODY = PlacePeople()


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


def get_invitation(token: str) -> OrganisationInvitation:
    """Return the invitation that a private link opens; the link of one erased opens nothing."""
    statement = select(OrganisationInvitation).where(
        OrganisationInvitation.private_token == token, OrganisationInvitation.email_hash != ""
    )
    return current_session().scalars(statement).one()


@across_editions()
def invited_organisations(
    edition: Edition, kinds: Collection[InvitedKind]
) -> list[InvitedOrganisation]:
    """Return the organisations of these kinds that came to the edition before, have an address in
    the book, or were invited."""
    candidates = candidates_of(edition, kinds).values()
    by_name = sorted(candidates, key=lambda candidate: (candidate.kind, folded(candidate.name)))
    return with_states(edition, by_name)


def count_to_invite(edition: Edition) -> dict[InvitedKind, int]:
    """Return the number of organisations not yet written to, by kind."""
    states = [
        (organisation.candidate.kind, organisation.state)
        for organisation in invited_organisations(edition, list(InvitedKind))
    ]
    return {kind: states.count((kind, InvitationState.TO_SEND)) for kind in InvitedKind}


def with_states(edition: Edition, candidates: list[Candidate]) -> list[InvitedOrganisation]:
    """Return the candidates with their invitations to an edition and their answers."""
    invitations = invitations_of(edition)
    opposed = opposed_of({candidate.email for candidate in candidates})
    applications = applications_by_mark(edition.id)
    people = people_by_place(edition) | people_by_guest(edition, candidates)
    refused = _refused_addresses(invitation.email for invitation in invitations.values())
    organisations = []
    for candidate in candidates:
        invitation = invitations.get(candidate.key)
        application = None
        if candidate.kind == InvitedKind.EXHIBITOR:
            email = email_key_of(candidate.email)
            marks = marks_of(candidate.siret, folded(candidate.name), email)
            application = next((applications[mark] for mark in marks if mark in applications), None)
        is_draft = application is not None and application.status == ApplicationStatus.DRAFT
        of_place = people.get(candidate.key, NOBODY)
        functions = of_place.functions
        is_refused = invitation is not None and invitation.email in refused
        facts = Facts(
            is_sent=invitation is not None and invitation.sent_at is not None and not is_refused,
            is_refused=candidate.email in refused,
            is_opened=invitation is not None and invitation.opened_at is not None,
            is_started=is_draft,
            is_answered=bool(functions) or (application is not None and not is_draft),
            is_come=bool(of_place.came),
            is_declined=invitation is not None and invitation.declined_at is not None,
            is_opposed=candidate.email in opposed
            or (invitation is not None and invitation.opposed_at is not None),
        )
        answer = ""
        if application is not None:
            answer = application.status.label
        elif functions:
            answer = plural(functions.total(), "inscrit")
        organisations.append(
            InvitedOrganisation(
                candidate,
                state_of(facts),
                answer,
                invitation,
                functions,
                of_place.came,
            )
        )
    return organisations


def _refused_addresses(emails: Iterable[str]) -> set[str]:
    """Return those of these addresses whose server refused the last message, whatever it said."""
    statement = (
        select(Message.recipient, Message.status)
        .where(Message.recipient.in_(set(emails)))
        .order_by(Message.id)
    )
    last = dict(iter(current_session().execute(statement)))
    return {email for email, status in last.items() if status == MessageStatus.REFUSED}


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


def people_by_place(edition: Edition) -> dict[str, PlacePeople]:
    """Return the people registered for each place, by its key."""
    came = case((matches_presence(edition.id, "came"), 1), else_=0)
    place = (Attendee.commune_code, Attendee.epci_siren)
    statement = (
        select(*place, Attendee.function, func.count(), func.sum(came))
        .where(Attendee.edition_id == edition.id, *REGISTERED_FOR_A_PLACE)
        .group_by(*place, Attendee.function)
    )
    people: dict[str, PlacePeople] = {}
    for commune, epci, function, count, come in current_session().execute(statement):
        of_place = people.setdefault(organisation_key(None, commune, epci), PlacePeople())
        of_place.functions[function] += count
        of_place.came += come
    return people


def answered_since(edition: Edition, keys: Collection[str], since: datetime) -> set[str]:
    """Return those of these communes and EPCI, and of those invited with them at one address, that
    registered somebody since, or said no."""
    invitations = invitations_of(edition)
    emails = {invitations[key].email.casefold() for key in keys if key in invitations} - {""}
    asked = {*keys} | {
        key for key, invitation in invitations.items() if invitation.email.casefold() in emails
    }
    statement = (
        select(Attendee.commune_code, Attendee.epci_siren)
        .where(
            Attendee.edition_id == edition.id,
            Attendee.registered_at >= since,
            *REGISTERED_FOR_A_PLACE,
        )
        .distinct()
    )
    answered = {
        organisation_key(None, commune, epci)
        for commune, epci in current_session().execute(statement)
    }
    return (answered | _declined_since(edition, since)) & asked


def guests_answered_since(edition: Edition, keys: Collection[str], since: datetime) -> set[str]:
    """Return those of these other organisations that registered somebody since, or said no."""
    candidates = candidates_of(edition, [InvitedKind.OTHER])
    asked = [candidates[key] for key in keys if key in candidates]
    answered = set(people_by_guest(edition, asked, since))
    return answered | _declined_since(edition, since).intersection(keys)


def _declined_since(edition: Edition, since: datetime) -> set[str]:
    return {
        key
        for key, invitation in invitations_of(edition).items()
        if invitation.declined_at is not None and invitation.declined_at >= since
    }


def people_by_guest(
    edition: Edition, candidates: Iterable[Candidate], since: datetime | None = None
) -> dict[str, PlacePeople]:
    """Return the people registered for other organisations, since a time if one is said, by the key
    of each: under its name, or with its address, their own or that of who registered them."""
    guests = [candidate for candidate in candidates if candidate.kind == InvitedKind.OTHER]
    if not guests:
        return {}
    by_name = {folded(guest.name): guest.key for guest in guests}
    by_email = {email_key_of(guest.email): guest.key for guest in guests if guest.email}
    came = case((matches_presence(edition.id, "came"), 1), else_=0)
    statement = (
        select(
            Attendee.organisation, Attendee.email_key, Group.contact_email, Attendee.function, came
        )
        .join(Attendee.group)
        .where(Attendee.edition_id == edition.id, *REGISTERED_BY_THEMSELVES)
    )
    if since is not None:
        statement = statement.where(Attendee.registered_at >= since)
    people: dict[str, PlacePeople] = {}
    for name, email, contact, function, come in current_session().execute(statement):
        addresses = (email, email_key_of(contact))
        keys = (by_name.get(folded(name)), *(by_email.get(address) for address in addresses))
        if key := next(filter(None, keys), None):
            of_guest = people.setdefault(key, PlacePeople())
            of_guest.functions[function] += 1
            of_guest.came += come
    return people


def count_registered(invitation: OrganisationInvitation) -> int:
    """Return the number of people registered for the invited organisation."""
    if invitation.kind == InvitedKind.OTHER:
        candidate = Candidate(invitation.key, invitation.kind, invitation.name, invitation.email)
        people = people_by_guest(edition_of(invitation), [candidate])
        return sum(of_guest.functions.total() for of_guest in people.values())
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
    if kind != InvitedKind.EXHIBITOR:
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
