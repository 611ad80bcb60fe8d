"""Reads for stations: their edition, the list of badges, the settings, their health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from salon.accounts.models import Station
from salon.accounts.queries import STATION_LIFETIME
from salon.entrance.models import EntranceSettings, ListEntry, Scan, StationReport
from salon.entrance.rules.health import (
    SILENT_AFTER,
    CheckedPart,
    CheckState,
    DeviceCheck,
    HealthFacts,
    PageFailure,
)
from salon.fair.models import Edition
from salon.fair.queries import find_public_edition
from salon.platform.database.db import current_session


def find_edition_of(station: Station) -> Edition | None:
    """Return the edition that a station works for: its own, else the public one."""
    if station.edition_id is None:
        return find_public_edition()
    return current_session().get_one(Edition, station.edition_id)


def settings_of(edition: Edition) -> EntranceSettings:
    """Return the rules of the doors, or the defaults while nobody changed them."""
    settings = current_session().get(EntranceSettings, edition.id)
    return settings or EntranceSettings(
        edition_id=edition.id,
        version=1,
        lets_unknown_in=True,
        kiosk_pin_salt="",
        kiosk_pin_hash="",
        kiosk_prints=True,
        urgent_numbers="",
    )


def list_serial(edition_id: int) -> int:
    """Return the serial of the newest change of the list of badges; 0 while it is empty."""
    statement = select(func.max(ListEntry.serial)).where(ListEntry.edition_id == edition_id)
    return current_session().scalar(statement) or 0


def list_since(edition_id: int, serial: int) -> list[tuple[bytes, bool, bytes]]:
    """Return (digest, is revoked, box) of the entries changed after `serial`, by digest."""
    statement = (
        select(ListEntry.digest, ListEntry.is_revoked, ListEntry.box)
        .where(ListEntry.edition_id == edition_id, ListEntry.serial > serial)
        .order_by(ListEntry.digest)
    )
    return [(digest, revoked, box) for digest, revoked, box in current_session().execute(statement)]


@dataclass(frozen=True)
class Health:
    """A station with its last report and the time of its last scan."""

    station: Station
    report: StationReport | None
    last_scan_at: datetime | None

    @property
    def failures(self) -> list[tuple[datetime, PageFailure]]:
        """Return the last failures of the device's page with their moment, the newest first."""
        report = self.report
        if report is None:
            return []
        failures = [PageFailure(**failure) for failure in report.failures or []]
        return [
            (report.received_at - timedelta(seconds=failure.seconds_ago), failure)
            for failure in failures
        ]

    @property
    def device_check(self) -> DeviceCheck | None:
        """Return what the device last tried of itself since it was enrolled."""
        report = self.report
        if report is None or not report.device_check:
            return None
        results = report.device_check["results"].items()
        states = {CheckedPart(part): CheckState(state) for part, state in results}
        return DeviceCheck(states, report.device_check["seconds_ago"])

    @property
    def facts(self) -> HealthFacts:
        """Return the values that the rule of its troubles reads."""
        report = self.report
        if report is None:
            return HealthFacts(None)
        return HealthFacts(
            report.received_at,
            report.waiting,
            report.to_check,
            report.clock_offset_ms,
            report.battery,
            report.is_charging,
            report.storage_left,
            report.list_serial,
            max((moment for moment, _ in self.failures), default=None),
            self.device_check.parts(CheckState.FAILED) if self.device_check else (),
        )


def healths_of(edition_id: int, stations: Sequence[Station]) -> list[Health]:
    """Return the health of these stations, in their order."""
    ids = [station.id for station in stations]
    statement = select(StationReport).where(StationReport.station_id.in_(ids))
    reports = {report.station_id: report for report in current_session().scalars(statement)}
    scans = last_scans(edition_id)
    return [Health(station, reports.get(station.id), scans.get(station.id)) for station in stations]


def count_stations_in_service(now: datetime) -> tuple[int, int]:
    """Return how many stations answer, and how many have fallen silent; `now` is the world's.

    A station in service has an enrolment that holds, and has reported its health since.
    """
    is_silent = StationReport.received_at < now - SILENT_AFTER
    statement = (
        select(func.count(), func.coalesce(func.sum(case((is_silent, 1), else_=0)), 0))
        .select_from(StationReport)
        .join(Station, Station.id == StationReport.station_id)
        .where(
            Station.revoked_at.is_(None),
            Station.enrolled_at > now - STATION_LIFETIME,
            StationReport.received_at >= Station.enrolled_at,
        )
    )
    total, silent = current_session().execute(statement).one()
    return total - silent, silent


def last_scans(edition_id: int) -> dict[int, datetime]:
    """Return the time of each station's last scan of an edition."""
    statement = (
        select(Scan.station_id, func.max(Scan.received_at).label("at"))
        .where(Scan.edition_id == edition_id)
        .group_by(Scan.station_id)
    )
    return {row.station_id: row.at for row in current_session().execute(statement)}
