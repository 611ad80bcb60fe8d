"""The pictures of the village's guides: an agent's phone, a body's coordinator, the rota."""

from playwright.sync_api import Browser, Page

from scripts.picture_taking import desk, enter, jump, phone, take

WIDE = {"width": 1280, "height": 800}
AGENT, FORENAME = "Roqueblave", "Agnès"
SHORT = "SDIS 34"
NEED = {
    "starts_at": "12 h",
    "ends_at": "13 h",
    "minimum": "4",
    "wished": "4",
    "maximum": "4",
}
LATER = "02:05:00"
NOON_SHIFT, LAST_SHIFT = "13 h –", "15 h 30 –"


def village(browser: Browser, address: str) -> None:
    """Every picture of the three guides; ends with the clock at 10 h 30."""
    agent, coordinator, organiser = (
        phone(browser, address).new_page(),
        desk(browser, address).new_page(),
        desk(browser, address).new_page(),
    )
    for page in (coordinator, organiser):
        page.set_viewport_size(WIDE)
    jump(organiser, "La veille")
    coordination(coordinator)
    enter(agent, "Entrer comme agent")
    agent.goto("/planning")
    top_of_page(agent, "agent-ensuite")
    planning(organiser)
    jump(organiser, "10 h 30")
    forget_arrival(organiser)
    the_day(agent)


def coordination(page: Page) -> None:
    enter(page, "Entrer comme coordinatrice")
    main = page.locator("main")
    page.goto("/organisation/village/agents")
    lines = page.locator("main .rows > li")
    take(page, "coordination-agents", page.get_by_role("heading", level=1), lines.nth(4), main)
    page.goto("/organisation/village/besoins")
    page.locator("main table a").first.click()
    last = page.locator(".needs-table tbody tr").nth(4)
    take(page, "coordination-besoins", page.locator(".needs-tools"), last, main)
