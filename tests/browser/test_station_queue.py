"""What a station keeps while it cannot send, in a real Chromium: clocks, memory, refusals, ends."""

import json
import re
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import LiveServer, axe, scrolls_sideways, until
from tests.browser.kiosk import CONFIG
from tests.browser.reader import read
from tests.browser.server import HANG_S
from tests.browser.stations import (
    EVERYTHING_KEPT,
    build_listed,
    codes,
    dismiss,
    enrol,
    expect_verdict,
    unlisted_codes,
    until_offline_ready,
)
from tests.browser.storage import store_row, stored_rows

SHIFTED_CLOCK = """() => {
  const True = Date;
  const shift = () => {
    const asked = localStorage.getItem("test-clock");
    return asked === "1970" ? 5000 - started : Number(asked || 0);
  };
  const started = True.now();
  globalThis.Date = class extends True {
    constructor(...given) {
      if (given.length) super(...given);
      else super(True.now() + shift());
    }
    static now() { return True.now() + shift(); }
  };
}"""
CLOCK_ERROR = timedelta(seconds=2)
FILL = """async () => {
  const base = await new Promise((done) => {
    indexedDB.open("station").onsuccess = ({ target }) => done(target.result);
  });
  const keep = (size, key) => new Promise((done) => {
    const writing = base.transaction("meta", "readwrite");
    writing.objectStore("meta").put(noise(size), key);
    writing.oncomplete = () => done(true);
    writing.onabort = () => done(false);
  });
  const noise = (size) => {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
    return bytes;
  };
  let key = 0;
  for (const size of [1000000, 100000, 10000, 1000, 50]) {
    while (await keep(size, `filler-${key}`)) key += 1;
  }
  base.close();
}"""
"""Writes until not even fifty bytes can be kept; noise, since the browser packs the rest."""

SILENT = "() => { IDBRequest.prototype.addEventListener = () => {}; }"
"""No request of the device's base is answered any more; as idb, the page listens to events."""
ANSWERING = "() => { delete IDBRequest.prototype.addEventListener; }"


@pytest.fixture(scope="session")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with its list of badges."""
    return build_listed(tmp_path_factory, seeded)


@pytest.fixture
def station(page: Page) -> Page:
    enrol(page)
    return page


def fair_time(server: LiveServer) -> datetime:
    with urllib.request.urlopen(f"{server.url}/api/v1/time", timeout=HANG_S) as answer:
        return datetime.fromisoformat(json.load(answer)["now"]).astimezone(UTC)


def scan_meanwhile(page: Page, server: LiveServer, code: str) -> tuple[datetime, datetime]:
    """Have a badge let in; return the fair's time before and after."""
    before = fair_time(server)
    read(page, code)
    expect_verdict(page, "accepted", "Bienvenue")
    dismiss(page)
    return before, fair_time(server)


@pytest.mark.parametrize(
    ("clock", "says"),
    [
        (str(2 * 3_600_000), "avance de 2\u00a0h"),
        ("1970", "retarde de 5"),
    ],
)
def test_a_wrong_clock_is_put_right(
    context: BrowserContext, page: Page, live_server: LiveServer, clock: str, says: str
) -> None:
    """It goes wrong while the device is off and without network; two scans, then the network."""
    context.add_init_script(f"({SHIFTED_CLOCK})()")
    enrol(page)
    until_offline_ready(page)
    first, second, third = codes(live_server)[:3]
    context.set_offline(True)
    times = [scan_meanwhile(page, live_server, third)]
    page.evaluate("clock => localStorage.setItem('test-clock', clock)", clock)
    page.reload()
    expect(page.locator("#waiting")).to_have_text("1\u00a0passage en attente")
    times += [scan_meanwhile(page, live_server, code) for code in (second, first)]
    context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("")
    expect(page.locator("#alert")).to_contain_text(says)
    # The first scan was made on a right clock, in a page that knew the fair's time.
    sent = live_server.execute(
        "SELECT code, scanned_at, happened_at FROM scans ORDER BY scanned_at"
    )
    for (_, at, _), (before, after) in zip(sent[-3:], times, strict=True):
        scanned_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
        assert before - CLOCK_ERROR < scanned_at < after + CLOCK_ERROR
    assert all(at == happened for _, at, happened in sent[-3:])


