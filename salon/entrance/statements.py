"""The statements of a scan, each with one text whatever the number of scans."""

from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Integer, Select, Table, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from salon.accounts.models import Station
from salon.badges.models import Attendee, Badge, Commune, Epci
from salon.entrance.models import Presence, Scan
from salon.fair.models import Door, Edition
from salon.prepared import Prepared, among

BADGES, ATTENDEES = cast(Table, Badge.__table__), cast(Table, Attendee.__table__)
SCANS, PRESENCES = cast(Table, Scan.__table__), cast(Table, Presence.__table__)
badge, attendee, scan, presence = BADGES.c, ATTENDEES.c, SCANS.c, PRESENCES.c


class BadgeRow(NamedTuple):
    """A badge and its holder, as the door needs them."""

    id: int
    code: str
    edition_id: int
    revoked_at: datetime | None
    status: str
    category: str
    civility: str
    first_name: str
    last_name: str
    function: str
    function_other: str
    organisation: str
    commune: str | None
    epci: str | None
    is_vip: bool
    needs: list[str]


def badges_with_holders() -> Select[Any]:
    """Every badge with its holder: the columns of BadgeRow."""
    return (
        select(
            badge.id,
            badge.code,
            badge.edition_id,
            badge.revoked_at,
            attendee.status,
            attendee.category,
            attendee.civility,
            attendee.first_name,
            attendee.last_name,
            attendee.function,
            attendee.function_other,
            attendee.organisation,
            Commune.name.label("commune"),
            Epci.name.label("epci"),
            attendee.is_vip,
            attendee.needs,
        )
        .select_from(BADGES)
        .join(ATTENDEES, attendee.id == badge.attendee_id)
        .outerjoin(Commune, Commune.code == attendee.commune_code)
        .outerjoin(Epci, Epci.siren == attendee.epci_siren)
    )


@Prepared
def lock_badges(dialect: str) -> Any:
    """Badges by code, locked in the order of their id (PostgreSQL; SQLite has one writer)."""
    return (
        badges_with_holders()
        .where(among(badge.code, "codes", dialect))
        .order_by(badge.id)
        .with_for_update(of=BADGES, key_share=True)
    )


@Prepared
def read_presences(dialect: str) -> Any:
    """What is known of badges, by id."""
    return select(
        presence.badge_id,
        presence.is_inside,
        presence.first_entry_at,
        presence.first_door,
        presence.last_at,
    ).where(among(presence.badge_id, "badge_ids", dialect))


@Prepared
def read_known(dialect: str) -> Any:
    """The scans that a station already sent, among these."""
    return select(scan.scan_id, scan.verdict, scan.badge_id, scan.happened_at).where(
        scan.station_id == bindparam("station_id"), among(scan.scan_id, "scan_ids", dialect)
    )


@Prepared
def read_doors(dialect: str) -> Any:
    """(edition, door, categories admitted) for each door of the edition that a station scans for:
    the one asked for, else its own, else the current one. Without doors, one row without door."""
    current = select(Edition.id).where(Edition.is_current.is_(True)).scalar_subquery()
    asked = bindparam("edition_id", type_=Integer)
    edition_id = func.coalesce(asked, Station.edition_id, current)
    return (
        select(edition_id, Door.code, Door.admits)
        .select_from(Station)
        .outerjoin(Door, Door.edition_id == edition_id)
        .where(Station.id == bindparam("station_id"))
    )


@Prepared
def add_scans(dialect: str) -> Any:
    columns = [column.name for column in scan if column.name != "id"]
    return insert(SCANS).values({name: bindparam(name) for name in columns}).inline()


@Prepared
def set_presences(dialect: str) -> Any:
    kind = sqlite if dialect == "sqlite" else postgresql
    columns = [column.name for column in presence]
    statement = kind.insert(PRESENCES).values({name: bindparam(name) for name in columns})
    return statement.on_conflict_do_update(
        index_elements=["badge_id"],
        set_={name: statement.excluded[name] for name in columns if name != "badge_id"},
    ).inline()
