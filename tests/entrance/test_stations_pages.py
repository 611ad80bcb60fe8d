"""Pages of stations for the organiser: state, health, when to enrol them again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import null, update

from salon.accounts.queries import STATION_LIFETIME, get_station
from salon.accounts.services.stations import create_station, revoke_station
from salon.entrance.models import StationReport
from salon.entrance.rules.health import CheckedPart, CheckState, DeviceCheck, PageFailure
from salon.entrance.rules.stations import StationState, state_of
from salon.entrance.services.stations import DeviceReport, save_report
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import real_now
from tests.entrance.people import NINE, make_station
from tests.factories import sign_in
from tests.pages import PageClient

PLACE = "/organisation/stations"
HOUR = timedelta(hours=1)


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def page_of(client: PageClient, path: str) -> str:
    return re.sub("[\u00a0\u202f]|&nbsp;", " ", client.get(path).get_data(as_text=True))


def told(**overrides: Any) -> DeviceReport:
    """Return a station that is well."""
    values: dict[str, Any] = {
        "waiting": 0,
        "to_check": 0,
        "clock_offset_ms": 120,
        "battery": 80,
        "is_charging": False,
        "storage_left": 900_000_000,
        "is_persisted": True,
        "list_serial": 0,
        "pages_version": "1",
        **overrides,
    }
    return DeviceReport(**values)


@pytest.mark.parametrize(
    ("enrolled", "revoked", "expected"),
    [
        (None, None, StationState.TO_ENROL),
        (NINE, None, StationState.IN_SERVICE),
        (NINE - 12 * HOUR, None, StationState.EXPIRED),
        (NINE - 12 * HOUR + timedelta(seconds=1), None, StationState.IN_SERVICE),
        (NINE, NINE, StationState.REVOKED),
    ],
)
def test_the_state_of_a_station(enrolled: Any, revoked: Any, expected: StationState) -> None:
    assert state_of(enrolled, revoked, STATION_LIFETIME, NINE) == expected


def test_a_station_that_is_well_says_so(organiser: PageClient, edition: Edition) -> None:
    station = make_station(edition)
    save_report(station, told(), real_now())
    listed, page = page_of(organiser, PLACE), page_of(organiser, f"{PLACE}/{station}")
    assert "En service" in listed
    assert "batterie 80 %" in listed
    assert "troubles" not in listed.split("<main", 1)[1]
    for words in (
        "il y a moins d’une minute",
        "Version de la page",
        "900 Mo",
        "0,1 s",
        "à jour",
        "Contrôle des badges",
    ):
        assert words in page


def test_a_station_in_trouble_says_what(organiser: PageClient, edition: Edition) -> None:
    station = make_station(edition)
    ill = told(waiting=132, to_check=2, battery=9, clock_offset_ms=-200_000, storage_left=1_000)
    save_report(station, ill, real_now() - timedelta(minutes=7))
    for page in (page_of(organiser, PLACE), page_of(organiser, f"{PLACE}/{station}")):
        for words in ("132", "Batterie à 9 %", "Horloge décalée de 3 minutes", "il y a 7 min"):
            assert words in page


def test_the_failures_of_a_page_are_seen(organiser: PageClient, edition: Edition) -> None:
    station = make_station(edition)
    lately = PageFailure("TypeError: nothing <there>", "station/list.js:12", "7f3a", 4, 60)
    before = PageFailure("Error: …", "", "", 1, 3600)
    save_report(station, told(failures=[lately, before]), real_now() - timedelta(minutes=1))
    listed, page = page_of(organiser, PLACE), page_of(organiser, f"{PLACE}/{station}")
    assert "Demandent quelqu’un" in listed
    assert "Défaillance de la page il y a 2 minutes" in listed
    assert "2 défaillances de la page" in listed
    for words in ("4 fois", "TypeError: nothing &lt;there&gt;", "station/list.js:12", "7f3a"):
        assert words in page
    save_report(station, told(failures=[before]), real_now())
    listed = page_of(organiser, PLACE)
    assert "Demandent quelqu’un" not in listed, "an hour ago is no longer urgent"
    assert "1 défaillance de la page" in listed


def test_what_a_device_tried_of_itself_is_seen(organiser: PageClient, edition: Edition) -> None:
    station = make_station(edition)
    save_report(station, told(), real_now())
    assert "Pas encore essayée sur l’appareil" in page_of(organiser, PLACE)
    results = {
        CheckedPart.READING: CheckState.OK,
        CheckedPart.SOUND: CheckState.UNTRIED,
        CheckedPart.SCREEN: CheckState.FAILED,
    }
    save_report(station, told(device_check=DeviceCheck(results, 240)), real_now() - HOUR / 60)
    listed, page = page_of(organiser, PLACE), page_of(organiser, f"{PLACE}/{station}")
    assert "Demandent quelqu’un" not in listed, "a screen that goes out is not urgent"
    for words in ("Essai il y a 5 min :", "Son à essayer", "S’éteint seul"):
        assert words in listed
        assert words in page
    assert "Lit les codes" in page
    assert "Lit les codes" not in listed
    results = dict.fromkeys(CheckedPart, CheckState.OK)
    save_report(station, told(device_check=DeviceCheck(results, 0)), real_now())
    assert "Tout va bien" in page_of(organiser, PLACE)
    results |= {CheckedPart.MEMORY: CheckState.FAILED}
    save_report(station, told(device_check=DeviceCheck(results, 0)), real_now())
    listed = page_of(organiser, PLACE)
    assert "Demandent quelqu’un" in listed
    assert listed.count("Ne garde aucun passage") == 1, "said by the trial, not twice"


def test_a_report_of_the_release_before_has_no_failures(
    organiser: PageClient, edition: Edition
) -> None:
    station = make_station(edition)
    save_report(station, told(), real_now())
    with transaction() as session:
        session.execute(update(StationReport).values(failures=null()))
    assert "Défaillances" not in page_of(organiser, f"{PLACE}/{station}")
    assert "défaillance" not in page_of(organiser, PLACE)


def test_after_twelve_hours_it_is_to_be_enrolled_again(
    organiser: PageClient, edition: Edition
) -> None:
    station = get_station(make_station(edition))
    with transaction(station):
        station.enrolled_at = real_now() - STATION_LIFETIME
    assert "À enrôler de nouveau" in page_of(organiser, PLACE)
    page = page_of(organiser, f"{PLACE}/{station.id}")
    assert "Douze heures se sont écoulées" in page
    current_session().rollback()
    assert "Montrer un nouveau code" in page


def test_a_station_that_said_nothing_yet(organiser: PageClient, edition: Edition) -> None:
    station = make_station(edition)
    assert "N’a encore rien dit d’elle-même" in page_of(organiser, PLACE)
    assert "n’a encore rien dit de lui-même" in page_of(organiser, f"{PLACE}/{station}")


def test_the_worst_stations_come_first(organiser: PageClient, edition: Edition) -> None:
    reports = {
        "Bien": (told(), HOUR * 0),
        "Déchargée": (told(battery=9), HOUR * 0),
        "Muette": (told(), timedelta(minutes=7)),
        "Encombrée": (told(waiting=132), HOUR * 0),
    }
    for name, (report, ago) in reports.items():
        station = get_station(make_station(edition))
        with transaction(station):
            station.name = name
        save_report(station.id, report, real_now() - ago)
    new = create_station(Act(SYSTEM), "Neuve", "A", edition.id)
    lost_station = create_station(Act(SYSTEM), "Perdue", "A", edition.id)
    revoke_station(Act(SYSTEM), lost_station.id)
    page = page_of(organiser, PLACE)
    names = ["Muette", "Encombrée", "Déchargée", new.name, "Bien", lost_station.name]
    assert re.findall(r'class="point__link"[^>]*>([^<]+)<', page) == names
    titles = ["Demandent quelqu’un", "À enrôler", "En service", "Révoquées"]
    assert re.findall(r'class="stations__title">([^<]+) <', page) == titles
