"""Statements that a call of a station costs the database."""

import uuid

import pytest

from salon.fair.models import Edition
from salon.platform.settings.clock import now
from tests.entrance.people import make_badge
from tests.factories import make_station_token
from tests.pages import PageClient
from tests.statements import note_prepared, statements


@pytest.mark.on_both
def test_a_scan_takes_seven_statements_with_its_token_and_its_answer(
    client: PageClient, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, codes = make_station_token(edition), [make_badge(edition).code for _ in range(2)]

    def colour_after_scan(code: str) -> str:
        scan = {
            "scan_id": str(uuid.uuid4()),
            "code": code,
            "scanned_at": now().isoformat(),
            "door": "A",
            "direction": "in",
        }
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.post("/api/v1/scans", json={"scans": [scan]}, headers=headers)
        return str(answer.json["results"][0]["holder"]["colour"])

    colour_after_scan(codes[0])  # the time zone of the edition is known from now on
    run = note_prepared(monkeypatch)
    with statements() as others:
        assert colour_after_scan(codes[1]) == "#2440A8"
    assert run == [
        "read_station",
        "read_doors",
        "lock_badges",
        "read_presences",
        "read_recorded",
        "add_scans",
        "set_presences",
    ]
    assert others == []
