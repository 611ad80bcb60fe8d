"""On a phone: an agent gives up a shift and a colleague takes it; two agents exchange theirs."""

import re
from datetime import time

import pytest
from playwright.sync_api import Locator, Page, expect

from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.clock import paris
from salon.staffing.engine.shift_changes import PlannedShift
from salon.staffing.models import AgentStand
from salon.staffing.services.publication import differences, publish_rota, stamp_of
from salon.staffing.services.rows import NewRow, set_rows
from tests.browser import keyboard
from tests.browser.conftest import LiveServer, OpenBrowser, check_is_fit, enter, open_at
from tests.browser.my_rota import inside
from tests.factories import act_in
from tests.staffing.make import find_agent_by_email

BOARD = "/organisation/village/remplacements"
OFFERS = "/planning/demandes"
TAKES = "Oui pour remplacer Agnès Roqueblave"


def give_two_shifts(server: LiveServer) -> None:
    """Agnès holds the Département's stand from 10 h to 11 h, Guilhem from 14 h to 15 h; no more."""
    with inside(server) as (edition, agnes):
        guilhem = find_agent_by_email(edition, "guilhem.peyrottes@herault.example")
        assert guilhem is not None
        stand_id, day = agnes.body.stand_id, edition.days[0].day_on
        with transaction(agnes, guilhem):
            guilhem.themes = list(agnes.themes)
            for value in (agnes, guilhem):
                value.periods, value.arrives_at, value.leaves_at = [], None, None
                value.places = [AgentStand(stand_id=stand_id)]
        rows = [
            NewRow(
                value.id,
                value.rota_version,
                [PlannedShift(stand_id, paris(day, time(start)), paris(day, time(start + 1)))],
            )
            for value, start in ((agnes, 10), (guilhem, 14))
        ]
        set_rows(act_in(edition, SYSTEM), rows)
        publish_rota(act_in(edition, SYSTEM), stamp_of(differences(edition)), "")


@pytest.fixture
def agnes(page: Page, live_server: LiveServer) -> Page:
    """Agnès on her phone, the day before."""
    give_two_shifts(live_server)
    open_at(page, "La veille")
    enter(page, "Entrer comme agent")
    return page


def phone_of(open_browser: OpenBrowser, address: str) -> Page:
    """Somebody signed in on a phone of their own, with the code they were sent."""
    page = open_browser().new_page()
    keyboard.sign_in(page, address)
    return page


def recipient(page: Page, subject: str) -> str:
    """Who was sent the latest message with this subject."""
    page.goto("/demonstration/courriels")
    row = page.get_by_role("listitem").filter(has_text=re.compile(subject)).first
    match = re.search(r"[\w.+-]+@[\w.-]+", row.inner_text())
    assert match
    return match[0]


def addresses(page: Page, name: str) -> list[str]:
    page.goto("/planning")
    links = page.locator("#ma-liste").get_by_role("link", name=re.compile(name))
    return [str(item.get_attribute("href")) for item in links.all()]


def hours_in(page: Page) -> str:
    """« 14 h 30 – 15 h » of the shift that the page is about."""
    return page.locator(".swap-card__when strong").first.inner_text()


def give_up(page: Page) -> str:
    """Agnès says that she cannot; answers the hours of her shift."""
    (address,) = addresses(page, "^Je ne peux pas")
    page.goto(address)
    expect(page.get_by_text("Vous restez attendue jusqu’à ce que")).to_be_visible()
    check_is_fit(page)
    page.get_by_label("Pourquoi").fill("Rendez-vous médical")
    page.get_by_role("button", name="Chercher qui peut me remplacer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On cherche qui peut vous remplacer")
    expect(page.get_by_text(re.compile("collègues? sollicité"))).to_be_visible()
    return hours_in(page)


def card(page: Page, hours: str) -> Locator:
    """The shift of these hours in the agent's list."""
    return page.locator(".my-shift").filter(has_text=re.compile(pattern(hours)))


def pattern(hours: str) -> str:
    return r"\s*".join(re.escape(line) for line in hours.split())


def test_an_agent_gives_up_a_shift_and_a_colleague_takes_it(
    agnes: Page, open_browser: OpenBrowser
) -> None:
    hours = give_up(agnes)
    check_is_fit(agnes)
    here = agnes.url
    agnes.goto("/planning")
    expect(card(agnes, hours).get_by_text("Remplacement demandé")).to_be_visible()
    colleague = recipient(agnes, "Pouvez-vous remplacer Agnès Roqueblave")
    page = phone_of(open_browser, colleague)
    page.goto(OFFERS)
    check_is_fit(page)
    expect(page.get_by_text(hours)).to_be_visible()
    sizes = [item.bounding_box() for item in page.locator(".answers .btn").all()]
    assert all(box and box["height"] >= 44 for box in sizes)
    page.get_by_role("button", name=TAKES).click()
    expect(page.get_by_text("Vous remplacez Agnès Roqueblave")).to_be_visible()
    expect(card(page, hours).get_by_text("Vous remplacez")).to_be_visible()
    page.goto(OFFERS)
    expect(page.get_by_text("Personne n’attend votre réponse")).to_be_visible()
    check_is_fit(page)
    agnes.goto(here)
    expect(agnes.get_by_text("vous remplace.")).to_be_visible()
    check_is_fit(agnes)
    agnes.goto("/planning")
    expect(card(agnes, hours)).to_have_count(0)


def test_the_organiser_decides_by_keyboard(agnes: Page) -> None:
    give_up(agnes)
    page = agnes
    enter(page, "Entrer comme organisateur")
    page.goto(BOARD)
    expect(page.get_by_text("1 vacation à pourvoir")).to_be_visible()
    check_is_fit(page)
    keyboard.press(page, "Décider")
    expect(page.get_by_role("heading", level=1)).to_have_text("Remplacer Agnès Roqueblave")
    page.locator("details.disclosure").last.locator("summary").click()
    check_is_fit(page)
    page.get_by_role("link", name=re.compile("^Confier")).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confier la vacation à")
    check_is_fit(page)
    page.get_by_role("button", name=re.compile("^Confier à")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tous deux sont prévenus.")).to_be_visible()
    page.goto(BOARD)
    expect(page.get_by_text("Aucune vacation à pourvoir")).to_be_visible()
    check_is_fit(page)


def test_two_agents_exchange_their_shifts(agnes: Page, open_browser: OpenBrowser) -> None:
    (address,) = addresses(agnes, "^Échanger")
    agnes.goto(address)
    check_is_fit(agnes)
    mine = hours_in(agnes)
    option = agnes.locator(".swap-option").filter(has_text="Guilhem Peyrottes")
    theirs = option.locator("strong").inner_text()
    option.locator("label").click()
    agnes.get_by_label("Un mot pour votre collègue").fill("Je dois repartir plus tôt, merci")
    agnes.get_by_role("button", name="Proposer cet échange").click()
    expect(agnes.get_by_text("reçoit votre proposition par courriel")).to_be_visible()
    check_is_fit(agnes)
    page = phone_of(open_browser, recipient(agnes, "vous propose un échange"))
    page.goto(OFFERS)
    check_is_fit(page)
    expect(page.get_by_text("Je dois repartir plus tôt, merci")).to_be_visible()
    page.get_by_role("button", name="Oui pour échanger").click()
    expect(page.get_by_text("vous avez échangé avec Agnès Roqueblave")).to_be_visible()
    expect(card(page, mine)).to_have_count(1)
    agnes.goto("/planning")
    expect(card(agnes, theirs)).to_have_count(1)
