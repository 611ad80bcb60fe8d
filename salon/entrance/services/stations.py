"""Opening of stations, and their health reports."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from salon.accounts.models import Station, StationKind
from salon.accounts.queries import stations_of
from salon.accounts.services.stations import create_station, free_name
from salon.entrance.models import StationReport
from salon.entrance.rules.health import DeviceCheck, PageFailure
from salon.entrance.rules.stations import StationExists
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.words.texts import folded


def open_station(act: Act, name: str, kind: StationKind, door: str, edition_id: int) -> Station:
    """Return a station of this name, ready to be enrolled. Idempotent.

    Raises StationExists when it is already enrolled, or of another kind or door.
    """
    for station in stations_of(edition_id):
        if station.revoked_at is None and folded(station.name) == folded(name):
            if station.enrolled_at is not None or (station.kind, station.door) != (kind, door):
                raise StationExists(station.name, free_name(name, edition_id))
            return station
    return create_station(act, name, door, edition_id, kind)


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """Health report sent by a device; the columns of StationReport."""

    waiting: int
    to_check: int
    clock_offset_ms: int | None
    battery: int | None
    is_charging: bool | None
    storage_left: int | None
    is_persisted: bool | None
    list_serial: int
    pages_version: str
    failures: list[PageFailure] = field(default_factory=list)
    device_check: DeviceCheck | None = None


def save_report(station_id: int, device_report: DeviceReport, now: datetime) -> None:
    """Save the last report of a station in place of the one before."""
    with transaction() as session:
        row = session.get(StationReport, station_id, with_for_update=True)
        if row is None:
            row = StationReport(station_id=station_id, received_at=now)
            session.add(row)
        row.received_at = now
        for name, value in asdict(device_report).items():
            setattr(row, name, value)
