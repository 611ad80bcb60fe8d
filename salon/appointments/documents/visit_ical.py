"""Mon parcours as a calendar: appointments and talks, without the stands on the way."""

from datetime import datetime

from icalendar import Event

from salon.appointments.engine.visit import Kind, Stop
from salon.appointments.queries.visit import Visit
from salon.fair.models import Edition
from salon.platform.documents.calendars import (
    clock_rules,
    file_of,
    new_calendar,
    on_the_clock,
    uid_of,
)
from salon.platform.settings.installation import Settings

PROPOSED = "À réserver sur le site du salon\u00a0: cette heure n’est pas encore la vôtre."


def visit_calendar(visit: Visit, edition: Edition, settings: Settings, stamp: datetime) -> bytes:
    """Return a calendar with an event for each proposed appointment (tentative) and talk.

    Booked appointments are left out: they have their own invitation.
    """
    calendar = new_calendar("Mon parcours", "PUBLISH", f"Mon parcours – {edition.short_name}")
    calendar.add_component(clock_rules())
    for stop in visit.stops:
        if stop.kind in (Kind.MEETING, Kind.TALK):
            calendar.add_component(_event(stop, edition, settings, stamp))
    return file_of(calendar, edition.organiser, settings)


def _event(stop: Stop, edition: Edition, settings: Settings, stamp: datetime) -> Event:
    proposed = stop.kind == Kind.MEETING
    event = Event()
    event.add("uid", uid_of(f"parcours-{edition.slug}-{stop.key}", settings))
    event.add("dtstamp", stamp)
    event.add("dtstart", on_the_clock(stop.starts_at))
    event.add("dtend", on_the_clock(stop.ends_at))
    event.add("summary", stop.title)
    event.add("location", f"{stop.place.name}, {edition.place}")
    event.add("status", "TENTATIVE" if proposed else "CONFIRMED")
    if proposed:
        event.add("description", PROPOSED)
    return event
