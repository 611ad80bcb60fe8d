"""The pages of the doors: enrolment, stations, live figures."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from salon.accounts.models import Station
from salon.accounts.queries import find_station_by_token
from salon.accounts.services import stations
from salon.fair.models import Edition, EditionState
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from tests.entrance.people import make_badge, make_station
from tests.factories import make_edition, sign_in
from tests.pages import PageClient


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def test_the_scanner_is_public_and_holds_nothing_personal(
    client: PageClient, edition: Edition
) -> None:
    badge = make_badge(edition)
    page = client.get("/scanner")
    assert page.status_code == 200
    assert "wasm-unsafe-eval" in page.headers["Content-Security-Policy"]
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert badge.code not in page.text
    assert "Entrée des visiteurs" not in page.text  # the doors come by the API
    assert "Code d’enrôlement" in page.text


def test_an_organiser_opens_a_station_and_a_phone_becomes_it(
    organiser: PageClient, client: PageClient
) -> None:
    answer = organiser.fill("/organisation/stations", name="Téléphone de Nadia", door="A")
    assert answer.status_code == 302
    page = organiser.get(answer.location).text
    link = re.search(r'href="[^"]*(/scanner/enrolement/[^"]+)"', page)
    assert link
    assert '<svg class="qr"' in page
    opened = client.get(link[1])
    assert "Faire de cet appareil une station" in opened.text
    client.get(link[1])
    typed = re.search(r"enrolment__code[^>]*>([^<]+)<", page)
    assert typed
    enrolled = client.fill(f"/scanner/enrolement/{typed[1].lower()}")
    assert enrolled.status_code == 200
    assert enrolled.headers["Cache-Control"] == "no-store"
    token = re.search(r'data-token="([^"]+)"', enrolled.text)
    assert token
    assert find_station_by_token(token[1])
    second_answer = client.fill(link[1])
    assert second_answer.status_code == 410
    assert token[1] not in second_answer.text
    listed = organiser.get("/organisation/stations").text
    assert "En service" in listed
    assert token[1] not in listed


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.HELD, EditionState.CLOSED])
def test_a_phone_becomes_the_station_of_an_edition_that_is_not_public(
    app: Flask, organiser: PageClient, edition: Edition, state: EditionState
) -> None:
    """By the address of the QR code, which names the edition, and by the code as it is typed."""
    other_edition = make_edition(slug="2150", is_current=False)
    with transaction(other_edition):
        other_edition.state = state
    for name, prefix in (("Bureau", "/e/2150"), ("Comptoir", "")):
        fields = {"name": name, "kind": "desk", "door": "A"}
        answer = organiser.fill("/e/2150/organisation/stations", **fields)
        page = organiser.get(answer.location).text
        link = re.search(r'href="[^"]*/e/2150(/scanner/enrolement/[^"]+)"', page)
        assert link
        phone = app.test_client()
        assert isinstance(phone, PageClient)
        token = re.search(r'data-token="([^"]+)"', phone.fill(prefix + link[1]).text)
        assert token
        station = find_station_by_token(token[1])
        assert station is not None
        assert station.edition_id == other_edition.id
        assert phone.get("/accueil").status_code == 200


def test_an_unknown_code_enrols_nothing(client: PageClient, edition: Edition) -> None:
    assert client.fill("/scanner/enrolement/abc").status_code == 410


def test_guessing_codes_is_limited(client: PageClient, edition: Edition) -> None:
    statuses = {client.fill("/scanner/enrolement/abc").status_code for _ in range(25)}
    assert statuses == {410, 429}


def test_a_station_is_revoked_from_its_page(organiser: PageClient, edition: Edition) -> None:
    station_id = make_station(edition, "Tablette")
    page = f"/organisation/stations/{station_id}"
    assert "Tablette" in organiser.get(page).text
    assert organiser.fill(page, to=f"{page}/revoquer").status_code == 302
    current_session().rollback()
    station = current_session().scalars(select(Station).where(Station.id == station_id)).one()
    assert station.revoked_at
    assert station.token_hash is None
    assert "Révoqué" in organiser.get("/organisation/stations").text


@pytest.mark.parametrize(
    ("name", "door", "status"),
    [("", "A", 400), ("x" * 41, "A", 400), ("a\x00b", "A", 400), ("Poste", "Z", 400)],
)
def test_a_station_badly_named_is_refused(
    organiser: PageClient, name: str, door: str, status: int
) -> None:
    assert organiser.fill("/organisation/stations", name=name, door=door).status_code == status
    assert current_session().scalars(select(Station)).all() == []


def test_a_name_already_in_service_is_a_409(organiser: PageClient, edition: Edition) -> None:
    make_station(edition, "Tablette")
    answer = organiser.fill("/organisation/stations", name="Tablette", door="A")
    assert answer.status_code == 409
    assert "porte déjà le nom «\u00a0Tablette\u00a0»" in answer.text
    assert "«\u00a0Tablette 2\u00a0» est libre" in answer.text


def test_an_unknown_station_is_a_404(organiser: PageClient) -> None:
    assert organiser.get("/organisation/stations/999").status_code == 404


def test_the_pages_of_the_organisation_are_closed_to_others(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    station = stations.create_station(Act(SYSTEM), "Tablette", "A", edition.id)
    for path in (
        "/organisation/stations",
        f"/organisation/stations/{station.id}",
        "/organisation/entrees",
        "/organisation/entrees.json",
    ):
        assert client.get(path).status_code == 302
        assert sign_in(app, Role.AGENT).get(path).status_code == 403
