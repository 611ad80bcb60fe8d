"""Rights of each kind of station: the whole table, tried with its token and its browser."""

import re

import pytest
from flask import Flask

from salon.accounts.models import DEVICES, StationKind
from salon.accounts.services.stations import create_station, offer_enrolment
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import JournalEntry
from salon.platform.web.access import allowed_of, kinds_of
from tests.entrance.people import make_badge
from tests.kiosk.make import Device
from tests.pages import PageClient

READING = {"POST /scans", "POST /oddities", "GET /badges", "POST /station/report"}
SEARCHING = {"GET /attendees", "GET /names", "GET /inside"}
WELCOMING = {
    *("POST /kiosk/visits", "POST /kiosk/visits/renew", "POST /kiosk/visits/correct"),
    *("POST /kiosk/visits/day", "GET /kiosk/places", "POST /kiosk/registrations"),
    *("POST /kiosk/print-jobs", "POST /kiosk/printings"),
}
PRINTING = {"POST /kiosk/print-jobs/next", "POST /kiosk/print-jobs/<int:number>/done"}
RIGHTS = {
    StationKind.SCANNER: READING | SEARCHING,
    StationKind.DESK: READING | SEARCHING,
    StationKind.KIOSK: READING | WELCOMING,
    StationKind.PRINTER: PRINTING,
}
"""Calls of the API, beside `GET /station`, which all make."""

DESK_PAGES = (
    *("/accueil", "/organisation/papier", "/organisation/a-verifier", "/organisation/entrees"),
    *("/organisation/village/mural", "/organisation/village/pointage"),
)


def status(device: Device, method: str, path: str) -> int:
    bearer = {"Authorization": f"Bearer {device.token}"}
    return device.client.open(path, method=method, json={}, headers=bearer).status_code


def enrol(app: Flask, station_id: int) -> Device:
    """Enrol a browser by the page that a person opens."""
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    page = browser.fill(f"/scanner/enrolement/{offer_enrolment(Act(SYSTEM), station_id)}").text
    (token,) = re.findall(r'data-token="([^"]+)"', page)
    return Device(station_id, token, browser)


def enrol_kind(app: Flask, edition: Edition, kind: StationKind) -> Device:
    return enrol(app, create_station(Act(SYSTEM), kind.label, "A", edition.id, kind).id)


@pytest.mark.parametrize("kind", DEVICES)
def test_a_station_calls_what_its_kind_is_for(
    app: Flask, edition: Edition, kind: StationKind
) -> None:
    device = enrol_kind(app, edition, kind)
    opened = set()
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/") or allowed_of(app, rule.endpoint) == "public":
            continue
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        answer = status(device, method, rule.rule.replace("<int:number>", "999999"))
        assert (answer == 403) == (kind not in kinds_of(app, rule.endpoint)), rule.rule
        if answer != 403:
            opened.add(f"{method} {rule.rule.removeprefix('/api/v1')}")
    assert opened == RIGHTS[kind] | {"GET /station"}


@pytest.mark.parametrize("kind", DEVICES)
def test_only_a_desk_opens_pages_that_list_and_print(
    app: Flask, edition: Edition, kind: StationKind
) -> None:
    badge = make_badge(edition, last_name="Cazevieille")
    browser = enrol_kind(app, edition, kind).client
    for path in DESK_PAGES:
        answer = browser.get(path)
        assert answer.status_code == (200 if kind == StationKind.DESK else 302), path
    if kind != StationKind.DESK:
        token = {"csrf_token": browser.token("/connexion")}
        printed = browser.post(f"/accueil/{badge.attendee_id}/badge.pdf", data=token)
        assert printed.status_code in (302, 303)
        assert "/connexion" in printed.location
        assert not current_session().query(JournalEntry).filter_by(action="badge.printed").count()


def test_a_view_names_the_kinds_of_stations_that_may_open_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        allowed = allowed_of(app, rule.endpoint)
        is_for_stations = isinstance(allowed, frozenset) and Role.STATION in allowed
        assert is_for_stations == bool(kinds_of(app, rule.endpoint)), rule.rule


def test_a_station_enrolled_again_ends_what_its_former_device_opened(
    app: Flask, edition: Edition
) -> None:
    former = enrol_kind(app, edition, StationKind.DESK)
    assert former.client.get("/accueil").status_code == 200
    assert status(former, "GET", "/api/v1/station") == 200
    present = enrol(app, former.id)
    assert former.client.get("/accueil").status_code == 302
    assert status(former, "GET", "/api/v1/station") == 401
    assert present.client.get("/accueil").status_code == 200
