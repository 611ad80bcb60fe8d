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
from salon.invitations.services.sending import mark_all_invited
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.platform.database.identity import Domain


def _find(edition: Edition, choices: Choices, now: datetime) -> Sequence[Recipient]:
    filters = GuestFilter(kind=choices.get("kind", ""), state=choices.get("state", ""))
    return [
        Recipient(
            row.guest.key,
            row.guest.email,
            name=row.guest.contact,
            greeting=row.organisation.candidate.greeting,
            organisation=row.guest.name,
        )
        for row in filtered_guests(guest_rows(edition), filters)
        if row.guest.email and row.organisation.state != InvitationState.OPPOSED
    ]


def invite(
    session: Session, edition: Edition, keys: Collection[str], now: datetime
) -> Mapping[str, str]:
    """Mark organisations as invited; return the path of the page where each answers, by key."""
    tokens = mark_all_invited(session, edition, InvitedKind.OTHER, keys, now)
    return {key: f"/invitation/{token}" for key, token in tokens.items()}


def _kinds(edition: Edition) -> Sequence[tuple[str, str]]:
    return [(kind, kind) for kind in sorted({guest.kind for guest in guests()} - {""})]


def _states(edition: Edition) -> Sequence[tuple[str, str]]:
    return [(state.value, state.label) for state in InvitationState]


ORGANISATIONS = Audience(
    "organisations",
    "Autres invités",
    Domain.REGISTRATIONS,
    _find,
    (Filter("kind", "Genre", _kinds), Filter("state", "État", _states)),
    prepare=invite,
    origin="a été donnée à l’organisation, ou prise dans une liste, et sert à inviter au salon "
    "par intérêt légitime (RGPD, articles 6.1.f et 14)",
    lists=partial(lists_of, Guest),
)
