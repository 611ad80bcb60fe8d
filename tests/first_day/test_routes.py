"""From an empty database to a fair that the public sees, by pages only."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from salon.accounts import rules
from salon.accounts.models import SingleUseCode
from salon.accounts.queries import accounts_by_role, digest
from salon.accounts.services.organisers import check_first_code, issue_first_code, use_first_code
from salon.badges.queries import loaded_departments
from salon.fair.queries import bodies_of, get_public_edition
from salon.first_day.queries import find_edition_in_preparation, step_reached
from salon.first_day.rules import SetUpStep
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import real_now
from salon.platform.words.errors import LinkExpired
from tests.factories import PASSWORD, make_account, make_edition, sign_in
from tests.pages import PageClient

STEPS = "/organisation/premier-jour"
DAY = (datetime.now(UTC) + timedelta(days=90)).date()
TYPED: dict[SetUpStep, dict[str, Any]] = {
    SetUpStep.TERRITORY: {"department": "974", "day_on": str(DAY), "village_name": "le village"},
    SetUpStep.ORGANISER: {
        "name": "Salon des maires de La Réunion",
        "short_name": "Salon des maires",
        "organiser": "Association des maires de La Réunion",
        "second_name": "Paul Hoarau",
        "second_email": "paul@maires.example",
    },
    SetUpStep.PLACE: {"place": "Nordev", "address": "1 rue du Karting", "city": "Saint-Denis"},
    SetUpStep.DAYS: {
        "days-0-day_on": str(DAY),
        "days-0-opens": "09:00",
        "days-0-closes": "17:00",
        "days-1-day_on": str(DAY + timedelta(days=1)),
        "days-1-opens": "09:00",
        "days-1-closes": "12:00",
    },
    SetUpStep.HALLS: {
        "halls-0-name": "1",
        "halls-0-width": "40",
        "halls-0-depth": "25,5",
        "halls-1-name": "2",
        "halls-1-width": "20",
        "halls-1-depth": "10",
    },
    SetUpStep.VILLAGE: {"bodies": "Département\r\nSDIS\r\nCAUE"},
    SetUpStep.REGISTRATION: {
        "opens_at": f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT09:00}",
        "closes_at": f"{DAY}T12:00",
    },
}


def take(client: PageClient, step: SetUpStep) -> None:
    answer = client.fill(f"{STEPS}/{step.value}", **TYPED[step])
    assert answer.status_code == 302, answer.text[:3000]
    assert answer.location.endswith(step.following.value)


def test_a_fair_is_set_up_from_the_printed_address(app: Flask, client: PageClient) -> None:
    assert "Ce salon se prépare" in client.get("/").text
    waiting = client.get("/programme")
    assert (waiting.status_code, "Ce salon se prépare" in waiting.text) == (404, True)
    address = f"/premier-jour/{issue_first_code()}"
    answer = client.fill(address, display_name="Marie Payet", email="marie@maires.example")
    page = client.get(answer.location).text
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret
    code = pyotp.TOTP(secret[1]).now()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    ready = client.post(
        answer.location, data={"csrf_token": token[1], "password": PASSWORD, "code": code}
    )
    assert ready.status_code == 302
    led = client.get("/organisation")
    assert led.location.endswith(STEPS)
    assert client.get(STEPS).location.endswith("/territoire")
    for step in TYPED:
        take(client, step)
        assert client.get(STEPS).location.endswith(step.following.value)
    share = client.get(f"{STEPS}/partager").text
    assert "Rien n’est encore public" in share
    leads = re.search(r'href="([^"]+)">(?:(?!</a>).)*sans ouvrir', share)
    assert leads
    overview = client.get("/organisation", follow_redirects=True)
    assert overview.request.path == leads[1] == f"/e/{DAY.year}/organisation"
    for page in (share, overview.text):
        assert f'href="/e/{DAY.year}/organisation/village/agents"' in page, "the menu"
    assert "Préparer le salon" in overview.text
    assert "Sans dates ni règlement, personne ne peut candidater." in overview.text
    assert "étape 8 sur 8" in overview.text
    assert "Ce salon se prépare" in app.test_client().get("/").text
    opened = client.fill(f"{STEPS}/partager")
    assert "Votre salon est en ligne" in client.get(opened.location).text
    edition = get_public_edition()
    assert (edition.slug, edition.time_zone) == (str(DAY.year), "Indian/Reunion")
    assert edition.starts_at == datetime.combine(DAY, time(5), UTC)
    assert [hall.area for hall in edition.halls] == [1020, 200]
    assert [body.name for body in bodies_of(edition)] == ["Département", "SDIS", "CAUE"]
    assert [(door.code, door.admits) for door in edition.doors] == [
        ("A", []),
        ("X", ["exhibitor", "agent", "organiser"]),
    ]
    assert loaded_departments() == {"974": 24}
    names = {account.display_name for account in accounts_by_role()}
    assert names == {"Marie Payet", "Paul Hoarau"}
    public = app.test_client()
    for path in ("/", "/village", "/programme", "/plan", "/inscription", "/infos-pratiques"):
        assert public.get(path).status_code == 200, path
    assert client.get(STEPS).location.endswith("/organisation")
    prepared = client.fill(f"/organisation/reglages/editions/{DAY.year}/suivante")
    assert "en brouillon" in client.get(prepared.location).text, "what was left empty stays empty"


def test_leaving_half_way_loses_nothing(app: Flask) -> None:
    client = sign_in(app, Role.ORGANISER)
    for step in (SetUpStep.TERRITORY, SetUpStep.ORGANISER, SetUpStep.PLACE):
        take(client, step)
    second_client = sign_in(app, Role.ORGANISER)
    overview = second_client.get("/organisation", follow_redirects=True).text
    assert "étape 4 sur 8" in overview
    assert "Il manque un hall." in overview
    assert second_client.get(STEPS).location.endswith("/jours")
    assert 'value="Nordev"' in second_client.get(f"{STEPS}/lieu").text
    assert second_client.get(f"{STEPS}/inscription").location.endswith(STEPS)
    take(second_client, SetUpStep.PLACE)
    assert step_reached() == SetUpStep.DAYS


def test_what_was_typed_is_checked(app: Flask) -> None:
    client = sign_in(app, Role.ORGANISER)
    wrong: list[tuple[SetUpStep, dict[str, str]]] = [
        (SetUpStep.TERRITORY, {"department": "20"}),
        (SetUpStep.ORGANISER, {"organiser": ""}),
        (SetUpStep.ORGANISER, {"second_email": ""}),
        (SetUpStep.PLACE, {"city": ""}),
        (SetUpStep.DAYS, {"days-0-closes": "08:00"}),
        (SetUpStep.HALLS, {"halls-0-width": "large"}),
        (SetUpStep.HALLS, {"halls-1-name": "1"}),
        (SetUpStep.HALLS, {"halls-0-name": "", "halls-1-name": ""}),
        (SetUpStep.VILLAGE, {"bodies": "\n".join(f"Organisme {n}" for n in range(200))}),
        (SetUpStep.REGISTRATION, {"opens_at": "2099-01-01T09:00"}),
    ]
    for step in TYPED:
        for changed in (values for at, values in wrong if at == step):
            before = step_reached()
            answer = client.fill(f"{STEPS}/{step.value}", **{**TYPED[step], **changed})
            assert answer.status_code == 400, (step, changed)
            assert step_reached() == before
        take(client, step)
    draft = find_edition_in_preparation()
    assert draft is not None
    assert len(draft.halls) == 2


def test_the_first_address_works_once_and_for_a_day(app: Flask, client: PageClient) -> None:
    former = issue_first_code()
    code = issue_first_code()
    stored = {link.code_hash for link in current_session().query(SingleUseCode)}
    assert stored == {digest(former), digest(code)}
    for wrong in (former, "inconnu", code + "x"):
        with pytest.raises(LinkExpired):
            check_first_code(wrong)
        assert client.get(f"/premier-jour/{wrong}").status_code == 410
    use_first_code(Act(SYSTEM), code, "marie@maires.example", "Marie Payet")
    with pytest.raises(LinkExpired):
        use_first_code(Act(SYSTEM), code, "autre@maires.example", "Autre")
    assert len(accounts_by_role()) == 1
    with pytest.raises(rules.AlreadyOrganised):
        issue_first_code()


def test_the_first_address_expires(app: Flask) -> None:
    code = issue_first_code()
    with transaction() as session:
        link = session.query(SingleUseCode).one()
        link.expires_at = real_now()
    with pytest.raises(LinkExpired):
        use_first_code(Act(SYSTEM), code, "marie@maires.example", "Marie Payet")
    assert not accounts_by_role()


def test_an_account_made_otherwise_ends_the_first_address(app: Flask) -> None:
    code = issue_first_code()
    make_account(role=Role.ORGANISER)
    with pytest.raises(LinkExpired):
        check_first_code(code)


def test_the_set_up_is_for_organisers_of_an_empty_fair(app: Flask, client: PageClient) -> None:
    agent = sign_in(app, Role.AGENT)
    assert agent.get(STEPS).status_code == 403
    make_edition()
    organiser = sign_in(app, Role.ORGANISER)
    for path in (STEPS, f"{STEPS}/lieu"):
        assert organiser.get(path).status_code == 302
    answer = organiser.get("/village/inconnu")
    assert (answer.status_code, "Ce salon se prépare" in answer.text) == (404, False)


def test_the_first_organiser_of_the_command_line_is_led_to_the_steps(
    app: Flask, runner: FlaskCliRunner
) -> None:
    output = runner.invoke(args=["create-organiser", "marie@maires.example"]).output
    assert "étapes du premier jour" in output
