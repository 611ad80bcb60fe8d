"""What a device kept with an earlier version of a page is sent by this one."""

import hashlib
import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, until
from tests.browser.kiosk import open_kiosk
from tests.browser.my_rota import CARD, is_noted, open_before_arriving
from tests.browser.stations import build_list, codes, enrol
from tests.browser.storage import store_row, until_sent
from tests.browser.test_leads import space_of

ITEM_ID = "8f14e45f-ceea-467f-9c1a-1d3a5b0e7a11"
KEEP_READING = """([name, reading]) => new Promise((done) => {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("queue", { keyPath: "reading_id" });
  };
  opening.onsuccess = () => {
    const writing = opening.result.transaction("queue", "readwrite");
    writing.objectStore("queue").put(reading);
    writing.oncomplete = () => { opening.result.close(); done(); };
  };
})"""
KEEP_ARRIVAL = """() => {
  const { owner } = document.getElementById("planning").dataset;
  const form = document.querySelector("[data-arrival] form");
  const shift = form.closest("[data-arrival]").dataset.arrival;
  const arrival = { shift, action: form.getAttribute("action"), at: new Date().toISOString() };
  localStorage.setItem(`planning:arrival:${owner}:${shift}`, JSON.stringify(arrival));
}"""


def hash_of(code: str) -> str:
    return hashlib.sha256(code.rpartition("/")[2].upper().encode()).hexdigest()


def test_scans_of_a_station(page: Page, live_server: LiveServer) -> None:
    build_list(live_server)
    enrol(page)
    scan = {
        **{"scan_id": ITEM_ID, "code_hash": hash_of(codes(live_server)[0])},
        **{"door": "A", "direction": "in", "shown": "accepted", "let_in": True},
        **{"state": "waiting", "station": 1, "mono": 5.5, "session": "1x2y", "anchored": True},
    }
    at = page.evaluate("() => Date.now()")
    store_row(page, scan | {"at": at, "wall": at})
    with page.expect_request("**/api/v1/scans") as sent:
        page.reload()
    until_sent(page)
    assert [scan["scan_id"] for scan in sent.value.post_data_json["scans"]] == [ITEM_ID]
    assert live_server.execute("SELECT shown FROM scans ORDER BY id DESC LIMIT 1") == [
        ("accepted",)
    ]


def test_readings_of_a_stand(page: Page, live_server: LiveServer) -> None:
    space = space_of(page)
    name = f"contacts-{space.rsplit('/', 1)[-1]}"
    reading = {
        **{"reading_id": ITEM_ID, "code_hash": hash_of(codes(live_server)[0])},
        **{"read_at": "2021-10-01T07:00:00.000Z", "note": "Mâts", "interest": "", "revision": 1},
    }
    page.evaluate(KEEP_READING, [name, reading])
    page.goto(f"{space}/contacts/lecture")
    until_sent(page, name)
    assert live_server.execute("SELECT count(*) FROM leads WHERE note = 'Mâts'") == [(1,)]


def test_arrivals_of_an_agent(page: Page, live_server: LiveServer) -> None:
    open_before_arriving(page, live_server)
    page.evaluate(KEEP_ARRIVAL)
    page.reload()
    expect(page.locator(CARD)).to_contain_text("Arrivée notée à")
    assert is_noted(live_server)


def test_what_a_kiosk_printed(page: Page, live_server: LiveServer) -> None:
    open_kiosk(page)
    printing = {"job_id": ITEM_ID, "code_hash": hash_of(codes(live_server)[0])}
    page.evaluate("text => localStorage.setItem('kiosk-printings', text)", json.dumps([printing]))
    with page.expect_request("**/api/v1/kiosk/printings") as sent:
        page.reload()
    assert sent.value.post_data_json == printing
    until(page, "() => !Object.keys(localStorage).some((name) => name.includes('printing'))")
