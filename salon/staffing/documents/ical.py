"""Write an agent's shifts and appointments as a calendar (RFC 5545).

METHOD is PUBLISH (RFC 5546, 3.2.1): no answer is expected, and a withdrawn event is published as
cancelled. An appointment given to a colleague is in the colleague's calendar alone: a feed is read
whole each time, and what it no longer holds leaves the agenda.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from icalendar import Event

from salon.fair.models import Stand
from salon.platform.database.engagements import Engagement
from salon.platform.documents.calendars import (
    awaiting,
    clock_rules,
    engagement_event,
    event_status,
    file_of,
    new_calendar,
    on_the_clock,
    uid_of,
)
from salon.platform.settings.clock import current_zone
from salon.platform.settings.installation import Settings
from salon.staffing.engine.colleagues import colleagues_of
from salon.staffing.models import Agent, Shift, ShiftStatus

READ_AGAIN = timedelta(minutes=15)
READ_AGAIN_WORDS = "PT15M"
"""READ_AGAIN, for a property that is not standard but that older readers know."""
WITHDRAWN = "Cette vacation n’a plus lieu."


def calendar_file(
    agent: Agent,
    shifts: Sequence[Shift],
    other_shifts: Collection[Shift],
    settings: Settings,
    stamp: datetime,
    engagements: Sequence[Engagement] = (),
) -> bytes:
    """Return one event per shift, published or withdrawn, then one per appointment.

    `other_shifts`: the colleagues' shifts on the same stands. The UID of a shift stays the same and
    its SEQUENCE grows with each publication that changes it. `stamp`: of the last publication.
    """
    edition = agent.edition
    name = f"Mon planning – {edition.short_name}"
    calendar = new_calendar("Planning des agents", "PUBLISH", name)
    calendar.add("x-wr-timezone", current_zone().key)
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", READ_AGAIN_WORDS)
    calendar.add_component(clock_rules())
    for shift in shifts:
        calendar.add_component(_event(agent, shift, other_shifts, settings, stamp))
    for engagement in engagements:
        calendar.add_component(_meeting(agent, engagement, settings))
    return file_of(calendar, edition.organiser, settings)


def _event(
    agent: Agent,
    shift: Shift,
    other_shifts: Collection[Shift],
    settings: Settings,
    stamp: datetime,
) -> Event:
    edition = agent.edition
    live = shift.status == ShiftStatus.PUBLISHED and agent.removed_at is None
    event = Event()
    event.add("uid", uid_of(shift.uid, settings))
    event.add("dtstamp", stamp)
    event.add("last-modified", shift.publication.published_at if shift.publication else stamp)
    event.add("sequence", shift.sequence)
    event.add("dtstart", on_the_clock(shift.starts_at))
    event.add("dtend", on_the_clock(shift.ends_at))
    name = _stand_name(shift.stand)
    event.add("summary", name if live else f"Annulée\u00a0: {name}")
    event.add("location", f"{_place_name(shift.stand)}, {edition.place}, {edition.address}")
    lines = [*awaiting(edition.standing), *_words(shift, other_shifts, settings)]
    event.add("description", "\n".join(lines if live else [WITHDRAWN]))
    event.add("status", event_status(edition.standing) if live else "CANCELLED")
    event.add("transp", "OPAQUE" if live else "TRANSPARENT")
    return event


def _meeting(agent: Agent, engagement: Engagement, settings: Settings) -> Event:
    """Return an appointment as an event, cancelled when its visitor chose another time."""
    is_held = engagement.is_live and engagement.is_firm and agent.removed_at is None
    place = f"{agent.edition.place}, {agent.edition.address}"
    event = engagement_event(
        replace(engagement, is_live=is_held), place, settings, engagement.changed_at
    )
    event.add("last-modified", engagement.changed_at)
    return event


def _words(shift: Shift, other_shifts: Collection[Shift], settings: Settings) -> list[str]:
    names = [colleague.label for colleague in colleagues_of(shift, other_shifts)]
    colleagues_line = [f"Avec {', '.join(names)}."] if names else []
    return [*colleagues_line, f"Le plan et la suite\u00a0: {settings.public_url}/planning"]


def _stand_name(stand: Stand) -> str:
    """Return « Stand Habitat (hall 3, stand 66) »."""
    stand_words = f"Stand {stand.body.short_name}" if stand.body else "Stand"
    return f"{stand_words} (hall {stand.hall.name}, stand {stand.number})"


def _place_name(stand: Stand) -> str:
    return f"Hall {stand.hall.name}, stand {stand.number}"
