"""Reads of the paper pack, and of the scans typed back from it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from salon.accounts.models import Station, StationKind
from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import appointments
from salon.badges.models import Attendee, Badge, Commune, Epci
from salon.badges.queries.badges import VALID
from salon.badges.queries.holders import HOLDER, ON_BEHALF_OF, with_holder
from salon.badges.queries.visit_days import comes_on
from salon.entrance.models import Conflict, ConflictKind, Presence, Scan
from salon.fair.models import Door, Edition
from salon.paper.models import PaperPack, PaperPage, Reason
from salon.platform.database.db import current_session

CHUNK = 500
RECENT = 20
STATION_NAME = "Papier"


class SortKeys(NamedTuple):
    """Sort keys of a badge in the lists: the name, and the place the person represents."""

    badge_id: int
    name_key: str
    commune_code: str | None
    epci_siren: str | None
    organisation: str


class Entry(NamedTuple):
    """A badge and its holder, as read for a line of a check-in list."""

    badge_id: int
    civility: str
    first_name: str
    last_name: str
    function: str
    function_other: str
    category: str
    is_vip: bool
    needs: list[str]
    place: str | None
    first_entry_at: datetime | None
    last_at: datetime | None
    is_inside: bool | None
    is_valid: bool


def packs_of(edition: Edition, limit: int = RECENT) -> Sequence[PaperPack]:
    """Return the last packs of an edition, newest first."""
    statement = select(PaperPack).where(PaperPack.edition_id == edition.id)
    return current_session().scalars(statement.order_by(PaperPack.id.desc()).limit(limit)).all()


def get_pack(edition: Edition, pack_id: int) -> PaperPack:
    statement = select(PaperPack).where(PaperPack.edition_id == edition.id, PaperPack.id == pack_id)
    return current_session().scalars(statement).one()


def get_finished_pack(edition: Edition, pack_id: int) -> PaperPack:
    """Return a pack whose file can be fetched."""
    statement = select(PaperPack).where(
        PaperPack.edition_id == edition.id,
        PaperPack.id == pack_id,
        PaperPack.status == "done",
        PaperPack.file_name != "",
    )
    return current_session().scalars(statement).one()


def is_planned(reason: Reason, opens_at: datetime) -> bool:
    """Return whether there is a pack of this reason before this opening."""
    statement = select(PaperPack.id).where(
        PaperPack.reason == reason, PaperPack.planned_for == opens_at
    )
    return current_session().scalar(statement) is not None


def door_codes(edition_id: int) -> set[str]:
    return set(current_session().scalars(select(Door.code).where(Door.edition_id == edition_id)))


def stored_names() -> set[str]:
    """Return the file names of the packs of every edition."""
    return set(
        current_session().scalars(select(PaperPack.file_name).where(PaperPack.file_name != ""))
    )


def get_page(edition: Edition, pack_id: int, number: int) -> PaperPage:
    """Return a page of a pack of this edition. Raises NoResultFound."""
    statement = (
        select(PaperPage)
        .join(PaperPack, PaperPack.id == PaperPage.pack_id)
        .where(
            PaperPack.edition_id == edition.id,
            PaperPage.pack_id == pack_id,
            PaperPage.number == number,
        )
    )
    return current_session().scalars(statement).one()


def places_of(edition: Edition, day: date) -> list[SortKeys]:
    """Return the valid badges of people who come on a day with their sort keys, unordered."""
    statement = (
        select(
            Badge.id,
            Attendee.name_key,
            Attendee.commune_code,
            Attendee.epci_siren,
            Attendee.organisation,
        )
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .where(Badge.edition_id == edition.id, VALID, comes_on(edition, day))
    )
    return [SortKeys(*row) for row in current_session().execute(statement)]


def communes_by_code() -> dict[str, tuple[str, str, str]]:
    """Return (name, search key, name of the EPCI) of each commune."""
    statement = select(Commune.code, Commune.name, Commune.search_key, Epci.name).outerjoin(
        Epci, Epci.siren == Commune.epci_siren
    )
    return {
        code: (name, key, epci or "")
        for code, name, key, epci in current_session().execute(statement)
    }


def epcis_by_siren() -> dict[str, str]:
    rows = current_session().execute(select(Epci.siren, Epci.name))
    return {row.siren: row.name for row in rows}


LINES = with_holder(
    select(
        Badge.id,
        *HOLDER,
        Presence.first_entry_at,
        Presence.last_at,
        Presence.is_inside,
        VALID.label("is_valid"),
    ).select_from(Badge)
).outerjoin(Presence, Presence.badge_id == Badge.id)


def entries_of(badge_ids: Sequence[int]) -> dict[int, Entry]:
    """Return the lists' values of these badges, valid or not, by badge."""
    entries: dict[int, Entry] = {}
    for start in range(0, len(badge_ids), CHUNK):
        part: Any = LINES.where(Badge.id.in_(badge_ids[start : start + CHUNK]))
        entries.update((row[0], Entry(*row)) for row in current_session().execute(part))
    return entries


