"""The pictures of the village's guides: an agent's phone, a body's coordinator, the rota."""

from playwright.sync_api import Browser, Page

from scripts.picture_taking import desk, enter, jump, phone, take

AGENT = "Roqueblave"
SHORT = "SDIS 34"
NEED = {
    "starts_at": "12 h",
    "ends_at": "13 h",
    "minimum": "4",
    "wished": "4",
    "maximum": "4",
}
LATER = "02:05:00"


def village(browser: Browser, address: str) -> None:
    """Every picture of the three guides; ends with the clock at 10 h 30."""
    agent, coordinator, organiser = (
        phone(browser, address).new_page(),
        desk(browser, address).new_page(),
        desk(browser, address).new_page(),
    )
    for page in (coordinator, organiser):
        page.set_viewport_size({"width": 1280, "height": 800})
    jump(agent, "La veille")
    coordination(coordinator)
    enter(agent, "Entrer comme agent")
    agent.goto("/planning")
    top_of_page(agent, "agent-ensuite")
    planning(organiser)
    jump(agent, "10 h 30")
    forget_arrival(organiser)
    the_day(agent)


def coordination(page: Page) -> None:
    enter(page, "Entrer comme coordinatrice")
    main = page.locator("main")
    page.goto("/organisation/village/agents")
    lines = page.locator("main .rows > li")
    take(page, "coordination-agents", page.get_by_role("heading", level=1), lines.nth(3), main)
    page.goto("/organisation/village/besoins")
    page.locator("main table a").first.click()
    last = page.locator(".needs-table tbody tr").nth(3)
    take(page, "coordination-besoins", page.locator(".needs-tools"), last, main)


def top_of_page(page: Page, name: str) -> None:
    """Take a picture of the part that an agent reads without scrolling."""
    card = page.locator(".now:visible")
    take(page, name, page.get_by_role("heading", level=1), card)


def planning(page: Page) -> None:
    """One stand asks for more than can come; the proposal becomes the draft, nothing is sent."""
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/village/besoins")
    page.locator("main table a", has_text=SHORT).click()
    for name, answer in NEED.items():
        element = page.locator(f".needs-tools form [name={name}]").first
        if element.evaluate("one => one.tagName") == "SELECT":
            element.select_option(label=answer)
        else:
            element.fill(answer)
    page.get_by_role("button", name="Appliquer à la plage").click()
    page.goto("/organisation/village/calculs")
    page.get_by_label("Changer le brouillon le moins possible").check()
    page.get_by_role("button", name="Calculer le planning").click()
    title = page.get_by_role("heading", level=1, name="Planning proposé")
    title.wait_for(timeout=120_000)
    main = page.locator("main")
    take(page, "planning-calcul", page.locator(".page-head"), page.locator(".shortage").first, main)
    page.get_by_role("button", name="En faire le brouillon").click()
    page.get_by_role("button", name="Remplacer le brouillon").click()
    page.goto("/organisation/village/planning")
    page.locator("#rota-desk").wait_for()
    take(page, "planning-grille", page.locator(".rota-summary"), page.locator("#rota-agents"), main)
    page.goto("/organisation/village/publication")
    person = page.locator(".people > li").first
    take(page, "planning-publication", page.locator("section.publish"), person, main)


def forget_arrival(page: Page) -> None:
    """The agent's arrival, noted by the demonstration, is undone on the day's board."""
    page.goto("/organisation/village/jour")
    line = page.locator(".day-stand .day-line", has_text=AGENT).first
    line.get_by_text("Corriger").click()
    line.get_by_role("button", name="Annuler").click()


def the_day(page: Page) -> None:
    """Expected now, who stands in, then no network: two hours pass on the phone alone."""
    page.clock.install()
    page.goto("/planning")
    top_of_page(page, "agent-maintenant")
    shift = page.locator(".my-shift").last
    shift.get_by_role("link", name="Je ne peux pas").click()
    page.get_by_role("button", name="Chercher qui peut me remplacer").click()
    page.goto("/planning")
    take(page, "agent-remplacement", shift.locator("h3"), shift.get_by_text("On cherche quelqu’un"))
    page.evaluate("navigator.serviceWorker.ready")
    page.goto("/planning")
    page.context.set_offline(True)
    page.reload()
    page.clock.fast_forward(LATER)
    page.locator(".now:visible").get_by_role("button", name="Je suis arrivée").click()
    band = page.locator("#bandeau")
    band.get_by_text("1\u00a0arrivée à envoyer").wait_for()
    take(page, "agent-hors-connexion", band, page.locator(".now:visible"))
