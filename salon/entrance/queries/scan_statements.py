"""SQL statements of a scan, each with a constant text whatever the number of scans."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
)

from salon.accounts.models import Station
from salon.badges.models import Attendee, Badge, BadgeSettings
from salon.badges.queries.holders import HOLDER, SUCCESSOR, with_holder
from salon.entrance.models import Conflict, KeptFigure, Presence, Scan, ZonePresence
from salon.fair.models import Door, Edition, EditionDay, Zone, ZoneHours, ZoneKind
from salon.platform.database.db import UtcDateTime, upsert
from salon.platform.database.prepared_statements import Prepared, among, rows_of

BADGES = cast(Table, Badge.__table__)
SCANS, PRESENCES = cast(Table, Scan.__table__), cast(Table, Presence.__table__)
ZONE_PRESENCES, CONFLICTS = cast(Table, ZonePresence.__table__), cast(Table, Conflict.__table__)
badge, scan, presence = BADGES.c, SCANS.c, PRESENCES.c
zone_presence, conflict = ZONE_PRESENCES.c, CONFLICTS.c


class BadgeRow(NamedTuple):
    """A badge and its holder, as read at the door."""

    id: int
    code: str
    code_hash: str
    edition_id: int
    revoked_at: datetime | None
    status: str
    civility: str
    first_name: str
    last_name: str
    function: str
    function_other: str
    category: str
    is_vip: bool
    needs: list[str]
    on_behalf_of: str
    colours: dict[str, str] | None
    """Colours of categories that the organisers of its edition changed."""
    successor: str
    """First characters of the badge to show instead of a merged one."""


class DoorRow(NamedTuple):
    """The edition that a station scans for, a door of it and the zone that the door leads to.

    `code` None: the edition has none of the doors asked for. `zone_id` None: the door leads to no
    zone, and the fields after it are None.
    """

    edition_id: int | None
    standing: str | None
    first_day_on: date | None
    has_kept_figures: bool
    code: str | None
    admits: list[str] | None
    zone_id: int | None
    zone_kind: ZoneKind
    zone_label: str
    zone_admits: list[str]
    is_vip_only: bool
    capacity: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    early_admits: list[str]
    early_from: datetime | None
    later_hours: Sequence[ZoneHours]
    is_strict: bool


class PresenceRow(NamedTuple):
    badge_id: int
    is_inside: bool
    first_entry_at: datetime | None
    first_door: str
    last_at: datetime


class ZonePresenceRow(NamedTuple):
    badge_id: int
    zone_id: int
    is_inside: bool
    first_entry_at: datetime | None
    first_door: str
    last_at: datetime


class RecordedRow(NamedTuple):
    """A scan already recorded, with its first answer."""

    scan_id: str
    verdict: str
    badge_id: int | None
    happened_at: datetime


class PassageRow(NamedTuple):
    """A counted scan; `zone_id` None: its door leads into the fair itself."""

    badge_id: int
    zone_id: int | None
    scan_id: str
    station_id: int
    direction: str
    happened_at: datetime
    verdict: str
    was_let_in: bool


class LockedZoneRow(NamedTuple):
    id: int


class ZoneCountRow(NamedTuple):
    zone_id: int
    people: int


class FairCountRow(NamedTuple):
    people: int


def badges_with_holders() -> Select[*tuple[object, ...]]:
    """Return every badge with its holder: the columns of BadgeRow."""
    columns = (badge.id, badge.code, badge.code_hash, badge.edition_id, badge.revoked_at)
    statement = select(*columns, Attendee.status, *HOLDER, BadgeSettings.colours, SUCCESSOR)
    return with_holder(statement.select_from(BADGES)).outerjoin(
        BadgeSettings, BadgeSettings.edition_id == badge.edition_id
    )


@rows_of(BadgeRow)
def lock_badges() -> Executable:
    """Return badges by the hash of their code, with a pessimistic lock in the order of their id
    (PostgreSQL; SQLite has one writer)."""
    return (
        badges_with_holders()
        .where(among(badge.code_hash, "hashes"))
        .order_by(badge.id)
        .with_for_update(of=BADGES, key_share=True)
    )


@rows_of(PresenceRow)
def read_presences() -> Executable:
    """Return the presences of badges, by id."""
    return select(
        presence.badge_id,
        presence.is_inside,
        presence.first_entry_at,
        presence.first_door,
        presence.last_at,
    ).where(among(presence.badge_id, "badge_ids"))


@rows_of(RecordedRow)
def read_recorded() -> Executable:
    """Return those of these scans that were already recorded."""
    return select(scan.scan_id, scan.verdict, scan.badge_id, scan.happened_at).where(
        among(scan.scan_id, "scan_ids")
    )


@rows_of(PassageRow)
def read_passages() -> Executable:
    """Return the counted scans of badges, one after the other, each with the zone inside the fair
    that its door leads to."""
    return (
        select(
            scan.badge_id,
            Zone.id.label("zone_id"),
            scan.scan_id,
            scan.station_id,
            scan.direction,
            scan.happened_at,
            scan.verdict,
            scan.was_let_in,
        )
        .select_from(SCANS)
        .outerjoin(Door, and_(Door.edition_id == scan.edition_id, Door.code == scan.door))
        .outerjoin(Zone, and_(Zone.id == Door.zone_id, Zone.kind != bindparam("fair")))
        .where(among(scan.badge_id, "badge_ids"), scan.is_counted)
        .order_by(scan.happened_at, scan.id)
    )


@rows_of(ZonePresenceRow)
def read_zone_presences() -> Executable:
    """Return the presences of badges in the zones inside the fair: (badge, zone, …)."""
    return select(
        zone_presence.badge_id,
        zone_presence.zone_id,
        zone_presence.is_inside,
        zone_presence.first_entry_at,
        zone_presence.first_door,
        zone_presence.last_at,
    ).where(among(zone_presence.badge_id, "badge_ids"))


@rows_of(LockedZoneRow)
def lock_zones() -> Executable:
    """Return zones whose places are counted, locked in the order of their id (PostgreSQL)."""
    return select(Zone.id).where(among(Zone.id, "zone_ids")).order_by(Zone.id).with_for_update()


@rows_of(LockedZoneRow)
def lock_fair() -> Executable:
    """Return the zone that is the fair itself, locked while its places are counted (PostgreSQL)."""
    return (
        select(Zone.id)
        .where(Zone.edition_id == bindparam("edition_id"), Zone.kind == bindparam("fair"))
        .with_for_update()
    )


def occupies_place(table: Table, *same_column: str) -> ColumnElement[bool]:
    """Match rows that occupy a place: a replaced badge does only until its successor is scanned
    there.

    The badge of each row of `table` is joined. `same_column`: columns that name the place.
    """
    later, other_row = table.alias(), BADGES.alias()
    followed = (
        exists()
        .where(
            other_row.c.attendee_id == badge.attendee_id,
            later.c.badge_id == other_row.c.id,
            later.c.last_at > table.c.last_at,
            *(later.c[name] == table.c[name] for name in same_column),
        )
        .correlate(table, BADGES)
    )
    return or_(badge.revoked_at.is_(None), ~followed)


@rows_of(ZoneCountRow)
def count_in_zones() -> Executable:
    """Return (zone, people who entered it since and are still in it)."""
    return (
        select(zone_presence.zone_id, func.count(badge.attendee_id.distinct()).label("people"))
        .join(BADGES, badge.id == zone_presence.badge_id)
        .where(
            among(zone_presence.zone_id, "zone_ids"),
            zone_presence.is_inside,
            zone_presence.last_at >= bindparam("since", type_=UtcDateTime),
            occupies_place(ZONE_PRESENCES, "zone_id"),
        )
        .group_by(zone_presence.zone_id)
    )


@rows_of(FairCountRow)
def count_in_fair() -> Executable:
    """Return the number of people of an edition who entered the fair since and are still in it."""
    return (
        select(func.count(badge.attendee_id.distinct()).label("people"))
        .select_from(PRESENCES)
        .join(BADGES, badge.id == presence.badge_id)
        .where(
            badge.edition_id == bindparam("edition_id"),
            presence.is_inside,
            presence.last_at >= bindparam("since", type_=UtcDateTime),
            occupies_place(PRESENCES),
        )
    )


@rows_of(DoorRow)
def read_doors() -> Executable:
    """Return the edition that a station scans for, its standing, its first day, whether its people
    were counted for good, and these of its doors, each with its zone.

    The given edition, else the station's own, else the current one. Without any of these doors, one
    row without door.
    """
    current = select(Edition.id).where(Edition.is_current.is_(True)).scalar_subquery()
    edition_param = bindparam("edition_id", type_=Integer)
    days = select(func.min(EditionDay.day_on)).where(EditionDay.edition_id == Edition.id)
    return (
        select(
            Edition.id.label("edition_id"),
            Edition.standing,
            days.scalar_subquery().label("first_day_on"),
            exists().where(KeptFigure.edition_id == Edition.id).label("has_kept_figures"),
            Door.code,
            Door.admits,
            Zone.id.label("zone_id"),
            Zone.kind.label("zone_kind"),
            Zone.label.label("zone_label"),
            Zone.admits.label("zone_admits"),
            Zone.is_vip_only,
            Zone.capacity,
            Zone.opens_at,
            Zone.closes_at,
            Zone.early_admits,
            Zone.early_from,
            Zone.later_hours,
            Zone.is_strict,
        )
        .select_from(Station)
        .outerjoin(Edition, Edition.id == func.coalesce(edition_param, Station.edition_id, current))
        .outerjoin(Door, and_(Door.edition_id == Edition.id, among(Door.code, "doors")))
        .outerjoin(Zone, Zone.id == Door.zone_id)
        .where(Station.id == bindparam("station_id"))
    )


@Prepared
def add_scans() -> Executable:
    columns = [column.name for column in scan if column.name != "id"]
    return insert(SCANS).values({name: bindparam(name) for name in columns}).inline()


@Prepared
def add_conflicts() -> Executable:
    """Insert conflicts; existing ones stay as they are."""
    columns = [column.name for column in conflict if column.name != "id"]
    statement = upsert(CONFLICTS).values({name: bindparam(name) for name in columns})
    return statement.on_conflict_do_nothing(index_elements=["scan_id", "kind"]).inline()


@Prepared
def set_presences() -> Executable:
    return _set_rows(PRESENCES, ["badge_id"])


@Prepared
def set_zone_presences() -> Executable:
    return _set_rows(ZONE_PRESENCES, ["badge_id", "zone_id"])


def _set_rows(table: Table, key: list[str]) -> Executable:
    columns = [column.name for column in table.c]
    statement = upsert(table).values({name: bindparam(name) for name in columns})
    return statement.on_conflict_do_update(
        index_elements=key,
        set_={name: statement.excluded[name] for name in columns if name not in key},
    ).inline()
