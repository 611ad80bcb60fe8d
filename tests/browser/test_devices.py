"""Devices as they come: a poor browser, two tabs; each still reads, or says what to do."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from salon.accounts.services.stations import create_station, offer_enrolment
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from tests.browser.conftest import LiveServer, OpenBrowser, axe, enter, until
from tests.browser.hand import give_camera, hold
from tests.browser.printed import printed_badges, tilted
from tests.browser.reader import read
from tests.browser.stations import (
    HOLD_VERDICTS,
    IS_LIT,
    WATCH_LIGHT,
    build_listed,
    codes,
    dismiss,
    enrol,
    expect_verdict,
)

POOR = """(() => {
  for (const name of ["wakeLock", "locks", "audioSession", "canShare", "share", "vibrate"]) {
    Object.defineProperty(Navigator.prototype, name, { value: undefined });
  }
  delete AbortSignal.timeout;
  delete window.OffscreenCanvas;
  delete window.BarcodeDetector;
})()"""
"""What browsers of 2021, and Safari on telephones, lack."""

FULL = """() => {
  const { put } = IDBObjectStore.prototype;
  window.makeRoom = () => { IDBObjectStore.prototype.put = put; };
  IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
}"""
SHARING = """() => {
  navigator.canShare = ({ files }) => files.length === 1;
  navigator.share = async ({ files }) => {
    window.shared = await files[0].text();
    throw new DOMException("the person closed it", "AbortError");
  };
}"""


@pytest.fixture(scope="session")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with its list of badges."""
    return build_listed(tmp_path_factory, seeded)


def offered_code(server: LiveServer) -> str:
    """A code that makes a device the station « Porte B »."""
    with server.application():
        station = create_station(Act(SYSTEM), "Porte B", "B", get_public_edition().id)
        return offer_enrolment(Act(SYSTEM), station.id)


def impoverish(route: Route) -> None:
    """Serve the worker to a browser whose workers draw nothing."""
    answer = route.fetch()
    route.fulfill(response=answer, body=f"delete self.OffscreenCanvas;{answer.text()}")


def test_a_poor_browser_is_enrolled_by_typing_reads_and_says_what_it_lacks(
    open_browser: OpenBrowser, live_server: LiveServer, tmp_path: Path
) -> None:
    (badge,) = printed_badges(live_server, tmp_path, 1).values()
    code = offered_code(live_server)
    page = open_browser(service_workers="block").new_page()
    page.route("**/js/scanner/decoder.js", impoverish)
    give_camera(page.context)
    page.add_init_script(f"{POOR};{HOLD_VERDICTS}")
    page.goto("/scanner")
    field = page.get_by_label("Code d’enrôlement")
    field.fill("ABCD")
    field.press("Enter")
    problem = page.locator("#enrol-problem")
    expect(problem).to_contain_text("Ce n’est pas un code d’enrôlement")
    assert axe(page) == []
    page.context.set_offline(True)
    field.fill(f"{code[:4]}-{code[4:8]} {code[8:]}".lower())
    page.get_by_role("button", name="Enrôler").click()
    expect(problem).to_contain_text("L’enrôlement demande le réseau")
    page.context.set_offline(False)
    page.get_by_role("button", name="Enrôler").click()
    page.get_by_role("button", name="Faire de cet appareil une station").click()
    expect(page.locator("#tell-list")).to_contain_text(re.compile(r"\d\sbadge"))
    page.get_by_role("button", name="Ouvrir la caméra").click()
    hold(page, tilted(badge))
    expect_verdict(page, "accepted", "Bienvenue")
    dismiss(page)

    page.get_by_role("button", name="Détails").click()
    results = page.locator("#details .check li")
    expect(results).to_have_text(
        [
            "Lit les codes",
            "Garde les passages",
            "Sonne",
            "S’éteint seul",
            "A du réseau",
            "Page à jour",
        ]
    )
    for words in ("ôtez le mode silencieux", "réglez la veille", "ne vibre pas", "Version de la"):
        expect(page.locator("#check-advice")).to_contain_text(words)
    assert axe(page) == []
    page.evaluate(FULL)
    page.get_by_role("button", name="Refaire l’essai").click()
    expect(results.nth(1)).to_have_text("Ne garde aucun passage")
    expect(page.locator("#check-advice")).to_contain_text("prenez un autre appareil")
    page.evaluate("() => makeRoom()")
    page.get_by_role("button", name="Refaire l’essai").click()
    expect(results.nth(1)).to_have_text("Garde les passages")

    with page.expect_response("**/api/v1/station/report"):
        page.reload()
    organiser = open_browser(1280, 720).new_page()
    enter(organiser, "Entrer comme organisateur")
    organiser.goto("/organisation/stations")
    line = organiser.get_by_role("listitem").filter(has_text="Porte B")
    expect(line.locator(".station__check")).to_contain_text(
        re.compile(r"Essai il y a moins d’une minute\s:\s+(Son à essayer\s+)?S’éteint seul")
    )
    assert axe(organiser) == []


def test_one_tab_of_a_station_serves_awake_and_what_waits_is_shared(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    context.grant_permissions(["screen-wake-lock"])
    page.add_init_script(WATCH_LIGHT)
    enrol(page)
    until(page, IS_LIT)
    read(page, f"{live_server.url}/scanner/enrolement/{offered_code(live_server)}")
    expect_verdict(page, "tried", "Code lu")
    dismiss(page)
    expect(page.locator("#start .check li").first).to_have_text("Lecture\u00a0: Lit les codes")
    context.set_offline(True)
    read(page, codes(live_server)[0])
    expect_verdict(page, "accepted", "Bienvenue")
    dismiss(page)
    expect(page.locator("#waiting")).to_have_text("1\u00a0passage en attente")
    page.get_by_role("button", name="Détails").click()
    page.evaluate(SHARING)
    export = page.get_by_role("button", name="Exporter les passages")
    export.click()
    until(page, "() => window.shared && JSON.parse(shared).scans.length === 1")
    page.evaluate("() => { navigator.canShare = () => false; }")
    with page.expect_download() as file:
        export.click()
    assert re.fullmatch(r"passages-\d+-.+\.json", file.value.suggested_filename)
    page.get_by_role("button", name="Fermer").click()
    context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("")

    other = context.new_page()
    other.goto("/scanner")
    aside = "Cette station sert dans un autre onglet"
    expect(other.get_by_role("heading", name=aside)).to_be_visible()
    assert axe(other) == []
    other.get_by_role("button", name="Servir ici").click()
    expect(other.get_by_role("button", name="Ouvrir la caméra")).to_be_visible()
    expect(page.get_by_role("heading", name=aside)).to_be_visible()
    read(page, codes(live_server)[1])
    expect(page.locator("#verdict")).to_be_hidden()
    page.get_by_role("button", name="Servir ici").click()
    expect(page.get_by_role("button", name="Ouvrir la caméra")).to_be_visible()
    expect(other.get_by_role("heading", name=aside)).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name=aside)).to_be_visible()
    page.close()
    expect(other.get_by_role("button", name="Ouvrir la caméra")).to_be_visible()
    expect(other.locator("#counts")).to_be_empty()
