"""Content of the paper pack, in French and in order, before it is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter

from salon.badges.models import Category
from salon.badges.models.labels import printed_function
from salon.entrance.queries.places import zones_of
from salon.entrance.queries.stations import settings_of
from salon.fair.models import Door, Edition, EditionDay, Zone, ZoneKind
from salon.fair.queries import doors_of
from salon.paper import queries
from salon.paper.engine.paging import Group
from salon.paper.engine.short_codes import short_code
from salon.paper.models import PaperPack
from salon.paper.presenters.labels import NEED_MARKS
from salon.paper.queries import Entry, SortKeys
from salon.platform.settings.clock import local, paris
from salon.platform.words import formats
from salon.platform.words.formats import NBSP
from salon.platform.words.texts import folded
from salon.staffing.presenters.papers import stand_lines
from salon.staffing.queries.papers import PublishedRota, find_published

EMERGENCY = (
    ("15", "SAMU, urgence médicale"),
    ("18", "Pompiers"),
    ("17", "Police, gendarmerie"),
    ("112", "Toute urgence"),
    ("114", "Urgence par SMS, personnes sourdes"),
)
MOST_NUMBERS = 8
"""Most lines of the organiser's own numbers on the cover."""

NOWHERE = "Sans commune ni organisme"
OTHER_LETTERS = "Autres"


@dataclass(frozen=True)
class CheckInLine:
    """A line of a check-in list, as printed. `entered`: « entré 9 h 12 », else empty."""

    badge_id: int
    code: str
    last_name: str
    first_name: str
    function: str
    place: str
    category: str
    marks: str
    entered: str
    is_valid: bool = True


@dataclass(frozen=True)
class RotaLine:
    """Agents on a stand during some hours."""

    hours: str
    names: str


@dataclass(frozen=True)
class MeetingLine:
    """An appointment of an agent."""

    hours: str
    visitor: str
    theme: str
    place: str


@dataclass(frozen=True)
class DoorLine:
    """A door on the cover."""

    code: str
    label: str
    admits: str


@dataclass(frozen=True)
class Facts:
    """Facts of the pack, printed on every page, and of the day, printed on the cover."""

    number: int
    fair: str
    organiser: str
    day: str
    hours: str
    place: str
    made_at: str
    reason: str
    people: int
    urgent: Sequence[str]
    doors: Sequence[DoorLine]


@dataclass(frozen=True)
class Content:
    """Everything but the lines of the check-in lists, which are read while they are drawn."""

    facts: Facts
    by_name: Sequence[Group[int]]
    by_place: Sequence[Group[int]]
    rota: Sequence[Group[RotaLine]]
    rota_version: str
    meetings: Sequence[Group[MeetingLine]] = field(default_factory=tuple)


def day_of(edition: Edition, pack: PaperPack) -> EditionDay:
    """Return the day of a pack: the one it was planned for, else the next that is not over."""
    at = pack.planned_for or pack.asked_at
    return next((day for day in edition.days if day.closes_at > at), edition.days[-1])


def content_of(edition: Edition, pack: PaperPack, made_at: datetime) -> Content:
    """Read the content of a pack."""
    day = day_of(edition, pack)
    places = queries.places_of(edition, day.day_on)
    rota = find_published(edition)
    return Content(
        facts=_facts(edition, pack, day, made_at, len(places)),
        by_name=_by_name(places),
        by_place=_by_place(places),
        rota=_rota(rota, day) if rota else (),
        rota_version=_version(rota),
        meetings=_meetings(edition, day),
    )


def _facts(
    edition: Edition, pack: PaperPack, day: EditionDay, made_at: datetime, people: int
) -> Facts:
    zones = {zone.id: zone for zone in zones_of(edition.id)}
    urgent = [line.strip() for line in settings_of(edition).urgent_numbers.splitlines()]
    return Facts(
        number=pack.id,
        fair=edition.short_name,
        organiser=edition.organiser,
        day=formats.day(day.day_on),
        hours=f"{formats.hour(day.opens_at)} – {formats.hour(day.closes_at)}",
        place=f"{edition.place}, {edition.city}",
        made_at=formats.short_moment(made_at),
        reason=pack.reason.label,
        people=people,
        urgent=[line for line in urgent if line][:MOST_NUMBERS],
        doors=[_door(door, zones.get(door.zone_id or 0), day.day_on) for door in doors_of(edition)],
    )


def _door(door: Door, zone: Zone | None, day: date) -> DoorLine:
    """Return a door with the categories it admits and the rules of its zone that day."""
    categories = door.admitted_categories
    texts = [", ".join(Category(category).label for category in categories) or "tous les badges"]
    if zone is not None:
        if zone.kind != ZoneKind.FAIR:
            texts.insert(0, zone.label)
        if zone.is_vip_only:
            texts.append("invités d’honneur")
        if zone.capacity is not None:
            texts.append(formats.plural(zone.capacity, "place"))
        hours = next((hours for hours in reversed(zone.hours) if hours.covers(day)), None)
        if hours is None:
            texts.append("n’ouvre pas ce jour")
        if hours is not None and hours.opens_at is not None:
            texts.append(f"dès {formats.hour(hours.opens_at)}")
        if hours is not None and hours.closes_at is not None:
            texts.append(f"jusqu’à {formats.hour(hours.closes_at)}")
    return DoorLine(door.code, door.label, " – ".join(texts))


def _by_name(places: Sequence[SortKeys]) -> list[Group[int]]:
    ordered = sorted(places, key=attrgetter("name_key", "badge_id"))
    return [
        Group(letter, [place.badge_id for place in group])
        for letter, group in ((a, list(b)) for a, b in groupby(ordered, _letter))
    ]


