"""Reads of the paper pack, and of what is typed back from it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from salon.accounts.models import Station, StationKind
from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.queries.appointments import appointments
from salon.badges.models import Attendee, Badge, Commune, Epci
from salon.badges.queries.badges import VALID
from salon.entrance.models import Conflict, ConflictKind, Presence, Scan
from salon.fair.models import Door, Edition
from salon.paper.models import PaperPack, PaperPage, Reason
from salon.platform.db import current_session
from salon.platform.leases import TO_RUN

CHUNK = 500
RECENT = 20
STATION_NAME = "Papier"


class Place(NamedTuple):
    """What orders a badge in the lists: the keys of the name and of whom the person comes for."""

    badge_id: int
    name_key: str
    commune_code: str | None
    epci_siren: str | None
    organisation: str


class Entry(NamedTuple):
    """What a line of a check-in list says of a badge and its holder."""

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
    """The last packs of an edition, newest first."""
    wanted = select(PaperPack).where(PaperPack.edition_id == edition.id)
    return current_session().scalars(wanted.order_by(PaperPack.id.desc()).limit(limit)).all()


def get_pack(edition: Edition, pack_id: int) -> PaperPack:
    wanted = select(PaperPack).where(PaperPack.edition_id == edition.id, PaperPack.id == pack_id)
    return current_session().scalars(wanted).one()


def get_finished_pack(edition: Edition, pack_id: int) -> PaperPack:
    """A pack whose file can be fetched."""
    wanted = select(PaperPack).where(
        PaperPack.edition_id == edition.id,
        PaperPack.id == pack_id,
        PaperPack.status == "done",
        PaperPack.file_name != "",
    )
    return current_session().scalars(wanted).one()


def find_pack_in_hand(edition: Edition) -> PaperPack | None:
    """A pack that waits or is being made."""
    wanted = select(PaperPack).where(
        PaperPack.edition_id == edition.id, PaperPack.status.in_(TO_RUN)
    )
    return current_session().scalar(wanted.order_by(PaperPack.id).limit(1))


def is_planned(reason: Reason, opens_at: datetime) -> bool:
    """Whether a pack of this reason before this opening is there."""
    wanted = select(PaperPack.id).where(
        PaperPack.reason == reason, PaperPack.planned_for == opens_at
    )
    return current_session().scalar(wanted) is not None


def door_codes(edition_id: int) -> set[str]:
    return set(current_session().scalars(select(Door.code).where(Door.edition_id == edition_id)))


def stored_names() -> set[str]:
    """The files that packs name, of every edition."""
    return set(
        current_session().scalars(select(PaperPack.file_name).where(PaperPack.file_name != ""))
    )


def get_page(edition: Edition, pack_id: int, number: int) -> PaperPage:
    """A page of a pack of this edition. Raises NoResultFound."""
    wanted = (
        select(PaperPage)
        .join(PaperPack, PaperPack.id == PaperPage.pack_id)
        .where(
            PaperPack.edition_id == edition.id,
            PaperPage.pack_id == pack_id,
            PaperPage.number == number,
        )
    )
    return current_session().scalars(wanted).one()


def places_of(edition_id: int) -> list[Place]:
    """Every valid badge of an edition, with what orders it; in no order."""
    wanted = (
        select(
            Badge.id,
            Attendee.name_key,
            Attendee.commune_code,
            Attendee.epci_siren,
            Attendee.organisation,
        )
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .where(Badge.edition_id == edition_id, VALID)
    )
    return [Place(*row) for row in current_session().execute(wanted)]


def communes_by_code() -> dict[str, tuple[str, str, str]]:
    """(name, search key, name of the EPCI) of each commune."""
    wanted = select(Commune.code, Commune.name, Commune.search_key, Epci.name).outerjoin(
        Epci, Epci.siren == Commune.epci_siren
    )
    return {
        code: (name, key, epci or "") for code, name, key, epci in current_session().execute(wanted)
    }


def epcis_by_siren() -> dict[str, str]:
    found = current_session().execute(select(Epci.siren, Epci.name))
    return {row.siren: row.name for row in found}


LINES = (
    select(
        Badge.id,
        Attendee.civility,
        Attendee.first_name,
        Attendee.last_name,
        Attendee.function,
        Attendee.function_other,
        Attendee.category,
        Attendee.is_vip,
        Attendee.needs,
        func.coalesce(Commune.name, Epci.name, Attendee.organisation),
        Presence.first_entry_at,
        Presence.last_at,
        Presence.is_inside,
        VALID.label("is_valid"),
    )
    .select_from(Badge)
    .join(Attendee, Attendee.id == Badge.attendee_id)
    .outerjoin(Commune, Commune.code == Attendee.commune_code)
    .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
    .outerjoin(Presence, Presence.badge_id == Badge.id)
)


def entries_of(badge_ids: Sequence[int]) -> dict[int, Entry]:
    """What the lists say of these badges, valid or not, by badge."""
    found: dict[int, Entry] = {}
    for start in range(0, len(badge_ids), CHUNK):
        part: Any = LINES.where(Badge.id.in_(badge_ids[start : start + CHUNK]))
        found.update((row[0], Entry(*row)) for row in current_session().execute(part))
    return found


def day_appointments(edition: Edition, start: datetime, end: datetime) -> Sequence[Appointment]:
    """The appointments of a day that hold, or whose visitor has still to choose a time."""
    wanted = appointments(edition).where(
        Appointment.status.in_((AppointmentStatus.BOOKED, AppointmentStatus.TO_CHOOSE)),
        Appointment.starts_at >= start,
        Appointment.starts_at < end,
    )
    return current_session().scalars(wanted).all()


class Holder(NamedTuple):
    """The badge that a short code names, and who holds it."""

    badge_id: int
    code_hash: str
    first_name: str
    last_name: str
    place: str | None


def holders_of(edition_id: int, badge_ids: Collection[int]) -> dict[int, Holder]:
    """The badges of an edition among these, revoked ones too."""
    wanted = (
        select(
            Badge.id,
            Badge.code_hash,
            Attendee.first_name,
            Attendee.last_name,
            func.coalesce(Commune.name, Epci.name, Attendee.organisation),
        )
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .outerjoin(Commune, Commune.code == Attendee.commune_code)
        .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
        .where(Badge.edition_id == edition_id, Badge.id.in_(list(badge_ids)))
    )
    return {row[0]: Holder(*row) for row in current_session().execute(wanted)}


def conflicts_raised(
    edition_id: int, badge_ids: Collection[int], at: datetime
) -> dict[int, tuple[ConflictKind, ...]]:
    """What has to be judged of these badges because of what came at `at`, by badge."""
    wanted = select(Conflict.badge_id, Conflict.kind).where(
        Conflict.edition_id == edition_id,
        Conflict.badge_id.in_(list(badge_ids)),
        Conflict.raised_at == at,
        Conflict.settlement == "",
    )
    found: dict[int, tuple[ConflictKind, ...]] = {}
    for badge_id, kind in current_session().execute(wanted):
        found[badge_id or 0] = (*found.get(badge_id or 0, ()), kind)
    return found


def find_paper_station(edition_id: int) -> Station | None:
    """The station that what is typed back is recorded under."""
    wanted = select(Station).where(
        Station.edition_id == edition_id, Station.kind == StationKind.PAPER
    )
    return current_session().scalar(wanted)


class TypedScan(NamedTuple):
    """A scan typed back, as the list of the last ones shows it."""

    badge_id: int
    verdict: str
    direction: str
    door: str
    happened_at: datetime
    first_name: str
    last_name: str
    place: str | None


TYPED: Any = (
    select(
        Scan.badge_id,
        Scan.verdict,
        Scan.direction,
        Scan.door,
        Scan.happened_at,
        Attendee.first_name,
        Attendee.last_name,
        func.coalesce(Commune.name, Epci.name, Attendee.organisation),
    )
    .join(Badge, Badge.id == Scan.badge_id)
    .join(Attendee, Attendee.id == Badge.attendee_id)
    .outerjoin(Commune, Commune.code == Attendee.commune_code)
    .outerjoin(Epci, Epci.siren == Attendee.epci_siren)
)


def last_typed(edition_id: int, limit: int = RECENT) -> list[TypedScan]:
    """The last scans typed back, newest first."""
    station = find_paper_station(edition_id)
    if station is None:
        return []
    wanted = TYPED.where(Scan.station_id == station.id).order_by(Scan.id.desc()).limit(limit)
    return [TypedScan(*row) for row in current_session().execute(wanted)]


def typed_today(
    edition_id: int, badge_ids: Collection[int], midnight: datetime
) -> dict[int, list[TypedScan]]:
    """What was typed back for these badges since midnight, in time, by badge."""
    station = find_paper_station(edition_id)
    if station is None:
        return {}
    wanted = (
        TYPED.where(
            Scan.station_id == station.id,
            Scan.badge_id.in_(list(badge_ids)),
            Scan.happened_at >= midnight,
        )
    ).order_by(Scan.happened_at, Scan.id)
    found: dict[int, list[TypedScan]] = {}
    for row in current_session().execute(wanted):
        found.setdefault(row[0], []).append(TypedScan(*row))
    return found
