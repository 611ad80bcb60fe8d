"""The people of a stand."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries.badges import VALID
from salon.badges.queries.people import BY_NAME
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.platform.database.db import current_session

IN_TEAM = Attendee.status == AttendeeStatus.REGISTERED


def staff_of(exhibitor_id: int) -> Sequence[Attendee]:
    """Return the people of a stand by name, with their badges."""
    return (
        current_session()
        .scalars(
            select(Attendee)
            .where(IN_TEAM, Attendee.exhibitor_id == exhibitor_id)
            .options(selectinload(Attendee.badges))
            .order_by(*BY_NAME)
        )
        .all()
    )


def removed_staff_of(exhibitor_id: int) -> Sequence[Attendee]:
    """Return the people who were removed from a stand's team, by name."""
    return (
        current_session()
        .scalars(
            select(Attendee)
            .where(
                Attendee.exhibitor_id == exhibitor_id, Attendee.status == AttendeeStatus.CANCELLED
            )
            .order_by(*BY_NAME)
        )
        .all()
    )


def get_staff(exhibitor_id: int, attendee_id: int) -> Attendee:
    """Return a person of this stand, removed or not. Raises NoResultFound for another stand's."""
    return (
        current_session()
        .scalars(
            select(Attendee).where(
                Attendee.id == attendee_id, Attendee.exhibitor_id == exhibitor_id
            )
        )
        .one()
    )


def count_staff(exhibitor_id: int) -> int:
    statement = select(func.count()).where(IN_TEAM, Attendee.exhibitor_id == exhibitor_id)
    return current_session().scalar(statement) or 0


def staff_badges(exhibitor_id: int) -> list[int]:
    """Return the valid badges of a stand's people, by name."""
    statement = (
        select(Badge.id)
        .join(Attendee)
        .where(VALID, Attendee.exhibitor_id == exhibitor_id)
        .order_by(*BY_NAME)
    )
    return list(current_session().scalars(statement))


def former_exhibitors_with_staff() -> Sequence[Exhibitor]:
    """Return the exhibitors no longer accepted whose staff still have a badge."""
    has_staff = exists().where(IN_TEAM, Attendee.exhibitor_id == Exhibitor.id)
    statement = (
        select(Exhibitor)
        .where(Exhibitor.status != ApplicationStatus.ACCEPTED, has_staff)
        .order_by(Exhibitor.id)
    )
    return current_session().scalars(statement).all()
