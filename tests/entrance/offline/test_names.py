"""The names that a door holds in memory."""

from typing import Any

import pytest

from salon.entrance.queries import names as queries
from salon.entrance.services.offline_list import update_list
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import now
from tests.entrance.people import NINE, make_badge
from tests.factories import make_station_token
from tests.pages import PageClient


@pytest.fixture
def token(edition: Edition) -> str:
    return make_station_token(edition)


def ask(client: PageClient, token: str, edition: int = 0, since: int = 0) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return client.get(f"/api/v1/names?edition={edition}&since={since}", headers=headers)


def test_a_door_is_given_names_and_then_what_changed(
    client: PageClient, edition: Edition, token: str
) -> None:
    first = make_badge(edition, first_name="Anne-Lise", last_name="d’Ortaffa", needs=["parking"])
    update_list(NINE)
    answer = ask(client, token)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["names"] == [
        [
            *(first.code_hash, "Anne-Lise", "d’Ortaffa", "Maire", "Espondeilhan", "elected"),
            *(False, ["parking"]),
        ]
    ]
    assert first.code not in answer.text
    serial = answer.json["serial"]
    second = make_badge(edition)
    with transaction(first):
        first.revoked_at = now()
    update_list(NINE)
    later = ask(client, token, edition.id, serial).json
    assert {name[0]: len(name) for name in later["names"]} == {
        first.code_hash: 1,
        second.code_hash: 8,
    }
    assert ask(client, token, edition.id, later["serial"]).json["names"] == []
    assert len(ask(client, token, edition.id, later["serial"] + 50).json["names"]) == 2
    assert len(ask(client, token, edition.id + 1, later["serial"]).json["names"]) == 2


def test_names_come_in_parts_and_none_is_forgotten(
    client: PageClient, edition: Edition, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "NAMES_AT_ONCE", 2)
    hashes = set()
    for _ in range(5):
        hashes.add(make_badge(edition).code_hash)
        update_list(NINE)
    serial, parts = 0, []
    while names := (part := ask(client, token, edition.id, serial).json)["names"]:
        serial = part["serial"]
        parts.append({name[0] for name in names})
    assert [len(part) for part in parts] == [2, 2, 1]
    assert set().union(*parts) == hashes


def test_asking_for_all_names_is_noted_and_limited(
    client: PageClient, edition: Edition, token: str
) -> None:
    make_badge(edition)
    update_list(NINE)
    serial = ask(client, token).json["serial"]
    for _ in range(20):
        assert ask(client, token, edition.id, serial).status_code == 200
    assert current_session().query(JournalEntry).filter_by(action="attendees.listed").count() == 1
    assert {ask(client, token).status_code for _ in range(15)} == {200, 429}
