"""An item of the programme, for the calendar of who wants to hear it (RFC 5545)."""

from datetime import datetime

from icalendar import Event

from salon.fair.models import Edition, ProgrammeItem
from salon.platform.documents.calendars import (
    event_status,
    file_of,
    new_calendar,
    on_the_clock,
    uid_of,
)
from salon.platform.settings.installation import Settings
from salon.platform.words.markdown import plain_text


def item_calendar(
    edition: Edition, item: ProgrammeItem, settings: Settings, stamp: datetime
) -> bytes:
    """Return the file of one event."""
    calendar = new_calendar("Programme", "PUBLISH", edition.short_name)
    event = Event()
    event.add("uid", uid_of(f"programme-{item.id}", settings))
    event.add("dtstamp", stamp)
    event.add("dtstart", on_the_clock(item.starts_at))
    event.add("dtend", on_the_clock(item.ends_at))
    event.add("summary", item.title)
    event.add("location", f"{item.room.name}, {edition.place}")
    speakers = [", ".join(filter(None, speaker.values())) for speaker in item.speakers]
    event.add("description", "\n".join(filter(None, [plain_text(item.summary), *speakers])))
    event.add("status", event_status(edition.standing))
    calendar.add_component(event)
    return file_of(calendar, edition.organiser, settings)