def _letter(place: SortKeys) -> str:
    first = place.name_key[:1].upper()
    return first if first.isalpha() else OTHER_LETTERS


def _by_place(places: Sequence[SortKeys]) -> list[Group[int]]:
    """Return groups of communes by name, then of EPCI, then of organisations."""
    communes, epcis = queries.communes_by_code(), queries.epcis_by_siren()
    keys: dict[tuple[str | None, str | None, str], tuple[int, str, str, str, str]] = {}
    for place in places:
        place_key = (place.commune_code, place.epci_siren, place.organisation)
        if place_key in keys:
            continue
        if place.commune_code is not None:
            name, key, epci = communes[place.commune_code]
            keys[place_key] = (0, key, place.commune_code, name, epci)
        elif place.epci_siren is not None:
            name = epcis[place.epci_siren]
            keys[place_key] = (1, folded(name), place.epci_siren, name, "")
        else:
            name = place.organisation or NOWHERE
            keys[place_key] = (2, folded(name), name, name, "")

    def place_of(place: SortKeys) -> tuple[int, str, str, str, str]:
        return keys[place.commune_code, place.epci_siren, place.organisation]

    ordered = sorted(places, key=lambda place: (place_of(place), place.name_key, place.badge_id))
    return [
        Group(name, [place.badge_id for place in group], epci)
        for (_, _, _, name, epci), group in groupby(ordered, place_of)
    ]


def _rota(rota: PublishedRota, day: EditionDay) -> list[Group[RotaLine]]:
    groups: list[Group[RotaLine]] = []
    for frame in (rota_day for rota_day in rota.days if rota_day.day_on == day.day_on):
        for body in sorted(rota.bodies.values(), key=lambda printed_body: printed_body.rank):
            lines = [
                RotaLine(
                    stand_line.hours,
                    _names([agent.full_name for agent in stand_line.agents], stand_line.missing),
                )
                for stand_line in stand_lines(rota, body.stand_id, frame)
            ]
            location = f"hall {body.stand.hall.name}, stand {body.stand.number}"
            groups.append(
                Group(body.short_name, lines or [RotaLine("", "Personne n’est prévu.")], location)
            )
    return groups


def _names(names: Sequence[str], missing: int) -> str:
    lacking = [f"{missing}{NBSP}à pourvoir"] if missing else []
    return ", ".join([*(name.replace(" ", NBSP) for name in names), *lacking])


def _version(rota: PublishedRota | None) -> str:
    if rota is None:
        return "Aucun planning n’est publié."
    at = formats.short_moment(rota.publication.published_at)
    return f"Planning version {rota.publication.number}, publiée le {at}"


def _meetings(edition: Edition, day: EditionDay) -> list[Group[MeetingLine]]:
    appointments = queries.day_appointments(edition, *_hours_of(day))
    ordered = sorted(
        appointments,
        key=lambda appointment: (
            appointment.agent.name_key,
            appointment.agent_id,
            appointment.starts_at,
        ),
    )
    groups = []
    for _, agent_appointments in groupby(ordered, attrgetter("agent_id")):
        agent_meetings = list(agent_appointments)
        agent, stand = agent_meetings[0].agent, agent_meetings[0].stand
        lines = [
            MeetingLine(
                f"{formats.hour(appointment.starts_at)} – {formats.hour(appointment.ends_at)}"
                + ("" if appointment.status == "booked" else " ?"),
                f"{appointment.attendee.last_name.upper()} {appointment.attendee.first_name}",
                appointment.theme.name,
                appointment.attendee.on_behalf_of,
            )
            for appointment in agent_meetings
        ]
        note = f"{agent.body.short_name}, hall {stand.hall.name}, stand {stand.number}"
        groups.append(Group(agent.full_name, lines, note))
    return groups


def _hours_of(day: EditionDay) -> tuple[datetime, datetime]:
    """Return the bounds of the whole day, from midnight to midnight."""
    return paris(day.day_on, time()), paris(day.day_on + timedelta(days=1), time())


def today_of(edition: Edition, now: datetime) -> EditionDay | None:
    """Return the day of the fair that is today."""
    return next((day for day in edition.days if day.day_on == local(now).date()), None)


def lines_of(badge_ids: Sequence[int], day: EditionDay | None) -> Iterator[CheckInLine]:
    """Return the lines of these badges, in their order; unknown badges are left out.

    `day`: the day whose entries are printed; None: none.
    """
    entries = queries.entries_of(badge_ids)
    for entry in (entries[badge_id] for badge_id in badge_ids if badge_id in entries):
        yield CheckInLine(
            badge_id=entry.badge_id,
            code=short_code(entry.badge_id),
            last_name=entry.last_name.upper(),
            first_name=entry.first_name,
            function=printed_function(entry.function, entry.function_other, entry.civility),
            place=entry.place or "",
            category=Category(entry.category).label,
            marks=_marks(entry),
            entered=_entered(entry, day),
            is_valid=entry.is_valid,
        )


def _marks(entry: Entry) -> str:
    needs = [NEED_MARKS[need] for need in entry.needs if need in NEED_MARKS]
    return " ".join(["VIP", *needs] if entry.is_vip else needs)


def _entered(entry: Entry, day: EditionDay | None) -> str:
    """Return « entré 9 h 12 » for an entry on that day, else an empty text."""
    if day is None:
        return ""
    for at in (entry.first_entry_at, entry.last_at if entry.is_inside else None):
        if at is not None and local(at).date() == day.day_on:
            return f"entré {formats.hour(at)}"
    return ""
