"""Every page: axe finds nothing, nothing scrolls sideways at 320 px, at 200 % zoom neither."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import LiveServer, axe, enter, scrolls_sideways

PUBLIC = (
    "/",
    "/village",
    "/programme",
    "/plan",
    "/infos-pratiques",
    "/mentions-legales",
    "/confidentialite",
    "/accessibilite",
    "/inscription",
    "/inscription/commune",
    "/inscription/merci",
    "/connexion",
    "/connexion/organisation",
    "/scanner",
    "/demonstration",
    "/demonstration/courriels",
    "/page-inconnue",
)
ORGANISER = (
    "/organisation",
    "/organisation/entrees",
    "/organisation/participants",
    "/organisation/badges",
    "/organisation/courriels",
    "/organisation/journal",
    "/organisation/stations",
    "/organisation/comptes",
    "/organisation/mot-de-passe",
    "/accueil",
)


def inspect(page: Page, path: str) -> None:
    page.goto(path)
    for width in (320, 640, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert not scrolls_sideways(page), f"{path} at {width} px"
    assert axe(page) == [], path
    page.set_viewport_size({"width": 320, "height": 800})
    assert axe(page) == [], path


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages(page: Page, path: str) -> None:
    inspect(page, path)


def test_a_theme_and_a_badge(page: Page, live_server: LiveServer) -> None:
    page.goto("/village")
    themes = page.locator("a[href^='/village/']").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    assert themes
    inspect(page, themes[0])
    enter(page, "Ouvrir son badge")
    badge = re.sub(r"^https?://[^/]+", "", page.url)
    for path in (badge, f"{badge}/modifier", f"{badge}/annuler", f"{badge}/remplacer"):
        inspect(page, path)


def test_organiser_pages(page: Page, live_server: LiveServer) -> None:
    enter(page, "Entrer comme organisateur")
    for path in ORGANISER:
        inspect(page, path)
    page.goto("/organisation/participants")
    details = page.locator("a[href^='/organisation/participants/']").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    inspect(page, details[0])


@pytest.mark.parametrize("role", ["Entrer comme agent", "Entrer comme exposant"])
def test_start_pages(page: Page, role: str) -> None:
    enter(page, role)
    assert axe(page) == []
    assert not scrolls_sideways(page)
