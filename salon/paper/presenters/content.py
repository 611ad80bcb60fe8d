"""What the paper pack says, in French and in order, before it is drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
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
from salon.paper.queries import Entry, Place
from salon.platform import formats
from salon.platform.clock import local, paris
from salon.platform.formats import NBSP
from salon.platform.texts import folded
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
"""Lines of the organiser's own numbers that the cover has room for."""

NOWHERE = "Sans commune ni organisme"
OTHER_LETTERS = "Autres"


@dataclass(frozen=True)
class Line:
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
    """Who is on a stand at some hours."""

    hours: str
    names: str


@dataclass(frozen=True)
class MeetingLine:
    """An appointment of an agent."""

    hours: str
    who: str
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
    """What every page says of the pack, and what the cover says of the day."""

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
    """The day that a pack is for: the one it was planned for, else the next that is not over."""
    at = pack.planned_for or pack.asked_at
    return next((one for one in edition.days if one.closes_at > at), edition.days[-1])


def content_of(edition: Edition, pack: PaperPack, made_at: datetime) -> Content:
    """Reads what a pack says."""
    day = day_of(edition, pack)
    places = queries.places_of(edition.id)
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
    zones = {one.id: one for one in zones_of(edition.id)}
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
        doors=[_door(one, zones.get(one.zone_id or 0)) for one in doors_of(edition)],
    )


def _door(door: Door, zone: Zone | None) -> DoorLine:
    """A door with who passes it, and the rules of the zone that it leads to."""
    categories = door.admitted_categories
    said = [", ".join(Category(category).label for category in categories) or "tous les badges"]
    if zone is not None:
        if zone.kind != ZoneKind.FAIR:
            said.insert(0, zone.label)
        if zone.is_vip_only:
            said.append("invités d’honneur")
        if zone.capacity is not None:
            said.append(formats.plural(zone.capacity, "place"))
        if zone.opens_at is not None:
            said.append(f"dès {formats.hour(zone.opens_at)}")
        if zone.closes_at is not None:
            said.append(f"jusqu’à {formats.hour(zone.closes_at)}")
    return DoorLine(door.code, door.label, " – ".join(said))


def _by_name(places: Sequence[Place]) -> list[Group[int]]:
    ordered = sorted(places, key=attrgetter("name_key", "badge_id"))
    return [
        Group(letter, [one.badge_id for one in found])
        for letter, found in ((a, list(b)) for a, b in groupby(ordered, _letter))
    ]


def _letter(place: Place) -> str:
    first = place.name_key[:1].upper()
    return first if first.isalpha() else OTHER_LETTERS


def _by_place(places: Sequence[Place]) -> list[Group[int]]:
    """Communes by name, then EPCI, then organisations."""
    communes, epcis = queries.communes_by_code(), queries.epcis_by_siren()
    keys: dict[tuple[str | None, str | None, str], tuple[int, str, str, str, str]] = {}
    for one in places:
        whose = (one.commune_code, one.epci_siren, one.organisation)
        if whose in keys:
            continue
        if one.commune_code is not None:
            name, key, epci = communes[one.commune_code]
            keys[whose] = (0, key, one.commune_code, name, epci)
        elif one.epci_siren is not None:
            name = epcis[one.epci_siren]
            keys[whose] = (1, folded(name), one.epci_siren, name, "")
        else:
            name = one.organisation or NOWHERE
            keys[whose] = (2, folded(name), name, name, "")

    def place_of(one: Place) -> tuple[int, str, str, str, str]:
        return keys[one.commune_code, one.epci_siren, one.organisation]

    ordered = sorted(places, key=lambda one: (place_of(one), one.name_key, one.badge_id))
    return [
        Group(name, [one.badge_id for one in found], epci)
        for (_, _, _, name, epci), found in groupby(ordered, place_of)
    ]


def _rota(rota: PublishedRota, day: EditionDay) -> list[Group[RotaLine]]:
    found: list[Group[RotaLine]] = []
    for frame in (one for one in rota.days if one.day_on == day.day_on):
        for body in sorted(rota.bodies.values(), key=lambda one: one.rank):
            lines = [
                RotaLine(one.hours, _names([who.full_name for who in one.agents], one.missing))
                for one in stand_lines(rota, body.stand_id, frame)
            ]
            where = f"hall {body.stand.hall.name}, stand {body.stand.number}"
            found.append(
                Group(body.short_name, lines or [RotaLine("", "Personne n’est prévu.")], where)
            )
    return found


def _names(names: Sequence[str], missing: int) -> str:
    lacking = [f"{missing}{NBSP}à pourvoir"] if missing else []
    return ", ".join([*(one.replace(" ", NBSP) for one in names), *lacking])


def _version(rota: PublishedRota | None) -> str:
    if rota is None:
        return "Aucun planning n’est publié."
    at = formats.short_moment(rota.publication.published_at)
    return f"Planning version {rota.publication.number}, publiée le {at}"


def _meetings(edition: Edition, day: EditionDay) -> list[Group[MeetingLine]]:
    found = queries.day_appointments(edition, *_hours_of(day))
    ordered = sorted(found, key=lambda one: (one.agent.name_key, one.agent_id, one.starts_at))
    groups = []
    for _, theirs in groupby(ordered, attrgetter("agent_id")):
        own = list(theirs)
        agent, stand = own[0].agent, own[0].stand
        lines = [
            MeetingLine(
                f"{formats.hour(one.starts_at)} – {formats.hour(one.ends_at)}"
                + ("" if one.status == "booked" else " ?"),
                f"{one.attendee.last_name.upper()} {one.attendee.first_name}",
                one.theme.name,
                one.attendee.on_behalf_of,
            )
            for one in own
        ]
        note = f"{agent.body.short_name}, hall {stand.hall.name}, stand {stand.number}"
        groups.append(Group(agent.full_name, lines, note))
    return groups


def _hours_of(day: EditionDay) -> tuple[datetime, datetime]:
    """The whole day, from midnight to midnight in Béziers."""
    return paris(day.day_on, time()), paris(day.day_on + timedelta(days=1), time())


def today_of(edition: Edition, now: datetime) -> EditionDay | None:
    """The day of the fair that is today, in Béziers."""
    return next((one for one in edition.days if one.day_on == local(now).date()), None)


def lines_of(badge_ids: Sequence[int], on: EditionDay | None) -> Iterator[Line]:
    """The lines of these badges, in their order; one that is no longer known is left out.

    `on`: the day whose entries are said; None: none is.
    """
    found = queries.entries_of(badge_ids)
    for one in (found[badge_id] for badge_id in badge_ids if badge_id in found):
        yield Line(
            badge_id=one.badge_id,
            code=short_code(one.badge_id),
            last_name=one.last_name.upper(),
            first_name=one.first_name,
            function=printed_function(one.function, one.function_other, one.civility),
            place=one.place or "",
            category=Category(one.category).label,
            marks=_marks(one),
            entered=_entered(one, on),
            is_valid=one.is_valid,
        )


def _marks(one: Entry) -> str:
    needs = [NEED_MARKS[need] for need in one.needs if need in NEED_MARKS]
    return " ".join(["VIP", *needs] if one.is_vip else needs)


def _entered(one: Entry, on: EditionDay | None) -> str:
    """« entré 9 h 12 », for who entered on that day."""
    if on is None:
        return ""
    for at in (one.first_entry_at, one.last_at if one.is_inside else None):
        if at is not None and local(at).date() == on.day_on:
            return f"entré {formats.hour(at)}"
    return ""
