"""The other organisations that are invited: State services, partners, press, guests of honour."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from salon.fair.models import Edition
from salon.invitations.models import Guest, InvitedKind
from salon.invitations.queries.candidates import lists_of
from salon.invitations.queries.guests import GuestFilter, filtered_guests, guest_rows, guests
from salon.invitations.queries.invitations import guests_answered_since
from salon.invitations.queries.territory import places_can_answer
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.mailings.queries.audiences.invited import is_written_to, states
from salon.platform.database.identity import Domain


def _find(edition: Edition, choices: Choices, now: datetime) -> Sequence[Recipient]:
    """Return those with an address that did not say no; none once registration is closed."""
    if not places_can_answer(edition, now):
        return []
    filters = GuestFilter(kind=choices.get("kind", ""))
    return [
        Recipient(
            row.guest.key,
            row.guest.email,
            name=row.guest.contact,
            greeting=row.organisation.candidate.greeting,
            organisation=row.guest.name,
        )
        for row in filtered_guests(guest_rows(edition), filters)
        if row.guest.email and is_written_to(row.organisation, choices.get("state", ""))
    ]


def _kinds(edition: Edition) -> Sequence[tuple[str, str]]:
    return [(kind, kind) for kind in sorted({guest.kind for guest in guests()} - {""})]


ORGANISATIONS = Audience(
    "organisations",
    "Autres invités",
    Domain.REGISTRATIONS,
    _find,
    (Filter("kind", "Genre", _kinds), Filter("state", "État", lambda _: states("Invités"))),
    invited_as=InvitedKind.OTHER,
    answered=guests_answered_since,
    origin="a été donnée à l’organisation, ou prise dans une liste, et sert à inviter au salon "
    "par intérêt légitime (RGPD, articles 6.1.f et 14)",
    lists=partial(lists_of, Guest),
)
