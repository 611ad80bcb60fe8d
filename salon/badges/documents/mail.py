"""Attachments of the messages of registration."""

from collections.abc import Sequence

from salon.badges.queries import edition_of, find_attendee
from salon.platform.database.engagements import Engagement, engagements_of_attendees
from salon.platform.mail.delivery import Attachment
from salon.platform.mail.wording import Context
from salon.platform.settings.clock import real_now
from salon.platform.web.access import settings

CALENDAR = {"charset": "utf-8", "method": "PUBLISH"}
"""Parameters of the content type text/calendar (RFC 5545, 8.1)."""
WITH_CALENDAR = (
    *("registration", "badge_reissued", "cancelled", "restored", "days_changed"),
    "place_changed",
    "standing_changed",
)


def attachments(kind: str, context: Context) -> list[Attachment]:
    """Return the calendar file, as things stand when the message leaves.

    A fair that is postponed or moves changes the events of appointments, too.
    """
    attendee = find_attendee(context["attendee_id"]) if kind in WITH_CALENDAR else None
    if attendee is None:
        return []
    from salon.badges.documents.ical import calendar_file

    engagements: Sequence[Engagement] = ()
    if kind in ("place_changed", "standing_changed"):
        engagements = engagements_of_attendees([attendee.id]).get(attendee.id, ())
    edition = edition_of(attendee)
    content = calendar_file(attendee, edition, settings(), real_now(), engagements)
    return [Attachment("salon-des-maires.ics", "calendar", content, CALENDAR)]
