"""Attachments of the messages of registration."""

from collections.abc import Sequence
from io import BytesIO

from salon.badges import queries
from salon.badges.models import Attendee
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import edition_of, find_attendee, find_valid_badge
from salon.fair.models import Edition
from salon.platform.database.engagements import Engagement, engagements_of_attendees
from salon.platform.documents.qr import qr_png
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


WITH_BADGE = ("registration", "badge_reissued", "restored")
WITH_CODE = (*WITH_BADGE, "appointment_tomorrow", "eve_visitor", "shift_tomorrow")
"""Kinds that show the QR code of a badge; those of `WITH_BADGE` bring its PDF, too."""


def attachments(kind: str, context: Context) -> list[Attachment]:
    """Return the calendar file, the badge as PDF and its QR code, or the badges of a group, as
    things stand when the message leaves.

    A fair that is postponed or moves changes the events of appointments, too.
    """
    if kind == "group_registered":
        return _group_files(context.get("token", ""))
    attendee_id = context.get("attendee_id") if kind in (*WITH_CALENDAR, *WITH_CODE) else None
    attendee = find_attendee(attendee_id) if attendee_id is not None else None
    if attendee is None:
        return []
    files = [_calendar(kind, attendee)] if kind in WITH_CALENDAR else []
    badge = find_valid_badge(attendee.id) if kind in WITH_CODE else None
    if badge is not None and badge.private_token == context.get("token"):
        files += (
            [_sheet("badge.pdf", [badge.id], edition_of(attendee), Layout.A6)]
            if kind in WITH_BADGE
            else []
        )
        code = qr_png(queries.payload_of(badge, settings().qr_prefix))
        words = "QR code du badge, à montrer à l’entrée"
        files.append(Attachment("badge.png", "png", code, maintype="image", picture=words))
    return files


def _calendar(kind: str, attendee: Attendee) -> Attachment:
    from salon.badges.documents.ical import calendar_file

    engagements: Sequence[Engagement] = ()
    if kind in ("place_changed", "standing_changed"):
        engagements = engagements_of_attendees([attendee.id]).get(attendee.id, ())
    content = calendar_file(attendee, edition_of(attendee), settings(), real_now(), engagements)
    return Attachment("salon-des-maires.ics", "calendar", content, CALENDAR)


def _group_files(token: str) -> list[Attachment]:
    """Return every badge of a group in one file; nothing once its link has changed."""
    group = queries.find_group_by_token(token)
    badge_ids = queries.valid_badges_of(group) if group is not None else []
    if group is None or not badge_ids:
        return []
    return [_sheet("badges.pdf", badge_ids, queries.edition_of_group(group), Layout.A4)]


def _sheet(name: str, badge_ids: Sequence[int], edition: Edition, layout: Layout) -> Attachment:
    # ReportLab takes 13 MB: a worker that sends no badge does without.
    from salon.badges.documents.badge_sheet import write_badges

    buffer, look = BytesIO(), queries.settings_of(edition.id)
    faces = queries.faces_of(badge_ids, settings().qr_prefix, look, edition)
    write_badges(buffer, faces, queries.fair_face(edition, look), layout)
    return Attachment(name, "pdf", buffer.getvalue(), maintype="application")
