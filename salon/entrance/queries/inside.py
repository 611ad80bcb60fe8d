"""Who is inside now: the number with its limits, and the people by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from salon.accounts.models import READS_BADGES, Station, StationKind
from salon.accounts.queries import STATION_LIFETIME
from salon.badges.models import Attendee, AttendeeStatus, Badge, Commune, Epci
from salon.badges.queries.holders import ON_BEHALF_OF
from salon.entrance.models import Direction, Presence, Scan, StationReport, ZonePresence
from salon.entrance.queries.scan_statements import PRESENCES, ZONE_PRESENCES, occupies_place
from salon.entrance.rules.health import SILENT_AFTER
from salon.entrance.rules.inside import Inside
from salon.entrance.rules.zones import midnight_before
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Door, Hall, PartnerBody, Stand, Zone, ZoneKind
from salon.platform.database.db import current_session
from salon.staffing.models import Agent, Shift, ShiftStatus


@dataclass(frozen=True)
class PersonInside:
    """Somebody inside, and where they were last seen.

    `key` names them on a page, `code_hash` the badge that was read. `zone`: the room where they
    were read last; else `hall` and `stand`: where their stand is; else `door`: the code of the one
    that they entered by last.
    """

    key: str
    first_name: str
    last_name: str
    place: str
    needs: Sequence[str]
    seen_at: datetime
    zone: str = ""
    hall: str = ""
    stand: str = ""
    door: str = ""
    code_hash: str = ""


def is_inside(now: datetime) -> ColumnElement[bool]:
    """Match badges inside since today; a replaced badge counts only until its successor is
    scanned."""
    return and_(
        Presence.is_inside, Presence.last_at >= midnight_before(now), occupies_place(PRESENCES)
    )


def ids_of_entered(edition_id: int, now: datetime) -> Select[int]:
    """Select the people who entered by a door today and were not read going out since."""
    return (
        select(Badge.attendee_id)
        .join(Presence, Presence.badge_id == Badge.id)
        .where(Badge.edition_id == edition_id, is_inside(now))
        .distinct()
    )


@dataclass(frozen=True)
class Elsewhere:
    """The people inside whom no door of the fair says to be there, and the agents at their stand.

    `in_rooms`: registrations; `at_stands`: agents; `arrivals`: stand and time of each agent marked
    where their shift is under way, read at a door or not.
    """

    in_rooms: frozenset[int]
    at_stands: frozenset[int]
    arrivals: Mapping[int, tuple[int, datetime]]


def seen_elsewhere(edition_id: int, now: datetime) -> Elsewhere:
    """Return who is inside though no door says so: read in a room, or marked at a stand, and not
    read going out of the fair since."""
    rooms = {person: at for person, (_, at, _) in _rooms(edition_id, now).items()}
    arrivals = _arrivals(edition_id, now)
    registered = {person for _, person, *_ in arrivals if person is not None}
    entered, left_at = _at_doors(edition_id, rooms.keys() | registered, now)

    def has_left(person: int | None, seen_at: datetime) -> bool:
        return person is not None and person in left_at and left_at[person] >= seen_at

    in_rooms = {
        person for person, at in rooms.items() if person not in entered and not has_left(person, at)
    }
    here = [row for row in arrivals if row[1] in entered or not has_left(row[1], row[3])]
    return Elsewhere(
        in_rooms=frozenset(in_rooms),
        at_stands=frozenset(
            agent for agent, person, *_ in here if person not in entered | in_rooms
        ),
        arrivals={agent: (stand_id, at) for agent, _, stand_id, at in here},
    )


def _arrivals(edition_id: int, now: datetime) -> list[tuple[int, int | None, int, datetime]]:
    """Return (agent, registration, stand, time) of the agents marked where their shift is."""
    statement: Any = (
        select(Shift.agent_id, Attendee.id, Shift.stand_id, Shift.arrived_at)
        .outerjoin(
            Attendee,
            and_(
                Attendee.agent_id == Shift.agent_id,
                Attendee.edition_id == edition_id,
                Attendee.status == AttendeeStatus.REGISTERED,
            ),
        )
        .where(
            Shift.edition_id == edition_id,
            Shift.status == ShiftStatus.PUBLISHED,
            Shift.arrived_at >= midnight_before(now),
            Shift.absent_at.is_(None),
            Shift.ends_at > now,
        )
        .order_by(Shift.arrived_at)
    )
    return [tuple(row) for row in current_session().execute(statement)]


def _at_doors(
    edition_id: int, people: Collection[int], now: datetime
) -> tuple[set[int], dict[int, datetime]]:
    """Return those of these people whom the doors say to be inside, and when others went out."""
    if not people:
        return set(), {}
    statement = (
        select(Badge.attendee_id, Presence.last_at, is_inside(now))
        .join(Presence, Presence.badge_id == Badge.id)
        .where(
            Badge.edition_id == edition_id,
            Presence.last_at >= midnight_before(now),
            Badge.attendee_id.in_(people),
        )
        .order_by(Presence.last_at)
    )
    entered, left_at = set(), {}
    for person, at, is_there in current_session().execute(statement):
        if is_there:
            entered.add(person)
        else:
            left_at[person] = at
    return entered, left_at


def ids_inside(edition_id: int, now: datetime) -> ColumnElement[bool]:
    """Match the registrations of the people inside, whoever saw them."""
    elsewhere = seen_elsewhere(edition_id, now)
    return or_(
        Attendee.id.in_(ids_of_entered(edition_id, now)),
        Attendee.id.in_(elsewhere.in_rooms),
        and_(
            Attendee.status == AttendeeStatus.REGISTERED,
            func.coalesce(Attendee.agent_id.in_(elsewhere.at_stands), false()),
        ),
    )


def count_entered(edition_id: int, now: datetime) -> int:
    """Return how many people entered by a door today and were not read going out since."""
    statement = select(func.count()).select_from(ids_of_entered(edition_id, now).subquery())
    return current_session().scalar(statement) or 0


def count_inside(
    edition_id: int, now: datetime, real_now: datetime, entered: int | None = None
) -> Inside:
    """Return how many people are inside, with the limits of that number.

    `now` is the fair's, `real_now` the world's: stations report at it. `entered`: what
    `count_entered` returns, where the caller knows it.
    """
    elsewhere = seen_elsewhere(edition_id, now)
    silences, waiting = _stations(edition_id, real_now)
    return Inside(
        entered=count_entered(edition_id, now) if entered is None else entered,
        in_rooms=len(elsewhere.in_rooms),
        at_stands=len(elsewhere.at_stands),
        has_exits=_has_exits(edition_id, now),
        silences=silences,
        waiting=waiting,
    )


def _has_exits(edition_id: int, now: datetime) -> bool:
    exit_read = (
        select(Scan.id)
        .outerjoin(Door, and_(Door.edition_id == Scan.edition_id, Door.code == Scan.door))
        .outerjoin(Zone, Zone.id == Door.zone_id)
        .where(
            Scan.edition_id == edition_id,
            Scan.happened_at >= midnight_before(now),
            Scan.direction == Direction.OUT,
            Scan.is_counted,
            or_(Zone.id.is_(None), Zone.kind == ZoneKind.FAIR),
        )
        .limit(1)
    )
    return current_session().scalar(exit_read) is not None


def _stations(edition_id: int, real_now: datetime) -> tuple[list[timedelta], int]:
    """Return how long each silent station has been so, and the scans that wait on all of them."""
    statement = (
        select(Station.enrolled_at, StationReport.received_at, StationReport.waiting)
        .outerjoin(StationReport, StationReport.station_id == Station.id)
        .where(
            Station.edition_id == edition_id,
            Station.kind.in_((*READS_BADGES, StationKind.KIOSK)),
            Station.revoked_at.is_(None),
            Station.enrolled_at > real_now - STATION_LIFETIME,
        )
    )
    rows = current_session().execute(statement).all()
    ages = [
        real_now - max(at for at in (enrolled_at, told_at) if at)
        for enrolled_at, told_at, _ in rows
    ]
    return [age for age in ages if age > SILENT_AFTER], sum(waiting or 0 for *_, waiting in rows)


def people_inside(edition_id: int, now: datetime) -> list[PersonInside]:
    """Return the people that `count_inside` counts, with the place where each was last seen."""
    entries, rooms = _entries(edition_id, now), _rooms(edition_id, now)
    elsewhere = seen_elsewhere(edition_id, now)
    arrivals = dict(elsewhere.arrivals)
    stands = _stands(edition_id)
    names = (Attendee.first_name, Attendee.last_name, ON_BEHALF_OF.label("place"), Attendee.needs)
    statement = (
        select(Attendee.id, Attendee.agent_id, Exhibitor.stand_id, *names)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
        .outerjoin(Exhibitor, Exhibitor.id == Attendee.exhibitor_id)
        .where(Attendee.edition_id == edition_id, ids_inside(edition_id, now))
    )
    people = []
    for row in current_session().execute(statement):
        door, entered_at, entry_hash = entries.get(row.id, ("", None, ""))
        stand_id, arrived_at = arrivals.pop(row.agent_id, (row.stand_id, None))
        zone, read_at, room_hash = rooms.get(row.id, ("", None, ""))
        seen_at = max(at for at in (entered_at, arrived_at, read_at) if at)
        hall, stand = stands.get(stand_id or 0, ("", ""))
        people.append(
            PersonInside(
                key=f"p{row.id}",
                first_name=row.first_name,
                last_name=row.last_name,
                place=row.place or "",
                needs=row.needs,
                seen_at=seen_at,
                zone=zone if read_at == seen_at else "",
                hall=hall,
                stand=stand,
                door=door,
                code_hash=entry_hash or room_hash,
            )
        )
    return people + _unregistered(elsewhere.at_stands & arrivals.keys(), arrivals, stands)


def _unregistered(
    agents: Collection[int],
    arrivals: Mapping[int, tuple[int, datetime]],
    stands: Mapping[int, tuple[str, str]],
) -> list[PersonInside]:
    """Return the agents at their stand who have no registration."""
    statement = (
        select(Agent.id, Agent.first_name, Agent.last_name, PartnerBody.short_name)
        .join(PartnerBody, PartnerBody.id == Agent.body_id)
        .where(Agent.id.in_(agents))
    )
    people = []
    for agent_id, first_name, last_name, body in current_session().execute(statement):
        stand_id, at = arrivals[agent_id]
        hall, stand = stands[stand_id]
        key = f"a{agent_id}"
        people.append(PersonInside(key, first_name, last_name, body, [], at, "", hall, stand))
    return people


def _entries(edition_id: int, now: datetime) -> dict[int, tuple[str, datetime, str]]:
    """Return (door, time, hash of the code) of the last reading of each person who entered."""
    door = (
        select(Scan.door)
        .where(Scan.badge_id == Badge.id, Scan.is_counted, Scan.direction == Direction.IN)
        .where(Scan.happened_at == Presence.last_at)
        .order_by(Scan.id.desc())
        .limit(1)
        .correlate(Badge, Presence)
        .scalar_subquery()
    )
    statement = (
        select(Badge.attendee_id, door, Presence.last_at, Badge.code_hash)
        .join(Presence, Presence.badge_id == Badge.id)
        .where(Badge.edition_id == edition_id, is_inside(now))
        .order_by(Presence.last_at)
    )
    rows = current_session().execute(statement)
    return {person: (door or "", at, code_hash) for person, door, at, code_hash in rows}


def _rooms(edition_id: int, now: datetime) -> dict[int, tuple[str, datetime, str]]:
    """Return (room, time, hash of the code) of the last room where each person was read; "" for one
    that they left."""
    statement = (
        select(
            Badge.attendee_id,
            case((ZonePresence.is_inside, Zone.label), else_=""),
            ZonePresence.last_at,
            Badge.code_hash,
        )
        .join(ZonePresence, ZonePresence.badge_id == Badge.id)
        .join(Zone, Zone.id == ZonePresence.zone_id)
        .where(
            Badge.edition_id == edition_id,
            ZonePresence.last_at >= midnight_before(now),
            occupies_place(ZONE_PRESENCES, "zone_id"),
        )
        .order_by(ZonePresence.last_at)
    )
    rows = current_session().execute(statement)
    return {person: (label, at, code_hash) for person, label, at, code_hash in rows}


def _stands(edition_id: int) -> dict[int, tuple[str, str]]:
    """Return (hall, number) of each stand."""
    statement = select(Stand.id, Hall.name, Stand.number).join(Hall, Hall.id == Stand.hall_id)
    rows = current_session().execute(statement.where(Stand.edition_id == edition_id))
    return {stand_id: (hall, number) for stand_id, hall, number in rows}
