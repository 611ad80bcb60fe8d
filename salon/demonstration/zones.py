"""The demonstration's zones, with the doors that lead to them."""

import uuid
from pathlib import Path

from salon.entrance.services.zones import (
    DoorValues,
    ZoneValues,
    add_door,
    change_door,
    create_zone,
    stamp_of,
)
from salon.fair.imports.seed_tables import Row, read_table
from salon.fair.models import Edition, ZoneKind
from salon.fair.queries import doors_of, stands_on_plan
from salon.platform.clock import paris
from salon.platform.identity import Identity

COLUMNS = (
    *("zone", "nature", "portes", "nouvelle_porte", "libelle_porte", "admet", "honneur"),
    *("places", "ouvre", "ferme", "avant", "des_le", "des", "refuse", "stand"),
)
KINDS = {
    "salon": ZoneKind.FAIR,
    "conference": ZoneKind.CONFERENCE,
    "reserve": ZoneKind.LOUNGE,
    "stand": ZoneKind.STAND,
}


def load_zones(edition: Edition, folder: Path, actor: Identity) -> int:
    """Create the zones of the folder and lead its doors to them; return how many there are."""
    doors = {door.code: door for door in doors_of(edition)}
    rows = read_table(folder / "zones.csv", *COLUMNS)
    for row in rows:
        zone_id = create_zone(edition, _values(edition, row), str(uuid.uuid4()), actor)
        for code in row.items("portes"):
            door = doors[code]
            values = DoorValues(door.label, tuple(door.admits), zone_id)
            change_door(door, stamp_of(door), values, actor)
        if row.raw("nouvelle_porte"):
            values = DoorValues(row.text("libelle_porte"), (), zone_id)
            add_door(edition, row.key("nouvelle_porte"), values, str(uuid.uuid4()), actor)
    return len(rows)


def _values(edition: Edition, row: Row) -> ZoneValues:
    stands = {stand.number: stand.id for stand in stands_on_plan(edition)}
    day = edition.days[0].day_on
    opens, closes = (
        paris(day, row.hour(column)) if row.raw(column) else None for column in ("ouvre", "ferme")
    )
    early = paris(row.day("des_le"), row.hour("des")) if row.raw("des") else None
    return ZoneValues(
        kind=row.one_of("nature", {name: kind.value for name, kind in KINDS.items()}),
        label=row.text("zone"),
        admits=tuple(row.items("admet")),
        is_vip_only=row.yes("honneur"),
        capacity=row.whole("places") if row.raw("places") else None,
        opens_at=opens,
        closes_at=closes,
        early_admits=tuple(row.items("avant")),
        early_from=early,
        is_strict=row.yes("refuse"),
        stand_id=row.known("stand", stands) if row.raw("stand") else None,
    )
