"""Whose badge this browser opened to take appointments: the visitor need not say who they are."""

from flask import session

from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries import find_badge_by_token
from salon.fair.models import Edition

BADGE = "visitor_badge"


def remember_badge(badge: Badge) -> None:
    """From now on this browser takes appointments for the badge's holder."""
    session[BADGE] = badge.private_token


def forget_badge() -> None:
    """Whoever uses this browser next says who they are."""
    session.pop(BADGE, None)


def find_badge_holder(edition: Edition) -> Attendee | None:
    """The holder of that badge, while it is valid at this edition."""
    token = session.get(BADGE)
    badge = find_badge_by_token(token) if isinstance(token, str) else None
    if badge is None or not badge.is_valid or badge.edition_id != edition.id:
        return None
    return badge.attendee if badge.attendee.status == AttendeeStatus.REGISTERED else None
