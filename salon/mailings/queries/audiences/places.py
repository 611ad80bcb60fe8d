"""Communes and EPCI of the book that may be invited, by the filters of their list."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from salon.badges.queries import all_epcis
from salon.fair.models import Edition
from salon.invitations.models import InvitedKind, LocalAuthority
from salon.invitations.queries.book_filters import CAME, NEVER, BookFilter, filtered
from salon.invitations.queries.candidates import lists_of
from salon.invitations.queries.invitations import answered_since
from salon.invitations.queries.territory import BookRow, book_rows, places_can_answer
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.mailings.queries.audiences.invited import is_written_to, states
from salon.platform.database.identity import Domain


def find_places(edition: Edition, choices: Choices, now: datetime) -> Sequence[Recipient]:
    """Return the places with an address that did not say no; none once registration is closed."""
    if not places_can_answer(edition, now):
        return []
    filters = BookFilter(epci=choices.get("epci", ""), past=choices.get("past", ""))
    return [
        _recipient(row)
        for row in filtered(book_rows(edition), filters, None, now.date())
        if is_written_to(row.organisation, choices.get("state", ""))
    ]


def _recipient(row: BookRow) -> Recipient:
    return Recipient(
        key=row.key,
        address=row.email,
        name=row.authority.head if row.authority else "",
        greeting=row.organisation.candidate.greeting or "Madame, Monsieur",
        commune=row.name if row.is_commune else "",
        organisation=row.name,
    )


PLACES = Audience(
    "places",
    "Communes et EPCI",
    Domain.REGISTRATIONS,
    find_places,
    filters=(
        Filter("state", "État", lambda _: states("Invitées")),
        Filter("epci", "EPCI", lambda _: [(epci.siren, epci.name) for epci in all_epcis()]),
        Filter("past", "Dernière fois", lambda _: [(CAME, "Inscrites"), (NEVER, "Non inscrites")]),
    ),
    invited_as=InvitedKind.PLACE,
    origin="est celle de votre commune ou de votre EPCI, donnée à une édition "
    "précédente ou prise dans une liste, et sert à inviter au salon par intérêt légitime (RGPD, "
    "articles 6.1.f et 14)",
    lists=partial(lists_of, LocalAuthority),
    answered=answered_since,
)
