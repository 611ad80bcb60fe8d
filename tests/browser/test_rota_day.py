"""The day of the village in a real browser: badges read at a stand, the board, the wall."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer, axe, enter, open_at, until
from tests.browser.hand import give_camera, hold
from tests.browser.printed import dim, printed_badge
from tests.browser.stations import IS_LIT, WATCH_LIGHT

BOARD = "/organisation/village/jour"
WALL = "/organisation/village/mural"
CHECK_IN = "/organisation/village/pointage"


@pytest.fixture
def organiser(page: Page) -> Page:
    """The organiser's browser at half past ten; each agent has a badge."""
    open_at(page, "10 h 30")
    enter(page, "Entrer comme organisateur")
    return page


def late(page: Page) -> tuple[str, str]:
    """(last name, stand) of the agent whom the board says late."""
    page.goto(BOARD)
    line = page.get_by_role("region", name="En retard").get_by_role("listitem").first
    match = re.search(r"(?:Mme|M\.)\s(.+?)\n[\s\S]*stand (\w+)", line.inner_text())
    assert match, line.inner_text()
    return match[1].split(" ", 1)[1].strip(), match[2]


def code_of(live_server: LiveServer, last_name: str) -> str:
    ((code,), *_) = live_server.execute(
        "SELECT code FROM badges JOIN attendees ON attendees.id = attendee_id"
        " WHERE agent_id IS NOT NULL AND last_name = ?",
        last_name,
    )
    return str(code)


def test_badges_are_read_one_after_the_other_at_a_stand(
    organiser: Page, live_server: LiveServer
) -> None:
    name, stand = late(organiser)
    code = code_of(live_server, name)
    organiser.goto(f"{CHECK_IN}/{stand}")
    field = organiser.get_by_label("Code du badge")
    expect(field).to_be_focused()
    organiser.keyboard.type("zzzz 2222")
    organiser.keyboard.press("Enter")
    answer = organiser.locator("[data-answer]")
    expect(answer).to_have_attribute("data-answer", "unknown")
    expect(field).to_be_focused()
    organiser.keyboard.type(code[:4].lower() + " " + code[4:8])
    organiser.keyboard.press("Enter")
    expect(answer).to_have_attribute("data-answer", "arrived")
    expect(answer).to_contain_text("Bonjour")
    expect(field).to_have_value("")
    organiser.keyboard.type(f"HTTPS://SALON.EXAMPLE/B/{code}")
    organiser.keyboard.press("Enter")
    expect(answer).to_have_attribute("data-answer", "already")
    organiser.goto(BOARD)
    expect(organiser.get_by_role("heading", name="En retard")).to_have_count(0)


def test_a_printed_badge_is_read_by_the_camera_at_a_stand(
    organiser: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    name, stand = late(organiser)
    badge = printed_badge(live_server, tmp_path, code_of(live_server, name))
    give_camera(organiser.context)
    organiser.goto(f"{CHECK_IN}/{stand}")
    organiser.get_by_role("button", name="Lire avec la caméra").click()
    expect(organiser.locator("#check-in-camera")).to_be_visible()
    hold(organiser, dim(badge))
    expect(organiser.locator("[data-answer]")).to_have_attribute("data-answer", "arrived")
    assert axe(organiser) == []


def test_without_network_nothing_is_said_to_be_noted(organiser: Page) -> None:
    _, stand = late(organiser)
    address = f"{CHECK_IN}/{stand}"
    organiser.goto(address)
    # Chromium may still let through a request that follows being set offline at once.
    organiser.route(f"**{address}", lambda route: route.abort())
    organiser.get_by_label("Code du badge").fill("ABCD EFGH")
    organiser.keyboard.press("Enter")
    expect(organiser.get_by_role("alert")).to_contain_text("rien n’est noté")


def test_an_arrival_and_a_remedy_by_keyboard(organiser: Page) -> None:
    late(organiser)
    organiser.get_by_role("region", name="En retard").get_by_role("button", name="Est là").focus()
    organiser.keyboard.press("Enter")
    expect(organiser.get_by_text("l’arrivée est notée à")).to_be_visible()
    remedy = organiser.get_by_role("button", name=re.compile("^Appeler ")).first
    remedy.focus()
    organiser.keyboard.press("Enter")
    expect(organiser.get_by_text("Le message part par courriel.")).to_be_visible()


def test_the_wall_follows_and_outlives_the_network(
    organiser: Page, context: BrowserContext
) -> None:
    organiser.set_viewport_size({"width": 1920, "height": 1080})
    organiser.clock.install()
    context.grant_permissions(["screen-wake-lock"])
    organiser.add_init_script(WATCH_LIGHT)
    organiser.goto(WALL)
    until(organiser, IS_LIT)
    expect(organiser.locator("#wall-late")).to_have_text("1")
    other_page = context.new_page()
    late(other_page)
    other_page.get_by_role("region", name="En retard").get_by_role("button", name="Est là").click()
    expect(other_page.get_by_text("l’arrivée est notée à")).to_be_visible()
    organiser.clock.run_for(10_000)
    expect(organiser.locator("#wall-late")).to_have_text("0")
    expect(organiser.locator("#wall-rows tr")).to_have_count(8)
    at = organiser.locator("#wall-at").inner_text()
    context.set_offline(True)
    organiser.clock.run_for(10_000)
    expect(organiser.locator("#wall-lost")).to_contain_text(f"Dernière mise à jour à {at}")
    expect(organiser.locator("#wall-stands li")).to_have_count(8)
    context.set_offline(False)
    organiser.clock.run_for(10_000)
    expect(organiser.locator("#wall-lost")).to_have_text("")
    assert axe(organiser) == []


def test_the_board_follows_and_keeps_the_focus(organiser: Page, context: BrowserContext) -> None:
    organiser.clock.install()
    late(organiser)
    organiser.get_by_role("link", name=re.compile("^Pointer ici")).last.focus()
    words = organiser.evaluate("document.activeElement.textContent.trim()")
    other_page = context.new_page()
    late(other_page)
    other_page.get_by_role("region", name="En retard").get_by_role("button", name="Est là").click()
    expect(other_page.get_by_text("l’arrivée est notée à")).to_be_visible()
    organiser.clock.run_for(20_000)
    expect(organiser.get_by_role("heading", name="En retard")).to_have_count(0)
    assert organiser.evaluate("document.activeElement.textContent.trim()") == words


def test_an_agent_is_there_in_one_tap(page: Page, live_server: LiveServer) -> None:
    """The code of a stand opens on the agent's phone; Agnès is on stand 66 from the opening."""
    open_at(page, "L’ouverture")
    enter(page, "Entrer comme agent")
    live_server.execute("UPDATE shifts SET arrived_at = NULL, absent_at = NULL")
    ((number,), *_) = live_server.execute(
        "SELECT number FROM stands JOIN shifts ON stand_id = stands.id"
        " JOIN agents ON agents.id = agent_id"
        " WHERE status = 'published' AND email = 'agent@salon34.example'"
        " ORDER BY starts_at"
    )
    page.goto(f"/planning/stand/{number}")
    button = page.get_by_role("button", name="Je suis arrivée")
    if button.count():
        assert axe(page) == []
        button.click()
        expect(page.get_by_text("Votre arrivée est notée à")).to_be_visible()
    else:
        expect(page.get_by_text(re.compile("Vous êtes (en avance|attendue)"))).to_be_visible()
