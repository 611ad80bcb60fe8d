"""The stations' API: what it answers, and what it refuses without writing anything."""

import json
import uuid
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from salon.accounts.queries import find_station_by_token
from salon.accounts.services import stations
from salon.badges.models import Badge, BadgeSettings
from salon.entrance.models import Verdict
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.journal import entries
from salon.platform.settings.clock import now
from tests.entrance.people import make_badge, presences, scans
from tests.factories import make_edition, make_station_token, sign_in
from tests.pages import PageClient
from tests.tables import each

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def scan(code: str = "", **overrides: Any) -> dict[str, Any]:
    return {
        "scan_id": str(uuid.uuid4()),
        "code": code,
        "scanned_at": now().isoformat(),
        "door": "A",
        "direction": "in",
        **overrides,
    }


def post(client: PageClient, token: str, body: Any, **options: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(
        "/api/v1/scans",
        data=raw,
        **{
            "content_type": "application/json",
            "headers": {"Authorization": f"Bearer {token}"},
            **options,
        },
    )


def verdict_of(client: PageClient, token: str, code: str) -> str:
    return verdict_on(client, token, scan(code))


def verdict_on(client: PageClient, token: str, sent: dict[str, Any]) -> str:
    answer = post(client, token, {"scans": [sent]})
    assert answer.status_code == 200, answer.text
    return str(answer.json["results"][0]["verdict"])


@pytest.fixture
def token(edition: Edition) -> str:
    return make_station_token(edition)


@pytest.fixture
def badge(edition: Edition) -> Badge:
    return make_badge(
        edition,
        first_name="Anne-Lise",
        last_name="d’Ortaffa",
        is_vip=True,
        needs=["parking", "other"],
    )


def test_a_scan_is_answered_with_the_verdict_and_the_holder(
    client: PageClient, token: str, badge: Badge
) -> None:
    scan_item = scan(f"HTTPS://SALON.EXAMPLE/B/{badge.code}")
    answer = post(client, token, {"scans": [scan_item]})
    assert answer.headers["Cache-Control"] == "no-store"
    result = answer.json["results"][0]
    assert result["scan_id"] == scan_item["scan_id"]
    assert (result["verdict"], result["message"]) == ("accepted", "Bienvenue")
    assert datetime.fromisoformat(result["first_entry_at"]).utcoffset()
    assert result["holder"] == {
        "name": "Anne-Lise d’Ortaffa",
        "function": "Maire",
        "on_behalf_of": "Espondeilhan",
        "category": "Élu",
        "colour": "#2440A8",
        "vip": True,
        "needs": ["Place de stationnement PMR", "Autre besoin"],
    }
    second_answer = post(client, token, {"scans": [scan_item]})
    assert second_answer.json["results"] == answer.json["results"]


def test_a_holder_has_the_colour_of_the_edition_of_the_badge(
    client: PageClient, token: str, badge: Badge
) -> None:
    other_badge = make_badge(make_edition(is_current=False))
    with transaction() as session:
        session.add(BadgeSettings(edition_id=badge.edition_id, colours={"elected": "#7a1f3d"}))
    body = {"scans": [scan(badge.code), scan(other_badge.code)]}
    results = post(client, token, body).json["results"]
    assert [result["verdict"] for result in results] == ["accepted", "wrong_edition"]
    assert [result["holder"]["colour"] for result in results] == ["#7A1F3D", "#2440A8"]
    headers = {"Authorization": f"Bearer {token}"}
    search = client.get("/api/v1/attendees?q=ortaffa", headers=headers)
    assert [person["colour"] for person in search.json["attendees"]] == ["#7A1F3D"]


def test_a_batch_is_answered_in_the_order_sent(
    client: PageClient, token: str, badge: Badge
) -> None:
    batch = [scan(badge.code), scan("autre"), scan(badge.code, direction="out")]
    results = post(client, token, {"scans": batch}).json["results"]
    assert [result["scan_id"] for result in results] == [fields["scan_id"] for fields in batch]
    assert [result["verdict"] for result in results] == ["accepted", "invalid", "exit"]
    assert "holder" not in results[1]


BAD_BODIES: list[tuple[str, Any]] = [
    ("not JSON", b"{"),
    ("empty", b""),
    ("bytes that are no text", b"\xff\xfe\xfa\x00"),
    ("deep nesting", b"[" * 100_000),
    ("a list", []),
    ("null", None),
    ("no scans", {}),
    ("scans is a text", {"scans": "x"}),
    ("no scan", {"scans": []}),
    ("501 scans", {"scans": [scan("x")] * 501}),
    ("a scan that is a number", {"scans": [1]}),
    ("an empty scan", {"scans": [{}]}),
]


@each("body", [case[1] for case in BAD_BODIES], ids=[c[0] for c in BAD_BODIES])
def test_a_body_that_is_not_the_api_is_refused(client: PageClient, token: str, body: Any) -> None:
    answer = post(client, token, body)
    assert answer.status_code == 400
    assert answer.json["message"]
    assert scans() == []


SOME_UUID = "5c226e5e-b163-4415-8e1a-027a761287e4"
BAD_FIELDS: list[tuple[str, Any]] = [
    *(("scan_id", value) for value in (None, 1, "", "abc", "g" * 36, {}, "1" * 36)),
    *(("scan_id", f"{{{SOME_UUID}}}"), ("scan_id", f"{SOME_UUID}\n")),
    *(("code", value) for value in (None, 1, [], "x" * 4297)),
    *(("scanned_at", value) for value in (None, 1633000000, "hier", "2021-10-01T09:00:00")),
    *(("scanned_at", value) for value in ("2021-13-01T09:00:00Z", "9999-12-31T23:59:59-12:00")),
    ("scanned_at", "9999-12-31T23:59:59+00:00"),
    *(("scanned_at", value) for value in ("0001-01-01T00:00:00+12:00", "2021-10-01", "1" * 5000)),
    *(("door", value) for value in (None, 1, "", "x" * 21, "a\x00", "\ud800", "\u202e")),
    *(("direction", value) for value in (None, 1, "IN", "entrée", [], {})),
]


@each(("field", "value"), BAD_FIELDS)
def test_a_field_of_the_wrong_kind_is_named_and_nothing_is_written(
    client: PageClient, token: str, badge: Badge, field: str, value: Any
) -> None:
    answer = post(client, token, {"scans": [scan(badge.code), {**scan("x"), field: value}]})
    assert answer.status_code == 400
    assert [(error["index"], error["field"]) for error in answer.json["errors"]] == [(1, field)]
    assert scans() == []
    assert presences() == {}


@each("door", ["A", "Porte d’été", "x" * 20])
@each("at", ["2021-10-01T07:00:00Z", "1970-01-01T00:00:00+00:00"])
def test_unusual_but_right_fields_are_taken(
    client: PageClient, token: str, badge: Badge, door: str, at: str
) -> None:
    scan_item = scan(badge.code, door=door, scanned_at=at, scan_id=str(uuid.uuid4()).upper())
    assert post(client, token, {"scans": [scan_item]}).status_code == 200


def test_another_content_type_is_a_415_and_a_body_too_large_a_413(
    client: PageClient, token: str
) -> None:
    form = post(client, token, b"scans=1", content_type="application/x-www-form-urlencoded")
    assert form.status_code == 415
    assert post(client, token, b" " * 2_100_000).status_code == 413
    assert client.get("/api/v1/scans").status_code == 405


@each("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer \ufffdé"])
def test_a_wrong_token_is_a_401_in_json(client: PageClient, edition: Edition, header: str) -> None:
    answer = client.post(
        "/api/v1/scans",
        json={"scans": [scan("x")]},
        headers={"Authorization": header.encode("utf-8").decode("latin-1")},
    )
    assert answer.status_code == 401
    assert answer.json["message"] == "Jeton absent, arrivé à son terme ou révoqué."
    assert scans() == []


