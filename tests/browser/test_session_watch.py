"""A session about to end says so, and what is typed when it ends comes back. One that came by an
identity provider ends there too."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from salon.demonstration.services import ORGANISER
from tests.browser.conftest import LiveServer, axe, check_is_fit, enter, patient
from tests.conftest import copy_demonstration
from tests.openid_provider import run_providers

PLACE = "/organisation/reglages/lieu"
TYPED = "Salle du Pioch, Béziers"


def leave_idle(live_server: LiveServer, page: Page, minutes: int) -> None:
    """As if no page had been opened for so long: the session's row and the page's clock."""
    seen_at = datetime.now(UTC) - timedelta(minutes=minutes)
    text = seen_at.strftime("%Y-%m-%d %H:%M:%S.%f")
    live_server.execute("UPDATE sign_ins SET last_seen_at = ?", text)
    page.clock.fast_forward(minutes * 60_000)


def test_a_session_warns_before_it_ends_and_gives_back_what_was_typed(
    page: Page, live_server: LiveServer
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})  # filling scrolls nothing: no activity
    page.clock.install()
    enter(page, "Entrer comme organisateur")
    page.goto(PLACE)
    bar = page.locator("#session-watch")
    expect(bar).to_be_hidden()
    with page.expect_response("**/session.json"):
        page.get_by_label("Lieu").fill(TYPED)
        page.clock.fast_forward(61_000)
    leave_idle(live_server, page, 29)
    expect(bar).to_contain_text(re.compile("prend fin dans 1.minute"))
    assert axe(page) == []
    assert page.evaluate("() => document.activeElement.name") == "place"
    bar.get_by_role("button", name="Rester connecté").press("Enter")
    expect(bar).to_be_hidden()
    leave_idle(live_server, page, 31)
    expect(bar).to_contain_text("a pris fin")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/connexion/organisation?next=/reprendre")
    enter(page, "Entrer comme organisateur")
    page.goto("/reprendre")
    expect(page.get_by_text("Votre session avait pris fin")).to_be_visible()
    expect(page.get_by_label("Lieu")).to_have_value(TYPED)
    page.get_by_label("Lieu").fill("")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.goto("/plan")
    page.go_back()
    expect(page.get_by_label("Lieu")).to_be_visible()
    check_leaving(page)


def check_leaving(page: Page) -> None:
    """A form that was begun asks before its page is left, unless it is sent or as it was."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(PLACE)
    field = page.get_by_label("Lieu")
    saved, elsewhere = field.input_value(), page.get_by_role("link", name="Réglages").first
    field.fill("Salle des fêtes")
    with page.expect_event("dialog"):
        elsewhere.click(no_wait_after=True)
    expect(field).to_have_value("Salle des fêtes")
    field.fill(saved)
    elsewhere.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Réglages")
    page.goto(PLACE)
    field.fill("Salle des fêtes")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Enregistrer").click()
    assert asked == ["beforeunload"]


def sign_in_by_provider(page: Page, **claims: object) -> None:
    page.goto("/connexion/organisation")
    page.get_by_role("link", name="S’identifier avec ProConnect").click()
    page.get_by_label("Claims").fill(json.dumps(claims))
    page.get_by_role("button", name="Sign in").click()


def test_the_provider_s_session_is_left_by_signing_out(
    chromium: Browser, seeded: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The policy of our pages lets a form lead nowhere else: a page leads to the provider."""
    copy_demonstration(seeded, tmp_path)
    server = LiveServer(tmp_path)
    back, signed_out = f"{server.url}/connexion/fournisseur/retour", f"{server.url}/deconnexion"
    with run_providers(back, signed_out) as providers:
        server.environment |= {
            "OIDC_ISSUER": providers.plain,
            "OIDC_CLIENT_ID": "salon",
            "OIDC_CLIENT_SECRET": providers.secret,
            "OIDC_ORGANISER_ACR": "eidas2",
        }
        server.start()
        request.addfinalizer(server.stop)
        context = patient(chromium.new_context(base_url=server.url, locale="fr-FR"))
        page = context.new_page()
        page.goto("/connexion/organisation")
        check_is_fit(page)
        stranger = {"sub": "1", "email": "inconnu@mairie.example", "email_verified": True}
        sign_in_by_provider(page, **stranger, acr="eidas2")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("connexion refusée"))
        check_is_fit(page)
        context.clear_cookies()
        organiser = {"sub": "2", "email": ORGANISER, "email_verified": True}
        sign_in_by_provider(page, **organiser, acr="eidas2")
        page.wait_for_url("**/organisation")
        page.get_by_role("button", name="Se déconnecter").first.click()
        page.wait_for_url(f"{providers.plain}/session/end?**")
        page.get_by_role("button").first.click()
        expect(page.get_by_text("Vous êtes déconnecté, de ProConnect aussi.")).to_be_visible()
