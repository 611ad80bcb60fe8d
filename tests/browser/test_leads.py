"""Contacts left at a stand, in a real Chromium: read offline, chosen by the visitor, taken back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer, axe, check_is_fit, enter, open_at, until
from tests.browser.hand import give_camera, hold
from tests.browser.printed import printed_badges, tilted
from tests.browser.reader import read
from tests.browser.stations import EVERYTHING_KEPT


def space_of(page: Page) -> str:
    """The address of the demonstration's exhibitor, signed in."""
    enter(page, "Entrer comme exposant")
    return re.sub(r"^https?://[^/]+", "", page.url)


def ready(page: Page) -> None:
    """The reading page is kept on the phone."""
    expect(page.locator("#network")).to_have_text("En ligne")
    until(
        page,
        "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'"
        " && Boolean(navigator.serviceWorker.controller)",
    )


@pytest.mark.long
def test_a_stand_reads_without_network_and_what_waits_leaves_when_it_is_back(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    codes = live_server.flask("badge-codes", "--limit", "2").split()
    space = space_of(page)
    page.goto(f"{space}/contacts/lecture")
    ready(page)
    check_is_fit(page)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#network")).to_have_text("Sans réseau")
    read(page, codes[0])
    expect(page.locator("#card-word")).to_have_text("Lecture gardée")
    page.get_by_role("button", name="A un projet").click()
    page.get_by_label("Note").fill("Quarante mâts")
    page.get_by_role("button", name="Enregistrer la note").click()
    expect(page.locator("#card-saved")).to_have_text("Gardé, à envoyer.")
    expect(page.locator("#network")).to_have_text("Sans réseau, 1\u00a0lecture en attente")
    page.get_by_label("Note").fill("Quarante mâts, un par quai")
    page.locator("h1").click()
    read(page, "https://ailleurs.example/autre")
    expect(page.locator("#card-word")).to_have_text("Ce code n’est pas un badge du salon")
    check_is_fit(page)
    code = codes[0].rpartition("/")[2]
    kept = page.evaluate(EVERYTHING_KEPT)["text"]
    assert "un par quai" in kept, "a note that was not saved is, when the next is read"
    assert code not in kept
    assert code[:8] not in kept
    context.set_offline(False)
    expect(page.locator("#network")).to_have_text("En ligne")
    read(page, codes[1])
    expect(page.locator("#card-word")).to_have_text("Contact non partagé")
    expect(page.locator("#last-list li")).to_have_count(2)
    page.get_by_label("Ou taper le numéro").fill(f"{code[:4]} {code[4:8]}".lower())
    page.get_by_role("button", name="Chercher ce badge").click()
    expect(page.locator("#card-word")).to_have_text("Contact non partagé")
    page.goto(f"{space}/contacts")
    expect(page.locator(".lead-figures .figure__value").first).to_have_text("2")
    expect(page.locator(".rows").first).to_contain_text("Quarante mâts")


def test_the_camera_reads_a_badge_without_network(
    page: Page, context: BrowserContext, live_server: LiveServer, tmp_path: Path
) -> None:
    """The decoder too is kept on the phone."""
    (badge,) = printed_badges(live_server, tmp_path, 1).values()
    give_camera(context)
    page.goto(f"{space_of(page)}/contacts/lecture")
    ready(page)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#network")).to_have_text("Sans réseau")
    page.get_by_role("button", name="Ouvrir la caméra").click()
    hold(page, tilted(badge))
    expect(page.locator("#card-word")).to_have_text("Lecture gardée")
    context.set_offline(False)
    expect(page.locator("#card-word")).to_have_text("Contact non partagé")


def test_a_session_that_ended_keeps_what_waits_and_says_so(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    code = live_server.flask("badge-codes", "--limit", "1").strip()
    space = space_of(page)
    page.goto(f"{space}/contacts/lecture")
    ready(page)
    context.clear_cookies()
    read(page, code)
    expect(page.locator("#signed-out")).to_contain_text("1\u00a0lecture attend sur ce téléphone")
    assert axe(page) == []
    space_of(page)
    page.goto(f"{space}/contacts/lecture")
    expect(page.locator("#network")).to_have_text("En ligne")
    page.goto(f"{space}/contacts")
    expect(page.locator(".list-head__count")).to_have_text("1 contact")


def test_a_visitor_chooses_without_javascript_and_takes_back_and_the_stand_obeys(
    page: Page, plain_page: Page
) -> None:
    plain = plain_page
    space = space_of(page)
    page.goto(f"{space}/contacts/affiche")
    poster = page.locator(".lead-poster__address").inner_text()
    check_is_fit(page)
    plain.goto("/demonstration")
    plain.get_by_role("button", name="Ouvrir son badge").click()
    name = plain.locator("h1").inner_text()
    plain.get_by_role("link", name="Qui m’a scanné").click()
    expect(plain.get_by_role("heading", name="Aucun stand n’a lu votre badge")).to_be_visible()
    mine = plain.url
    plain.goto(f"{mine}/stand/{poster.rpartition('/')[2]}")
    assert plain.locator("input:checked").count() == 0
    follow_up = plain.get_by_role("group", name="Être recontacté au sujet de ma demande")
    follow_up.get_by_label("Nom, fonction et commune").check()
    plain.get_by_role("button", name="Enregistrer mon choix").click()
    expect(plain.get_by_role("heading", name="C’est enregistré")).to_be_visible()
    page.goto(f"{space}/contacts")
    expect(page.get_by_role("link", name=name)).to_be_visible()
    check_is_fit(page)
    plain.goto(mine)
    plain.get_by_role("button", name="Tout retirer").click()
    plain.get_by_role("button", name="Retirer mes coordonnées").click()
    expect(plain.get_by_text("ne voit plus vos coordonnées")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Contact non partagé")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(name)


def test_the_visitor_s_pages_are_for_all(page: Page) -> None:
    space = space_of(page)
    page.goto(f"{space}/contacts/affiche")
    poster = page.locator(".lead-poster__address").inner_text()
    open_at(page, "10 h 30")
    page.goto(f"/stand/{poster.rpartition('/')[2]}")
    check_is_fit(page)
    enter(page, "Ouvrir son badge")
    mine = f"{page.url}/contacts"
    page.goto(mine)
    expect(page.locator(".lead-share")).to_have_count(3)
    check_is_fit(page)
    share = page.locator(".lead-share", has_text="Éclairage du Biterrois")
    share.get_by_role("link", name="Changer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ce que vous laissez")
    check_is_fit(page)
    page.get_by_role("button", name="Enregistrer mon choix").click()
    expect(page.get_by_role("heading", name="C’est enregistré")).to_be_visible()
    check_is_fit(page)
