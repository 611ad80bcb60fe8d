"""The rules of the doors: what is set holds for stations; the PIN is never shown again."""

import hashlib
import re
from typing import Any

import pytest
from flask import Flask

from salon.accounts.models import StationKind
from salon.entrance.queries.stations import settings_of
from salon.entrance.services.settings import PIN_ROUNDS, seal_pin
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from tests.factories import sign_in
from tests.kiosk.make import make_device
from tests.pages import PageClient
from tests.tables import each

PLACE = "/organisation/reglages/entrees"


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def typed(client: PageClient, **changes: Any) -> dict[str, Any]:
    """Return the form as the page shows it, with these changes."""
    page = client.get(PLACE).get_data(as_text=True)
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    return {
        **hidden,
        "lets_unknown_in": "no",
        "kiosk_prints": "no",
        "urgent_numbers": "SAMU : 15\r\nPompiers : 18",
        **changes,
    }


def told_to(client: PageClient, edition: Edition, kind: StationKind) -> dict[str, Any]:
    """Return the place and rules that a station of this kind is given."""
    token = make_device(client, edition, kind, name=kind.label).token
    answer = client.get("/api/v1/station", headers={"Authorization": f"Bearer {token}"})
    return dict(answer.get_json())


def test_what_is_set_holds_and_a_station_learns_it(
    client: PageClient, organiser: PageClient, edition: Edition
) -> None:
    assert organiser.post(PLACE, data=typed(organiser, pin="482913")).status_code == 302
    settings = settings_of(edition)
    assert (settings.lets_unknown_in, settings.kiosk_prints) == (False, False)
    assert settings.urgent_numbers == "SAMU : 15\nPompiers : 18"
    fields = told_to(client, edition, StationKind.KIOSK)
    assert fields["lets_unknown_in"] is False
    salt, digest = fields["kiosk"]["pin_salt"], fields["kiosk"]["pin_hash"]
    sealed = hashlib.pbkdf2_hmac("sha256", b"482913", bytes.fromhex(salt), 200_000).hex()
    assert digest == sealed
    assert "482913" not in organiser.get(PLACE).text
    entry = current_session().query(JournalEntry).order_by(JournalEntry.id.desc()).first()
    assert entry is not None
    assert "482913" not in str(entry.details)
    kiosk = set(fields)
    assert kiosk - set(told_to(client, edition, StationKind.SCANNER)) == {"kiosk"}
    assert kiosk - set(told_to(client, edition, StationKind.PRINTER)) == {"kiosk"}


def test_the_pin_stays_until_it_is_changed_or_forgotten(
    organiser: PageClient, edition: Edition
) -> None:
    organiser.post(PLACE, data=typed(organiser, pin="1234"))
    first = settings_of(edition).kiosk_pin_hash
    organiser.post(PLACE, data=typed(organiser))
    current_session().expire_all()
    assert settings_of(edition).kiosk_pin_hash == first
    organiser.post(PLACE, data=typed(organiser, forget_pin="y"))
    current_session().expire_all()
    assert settings_of(edition).kiosk_pin_hash == settings_of(edition).kiosk_pin_salt == ""


def test_two_seals_of_one_pin_differ() -> None:
    assert PIN_ROUNDS == 200_000
    assert seal_pin("1234") != seal_pin("1234")
    assert seal_pin("") == ("", "")


@each(
    "wrong",
    [
        {"pin": "123"},
        {"pin": "123456789"},
        {"pin": "12a4"},
        {"pin": "\u0661\u0662\u0663\u0664"},
        {"lets_unknown_in": "maybe"},
        {"lets_unknown_in": ""},
        {"kiosk_prints": "x"},
        {"urgent_numbers": "x" * 1_001},
        {"version": "x"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    organiser: PageClient, edition: Edition, wrong: dict[str, str]
) -> None:
    assert organiser.post(PLACE, data=typed(organiser, **wrong)).status_code == 400
    current_session().rollback()
    assert settings_of(edition).lets_unknown_in is True


def test_two_editors_see_both(organiser: PageClient, edition: Edition) -> None:
    late = typed(organiser, urgent_numbers="Le mien : 1", pin="7777")
    organiser.post(PLACE, data=typed(organiser, urgent_numbers="Le sien : 2"))
    answer = organiser.post(PLACE, data=late)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Le mien : 1" in page
    assert "Le sien\u00a0: 2" in page
    assert "7777" not in page
    current_session().expire_all()
    assert settings_of(edition).urgent_numbers == "Le sien : 2"
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    assert organiser.post(PLACE, data={**late, "version": version[1]}).status_code == 302


def test_only_organisers_set_them(app: Flask, edition: Edition) -> None:
    assert sign_in(app, Role.AGENT).get(PLACE).status_code == 403
