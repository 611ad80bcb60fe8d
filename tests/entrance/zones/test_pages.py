"""Zones and doors on their pages: made, changed by two, refused, removed."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.entrance.services.scans import record_scans
from salon.fair.models import Door, Edition, Zone
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.settings.clock import now
from tests.entrance.people import item, make_badge, make_station
from tests.entrance.zones.made import make_zone
from tests.factories import make_edition, sign_in
from tests.pages import PageClient
from tests.tables import each

PLACE = "/organisation/zones"
NEW = f"{PLACE}/nouvelle"


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def spaced(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def typed(client: PageClient, path: str, **changes: Any) -> dict[str, Any]:
    """Return a conference room, with the hidden fields of the page."""
    page = client.get(path).get_data(as_text=True)
    names = "csrf_token|version|submission_key|seen"
    hidden = dict(re.findall(rf'name="({names})"[^>]*value="([^"]+)"', page))
    room = {"kind": "conference", "label": "Salle Paul Riquet", "rule": "strict"}
    return {**hidden, **room, **changes}


def zones() -> list[Zone]:
    current_session().rollback()
    statement = select(Zone).order_by(Zone.id).execution_options(populate_existing=True)
    return list(current_session().scalars(statement))


def test_without_zone_the_page_says_what_one_is_for(organiser: PageClient) -> None:
    assert "Aucune zone" in organiser.get(PLACE).text


def test_a_zone_is_made_with_its_hours_its_places_and_its_door(
    organiser: PageClient, edition: Edition
) -> None:
    fields = typed(
        organiser,
        NEW,
        capacity="150",
        opens_at="2021-10-01T09:30",
        closes_at="2021-10-01T17:00",
        early_admits=["agent", "organiser"],
        early_from="2021-10-01T08:00",
        admits=["elected"],
        rule="warning",
    )
    assert organiser.post(NEW, data=fields).status_code == 302
    zone = zones()[0]
    assert (zone.label, zone.capacity, zone.is_strict) == ("Salle Paul Riquet", 150, False)
    assert zone.opens_at == datetime(2021, 10, 1, 7, 30, tzinfo=UTC)
    assert zone.early_from == datetime(2021, 10, 1, 6, tzinfo=UTC)
    assert (zone.admits, zone.early_admits) == (["elected"], ["agent", "organiser"])
    doors = f"{PLACE}/portes/nouvelle"
    offered = organiser.get(f"{doors}?zone={zone.id}").text
    assert f'<option selected value="{zone.id}">' in offered
    door = {"code": "C", "label": "Salle, côté cour", "zone": str(zone.id)}
    assert organiser.post(doors, data=typed(organiser, doors) | door).status_code == 302
    badge = make_badge(edition)
    moment = now()
    sent_scan = item(badge.code, door="C", scanned_at=moment)
    record_scans(make_station(edition), edition.id, [sent_scan], moment)
    current_session().rollback()
    page = spaced(organiser.get(PLACE).text)
    for words in ("1 <span>sur 150 places", "C – Salle, côté cour", "Avertit, sans refuser"):
        assert words in page
    assert 'value="2021-10-01T09:30"' in organiser.get(f"{PLACE}/{zone.id}").text


@pytest.fixture
def zone(edition: Edition) -> Zone:
    return make_zone(edition, label="Prise")


@each(
    ("wrong", "status", "words"),
    [
        ({"label": ""}, 400, "Donnez un nom"),
        ({"capacity": "0"}, 400, "nombre entier de 1"),
        ({"capacity": "beaucoup"}, 400, "nombre entier"),
        ({"capacity": "9" * 400}, 400, "nombre entier"),
        ({"opens_at": "demain"}, 400, "un jour et une heure"),
        ({"opens_at": "0001-01-01T00:00"}, 400, "un jour et une heure"),
        ({"opens_at": "2021-10-01T09:00", "closes_at": "2021-10-01T08:00"}, 400, "avant la ferm"),
        ({"early_admits": "agent"}, 400, "les deux ou aucun"),
        ({"kind": "stand"}, 400, "de quel stand"),
        ({"kind": "zzz"}, 400, ""),
        ({"admits": "zzz"}, 400, ""),
        ({"stand": "99999"}, 400, ""),
        ({"label": "Prise"}, 409, "porte déjà ce nom"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    organiser: PageClient, zone: Zone, wrong: dict[str, str], status: int, words: str
) -> None:
    answer = organiser.post(NEW, data=typed(organiser, NEW, **wrong))
    assert answer.status_code == status
    assert words in spaced(answer.get_data(as_text=True))
    assert [zone.id for zone in zones()] == [zone.id]


def test_two_editors_see_both(organiser: PageClient, edition: Edition) -> None:
    zone = make_zone(edition)
    path = f"{PLACE}/{zone.id}"
    late = typed(organiser, path, label="La mienne", capacity="90")
    organiser.post(path, data=typed(organiser, path, label="La sienne", capacity="80"))
    answer = organiser.post(path, data=late)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for words in ('value="La mienne"', "La sienne", "80", 'value="90"'):
        assert words in page
    assert zones()[0].label == "La sienne"
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    assert organiser.post(path, data={**late, "version": version[1]}).status_code == 302
    assert zones()[0].label == "La mienne"


def test_two_editors_of_a_door_see_both(organiser: PageClient, edition: Edition) -> None:
    door = current_session().scalars(select(Door).where(Door.code == "A")).one()
    path = f"{PLACE}/portes/{door.id}"
    late = typed(organiser, path, label="La mienne", zone="")
    organiser.post(path, data=typed(organiser, path, label="La sienne", zone="", admits=["press"]))
    answer = organiser.post(path, data=late)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for words in ('value="La mienne"', "La sienne", "Presse"):
        assert words in page
    current_session().expire_all()
    assert door.label == "La sienne"


def test_what_is_in_use_is_not_removed(organiser: PageClient, edition: Edition) -> None:
    zone, badge = make_zone(edition), make_badge(edition)
    door = current_session().scalars(select(Door).where(Door.code == "C")).one()
    scan_item = item(badge.code, door="C")
    record_scans(make_station(edition), edition.id, [scan_item], scan_item.scanned_at)
    current_session().rollback()
    path = f"{PLACE}/{zone.id}"
    delete = {"csrf_token": organiser.token(path), "version": str(zone.version)}
    answer = organiser.post(f"{path}/supprimer", data=delete)
    assert answer.status_code == 409
    assert "Des portes mènent encore" in answer.text
    door_path = f"{PLACE}/portes/{door.id}"
    answer = organiser.post(f"{door_path}/retirer", data={"csrf_token": organiser.token(door_path)})
    assert answer.status_code == 409
    assert "Des badges ont été lus à cette porte" in answer.text
    organiser.post(door_path, data=typed(organiser, door_path, label="Autre", zone=""))
    current_session().rollback()
    requested_answer = organiser.post(f"{path}/supprimer", data=delete)
    assert len(zones()) == 1
    assert organiser.confirm(requested_answer).status_code == 302
    assert zones() == []


def test_an_unused_door_goes(organiser: PageClient, edition: Edition) -> None:
    door = current_session().scalars(select(Door).where(Door.code == "X")).one()
    path = f"{PLACE}/portes/{door.id}"
    assert organiser.confirm(organiser.fill(path, to=f"{path}/retirer")).status_code == 302
    current_session().rollback()
    assert list(current_session().scalars(select(Door.code))) == ["A"]


def test_those_of_another_edition_are_seen_in_that_edition(
    organiser: PageClient, edition: Edition
) -> None:
    former = make_edition(is_current=False)
    zone = make_zone(former)
    door = current_session().scalars(select(Door).where(Door.edition_id == former.id)).first()
    assert door is not None
    for path in (zone.id, f"portes/{door.id}"):
        page = organiser.get(f"{PLACE}/{path}")
        assert page.status_code == 200
        assert f'action="/e/{former.slug}{PLACE}/{path}' in page.text
    huge = "9" * 20
    for path in (huge, f"portes/{huge}", 0):
        assert organiser.get(f"{PLACE}/{path}").status_code == 404


def test_only_organisers_draw_them(app: Flask, edition: Edition) -> None:
    agent = sign_in(app, Role.AGENT)
    for path in (PLACE, NEW, f"{PLACE}/portes/nouvelle"):
        assert agent.get(path).status_code == 403
