"""The other organisations that are invited: State services, partners, press, guests of honour."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.invitations.engine import InvitationState
from salon.invitations.models import Guest, InvitedKind
from salon.invitations.queries.candidates import lists_of
from salon.invitations.queries.guests import GuestFilter, filtered_guests, guest_rows, guests
from salon.invitations.queries.invitations import guests_answered_since
from salon.invitations.queries.territory import places_can_answer
from salon.invitations.services.sending import mark_all_invited, unmark_invited
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.mailings.queries.audiences.places import LEFT_OUT, NO_ANSWER, SILENT
from salon.platform.database.identity import Domain


def _find(edition: Edition, choices: Choices, now: datetime) -> Sequence[Recipient]:
    """Return those with an address that did not say no; none once registration is closed."""
    if not places_can_answer(edition, now):
        return []
    state = choices.get("state", "")
    filters = GuestFilter(kind=choices.get("kind", ""), state="" if state == SILENT else state)
    return [
        Recipient(
            row.guest.key,
            row.guest.email,
            name=row.guest.contact,
            greeting=row.organisation.candidate.greeting,
            organisation=row.guest.name,
        )
        for row in filtered_guests(guest_rows(edition), filters)
        if row.guest.email
        and row.organisation.state not in LEFT_OUT
        and (state != SILENT or row.organisation.state in NO_ANSWER)
    ]


def invite(
    session: Session, edition: Edition, keys: Collection[str], now: datetime
) -> Mapping[str, str]:
    """Mark organisations as invited; return the path of the page where each answers, by key."""
    tokens = mark_all_invited(session, edition, InvitedKind.OTHER, keys, now)
    return {key: f"/invitation/{token}" for key, token in tokens.items()}


def withdraw(
    session: Session, edition: Edition, addresses: Collection[str], subjects: Collection[str]
) -> None:
    unmark_invited(session, edition, InvitedKind.OTHER, addresses, subjects)


def _kinds(edition: Edition) -> Sequence[tuple[str, str]]:
    return [(kind, kind) for kind in sorted({guest.kind for guest in guests()} - {""})]


STATES = (
    (InvitationState.TO_SEND.value, "À inviter"),
    (SILENT, "Invités, sans réponse"),
    (InvitationState.OPENED.value, "Sans réponse, page ouverte"),
    (InvitationState.SENT.value, "Sans réponse, page jamais ouverte"),
    (InvitationState.ANSWERED.value, "Des personnes sont inscrites"),
)


ORGANISATIONS = Audience(
    "organisations",
    "Autres invités",
    Domain.REGISTRATIONS,
    _find,
    (Filter("kind", "Genre", _kinds), Filter("state", "État", lambda _: STATES)),
    prepare=invite,
    withdraw=withdraw,
    answered=guests_answered_since,
    origin="a été donnée à l’organisation, ou prise dans une liste, et sert à inviter au salon "
    "par intérêt légitime (RGPD, articles 6.1.f et 14)",
    lists=partial(lists_of, Guest),
)
