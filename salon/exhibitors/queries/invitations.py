"""Invitation codes, and the number of people registered by each."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from salon.exhibitors.models import ApplicationStatus, Exhibitor, Invitation
from salon.fair.models import Edition
from salon.platform.database.db import current_session


def invitations_of(exhibitor: Exhibitor) -> list[tuple[Invitation, int]]:
    """Return (invitation, people registered by it), usable ones first, then the latest."""
    invitations = current_session().scalars(
        select(Invitation)
        .where(Invitation.exhibitor_id == exhibitor.id)
        .order_by(Invitation.revoked_at.is_not(None), Invitation.id.desc())
    )
    counts: dict[int, int] = dict(
        current_session()
        .execute(
            select(Invitation.id, func.count())
            .join(Invitation.guests)
            .where(Invitation.exhibitor_id == exhibitor.id)
            .group_by(Invitation.id)
        )
        .all()
    )
    return [(invitation, counts.get(invitation.id, 0)) for invitation in invitations]


def get_invitation(exhibitor_id: int, invitation_id: int) -> Invitation:
    """Return an exhibitor's invitation; raise NoResultFound for another exhibitor's."""
    statement = select(Invitation).where(
        Invitation.id == invitation_id, Invitation.exhibitor_id == exhibitor_id
    )
    return current_session().scalars(statement).one()


def count_live(exhibitor_id: int) -> int:
    """Return the number of an exhibitor's codes that can be used."""
    live = (Invitation.exhibitor_id == exhibitor_id, Invitation.revoked_at.is_(None))
    return current_session().scalar(select(func.count()).select_from(Invitation).where(*live)) or 0


def find_invitation(edition: Edition, code: str) -> Invitation | None:
    """Return the invitation of this code, revoked or full included."""
    statement = (
        select(Invitation)
        .join(Invitation.exhibitor)
        .where(Invitation.code == code, Exhibitor.edition_id == edition.id)
        .options(joinedload(Invitation.exhibitor))
    )
    return current_session().scalar(statement)


def places_left(invitation: Invitation) -> int | None:
    """Return how many more people may use the code; None when there is no limit.

    0 once it is revoked, full, or its exhibitor is no longer accepted.
    """
    is_there = invitation.exhibitor.status == ApplicationStatus.ACCEPTED
    if invitation.revoked_at is not None or not is_there:
        return 0
    if invitation.quota is None:
        return None
    return max(0, invitation.quota - count_guests(invitation.id))


def count_guests(invitation_id: int) -> int:
    """Return the number of people registered by an invitation."""
    statement = (
        select(func.count())
        .select_from(Invitation)
        .join(Invitation.guests)
        .where(Invitation.id == invitation_id)
    )
    return current_session().scalar(statement) or 0


def guests_by_exhibitor(edition: Edition) -> Sequence[tuple[Exhibitor, int, int]]:
    """Return (exhibitor, its codes, people registered by them), most people first."""
    codes = (
        select(Invitation.exhibitor_id, func.count().label("codes"))
        .group_by(Invitation.exhibitor_id)
        .subquery()
    )
    guests = (
        select(Invitation.exhibitor_id, func.count().label("guests"))
        .join(Invitation.guests)
        .group_by(Invitation.exhibitor_id)
        .subquery()
    )
    came = func.coalesce(guests.c.guests, 0)
    statement = (
        select(Exhibitor, codes.c.codes, came)
        .join(codes, codes.c.exhibitor_id == Exhibitor.id)
        .outerjoin(guests, guests.c.exhibitor_id == Exhibitor.id)
        .where(Exhibitor.edition_id == edition.id)
        .order_by(came.desc(), Exhibitor.name_key)
    )
    return [
        (exhibitor, int(code_count), int(people))
        for exhibitor, code_count, people in current_session().execute(statement)
    ]
