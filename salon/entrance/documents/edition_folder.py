"""Files of the entrance in an edition's folder; `services.loading` reads them."""

from datetime import datetime
from pathlib import Path

from salon.entrance.queries.places import zones_of
from salon.entrance.queries.stations import settings_of
from salon.entrance.services.loading import (
    KINDS,
    LATER_COLUMNS,
    LATER_HOURS,
    SETTINGS,
    SETTINGS_KEYS,
    ZONE_COLUMNS,
    ZONES,
)
from salon.fair.documents.edition_files import write_columns, write_table
from salon.fair.models import Edition
from salon.fair.queries import doors_of
from salon.platform.documents.spreadsheets.cells import clock_time
from salon.platform.settings.clock import local

WORD_OF = {kind: word for word, kind in KINDS.items()}


def write_entrance(edition: Edition, folder: Path) -> None:
    """Write the zones with their doors and the hours of each day, and the rules of the doors."""
    doors, zones = doors_of(edition), zones_of(edition.id)
    rows = [
        (
            *(zone.label, WORD_OF[zone.kind]),
            [door.code for door in doors if door.zone_id == zone.id],
            *("", ""),
            *(zone.admits, zone.is_vip_only, zone.capacity, zone.opens_at, zone.closes_at),
            *(zone.early_admits, *_day_and_hour(zone.early_from), zone.is_strict),
            zone.stand.number if zone.stand else "",
        )
        for zone in zones
    ]
    write_table(folder / ZONES, ZONE_COLUMNS, rows)
    later = [(zone.label, *hours) for zone in zones for hours in zone.later_hours]
    write_table(folder / LATER_HOURS, LATER_COLUMNS, later)
    write_columns(folder / SETTINGS, settings_of(edition), SETTINGS_KEYS)


def _day_and_hour(at: datetime | None) -> tuple[object, object]:
    return (local(at).date(), clock_time(at)) if at else ("", "")
