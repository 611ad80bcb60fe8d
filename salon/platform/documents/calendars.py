"""Files of calendars (RFC 5545), by a library: no text is glued by hand.

Hours are those of the fair, with the rules of its clock: readers show « 9 h 30 » as our pages do.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress
from icalendar.prop import vRecur

from salon.platform.database.consequences import Standing
from salon.platform.database.engagements import Engagement
from salon.platform.settings.clock import PARIS, current_zone, local
from salon.platform.settings.installation import Settings

WINTER, SUMMER = timedelta(hours=1), timedelta(hours=2)
CLOCK_RULES_SINCE = datetime(1996, 1, 1)  # noqa: DTZ001 (a wall clock, as RFC 5545 asks)
"""Directive 2000/84/CE keeps them: the last Sundays of March and October."""
NO_LONGER = "Ce rendez-vous n’a plus lieu."
AWAITING_DATE = "Le salon est reporté\u00a0: cette heure suivra la nouvelle date."
TO_CHOOSE = "Cette heure ne tient plus\u00a0: une autre est à choisir."


def new_calendar(content: str, method: str, name: str) -> Calendar:
    """Return an empty calendar.

    `content`: in a few words; `method`: of RFC 5546; `name`: shown by the reader, in the property
    of RFC 7986 and in the one that older readers know.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//Salon des maires//{content}//FR")
    calendar.add("method", method)
    on_one_line = " ".join(name.split())
    calendar.add("name", on_one_line)
    calendar.add("x-wr-calname", on_one_line)
    return calendar


def file_of(calendar: Calendar, organiser: str, settings: Settings) -> bytes:
    """Return the file; every event names its organiser, as METHOD requires (RFC 5546, 3.2)."""
    for event in calendar.walk("VEVENT"):
        event.add("organizer", address_of(settings.sender.addr_spec, organiser))
    return bytes(calendar.to_ical())


def uid_of(uid: str | None, settings: Settings) -> str:
    """Return an identifier unique among all calendars."""
    return f"{uid}@{urlsplit(settings.public_url).hostname or 'salon'}"


def address_of(mail: str, name: str) -> vCalAddress:
    """Return the organiser or attendee of an event. A parameter holds no control character."""
    address = vCalAddress(f"mailto:{mail}")
    address.params["cn"] = "".join(letter if letter.isprintable() else " " for letter in name)
    return address


def engagement_event(
    engagement: Engagement, place: str, settings: Settings, stamp: datetime
) -> Event:
    """Return an appointment as an event; `place`: the fair's.

    Its UID stays the same and its SEQUENCE grows with each change, so that a calendar that has it
    moves or cancels it.
    """
    name = "Rendez-vous" if engagement.is_live else "Annulé"
    event = Event()
    event.add("uid", uid_of(engagement.uid, settings))
    event.add("dtstamp", stamp)
    event.add("sequence", engagement.sequence)
    event.add("dtstart", on_the_clock(engagement.starts_at))
    event.add("dtend", on_the_clock(engagement.ends_at))
    event.add("summary", f"{name}\u00a0: {engagement.title}")
    event.add("location", f"{engagement.place}, {place}")
    event.add(
        "description",
        "\n".join(_words(engagement, settings) if engagement.is_live else [NO_LONGER]),
    )
    event.add("status", _status(engagement))
    event.add("transp", "OPAQUE" if engagement.is_live else "TRANSPARENT")
    return event


def _status(engagement: Engagement) -> str:
    if not engagement.is_live:
        return "CANCELLED"
    return event_status(engagement.standing) if engagement.is_firm else "TENTATIVE"


def event_status(standing: Standing) -> str:
    """Return the STATUS of an event that was not itself cancelled."""
    return {
        Standing.AS_PLANNED: "CONFIRMED",
        Standing.POSTPONED: "TENTATIVE",
        Standing.CANCELLED: "CANCELLED",
    }[standing]


def awaiting(standing: Standing) -> list[str]:
    """Return the line that an event begins with while the fair has no date."""
    return [AWAITING_DATE] if standing == Standing.POSTPONED else []


def _words(engagement: Engagement, settings: Settings) -> list[str]:
    lost = [] if engagement.is_firm else [TO_CHOOSE]
    return [
        *awaiting(engagement.standing),
        *lost,
        f"Avec {engagement.party}",
        engagement.words,
        f"La suite\u00a0: {settings.public_url}{engagement.page}",
    ]


def on_the_clock(at: datetime) -> datetime:
    """Return the time at the fair; in UTC when the clock shows it twice that night.

    RFC 5545, 3.3.5 says that such a time is the first; some readers take it for the second.
    """
    read = local(at)
    is_shown_twice = read.utcoffset() != read.replace(fold=1 - read.fold).utcoffset()
    return at if is_shown_twice else read


def clock_rules() -> Timezone:
    """Return the rules of the fair's clock, for readers that know no zone."""
    current = current_zone()
    if current != PARIS:
        return Timezone.from_tzid(current.key)
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