def test_a_full_device_says_what_it_does_not_keep(
    context: BrowserContext, page: Page, live_server: LiveServer
) -> None:
    # The quota is set before the base is opened: Chromium keeps what it knows of it for a while.
    quota = {"origin": live_server.url, "quotaSize": 8_000_000}
    context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)
    station = page
    enrol(station)
    until_offline_ready(station)
    first, second, third = codes(live_server)[:3]
    context.set_offline(True)
    read(station, first)
    expect_verdict(station, "accepted", "Bienvenue")
    dismiss(station)
    station.evaluate(FILL)
    read(station, second)
    expect_verdict(station, "not_kept", "Passage NON gardé")
    expect(station.locator(".verdict__detail")).to_contain_text("notez ce passage sur papier")
    assert "refused" in (station.locator("#verdict").get_attribute("class") or "")
    assert axe(station) == []
    dismiss(station)
    expect(station.locator("#alert")).to_contain_text("La mémoire de cet appareil est pleine")
    assert len(stored_rows(station)) == 1
    context.set_offline(False)
    expect(station.locator("#waiting")).to_have_text("")
    station.evaluate(FILL)
    read(station, third)
    expect_verdict(station, "accepted", "Bienvenue")
    expect(station.locator(".verdict__detail")).to_contain_text("envoyé sans y être gardé")
    assert len(live_server.execute("SELECT id FROM scans WHERE shown = 'accepted'")) == 1


def test_a_silent_memory_loses_no_passage_and_is_said(
    context: BrowserContext, page: Page, live_server: LiveServer
) -> None:
    context.add_init_script(f"if (localStorage.getItem('test-silent')) {{ ({SILENT})(); }}")
    enrol(page)
    until_offline_ready(page)
    first, second = codes(live_server)[:2]
    context.set_offline(True)
    page.evaluate(SILENT)
    for code in (first, second):
        read(page, code)
        expect_verdict(page, "accepted", "Bienvenue")
        expect(page.locator(".verdict__detail")).to_contain_text("gardez cette page ouverte")
        dismiss(page)
    expect(page.locator("#alert")).to_contain_text("2\u00a0passages ne sont gardés que dans")
    expect(page.locator("#waiting")).to_have_text("2\u00a0passages en attente")
    assert axe(page) == []
    with page.expect_download() as saved:
        page.get_by_role("button", name="Exporter les passages").click()
    exported = json.loads(Path(saved.value.path()).read_text())["scans"]
    assert stored_rows(page) == []
    page.evaluate(ANSWERING)
    expect(page.locator("#alert")).to_be_empty()
    kept = {row["scan_id"] for row in stored_rows(page)}
    assert kept == {scan["scan_id"] for scan in exported}
    page.evaluate("() => localStorage.setItem('test-silent', '1')")
    page.reload()
    title = page.locator("#not-enrolled-title")
    expect(title).to_have_text("La mémoire de cet appareil ne répond pas")
    page.evaluate("() => localStorage.removeItem('test-silent')")
    page.evaluate(ANSWERING)
    expect(page.locator("#waiting")).to_have_text("2\u00a0passages en attente")
    context.set_offline(False)
    expect(page.locator("#waiting")).to_have_text("")
    assert len(live_server.execute("SELECT id FROM scans WHERE shown = 'accepted'")) == 2


