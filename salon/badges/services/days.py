"""Follow a change of the days: badges stay valid, calendars follow, people are told."""

from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.models.labels import salutation
from salon.platform.database.consequences import (
    Change,
    Consequence,
    Consequences,
    DaysChange,
    Fate,
    Follower,
)
from salon.platform.mail import outbox


class BadgesFollower(Follower[DaysChange]):
    """Each registered person keeps the badge; the event of their calendar has a new SEQUENCE."""

    name = "badges"

    def follow(self, session: Session, change: DaysChange) -> Consequences:
        _follow_visits(session, change)
        if change.is_past:
            return []
        names = tell_registered(session, change, "days_changed", before=change.former_label)
        return [Consequence(Fate.MOVED if change.moves_days else Fate.KEPT, "Badges", names)]


def _follow_visits(session: Session, change: DaysChange) -> None:
    """Move the days on which people come; one that is given up stays, in case it comes back."""
    if not change.moves_days:
        return
    moves = {day.isoformat(): moved.isoformat() for day, moved in change.moves.items()}
    visits = select(Attendee).where(
        Attendee.edition_id == change.edition_id, Attendee.visit_days != ""
    )
    for attendee in session.scalars(visits).all():
        days = (moves.get(day, day) for day in attendee.visit_days.split())
        attendee.visit_days = " ".join(sorted(days))
    session.flush()


def tell_registered(session: Session, change: Change, kind: str, **context: Any) -> list[str]:
    """Post one message to each address; renew the version that calendars read. Return the names."""
    registered = and_(
        Attendee.edition_id == change.edition_id,
        Attendee.status == AttendeeStatus.REGISTERED,
    )
    valid_badge = and_(Badge.attendee_id == Attendee.id, Badge.revoked_at.is_(None))
    statement = select(Attendee, Badge.private_token).outerjoin(Badge, valid_badge)
    rows = session.execute(statement.where(registered).order_by(Attendee.name_key)).all()
    notified: set[str] = set()
    for attendee, token in rows:
        if attendee.email and attendee.email_key not in notified:
            notified.add(attendee.email_key)
            outbox.post(
                session,
                kind,
                attendee.email,
                about=f"attendee:{attendee.id}",
                urgent=False,
                attendee_id=attendee.id,
                salutation=salutation(attendee.civility, attendee.function),
                token=token or "",
                words=change.words,
                **context,
            )
    session.flush()
    session.execute(
        update(Attendee)
        .where(registered)
        .values(version=Attendee.version + 1)
        .execution_options(synchronize_session=False)
    )
    for attendee, _ in rows:
        session.expire(attendee, ["version"])
    return [attendee.full_name for attendee, _ in rows]