def test_a_session_cookie_opens_nothing_here(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert organiser.post("/api/v1/scans", json={"scans": [scan("x")]}).status_code == 401


def test_a_revoked_station_is_refused_at_once(client: PageClient, token: str) -> None:
    assert post(client, token, {"scans": [scan("x")]}).status_code == 200
    station = find_station_by_token(token)
    assert station
    stations.revoke_station(Act(SYSTEM), station.id)
    assert post(client, token, {"scans": [scan("x")]}).status_code == 401
    assert len(scans()) == 1


def test_every_other_character_makes_the_code_worth_nothing(
    client: PageClient, token: str, badge: Badge
) -> None:
    """Each of the 26 characters changed, and each truncation (one batch of 52)."""
    forged = [
        badge.code[:at] + ALPHABET[(ALPHABET.index(badge.code[at]) + 1) % 32] + badge.code[at + 1 :]
        for at in range(26)
    ]
    truncated = [badge.code[:length] for length in range(26)]
    answer = post(client, token, {"scans": [scan(code) for code in forged + truncated]})
    assert {result["verdict"] for result in answer.json["results"]} == {"invalid"}
    assert presences() == {}


@pytest.mark.parametrize(
    "code",
    [
        "x" * 4096,
        "\x00\x01\x02\xff\x7f",
        "WIFI:S:salon;T:WPA;P:secret;;",
        "https://www.example.com/",
        "BEGIN:VCARD\nFN:Un autre\nEND:VCARD",
        "🎪" * 500,
        "\ud83d",
        "'; DROP TABLE scans; --",
        "{{7*7}}",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
    ],
)
def test_what_is_no_badge_is_kept_and_refused(client: PageClient, token: str, code: str) -> None:
    assert verdict_of(client, token, code) == Verdict.INVALID
    assert len(scans()) == 1
    assert scans()[0].code.isprintable()


def test_how_a_person_is_received_is_not_said_to_another_edition(
    client: PageClient, token: str
) -> None:
    other_edition = make_edition(is_current=False)
    foreign = make_badge(other_edition, last_name="Sirven", is_vip=True, needs=["parking"])
    (result,) = post(client, token, {"scans": [scan(foreign.code)]}).json["results"]
    assert result["verdict"] == "wrong_edition"
    holder = result["holder"]
    assert (holder["vip"], holder["needs"]) == (False, [])
    assert "Sirven" in holder["name"]


def test_codes_of_other_hosts_and_editions(client: PageClient, token: str, badge: Badge) -> None:
    foreign = make_badge(make_edition(is_current=False))
    assert verdict_of(client, token, f"https://autre.example/b/{badge.code}") == "accepted"
    assert verdict_of(client, token, foreign.code) == Verdict.WRONG_EDITION
    with transaction(badge):
        badge.revoked_at = now()
    assert verdict_of(client, token, badge.code) == Verdict.REVOKED
    assert verdict_of(client, token, badge.private_token) == Verdict.INVALID


def test_a_station_finds_people_by_name_and_lets_them_in(
    client: PageClient, token: str, badge: Badge
) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get("/api/v1/attendees", query_string={"q": "ORTAFFA anne"}, headers=headers)
    person = answer.json["attendees"][0]
    assert person["name"] == "Anne-Lise d’Ortaffa"
    assert (person["code_hash"], person["state"]) == (badge.code_hash, "valid")
    assert badge.code not in answer.text
    assert badge.private_token not in answer.text
    assert "mairie@" not in answer.text
    scan_json = {**scan(), "code_hash": person["code_hash"]}
    del scan_json["code"]
    assert verdict_on(client, token, scan_json) == "accepted"
    second_answer = client.get("/api/v1/attendees", query_string={"q": "ortaffa"}, headers=headers)
    assert second_answer.json["attendees"][0]["state"] == "inside"
    assert len(current_session().scalars(entries("attendees.searched")).all()) == 2


def test_a_person_is_found_by_the_number_on_the_badge_and_by_commune(
    client: PageClient, token: str, edition: Edition
) -> None:
    badge = make_badge(edition, last_name="Vidal")
    make_badge(edition, last_name="Espondeilhan", commune_code="34032")
    association = {"commune_code": None, "organisation": "Les Mâts d’Oc"}
    make_badge(edition, last_name="Cros", **association)
    headers = {"Authorization": f"Bearer {token}"}
    number = badge.code[:8].lower()
    for words, names in (
        (f"{number[:4]} {number[4:]}", ["Vidal"]),
        (number, ["Vidal"]),
        (f"{number[:7]}0", []),
        ("espondeilhan", ["Espondeilhan", "Vidal"]),
        ("vidal espond", ["Vidal"]),
        ("mâts", ["Cros"]),
    ):
        answer = client.get("/api/v1/attendees", query_string={"q": words}, headers=headers)
        people = answer.json.get("attendees", [])
        assert [person["name"].split()[-1] for person in people] == names, words


@each("text", ["", "ab", "a%_", "12345", "   "])
def test_a_search_needs_three_letters(client: PageClient, token: str, text: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get("/api/v1/attendees", query_string={"q": text}, headers=headers)
    assert answer.status_code == 400
    assert answer.json["message"]


def test_a_search_gives_twenty_people_at_most_and_is_limited(
    client: PageClient, token: str, edition: Edition
) -> None:
    for number in range(22):
        make_badge(edition, last_name="Martin", first_name=f"Léa {number}")
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get("/api/v1/attendees?q=martin", headers=headers)
    assert len(answer.json["attendees"]) == 20
    statuses = {
        client.get("/api/v1/attendees?q=zzz", headers=headers).status_code for _ in range(60)
    }
    assert statuses == {200, 429}
    assert client.get("/api/v1/attendees?q=martin").status_code == 401


def test_the_time_is_given_with_its_offset(client: PageClient, edition: Edition) -> None:
    begun_at = now().replace(microsecond=0)
    answer = client.get("/api/v1/time")
    assert begun_at <= datetime.fromisoformat(answer.json["now"]) <= now()
    assert answer.headers["Cache-Control"] == "no-store"
