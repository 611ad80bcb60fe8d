"""Load the zones of an edition from its folder, with the doors that lead to them, and settings."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from salon.entrance.actions import EntranceAction
from salon.entrance.models import EntranceSettings
from salon.entrance.rules.zones import check_zone
from salon.entrance.services.zones import ZoneValues, columns_of, unique_zones
from salon.fair.imports.seed_tables import Row, read_columns, read_table_if_any
from salon.fair.models import Door, Edition, Zone, ZoneHours, ZoneKind
from salon.fair.queries import doors_of, stand_ids_by_number
from salon.fair.services.acts import FairAct
from salon.platform.database.db import transaction
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import paris

ZONES, LATER_HOURS, SETTINGS = "zones.csv", "zone_hours.csv", "entrance.toml"
ZONE_COLUMNS = (
    *("zone", "nature", "portes", "nouvelle_porte", "libelle_porte", "admet", "honneur"),
    *("places", "ouvre", "ferme", "avant", "des_le", "des", "refuse", "stand"),
)
LATER_COLUMNS = ("zone", "ouvre", "ferme", "des")
SETTINGS_KEYS = {
    "badge_inconnu_admis": ("lets_unknown_in", bool),
    "borne_imprime": ("kiosk_prints", bool),
    "numeros_d_urgence": ("urgent_numbers", str),
}
KINDS = {
    "salon": ZoneKind.FAIR,
    "conference": ZoneKind.CONFERENCE,
    "reserve": ZoneKind.LOUNGE,
    "stand": ZoneKind.STAND,
}


def load_zones(act: FairAct, folder: Path) -> int:
    """Add the zones of zones.csv and lead the doors to them; return how many there are.

    Hours without a date are those of each day, unless zone_hours.csv has the later days of the
    zone. A missing file is skipped. Raises FileNotUnderstood, ZoneExists, FairExists, StandHasZone,
    DoorExists and what `check_zone` raises.
    """
    rows = read_table_if_any(folder / ZONES, *ZONE_COLUMNS)
    stands = stand_ids_by_number(act.edition)
    labels = {row.key("zone"): row.text("zone") for row in rows}
    later_hours: dict[str, list[ZoneHours]] = {}
    for row in read_table_if_any(folder / LATER_HOURS, *LATER_COLUMNS):
        hours = ZoneHours(
            *(row.moment(name, act.edition.days[0].day_on) for name in LATER_COLUMNS[1:])
        )
        later_hours.setdefault(row.known("zone", labels), []).append(hours)
    with unique_zones(), act.transaction() as session:
        doors = {door.code: door for door in doors_of(act.edition)}
        for row in rows:
            values = _values(act.edition, row, stands, later_hours)
            check_zone(values)
            zone = Zone(edition_id=act.edition.id, **columns_of(values))
            session.add(zone)
            for code in row.items("portes"):
                _door(row, code, doors).zone = zone
            if row.raw("nouvelle_porte"):
                code, label = row.key("nouvelle_porte"), row.text("libelle_porte")
                session.add(Door(edition_id=act.edition.id, code=code, label=label, zone=zone))
        if rows:
            write_entry(
                session,
                act.actor,
                EntranceAction.ZONES_LOADED,
                f"edition:{act.edition.id}",
                zones=len(rows),
            )
    return len(rows)


def load_settings(edition: Edition, folder: Path) -> None:
    """Set the rules of the doors of entrance.toml, which may lack. The kiosks' PIN is not in it."""
    if (folder / SETTINGS).exists():
        values = read_columns(folder / SETTINGS, SETTINGS_KEYS)
        with transaction() as session:
            session.add(EntranceSettings(edition_id=edition.id, **values))


def _door(row: Row, code: str, doors: Mapping[str, Door]) -> Door:
    if code not in doors:
        raise row.refuse(f"la porte «\u00a0{code}\u00a0» n’est pas dans doors.csv.")
    return doors[code]


def _values(
    edition: Edition,
    row: Row,
    stands: dict[str, int],
    later_hours: Mapping[str, Sequence[ZoneHours]],
) -> ZoneValues:
    days = [day.day_on for day in edition.days]
    early_on = row.day("des_le") if row.raw("des_le") else days[0]
    early_from = paris(early_on, row.hour("des")) if row.raw("des") else None
    first = ZoneHours(row.moment("ouvre", days[0]), row.moment("ferme", days[0]), early_from)
    is_dated = any(" " in row.raw(name) for name in ("ouvre", "ferme"))
    label = row.text("zone")
    return ZoneValues(
        kind=row.one_of("nature", {name: kind.value for name, kind in KINDS.items()}),
        label=label,
        admits=tuple(row.items("admet")),
        is_vip_only=row.yes("honneur"),
        capacity=row.whole("places") if row.raw("places") else None,
        **first._asdict(),
        early_admits=tuple(row.items("avant")),
        later_hours=later_hours.get(label, () if is_dated else first.repeated(days)),
        is_strict=row.yes("refuse"),
        stand_id=row.known("stand", stands) if row.raw("stand") else None,
    )
