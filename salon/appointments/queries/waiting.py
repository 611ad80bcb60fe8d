"""Reads of the waiting lists."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from salon.appointments.models import Hold, WaitingEntry, WaitingStatus
from salon.appointments.queries.appointments import appointments_without_proposal
from salon.appointments.queries.rescue import uncovered_holds
from salon.badges.models import Attendee
from salon.fair.models import Edition, Theme
from salon.platform.database.db import current_session

WITH_ALL = (
    joinedload(WaitingEntry.theme).joinedload(Theme.body),
    joinedload(WaitingEntry.attendee).joinedload(Attendee.commune),
    joinedload(WaitingEntry.attendee).joinedload(Attendee.epci),
    joinedload(WaitingEntry.hold),
)
LIVE = (WaitingStatus.WAITING, WaitingStatus.OFFERED)


def get_entry_by_token(token: str) -> WaitingEntry:
    """Return the waiting entry of a private link. Raises NoResultFound."""
    statement = select(WaitingEntry).where(WaitingEntry.private_token == token).options(*WITH_ALL)
    return current_session().scalars(statement).one()


def find_live_entry(attendee_id: int, theme_id: int) -> WaitingEntry | None:
    """Return a person's live entry in the list of a theme, or None."""
    return current_session().scalar(
        select(WaitingEntry).where(
            WaitingEntry.attendee_id == attendee_id,
            WaitingEntry.theme_id == theme_id,
            WaitingEntry.status.in_(LIVE),
        )
    )


def entries_of(
    edition: Edition, statuses: Sequence[WaitingStatus] = LIVE
) -> Sequence[WaitingEntry]:
    """Return the waiting entries of an edition, in order."""
    statement = select(WaitingEntry).where(
        WaitingEntry.edition_id == edition.id, WaitingEntry.status.in_(statuses)
    )
    statement = statement.order_by(WaitingEntry.queued_at, WaitingEntry.id)
    return current_session().scalars(statement.options(*WITH_ALL)).all()


def rank_of(entry: WaitingEntry) -> int:
    """Return the place of an entry in the list of its theme, from 1."""
    before = or_(
        WaitingEntry.queued_at < entry.queued_at,
        (WaitingEntry.queued_at == entry.queued_at) & (WaitingEntry.id < entry.id),
    )
    statement = select(func.count()).where(
        WaitingEntry.edition_id == entry.edition_id,
        WaitingEntry.theme_id == entry.theme_id,
        WaitingEntry.status.in_(LIVE),
        before,
    )
    return (current_session().scalar(statement) or 0) + 1


def is_something_to_do(edition: Edition, now: datetime) -> bool:
    """Return whether the waiting lists have to be processed.

    When an entry waits, an offer expired, or an offer or a lost appointment has no time any more.
    """
    live = WaitingEntry.edition_id == edition.id
    waiting = select(WaitingEntry.id).where(live, WaitingEntry.status == WaitingStatus.WAITING)
    silent = (
        select(WaitingEntry.id)
        .outerjoin(Hold, Hold.waiting_id == WaitingEntry.id)
        .where(
            live,
            WaitingEntry.status == WaitingStatus.OFFERED,
            or_(Hold.id.is_(None), Hold.expires_at <= now),
        )
    )
    if any(
        current_session().scalar(statement.limit(1)) is not None for statement in (waiting, silent)
    ):
        return True
    return bool(appointments_without_proposal(edition, now) or uncovered_holds(edition, now))
