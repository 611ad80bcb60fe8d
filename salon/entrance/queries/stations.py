"""What a station asks for: its place, the list of badges, the settings; and what it told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from salon.accounts.models import Station
from salon.entrance.models import EntranceSettings, ListEntry, Scan, StationReport
from salon.entrance.rules.health import HealthFacts
from salon.fair.models import Edition
from salon.fair.queries import find_current_edition
from salon.platform.db import current_session


def find_edition_of(station: Station) -> Edition | None:
    """The edition that a station works for: its own, else the current one."""
    if station.edition_id is None:
        return find_current_edition()
    return current_session().get_one(Edition, station.edition_id)


def settings_of(edition: Edition) -> EntranceSettings:
    """The rules of the doors; the defaults while nobody has changed any."""
    found = current_session().get(EntranceSettings, edition.id)
    return found or EntranceSettings(
        edition_id=edition.id,
        version=1,
        lets_unknown_in=True,
        kiosk_pin_salt="",
        kiosk_pin_hash="",
        kiosk_layout="a6",
        kiosk_prints=True,
        urgent_numbers="",
    )


def list_serial(edition_id: int) -> int:
    """The serial of the newest change of the list of badges; 0 while it is empty."""
    found = select(func.max(ListEntry.serial)).where(ListEntry.edition_id == edition_id)
    return current_session().scalar(found) or 0


def list_since(edition_id: int, serial: int) -> list[tuple[bytes, bool, bytes]]:
    """(digest, whether revoked, box) of what changed after `serial`, in the order of digests."""
    found = (
        select(ListEntry.digest, ListEntry.is_revoked, ListEntry.box)
        .where(ListEntry.edition_id == edition_id, ListEntry.serial > serial)
        .order_by(ListEntry.digest)
    )
    return [(digest, revoked, box) for digest, revoked, box in current_session().execute(found)]


@dataclass(frozen=True)
class Health:
    """A station with what it last told, and when it last sent a scan."""

    station: Station
    report: StationReport | None
    last_scan_at: datetime | None

    @property
    def facts(self) -> HealthFacts:
        """What the rule of its troubles reads."""
        told = self.report
        if told is None:
            return HealthFacts(None)
        return HealthFacts(
            told.received_at,
            told.waiting,
            told.to_check,
            told.clock_offset_ms,
            told.battery,
            told.is_charging,
            told.storage_left,
            told.list_serial,
        )


def healths_of(edition_id: int, stations: Sequence[Station]) -> list[Health]:
    """The health of these stations, in their order."""
    ids = [one.id for one in stations]
    wanted = select(StationReport).where(StationReport.station_id.in_(ids))
    reports = {one.station_id: one for one in current_session().scalars(wanted)}
    scans = last_scans(edition_id)
    return [Health(one, reports.get(one.id), scans.get(one.id)) for one in stations]


def last_scans(edition_id: int) -> dict[int, datetime]:
    """When each station last sent a scan of an edition."""
    found = (
        select(Scan.station_id, func.max(Scan.received_at).label("at"))
        .where(Scan.edition_id == edition_id)
        .group_by(Scan.station_id)
    )
    return {row.station_id: row.at for row in current_session().execute(found)}