def test_what_the_server_refuses_goes_to_the_inbox_and_blocks_nothing(
    context: BrowserContext, station: Page, live_server: LiveServer
) -> None:
    context.set_offline(True)
    read(station, codes(live_server)[0])
    expect_verdict(station, "accepted", "Bienvenue")
    (good,) = stored_rows(station)
    odd = {**good, "scan_id": "00000000-0000-4000-8000-000000000001", "door": "x" * 30}
    store_row(station, odd)
    before = len(live_server.execute("SELECT id FROM scans"))
    context.route("**/api/v1/oddities", lambda route: route.abort())
    context.set_offline(False)
    expect(station.locator("#waiting")).to_have_text("1\u00a0passage à vérifier")
    assert len(live_server.execute("SELECT id FROM scans")) == before + 1
    context.unroute("**/api/v1/oddities")
    expect(station.locator("#waiting")).to_have_text("")
    assert stored_rows(station) == []
    question = "SELECT kind, detail FROM conflicts WHERE scan_id = ?"
    ((kind, detail),) = live_server.execute(question, odd["scan_id"])
    assert kind.lower() == "unreadable"
    assert "x" * 30 in detail


def test_an_unlisted_badge_is_to_confirm_and_a_forged_one_is_refused(
    context: BrowserContext, station: Page, live_server: LiveServer
) -> None:
    until_offline_ready(station)
    unlisted, other_text, third = unlisted_codes(live_server)
    context.set_offline(True)
    for forged in ("ABCDEFGHIJKLMNOPQRSTUVWXYA", unlisted[:-1] + chr(ord(unlisted[-1]) + 1)):
        read(station, forged)
        expect_verdict(station, "invalid", "Code inconnu")
        assert {fields["let_in"] for fields in stored_rows(station)} == {False}
        dismiss(station)
    station.locator("#door").select_option("X")
    read(station, unlisted)
    expect_verdict(station, "to_confirm", "À confirmer à l’accueil")
    expect(station.locator(".verdict__detail")).to_contain_text("Accès réservé")
    dismiss(station)
    station.locator("#door").select_option("A")
    read(station, other_text)
    expect_verdict(station, "to_confirm", "À confirmer, laissez entrer")
    assert axe(station) == []
    context.set_offline(False)
    expect(station.locator("#waiting")).to_have_text("")
    assert live_server.execute("SELECT shown, was_let_in FROM scans ORDER BY id DESC LIMIT 1") == [
        ("to_confirm", 1)
    ]
    live_server.execute(
        "INSERT INTO entrance_settings (edition_id, version, lets_unknown_in, kiosk_pin_salt,"
        " kiosk_pin_hash, kiosk_prints, urgent_numbers)"
        " SELECT id, 1, 0, '', '', 1, '' FROM editions",
    )
    station.reload()
    until(station, f"async () => (await ({CONFIG})()).lets_unknown_in === false")
    context.set_offline(True)
    read(station, third)
    expect_verdict(station, "to_confirm", "À confirmer à l’accueil")
    assert stored_rows(station)[0]["let_in"] is False


def test_after_twelve_hours_all_goes_but_the_scans(
    context: BrowserContext, station: Page, live_server: LiveServer
) -> None:
    first, second = codes(live_server)[:2]
    context.set_offline(True)
    for code in (first, second):
        read(station, code)
        expect_verdict(station, "accepted", "Bienvenue")
        dismiss(station)
    live_server.execute("UPDATE stations SET enrolled_at = '2020-01-01 00:00:00.000000'")
    context.set_offline(False)
    expect(station.locator("#station-name")).to_have_text("Station révoquée")
    expect(station.locator("#left-over-words")).to_contain_text("2\u00a0passages restent gardés")
    assert axe(station) == []
    value = station.evaluate(EVERYTHING_KEPT)["text"]
    assert "token" not in value.split("\n")[0]
    counts = {name: len(stored_rows(station, name)) for name in ("meta", "list", "seen", "queue")}
    assert counts == {"meta": 0, "list": 0, "seen": 0, "queue": 2}
    with station.expect_download() as saved:
        station.get_by_role("button", name="Exporter ces passages").click()
    exported = json.loads(Path(saved.value.path()).read_text())
    assert exported["format"] == "salon-scans-1"
    assert exported["station"] == live_server.execute("SELECT max(id) FROM stations")[0][0]
    assert {scan["shown"] for scan in exported["scans"]} == {"accepted"}
    station.reload()
    expect(station.locator("#not-enrolled-title")).to_have_text("Station révoquée")
    enrol(station)
    expect(station.locator("#waiting")).to_have_text("")
    ids = [scan["scan_id"] for scan in exported["scans"]]
    recorded = live_server.execute("SELECT scan_id FROM scans WHERE shown = 'accepted'")
    assert sorted(ids) == sorted(scan_id for (scan_id,) in recorded)


