"""The other organisations that are invited: State services, partners, press, guests of honour."""

from collections.abc import Sequence
from datetime import datetime

from salon.fair.models import Edition
from salon.invitations.engine import InvitationState
from salon.invitations.queries.guests import GuestFilter, filtered_guests, guest_rows, guests
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
)
