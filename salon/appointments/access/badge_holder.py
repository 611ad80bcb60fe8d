"""The badge that this browser opened, in whose holder's name appointments are taken."""

from flask import session

from salon.badges.models import Attendee, AttendeeStatus, Badge
from salon.badges.queries import find_badge_by_token
from salon.fair.models import Edition

BADGE = "visitor_badge"


def remember_badge(badge: Badge) -> None:
    """Take appointments in the name of this badge's holder from this browser, from now on."""
    session[BADGE] = badge.private_token


def forget_badge() -> None:
    """Forget the badge of this browser."""
    session.pop(BADGE, None)


def find_badge_holder(edition: Edition) -> Attendee | None:
    """Return the holder of this browser's badge, or None unless it is valid at this edition."""
    token = session.get(BADGE)
    badge = find_badge_by_token(token) if isinstance(token, str) else None
    if badge is None or not badge.is_valid or badge.edition_id != edition.id:
        return None
    return badge.attendee if badge.attendee.status == AttendeeStatus.REGISTERED else None
