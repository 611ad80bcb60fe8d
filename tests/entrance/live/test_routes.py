"""The live page: forecast, stations in trouble first, what is to check, who may see it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from salon.entrance.models import Conflict, Direction
from salon.entrance.services.scans import record_scans
from salon.entrance.services.stations import DeviceReport, save_report
from salon.fair.models import Edition, Zone, ZoneKind
from salon.fair.queries import doors_of
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import real_now
from tests.entrance.people import NINE, enrolled, item, make_badge, make_station
from tests.factories import make_edition, make_places, set_time, sign_in
from tests.pages import PageClient

WELL: dict[str, Any] = {
    "waiting": 0,
    "to_check": 0,
    "clock_offset_ms": 120,
    "battery": 80,
    "is_charging": False,
    "storage_left": 10**9,
    "is_persisted": True,
    "list_serial": 1,
    "pages_version": "a",
}


@pytest.fixture
def edition(app: Flask) -> Edition:
    make_places()
    return make_edition(day=date(2021, 10, 1))


@pytest.fixture
def organiser(app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    set_time(monkeypatch, NINE, "salon.entrance.routes.live")
    return sign_in(app, Role.ORGANISER)


def table(client: PageClient, name: str) -> list[list[Any]]:
    current_session().rollback()  # what other connections wrote since is read
    rows: list[list[Any]] = client.get("/organisation/entrees.json").json["tables"][name]
    return rows


def test_the_live_page_shows_figures_and_tables(organiser: PageClient, edition: Edition) -> None:
    empty = organiser.get("/organisation/entrees")
    assert "Rien encore" in empty.text
    station = make_station(edition, "Entrée")
    mayor, other_badge = (
        make_badge(edition),
        make_badge(edition, commune_code="34160", category="press"),
    )
    batch = [item(mayor.code, scanned_at=NINE), item(other_badge.code, scanned_at=NINE)]
    batch.append(item("autre", scanned_at=NINE))
    record_scans(station, edition.id, batch, NINE)
    out = item(other_badge.code, scanned_at=NINE, direction=Direction.OUT)
    record_scans(station, edition.id, [out], NINE)
    page = organiser.get("/organisation/entrees").text
    for words in ("Élu", "Presse", "Porte A", "CA de Béziers-Méditerranée", "Code inconnu"):
        assert words in page
    figures = organiser.get("/organisation/entrees.json").json
    assert figures["figures"] == {
        "entered": "2",
        "inside": "1",
        "inside-words": "1\u00a0personne à l’intérieur.",
        "communes": "2",
        "returns": "2\u00a0passages d’entrée pour 2\u00a0personnes.",
    }
    assert figures["tables"]["category"] == [["Élu", 1, 1], ["Presse", 1, 0]] or figures["tables"][
        "category"
    ] == [["Presse", 1, 0], ["Élu", 1, 1]]
    quarters = figures["tables"]["quarter"]
    assert [row[1] for row in quarters if row[1] != "–"] == [2]
    assert figures["tables"]["refusal"][0][1:] == ["Code inconnu", "Inconnu", "A"]


def test_entries_stand_beside_the_forecast(organiser: PageClient, edition: Edition) -> None:
    badges = [make_badge(edition) for _ in range(9)]
    make_badge(edition, half_day="afternoon")
    record_scans(make_station(edition), edition.id, [item(badges[0].code, 1)], NINE)
    rows = {at: (entered, expected) for at, entered, expected in table(organiser, "quarter")}
    assert rows["9\u00a0h"] == (1, 1)
    assert sum(expected for _, expected in rows.values()) in range(8, 13), "rounded, ten in all"


def test_stations_in_trouble_come_first(organiser: PageClient, edition: Edition) -> None:
    well, low, silent = (make_station(edition, name) for name in ("Abel", "Basse", "Coi"))
    save_report(well, DeviceReport(**WELL), real_now())
    save_report(low, DeviceReport(**{**WELL, "battery": 4, "waiting": 77}), real_now())
    rows = table(organiser, "station")
    assert [row[0] for row in rows] == ["Basse", "Coi", "Abel"]
    assert rows[0][2] == "77\u00a0passages en attente d’envoi. Batterie à 4\u00a0%"
    assert rows[0][3] == 77
    assert rows[1][2] == "N’a encore rien dit d’elle-même"
    assert rows[2][2] == "En ordre"
    assert silent


def test_zones_are_counted_and_what_is_to_check_is_one_click_away(
    organiser: PageClient, edition: Edition
) -> None:
    badge, station = make_badge(edition), make_station(edition)
    with transaction() as session:
        room = Zone(
            edition_id=edition.id, kind=ZoneKind.CONFERENCE, label="Salle Riquet", capacity=150
        )
        session.add(room)
        session.flush()
        door = session.get_one(type(doors_of(edition)[0]), doors_of(edition)[0].id)
        door.zone_id = room.id
    assert table(organiser, "zone") == [["Salle Riquet", 0, 150]]
    record_scans(station, edition.id, [item(badge.code)], NINE)
    assert table(organiser, "zone") == [["Salle Riquet", 1, 150]]
    assert 'id="live-conflicts" hidden' in organiser.get("/organisation/entrees").text
    with transaction() as session:
        session.add(
            Conflict(
                edition_id=edition.id,
                kind="double",
                scan_id="a",
                station_id=station,
                raised_at=NINE,
            )
        )
    page = organiser.get("/organisation/entrees").text
    assert 'id="live-conflicts" hidden' not in page
    assert "/organisation/a-verifier" in page
    assert organiser.get("/organisation/entrees.json").json["conflicts"] == 1


def test_the_welcome_desk_sees_it_too(app: Flask, edition: Edition) -> None:
    desk = enrolled(app, edition)
    assert "Jour J en direct" in desk.get("/organisation/entrees").text
    assert desk.get("/organisation/entrees.json").status_code == 200
    for role in (Role.AGENT, Role.EXHIBITOR):
        assert sign_in(app, role).get("/organisation/entrees.json").status_code == 403
