"""Calendar of the fair and of the person's appointments there (RFC 5545)."""

from collections.abc import Sequence
from datetime import datetime, time

from icalendar import Event

from salon.badges.models import Attendee, AttendeeStatus, HalfDay
from salon.fair.models import Edition, EditionDay
from salon.platform.database.engagements import Engagement
from salon.platform.documents.calendars import (
    clock_rules,
    engagement_event,
    event_status,
    file_of,
    new_calendar,
    uid_of,
)
from salon.platform.settings.clock import paris
from salon.platform.settings.installation import Settings

NOON = time(13)


def calendar_file(
    attendee: Attendee,
    edition: Edition,
    settings: Settings,
    stamp: datetime,
    engagements: Sequence[Engagement] = (),
) -> bytes:
    """Return one event for each day on which the person comes, in the half-day they chose, then
    one for each appointment.

    The UID stays the same and SEQUENCE grows with each change, so that a calendar that has the
    event moves or cancels it.
    """
    calendar = new_calendar("Inscriptions", "PUBLISH", edition.short_name)
    if engagements:
        calendar.add_component(clock_rules())
    chosen = attendee.days_among(day.day_on for day in edition.days)
    for number, day in enumerate(edition.days, start=1):
        if day.day_on not in chosen:
            continue
        calendar.add_component(_event(attendee, edition, day, number, settings, stamp))
    place = f"{edition.place}, {edition.address}"
    for engagement in engagements:
        calendar.add_component(engagement_event(engagement, place, settings, stamp))
    return file_of(calendar, edition.organiser, settings)


def _event(
    attendee: Attendee,
    edition: Edition,
    day: EditionDay,
    number: int,
    settings: Settings,
    stamp: datetime,
) -> Event:
    live = attendee.status == AttendeeStatus.REGISTERED
    starts_at, ends_at = _times(day, attendee.half_day)
    event = Event()
    event.add("uid", uid_of(f"inscription-{attendee.id}-{number}", settings))
    event.add("dtstamp", stamp)
    event.add("sequence", attendee.version)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", edition.short_name)
    event.add("location", f"{edition.place}, {edition.address}")
    event.add("status", event_status(edition.standing) if live else "CANCELLED")
    event.add("description", f"{edition.name}\n{edition.day_label}, {edition.hours_label}")
    return event


def _times(day: EditionDay, half_day: str) -> tuple[datetime, datetime]:
    noon = paris(day.day_on, NOON)
    if half_day == HalfDay.MORNING and day.opens_at < noon:
        return day.opens_at, noon
    if half_day == HalfDay.AFTERNOON and noon < day.closes_at:
        return noon, day.closes_at
    return day.opens_at, day.closes_at