def day_appointments(edition: Edition, start: datetime, end: datetime) -> Sequence[Appointment]:
    """Return the appointments of a day that are booked, or whose visitor has yet to choose a
    time."""
    statement = appointments(edition).where(
        Appointment.status.in_((AppointmentStatus.BOOKED, AppointmentStatus.TO_CHOOSE)),
        Appointment.starts_at >= start,
        Appointment.starts_at < end,
    )
    return current_session().scalars(statement).all()


class Holder(NamedTuple):
    """A badge found by its short code, and its holder."""

    badge_id: int
    code_hash: str
    first_name: str
    last_name: str
    place: str | None


def holders_of(edition_id: int, badge_ids: Collection[int]) -> dict[int, Holder]:
    """Return the badges of an edition among these, revoked ones too."""
    names = (Attendee.first_name, Attendee.last_name, ON_BEHALF_OF)
    statement = with_holder(select(Badge.id, Badge.code_hash, *names)).where(
        Badge.edition_id == edition_id, Badge.id.in_(list(badge_ids))
    )
    return {row[0]: Holder(*row) for row in current_session().execute(statement)}


def conflicts_raised(
    edition_id: int, badge_ids: Collection[int], at: datetime
) -> dict[int, tuple[ConflictKind, ...]]:
    """Return the kinds of conflicts that scans received at `at` raised, by badge."""
    statement = select(Conflict.badge_id, Conflict.kind).where(
        Conflict.edition_id == edition_id,
        Conflict.badge_id.in_(list(badge_ids)),
        Conflict.raised_at == at,
        Conflict.settlement == "",
    )
    kinds_by_badge: dict[int, tuple[ConflictKind, ...]] = {}
    for badge_id, kind in current_session().execute(statement):
        kinds_by_badge[badge_id or 0] = (*kinds_by_badge.get(badge_id or 0, ()), kind)
    return kinds_by_badge


def find_paper_station(edition_id: int) -> Station | None:
    """Return the station under which typed-back scans are recorded."""
    statement = select(Station).where(
        Station.edition_id == edition_id, Station.kind == StationKind.PAPER
    )
    return current_session().scalar(statement)


class TypedScan(NamedTuple):
    """A scan typed back, as shown in the list of the last ones."""

    badge_id: int
    verdict: str
    direction: str
    door: str
    happened_at: datetime
    first_name: str
    last_name: str
    place: str | None


TYPED: Any = with_holder(
    select(
        Scan.badge_id,
        Scan.verdict,
        Scan.direction,
        Scan.door,
        Scan.happened_at,
        Attendee.first_name,
        Attendee.last_name,
        ON_BEHALF_OF,
    ).join(Badge, Badge.id == Scan.badge_id)
)


def last_typed_scans(edition_id: int, limit: int = RECENT) -> list[TypedScan]:
    """Return the last scans typed back, newest first."""
    station = find_paper_station(edition_id)
    if station is None:
        return []
    statement = TYPED.where(Scan.station_id == station.id).order_by(Scan.id.desc()).limit(limit)
    return [TypedScan(*row) for row in current_session().execute(statement)]


def scans_typed_today(
    edition_id: int, badge_ids: Collection[int], midnight: datetime
) -> dict[int, list[TypedScan]]:
    """Return the scans typed back for these badges since midnight, by time, by badge."""
    station = find_paper_station(edition_id)
    if station is None:
        return {}
    statement = (
        TYPED.where(
            Scan.station_id == station.id,
            Scan.badge_id.in_(list(badge_ids)),
            Scan.happened_at >= midnight,
        )
    ).order_by(Scan.happened_at, Scan.id)
    scans_by_badge: dict[int, list[TypedScan]] = {}
    for row in current_session().execute(statement):
        scans_by_badge.setdefault(row[0], []).append(TypedScan(*row))
    return scans_by_badge
