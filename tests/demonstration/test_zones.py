"""The demonstration's zones: the fair, a room, a lounge, a stand, each with its door."""

from flask import Flask

from salon.entrance.queries.places import doors_with_zones, zones_of
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import ZoneKind
from salon.fair.queries import get_public_edition
from salon.platform.settings.clock import local
from salon.platform.words.formats import NBSP, day, hour


def test_each_zone_has_its_door(app: Flask) -> None:
    edition = get_public_edition()
    zones = {zone.kind: zone for zone in zones_of(edition.id)}
    assert set(zones) == set(ZoneKind)
    leads = {door.code: door.zone and door.zone.kind for door in doors_with_zones(edition.id)}
    assert leads == {
        **dict.fromkeys("ABX", ZoneKind.FAIR),
        "C": ZoneKind.CONFERENCE,
        "V": ZoneKind.LOUNGE,
        "S66": ZoneKind.STAND,
    }
    assert zones[ZoneKind.CONFERENCE].capacity == 150
    assert zones[ZoneKind.LOUNGE].is_vip_only
    fair = zones[ZoneKind.FAIR]
    assert fair.early_admits == ["exhibitor", "agent", "organiser"]
    assert fair.early_from is not None
    assert fair.opens_at is not None
    assert local(fair.opens_at).hour < 9


def test_exhibitors_enter_from_the_set_up_of_the_eve(app: Flask) -> None:
    edition = get_public_edition()
    (fair,) = (zone for zone in zones_of(edition.id) if zone.kind == ZoneKind.FAIR)
    assert fair.early_from is not None
    set_up = f"{day(fair.early_from)}, de {hour(fair.early_from)}".capitalize()
    assert terms_of(edition).set_up.replace(NBSP, " ").startswith(set_up.replace(NBSP, " "))
