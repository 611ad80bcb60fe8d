"""Requests and reports of stations, by HTTP."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from salon.accounts import queries as accounts
from salon.accounts.models import StationKind
from salon.accounts.services.stations import create_station, offer_enrolment, revoke_station
from salon.entrance.models import Conflict, ConflictKind, StationReport
from salon.entrance.services.offline_list import update_list
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import now
from tests.entrance.offline.unpack import unpack
from tests.entrance.people import NINE, make_badge
from tests.factories import make_station_token
from tests.pages import PageClient

SCAN = "3f2b0c1e-8a44-4d0e-9a2e-0a55c3f0e111"


@pytest.fixture
def token(edition: Edition) -> str:
    return make_station_token(edition)


def get(client: PageClient, token: str, path: str) -> Any:
    return client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})


def post(client: PageClient, token: str, path: str, body: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"}
    return client.post(f"/api/v1{path}", data=raw, headers=headers, content_type="application/json")


def test_a_station_learns_its_place_and_the_changes_of_the_list(
    client: PageClient, edition: Edition, token: str
) -> None:
    first = make_badge(edition)
    update_list(NINE)
    place = get(client, token, "/station").json
    assert [door["code"] for door in place["doors"]] == ["A", "X"]
    assert place["lets_unknown_in"] is True
    assert place["code_key"] == edition.code_key.hex(), "it checks codes without network"
    assert place["list_serial"] == 1
    assert 0 < place["station"]["signed_in_seconds"] <= 12 * 3600
    whole = unpack(get(client, token, "/badges").data)
    assert len(whole.records) == 1
    second = make_badge(edition)
    update_list(NINE)
    delta = unpack(get(client, token, f"/badges?edition={edition.id}&since={whole.serial}").data)
    assert list(delta.records) == [bytes.fromhex(second.code_hash)[:8]]
    ahead = f"/badges?edition={edition.id}&since={whole.serial + 50}"
    assert len(unpack(get(client, token, ahead).data).records) == 2, "a backup was restored"
    for odd in ("since=-1", "since=99999999999999999999", "since=x", "edition=7&since=1"):
        assert len(unpack(get(client, token, f"/badges?{odd}").data).records) in (1, 2)
    whole_list = unpack(get(client, token, "/badges?edition=999&since=2").data)
    assert bytes.fromhex(first.code_hash)[:8] in whole_list.records, (
        "another edition: the whole list"
    )


@pytest.mark.parametrize("path", ["/station", "/badges"])
def test_a_station_is_signed_out_after_twelve_hours_or_when_revoked(
    client: PageClient, edition: Edition, token: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert get(client, token, path).status_code == 200
    real = accounts.real_now
    monkeypatch.setattr(accounts, "real_now", lambda: real() + timedelta(hours=12, seconds=1))
    assert get(client, token, path).status_code == 401
    monkeypatch.undo()
    station_key = accounts.find_station_by_token(token)
    assert station_key
    revoke_station(Act(SYSTEM), station_key.id)
    answer = get(client, token, path)
    assert answer.status_code == 401
    assert "Jeton absent, arrivé à son terme ou révoqué" in answer.json["message"]


def test_a_scan_is_sent_by_the_hash_of_its_code(
    client: PageClient, edition: Edition, token: str
) -> None:
    badge = make_badge(edition)
    fields = {
        "scan_id": SCAN,
        "code_hash": badge.code_hash,
        "scanned_at": now().isoformat(),
        "door": "A",
        "direction": "in",
        "shown": "accepted",
        "let_in": True,
    }
    answer = post(client, token, "/scans", {"scans": [fields]})
    assert answer.json["results"][0]["verdict"] == "accepted"
    for wrong in (
        {"code_hash": badge.code_hash.upper()},
        {"code_hash": "0" * 63},
        {"code_hash": None},
        {"code": badge.code},
        {"shown": "é"},
        {"shown": 4},
        {"let_in": "oui"},
    ):
        assert post(client, token, "/scans", {"scans": [{**fields, **wrong}]}).status_code == 400, (
            wrong
        )


def test_a_report_is_kept_whatever_the_device_makes_of_it(
    app: Flask, client: PageClient, edition: Edition, token: str
) -> None:
    payload = {"waiting": 12, "to_check": 1, "clock_offset_ms": -86_400_000, "battery": 140}
    odd: dict[str, object] = {
        "is_charging": "oui",
        "storage_left": 1e30,
        "pages_version": "x" * 500,
    }
    results = {"reading": "ok", "sound": ["ok"], "smell": "ok", "screen": "broken"}
    odd["device_check"] = {"results": results, "seconds_ago": -5}
    answer = post(client, token, "/station/report", {**payload, **odd})
    assert answer.status_code == 200
    assert answer.json["list_serial"] == 0
    current_session().rollback()
    (report,) = current_session().query(StationReport).all()
    assert (report.waiting, report.to_check, report.clock_offset_ms) == (12, 1, -86_400_000)
    assert (report.battery, report.is_charging, report.storage_left) == (100, None, 2**53)
    assert len(report.pages_version) == 20
    assert report.device_check == {"results": {"reading": "ok"}, "seconds_ago": 0}
    for body in (b"", b"[]", b"{}", b"\xff", b'{"a":' * 5000):
        assert post(client, token, "/station/report", body).status_code == 400
    assert post(client, token, "/station/report", {"waiting": 0}).status_code == 200
    current_session().rollback()
    report = current_session().query(StationReport).one()
    assert (report.waiting, report.device_check) == (0, None)
    for nothing in (None, "ok", {"results": ["reading"]}):
        body = {"waiting": 1, "device_check": nothing}
        assert post(client, token, "/station/report", body).status_code == 200


def test_a_report_tells_the_last_failures_of_the_page(
    app: Flask, client: PageClient, edition: Edition, token: str
) -> None:
    failure = {"message": "TypeError: …", "place": "a.js:1", "version": "v", "count": 3}
    long_failure = {"message": "x" * 900, "count": "many", "seconds_ago": -4}
    sent = [{**failure, "seconds_ago": 90}, long_failure, "no object", *[failure] * 20]
    assert (
        post(client, token, "/station/report", {"waiting": 0, "failures": sent}).status_code == 200
    )
    current_session().rollback()
    report = current_session().query(StationReport).one()
    assert report.failures is not None
    first, second, *others = report.failures
    assert first == {**failure, "seconds_ago": 90}
    assert second == {
        "message": "x" * 160,
        "place": "",
        "version": "",
        "count": 0,
        "seconds_ago": 0,
    }
    assert len(others) == 8
    for nothing in (None, "many", {"message": "one"}):
        body = {"waiting": 1, "failures": nothing}
        assert post(client, token, "/station/report", body).status_code == 200
    current_session().rollback()
    assert current_session().query(StationReport).one().failures == []


@pytest.mark.on_both
def test_an_answer_that_was_not_heard_is_a_point_of_its_own(
    client: PageClient, edition: Edition, token: str
) -> None:
    """The same scan may be refused as well: each is kept once."""
    words = "Laissé passer faute de réponse à temps\u00a0; le serveur répondait «\u00a0Non\u00a0»."
    refused = {"scan_id": SCAN, "sent": "{}", "problem": words}
    unheard = {**refused, "unheard": {"shown": "accepted", "let_in": True}}
    for _ in range(2):
        answer = post(client, token, "/oddities", {"oddities": [unheard, refused, unheard]})
        assert answer.json["kept"] == [SCAN] * 3
    current_session().rollback()
    details = {row.kind: row.detail for row in current_session().query(Conflict).all()}
    assert details == {
        ConflictKind.UNHEARD: {"shown": "accepted", "was_let_in": True},
        ConflictKind.UNREADABLE: {"sent": "{}", "problem": words},
    }
    assert current_session().query(Conflict).count() == 2
    for wrong in ({}, {"shown": "accepted"}, {"shown": "x" * 30, "let_in": True}, "accepted", 4):
        body = {"oddities": [{**refused, "unheard": wrong}]}
        assert post(client, token, "/oddities", body).status_code == 400


def test_what_was_refused_is_kept_to_be_checked_once(
    app: Flask, client: PageClient, edition: Edition, token: str
) -> None:
    odd = {"scan_id": SCAN, "sent": '{"code": "\u0000<b>"}', "problem": "Une heure est attendue."}
    for _ in range(2):
        answer = post(client, token, "/oddities", {"oddities": [odd]})
        assert answer.json["kept"] == [SCAN]
    current_session().rollback()
    (conflict,) = current_session().query(Conflict).all()
    assert conflict.detail == {"sent": '{"code": "\\x00<b>"}', "problem": "Une heure est attendue."}
    for wrong in ({**odd, "scan_id": "7"}, {**odd, "sent": 7}, {}, 4):
        assert post(client, token, "/oddities", {"oddities": [wrong]}).status_code == 400
    assert post(client, token, "/oddities", {"oddities": []}).status_code == 400
    assert current_session().query(Conflict).count() == 1


@pytest.mark.parametrize("kind", [StationKind.KIOSK, StationKind.PRINTER])
def test_a_kiosk_looks_nobody_up(app: Flask, edition: Edition, kind: StationKind) -> None:
    """It stands among visitors: neither its token nor its browser opens the desk's pages."""
    make_badge(edition, last_name="Sassenage")
    station = create_station(Act(SYSTEM), "Borne", "A", edition.id, kind)
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    page = browser.fill(f"/scanner/enrolement/{offer_enrolment(Act(SYSTEM), station.id)}").text
    (token,) = re.findall(r'data-token="([^"]+)"', page)
    assert get(browser, token, "/station").json["station"]["kind"] == kind
    assert get(browser, token, "/attendees?q=sassenage").status_code == 403
    for path in ("/accueil?q=sassenage", "/organisation/entrees", "/organisation/a-verifier"):
        assert browser.get(path).status_code == 302, path
