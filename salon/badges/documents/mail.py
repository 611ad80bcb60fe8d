"""Attachments of the messages of registration."""

from typing import Any

from salon.badges.queries import edition_of, find_attendee
from salon.platform.access import settings
from salon.platform.clock import real_now
from salon.platform.mail.delivery import Attachment

CALENDAR = {"charset": "utf-8", "method": "PUBLISH"}
"""Of a text/calendar (RFC 5545, 8.1)."""
WITH_CALENDAR = ("registration", "badge_reissued", "cancelled", "restored", "days_changed")


def attachments(kind: str, context: dict[str, Any]) -> list[Attachment]:
    """Return the calendar file, as things stand when the message leaves."""
    attendee = find_attendee(context["attendee_id"]) if kind in WITH_CALENDAR else None
    if attendee is None:
        return []
    from salon.badges.documents.ical import calendar_file

    content = calendar_file(attendee, edition_of(attendee), settings(), real_now())
    return [Attachment("salon-des-maires.ics", "calendar", content, CALENDAR)]