def test_a_device_is_not_given_back_while_scans_wait(
    context: BrowserContext, station: Page, live_server: LiveServer
) -> None:
    context.set_offline(True)
    read(station, codes(live_server)[0])
    expect_verdict(station, "accepted", "Bienvenue")
    dismiss(station)
    station.get_by_role("button", name="Détails").click()
    station.get_by_role("button", name="Rendre l’appareil").click()
    expect(station.locator("#details-message")).to_contain_text("1\u00a0passage n’est pas encore")
    expect(station.locator("#tell-network")).to_contain_text("Le serveur ne répond pas")
    assert axe(station) == []
    assert not scrolls_sideways(station)
    with station.expect_download() as saved:
        station.get_by_role("button", name="Exporter les passages").click()
    (scan,) = json.loads(Path(saved.value.path()).read_text())["scans"]
    assert re.fullmatch("[0-9a-f]{64}", scan["code_hash"])
    context.set_offline(False)
    expect(station.locator("#tell-waiting")).to_contain_text("Aucun")
    station.get_by_role("button", name="Rendre l’appareil").click()
    expect(station).to_have_url(re.compile("/scanner/fin$"))
    expect(station.get_by_role("button", name="Fermer la connexion")).to_have_count(0)
    station.goto("/scanner")
    expect(station.locator("#not-enrolled-title")).to_contain_text("pas encore une station")


def test_a_browser_that_forgot_everything_says_so(
    context: BrowserContext, station: Page, live_server: LiveServer
) -> None:
    erased = {"origin": live_server.url, "storageTypes": "indexeddb,cache_storage"}
    station.goto("/")
    context.new_cdp_session(station).send("Storage.clearDataForOrigin", erased)
    station.goto("/scanner")
    expect(station.locator("#not-enrolled-title")).to_have_text(
        "La mémoire de cet appareil a été effacée"
    )
    expect(station.locator("#not-enrolled-why")).to_contain_text("Demandez un nouveau code")
    assert axe(station) == []


def test_what_the_page_still_knows_is_put_back_when_the_browser_forgets(
    context: BrowserContext, station: Page, live_server: LiveServer
) -> None:
    first, second = codes(live_server)[:2]
    context.set_offline(True)
    read(station, first)
    expect_verdict(station, "accepted", "Bienvenue")
    dismiss(station)
    erased = {"origin": live_server.url, "storageTypes": "indexeddb"}
    context.new_cdp_session(station).send("Storage.clearDataForOrigin", erased)
    read(station, second)
    expect_verdict(station, "accepted", "Bienvenue")
    context.set_offline(False)
    expect(station.locator("#waiting")).to_have_text("")
    assert len(live_server.execute("SELECT id FROM scans WHERE shown = 'accepted'")) == 2


def test_a_new_version_of_the_page_loses_nothing_of_the_queue(
    context: BrowserContext, station: Page, live_server: LiveServer
) -> None:
    until_offline_ready(station)
    context.route("**/api/v1/scans", lambda route: route.abort())
    for code in codes(live_server)[:2]:
        read(station, code)
        expect_verdict(station, "accepted", "Bienvenue")
        dismiss(station)
    live_server.execute("UPDATE editions SET short_name = 'Salon d’essai'")
    station.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    expect(station.locator("#alert")).to_contain_text("Une nouvelle version")
    station.get_by_role("button", name="Détails").click()
    station.get_by_role("button", name="Mettre la page à jour").click()
    expect(station).to_have_title("Contrôle des entrées – Salon d’essai")
    assert len(stored_rows(station)) == 2
    expect(station.locator("#waiting")).to_have_text("2\u00a0passages en attente")
    context.unroute("**/api/v1/scans")
    expect(station.locator("#waiting")).to_have_text("")
    assert len(live_server.execute("SELECT id FROM scans WHERE shown = 'accepted'")) == 2
