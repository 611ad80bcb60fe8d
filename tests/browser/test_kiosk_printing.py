"""A kiosk without printer, and the print station that prints for it."""

from pathlib import Path

from playwright.sync_api import Page, Route, expect

from salon.accounts.models import StationKind
from salon.accounts.services.stations import create_station, offer_enrolment
from salon.badges.models import Badge
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from tests.browser.conftest import LiveServer, OpenBrowser, check_is_fit
from tests.browser.kiosk import (
    COUNT_PRINTS,
    a_holder,
    expect_title,
    inside,
    kept_by,
    open_kiosk,
    settle,
)
from tests.browser.printed import Printed
from tests.browser.reader import read
from tests.browser.test_kiosk import printed_pages

HOLD_PAPER = """
window.held = [];
window.print = () => { window.held.push(document.getElementById("paper").innerHTML); };
"""


def open_print_station(page: Page, server: LiveServer) -> None:
    with inside(server) as edition:
        station = create_station(Act(SYSTEM), "Poste 1", "A", edition.id, StationKind.PRINTER)
        code = offer_enrolment(Act(SYSTEM), station.id)
    page.add_init_script(HOLD_PAPER)
    page.goto(f"/scanner/enrolement/{code}")
    page.get_by_role("button", name="Faire de cet appareil une station").click()
    page.wait_for_url("**/borne/impression", wait_until="commit")


LATE_PICTURE = """
if (location.pathname === "/borne/impression") addEventListener("DOMContentLoaded", () => {
  const picture = new Image();
  picture.onerror = () => picture.remove();
  picture.src = "/late.png";
  document.body.append(picture);
});
"""


def ask(page: Page, code: str) -> None:
    read(page, code)
    page.get_by_role("button", name="C’est bien moi").click()
    page.get_by_role("button", name="Imprimer mon badge").click()


def test_a_print_station_drains_what_kiosks_ask_for(
    page: Page, open_browser: OpenBrowser, live_server: LiveServer, tmp_path: Path
) -> None:
    settle(live_server, kiosk_prints=False, kiosk_layout="a6", lines=["organisation"])
    holder = a_holder(live_server)
    open_kiosk(page)
    ask(page, holder.code)
    expect_title(page, "Votre badge s’imprime")
    expect(page.locator("#lead")).to_contain_text("au poste d’impression")
    assert page.evaluate("() => window.printed") == 0
    page.get_by_role("button", name="Terminer").click()

    desk = open_browser(1280, 720).new_page()
    held: list[Route] = []
    desk.add_init_script(LATE_PICTURE)
    desk.route("**/late.png", lambda route: held.append(route))
    open_print_station(desk, live_server)
    expect(desk.locator("#said")).to_contain_text("Impression du badge")
    assert desk.evaluate("() => window.held") == [], "nothing is printed before the page is loaded"
    held[-1].abort()
    expect(desk.locator("#printed li")).to_have_text(
        f"{holder.first_name} {holder.last_name}, demandé à «\u00a0Borne A\u00a0»"
    )
    expect(desk.locator("#waiting")).to_have_text("0")
    expect(desk.locator("#said")).to_have_text("Rien à imprimer.")
    check_is_fit(desk)
    (paper,) = desk.evaluate("() => window.held")
    desk.evaluate(
        "(html) => document.getElementById('paper').replaceChildren("
        "...new DOMParser().parseFromString(html, 'text/html').body.childNodes)",
        paper,
    )
    (printed,) = printed_pages(desk, tmp_path / "badge.pdf")
    assert isinstance(printed, Printed)
    assert printed.size == (105, 148)
    assert printed.code.endswith(holder.code)
    assert printed.words_in(holder.on_behalf_of) == holder.on_behalf_of
    assert "Maire" not in printed.text
    assert printed.code_side >= 30
    with inside(live_server):
        badge = current_session().get_one(Badge, holder.badge_id)
        assert [printing.printed_by for printing in badge.printings] == ["Poste 1"]


def test_a_print_station_says_that_the_network_is_gone_and_goes_on_after(
    page: Page, live_server: LiveServer
) -> None:
    page.add_init_script(COUNT_PRINTS)
    open_print_station(page, live_server)
    expect(page.locator("#said")).to_have_text("Rien à imprimer.")
    page.context.set_offline(True)
    expect(page.locator("#said")).to_contain_text("Pas de réponse du salon")
    page.context.set_offline(False)
    expect(page.locator("#said")).to_have_text("Rien à imprimer.")
    page.get_by_role("button", name="Suspendre l’impression").click()
    expect(page.locator("#said")).to_have_text("Impression suspendue.")
    assert "Poste 1" in kept_by(page)
