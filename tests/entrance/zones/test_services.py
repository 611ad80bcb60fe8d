"""Drawing zones and doors on both databases: rules, two editors, what is counted afterwards."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.services.stations import revoke_station
from salon.entrance.rules import zones as rules
from salon.entrance.services.scans import record_scans
from salon.entrance.services.zones import (
    DoorValues,
    add_door,
    change_door,
    change_zone,
    create_zone,
    delete_zone,
    remove_door,
    stamp_of,
)
from salon.fair.models import Door, Edition, Zone
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.versions import StaleVersion
from tests.entrance.conflicts.made import NADIA
from tests.entrance.people import NINE, item, make_badge, make_station, presences
from tests.entrance.zones.made import make_zone, people_in, values
from tests.exhibitors.make import make_stand
from tests.factories import act_in
from tests.tables import each

pytestmark = pytest.mark.on_both

HOUR = timedelta(hours=1)


def key() -> str:
    return str(uuid.uuid4())


def zones() -> list[Zone]:
    current_session().rollback()
    statement = select(Zone).order_by(Zone.id).execution_options(populate_existing=True)
    return list(current_session().scalars(statement))


def door_of(edition: Edition, code: str) -> Door:
    current_session().rollback()
    return (
        current_session()
        .scalars(select(Door).where(Door.edition_id == edition.id, Door.code == code))
        .one()
    )


def test_the_same_form_sent_twice_makes_one_zone_and_one_door(app: Flask, edition: Edition) -> None:
    first_text, two = key(), key()
    numbers = {create_zone(act_in(edition, NADIA), values(), first_text) for _ in range(2)}
    for _ in range(2):
        add_door(act_in(edition, NADIA), "C", DoorValues("Salle", (), min(numbers)), two)
    assert len(numbers) == len(zones()) == 1
    assert door_of(edition, "C").zone_id == zones()[0].id


@pytest.fixture
def room(app: Flask, edition: Edition) -> Zone:
    """Return a zone beside another and the whole fair."""
    create_zone(act_in(edition, NADIA), values(label="Prise"), key())
    create_zone(act_in(edition, NADIA), values(kind="fair", label="Le salon"), key())
    room_id = create_zone(act_in(edition, NADIA), values(label="Autre"), key())
    return current_session().get_one(Zone, room_id)


@each(
    ("wrong", "refusal"),
    [
        ({"opens_at": NINE, "closes_at": NINE}, rules.HoursInDisorder),
        ({"early_from": NINE, "early_admits": ("agent",)}, rules.EarlyWithoutOpening),
        ({"opens_at": NINE, "early_from": NINE - HOUR}, rules.EarlyIncomplete),
        ({"opens_at": NINE, "early_admits": ("agent",)}, rules.EarlyIncomplete),
        (
            {"opens_at": NINE, "early_from": NINE, "early_admits": ("agent",)},
            rules.EarlyAfterOpening,
        ),
        ({"kind": "stand"}, rules.StandMissing),
        ({"stand_id": 1}, rules.StandMissing),
        ({"label": "Prise"}, rules.ZoneExists),
        ({"kind": "fair", "label": "Encore le salon"}, rules.FairExists),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    edition: Edition, room: Zone, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        create_zone(act_in(edition, NADIA), values(**{"label": "Nouvelle", **wrong}), key())
    with pytest.raises(refusal):
        change_zone(Act(NADIA), room, room.version, values(**{"label": "Changée", **wrong}))
    assert [zone.label for zone in zones()] == ["Prise", "Le salon", "Autre"]


def test_a_stand_is_one_zone(app: Flask, edition: Edition) -> None:
    (hall,) = edition.halls
    stand = make_stand(hall, number="66")
    create_zone(act_in(edition, NADIA), values(kind="stand", stand_id=stand.id), key())
    with pytest.raises(rules.StandHasZone):
        create_zone(
            act_in(edition, NADIA), values(kind="stand", label="2", stand_id=stand.id), key()
        )


def test_the_second_of_two_editors_is_told(app: Flask, edition: Edition) -> None:
    zone = make_zone(edition)
    seen, door = zone.version, door_of(edition, "C")
    stamp = stamp_of(door)
    change_zone(Act(NADIA), zone, seen, values(capacity=80))
    change_door(Act(NADIA), door, stamp, DoorValues("Grande porte", (), zone.id))
    with pytest.raises(StaleVersion):
        change_zone(Act(NADIA), zone, seen, values(capacity=90))
    with pytest.raises(StaleVersion):
        delete_zone(Act(NADIA), zone, seen)
    with pytest.raises(StaleVersion):
        change_door(Act(NADIA), door, stamp, DoorValues("Petite porte", (), zone.id))
    assert zones()[0].capacity == 80
    assert door_of(edition, "C").label == "Grande porte"


def test_a_zone_goes_once_no_door_leads_to_it(app: Flask, edition: Edition) -> None:
    zone, station = make_zone(edition), make_station(edition)
    badge, door = make_badge(edition), door_of(edition, "C")
    record_scans(station, edition.id, [item(badge.code, door="C")], NINE)
    with pytest.raises(rules.ZoneHasDoors):
        delete_zone(Act(NADIA), zone, zone.version)
    with pytest.raises(rules.DoorWasScanned):
        remove_door(Act(NADIA), door)
    change_door(Act(NADIA), door, stamp_of(door), DoorValues("Ancienne salle"))
    assert people_in(zone) == 0
    assert presences()[badge.id].is_inside
    delete_zone(Act(NADIA), zone, zone.version)
    assert zones() == []


def test_a_zone_that_becomes_the_fair_counts_who_is_in_the_fair(
    app: Flask, edition: Edition
) -> None:
    zone, badge = make_zone(edition), make_badge(edition)
    record_scans(make_station(edition), edition.id, [item(badge.code, door="C")], NINE)
    assert (people_in(zone), presences()) == (1, {})
    change_zone(Act(NADIA), zone, zone.version, values(kind="fair"))
    assert people_in(zone) == 0
    assert presences()[badge.id].is_inside


def test_a_door_where_a_station_stands_stays(app: Flask, edition: Edition) -> None:
    station = make_station(edition)
    with pytest.raises(rules.DoorHasStations):
        remove_door(Act(NADIA), door_of(edition, "A"))
    revoke_station(Act(NADIA), station)
    remove_door(Act(NADIA), door_of(edition, "A"))
    with pytest.raises(rules.DoorExists):
        add_door(act_in(edition, NADIA), "X", DoorValues("Encore"), key())
    current_session().rollback()
    left = current_session().scalars(select(Door.code).where(Door.edition_id == edition.id))
    assert list(left) == ["X"]
