"""A rota from the solver to an agent's pocket: proposed, moved, published, told, read."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, OpenBrowser, axe, enter
from tests.browser.keyboard import press

VILLAGE = "/organisation/village"
AGENT = "Agnès Roqueblave"


def test_a_rota_is_proposed_published_and_read_by_the_agent(
    open_browser: OpenBrowser, live_server: LiveServer
) -> None:
    page = open_browser(1280, 720).new_page()
    enter(page, "Entrer comme organisateur")
    propose(page, live_server)
    drop_the_last_shift_of(page, AGENT)
    publish(page)
    live_server.flask("worker", "--once")
    told_alone(page)
    enter(page, "Entrer comme agent")
    page.goto("/planning")
    expect(page.locator("main")).to_contain_text("Version 2 du planning")
    expect(page.locator("main")).to_contain_text(re.compile("version 2", re.IGNORECASE))
    assert axe(page) == []


def propose(page: Page, server: LiveServer) -> None:
    """Changes nothing of what is published already: the draft is kept as it is."""
    page.goto(f"{VILLAGE}/calculs")
    page.get_by_label("Changer le brouillon le moins possible").check()
    page.get_by_role("button", name="Calculer le planning").click()
    expect(page.get_by_role("heading", name="Calcul du planning")).to_be_visible()
    server.flask("worker", "--once")
    expect(page.get_by_role("heading", name="Planning proposé")).to_be_visible(timeout=15_000)
    expect(page.locator("main")).to_contain_text("Tous les minimums sont tenus")
    assert axe(page) == []
    page.get_by_role("button", name="En faire le brouillon").click()
    page.get_by_role("button", name="Remplacer le brouillon").click()
    expect(page.get_by_role("heading", name="Planning du village")).to_be_visible()


def drop_the_last_shift_of(page: Page, name: str) -> None:
    """Through the page of the row, which needs no script."""
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("button", name=re.compile("^Retirer")).last.click()
    expect(page.locator("main")).to_contain_text(name)


def publish(page: Page) -> None:
    """By keyboard alone."""
    page.goto(f"{VILLAGE}/publication")
    expect(page.locator("#differences").locator("xpath=..")).to_contain_text(AGENT)
    assert axe(page) == []
    press(page, "Publier la version 2")
    expect(page.locator("main")).to_contain_text("Version 2")


def told_alone(page: Page) -> None:
    """The mailbox has one message on version 2, to that agent, with a calendar file."""
    page.goto("/demonstration/courriels")
    element = page.get_by_role("link", name=re.compile(r"version 2"))
    expect(element).to_have_count(1)
    element.click()
    expect(page.locator("main")).to_contain_text("agent@salon34.example")
    expect(page.locator("main")).to_contain_text(".ics")
