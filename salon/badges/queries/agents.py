"""The badges of the village's agents."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from salon.badges.engine.codes import short_code_in
from salon.badges.engine.qr import code_in
from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries.badges import CANCELLED
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.staffing.models import Agent

LIVE = and_(Attendee.agent_id == Agent.id, Attendee.status == AttendeeStatus.REGISTERED)


def agents_with_badge(edition: Edition) -> Sequence[tuple[Agent, Attendee | None]]:
    """Return the agents of an edition, each with its attendee or None.

    An agent without badge, or removed and without live registration, has None. Erased attendees are
    left out.
    """
    erased = aliased(Attendee)
    is_erased = exists().where(erased.agent_id == Agent.id, erased.status == AttendeeStatus.ERASED)
    statement = (
        select(Agent, Attendee)
        .outerjoin(Attendee, LIVE)
        .where(
            Agent.edition_id == edition.id,
            or_(Agent.removed_at.is_(None), Attendee.id.is_not(None)),
            ~is_erased,
        )
        .options(joinedload(Agent.body))
        .order_by(Agent.id)
    )
    return [(agent, attendee) for agent, attendee in current_session().execute(statement)]


def find_attendee_of_agent(agent_id: int) -> Attendee | None:
    """Return the live registration of a village agent as agent."""
    return current_session().scalar(
        select(Attendee).where(
            Attendee.agent_id == agent_id, Attendee.status == AttendeeStatus.REGISTERED
        )
    )


def find_badge_of_removed_agent(agent_id: int) -> Badge | None:
    """Return the badge that was cancelled when an agent was removed, with its attendee."""
    return current_session().scalar(
        select(Badge)
        .join(Badge.attendee)
        .where(
            Attendee.agent_id == agent_id,
            Attendee.status == AttendeeStatus.CANCELLED,
            Badge.revoked_reason == CANCELLED,
        )
        .options(contains_eager(Badge.attendee))
        .order_by(Badge.id.desc())
        .limit(1)
    )


def find_scanned_badge(edition: Edition, reading: str) -> Badge | None:
    """Return the badge of an edition by its scanned code, or by its first eight characters.

    None when two badges share these eight characters.
    """
    code = code_in(reading)
    short_code = short_code_in(reading)
    if code is None and short_code is None:
        return None
    of_code = Badge.code == code if code else Badge.code.startswith(short_code)
    rows = current_session().scalars(
        select(Badge)
        .join(Badge.attendee)
        .where(Badge.edition_id == edition.id, of_code)
        .options(contains_eager(Badge.attendee))
        .limit(2)
    )
    badges = rows.all()
    return badges[0] if len(badges) == 1 else None
