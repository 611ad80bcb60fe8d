"""The fair in a person's calendar (RFC 5545), by a library: no text is glued by hand."""

from datetime import datetime, time

from icalendar import Calendar, Event

from salon.badges.models import Attendee, AttendeeStatus, HalfDay
from salon.fair.models import Edition, EditionDay
from salon.times import paris

NOON = time(13)


def calendar_file(attendee: Attendee, edition: Edition, host: str, stamp: datetime) -> bytes:
    """One event a day of the edition, in the half-day that the person chose.

    The UID stays the same and SEQUENCE grows with each change, so that a calendar that has the
    event moves or cancels it.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Salon des maires//Inscriptions//FR")
    calendar.add("method", "PUBLISH")
    for number, day in enumerate(edition.days, start=1):
        calendar.add_component(_event(attendee, edition, day, number, host, stamp))
    return bytes(calendar.to_ical())


def _event(
    attendee: Attendee, edition: Edition, day: EditionDay, number: int, host: str, stamp: datetime
) -> Event:
    live = attendee.status == AttendeeStatus.REGISTERED
    starts_at, ends_at = _times(day, attendee.half_day)
    event = Event()
    event.add("uid", f"inscription-{attendee.id}-{number}@{host}")
    event.add("dtstamp", stamp)
    event.add("sequence", attendee.version)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", edition.short_name)
    event.add("location", f"{edition.place}, {edition.address}")
    event.add("status", "CONFIRMED" if live else "CANCELLED")
    event.add("description", f"{edition.name}\n{edition.day_label}, {edition.hours_label}")
    return event


def _times(day: EditionDay, half_day: str) -> tuple[datetime, datetime]:
    noon = paris(day.day_on, NOON)
    if half_day == HalfDay.MORNING and day.opens_at < noon:
        return day.opens_at, noon
    if half_day == HalfDay.AFTERNOON and noon < day.closes_at:
        return noon, day.closes_at
    return day.opens_at, day.closes_at
