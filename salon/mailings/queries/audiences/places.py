"""Communes and EPCI of the book that may be invited, by the filters of their list."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from salon.badges.queries import all_epcis
from salon.fair.models import Edition
from salon.invitations.engine import InvitationState
from salon.invitations.models import InvitedKind, LocalAuthority
from salon.invitations.queries.book_filters import CAME, NEVER, BookFilter, filtered
from salon.invitations.queries.candidates import lists_of
from salon.invitations.queries.invitations import answered_since
from salon.invitations.queries.territory import BookRow, book_rows, places_can_answer
from salon.invitations.services.sending import mark_all_invited, unmark_invited
from salon.mailings.engine import Recipient
from salon.mailings.queries.audiences.audience import Audience, Choices, Filter
from salon.platform.database.identity import Domain

SILENT = "silent"
"""Invited, without answer: the page was opened or not."""
NO_ANSWER = (InvitationState.SENT, InvitationState.OPENED)
LEFT_OUT = (InvitationState.REFUSED, InvitationState.DECLINED, InvitationState.OPPOSED)
"""No mail reaches them, or they said no."""
STATES = (
    (InvitationState.TO_SEND.value, "À inviter"),
    (SILENT, "Invitées, sans réponse"),
    (InvitationState.OPENED.value, "Sans réponse, page ouverte"),
    (InvitationState.SENT.value, "Sans réponse, page jamais ouverte"),
    (InvitationState.ANSWERED.value, "Des personnes sont inscrites"),
)


def find_places(edition: Edition, choices: Choices, now: datetime) -> Sequence[Recipient]:
    """Return the places with an address that did not say no; none once registration is closed."""
    if not places_can_answer(edition, now):
        return []
    state = choices.get("state", "")
    filters = BookFilter(
        state="" if state == SILENT else state,
        epci=choices.get("epci", ""),
        past=choices.get("past", ""),
    )
    return [
        _recipient(row)
        for row in filtered(book_rows(edition), filters, None, now.date())
        if row.organisation.state not in LEFT_OUT
        and (state != SILENT or row.organisation.state in NO_ANSWER)
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


def invite(
    session: Session, edition: Edition, keys: Collection[str], now: datetime
) -> Mapping[str, str]:
    """Mark places as invited; return the path of the page where each answers, by key."""
    tokens = mark_all_invited(session, edition, InvitedKind.PLACE, keys, now)
    return {key: f"/invitation/{token}" for key, token in tokens.items()}


def withdraw(
    session: Session, edition: Edition, addresses: Collection[str], subjects: Collection[str]
) -> None:
    unmark_invited(session, edition, InvitedKind.PLACE, addresses, subjects)


PLACES = Audience(
    "places",
    "Communes et EPCI",
    Domain.REGISTRATIONS,
    find_places,
    filters=(
        Filter("state", "État", lambda _: STATES),
        Filter("epci", "EPCI", lambda _: [(epci.siren, epci.name) for epci in all_epcis()]),
        Filter("past", "Dernière fois", lambda _: [(CAME, "Inscrites"), (NEVER, "Non inscrites")]),
    ),
    prepare=invite,
    withdraw=withdraw,
    origin="est celle de votre commune ou de votre EPCI, donnée à une édition "
    "précédente ou prise dans une liste, et sert à inviter au salon par intérêt légitime (RGPD, "
    "articles 6.1.f et 14)",
    lists=partial(lists_of, LocalAuthority),
    answered=answered_since,
)
