"""An agent's shifts in a calendar (RFC 5545), by a library: no text is glued by hand.

Hours are those of Europe/Paris, with the rules of its clock: readers show « 9 h 30 » as the rota
does. METHOD is PUBLISH (RFC 5546, 3.2.1): nothing is to be answered, and an event that is withdrawn
is published as cancelled.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress
from icalendar.prop import vRecur

from salon.config import Settings
from salon.fair.models import Edition, Stand
from salon.staffing.company import beside
from salon.staffing.models import Agent, Shift, ShiftStatus
from salon.times import PARIS, local

READ_AGAIN = timedelta(minutes=15)
READ_AGAIN_WORDS = "PT15M"
"""The same, for a property that older readers know and no standard types."""
WINTER, SUMMER = timedelta(hours=1), timedelta(hours=2)
CLOCK_RULES_SINCE = datetime(1996, 1, 1)  # noqa: DTZ001 (a wall clock, as RFC 5545 asks)
"""Directive 2000/84/CE keeps them: the last Sundays of March and October."""
WITHDRAWN = "Cette vacation n’a plus lieu."


def calendar_file(
    agent: Agent,
    shifts: Sequence[Shift],
    others: Collection[Shift],
    edition: Edition,
    known: Settings,
    stamp: datetime,
) -> bytes:
    """One event a shift, published or withdrawn; `others`: who else is on the same stands.

    The UID of a shift stays the same and its SEQUENCE grows with each publication that changes
    it. `stamp`: of what was published last.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Salon des maires//Planning des agents//FR")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Mon planning – {edition.short_name}")
    calendar.add("x-wr-timezone", PARIS.key)
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", READ_AGAIN_WORDS)
    calendar.add_component(_clock_of_paris())
    for shift in shifts:
        calendar.add_component(_event(agent, shift, others, edition, known, stamp))
    return bytes(calendar.to_ical())


def _event(
    agent: Agent,
    shift: Shift,
    others: Collection[Shift],
    edition: Edition,
    known: Settings,
    stamp: datetime,
) -> Event:
    live = shift.status == ShiftStatus.PUBLISHED and agent.removed_at is None
    event = Event()
    event.add("uid", f"{shift.uid}@{urlsplit(known.public_url).hostname or 'salon'}")
    event.add("dtstamp", stamp)
    event.add("last-modified", shift.publication.published_at if shift.publication else stamp)
    event.add("sequence", shift.sequence)
    event.add("dtstart", _on_the_clock(shift.starts_at))
    event.add("dtend", _on_the_clock(shift.ends_at))
    name = _stand_name(shift.stand)
    event.add("summary", name if live else f"Annulée\u00a0: {name}")
    event.add("location", f"{_place_name(shift.stand)}, {edition.place}, {edition.address}")
    event.add("description", "\n".join(_words(shift, others, known) if live else [WITHDRAWN]))
    event.add("status", "CONFIRMED" if live else "CANCELLED")
    event.add("transp", "OPAQUE" if live else "TRANSPARENT")
    organiser = vCalAddress(f"mailto:{known.mail_from}")
    organiser.params["cn"] = edition.organiser
    event.add("organizer", organiser)
    return event


def _words(shift: Shift, others: Collection[Shift], known: Settings) -> list[str]:
    names = [one.label for one in beside(shift, others)]
    with_whom = [f"Avec {', '.join(names)}."] if names else []
    return [*with_whom, f"Le plan et la suite\u00a0: {known.public_url}/planning"]


def _stand_name(stand: Stand) -> str:
    """« Stand Hérault THD (hall 3, stand 66) »"""
    whose = f"Stand {stand.body.short_name}" if stand.body else "Stand"
    return f"{whose} (hall {stand.hall.name}, stand {stand.number})"


def _place_name(stand: Stand) -> str:
    return f"Hall {stand.hall.name}, stand {stand.number}"


def _on_the_clock(at: datetime) -> datetime:
    """The time in Paris; in UTC when the clock shows it twice that night.

    RFC 5545, 3.3.5 says that such a time is the first; some readers take it for the second.
    """
    read = local(at)
    is_shown_twice = read.utcoffset() != read.replace(fold=1 - read.fold).utcoffset()
    return at if is_shown_twice else read


def _clock_of_paris() -> Timezone:
    zone = Timezone()
    zone.add("tzid", PARIS.key)
    for part, name, before, after, month, at in (
        (TimezoneDaylight(), "CEST", WINTER, SUMMER, 3, 2),
        (TimezoneStandard(), "CET", SUMMER, WINTER, 10, 3),
    ):
        part.add("dtstart", _last_sunday(month).replace(hour=at))
        part.add("rrule", vRecur({"freq": "yearly", "bymonth": month, "byday": "-1su"}))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _last_sunday(month: int) -> datetime:
    last = CLOCK_RULES_SINCE.replace(month=month, day=31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
