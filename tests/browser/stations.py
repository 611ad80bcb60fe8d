"""What the tests of a station in a real browser share."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from salon.badges.engine.codes import new_code
from salon.entrance.services.offline_list import update_list
from salon.fair.queries import get_public_edition
from salon.platform.settings.clock import now
from tests.browser.conftest import LiveServer, enter, until
from tests.conftest import build_once, copy_data

EVERYTHING_KEPT = """async () => {
  const text = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  const binary = new TextDecoder("latin1");
  const shown = (key, value) =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? binary.decode(value) : value;
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((done) => {
      indexedDB.open(name).onsuccess = ({ target }) => done(target.result);
    });
    for (const store of base.objectStoreNames) {
      for (const get of ["getAll", "getAllKeys"]) {
        const found = await new Promise((done) => {
          base.transaction(store).objectStore(store)[get]().onsuccess = ({ target }) => {
            done(target.result);
          };
        });
        text.push(JSON.stringify(found, shown), ...found.map((one) => shown("", one)).map(String));
      }
    }
    base.close();
  }
  let files = 0;
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      files += 1;
      const kept = await caches.match(request, { ignoreVary: true });
      text.push(request.url, binary.decode(await kept.arrayBuffer()));
    }
  }
  return { text: text.join("\\n"), files };
}"""
"""All that a page of this origin can read of what is kept: every store, every cached answer."""


HOLD_VERDICTS = """(() => {
  const { setTimeout } = window;
  window.setTimeout = (call, delay, ...values) =>
    setTimeout(call, new Error().stack.includes("/face.js") ? 3_600_000 : delay, ...values);
})()"""
"""A verdict stays until a tap or the next reading: a busy machine would look when it is over."""


WATCH_LIGHT = """(() => {
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (kind) => (window.light = await request(kind));
})()"""
IS_LIT = "() => window.light && !window.light.released"
"""The page keeps the screen on; it is asked of a page that ran WATCH_LIGHT first."""


def build_list(server: LiveServer) -> None:
    """The list of badges that stations work from, as the worker keeps it."""
    with server.application():
        update_list(now())


def build_listed(factory: pytest.TempPathFactory, seeded: Path) -> Path:
    """Return a data folder with the demonstration and its list of badges, made once a run."""

    def build(data: Path) -> None:
        copy_data(seeded, data)
        build_list(LiveServer(data))

    return build_once(factory, "listed", build)


def codes(server: LiveServer) -> list[str]:
    """What the badges' QR codes hold."""
    return server.flask("badge-codes").split()


def unlisted_codes(server: LiveServer) -> list[str]:
    """Three codes that the fair made, as badges have that no station's list holds yet."""
    with server.application():
        key = get_public_edition().code_key
    return [new_code(key) for _ in range(3)]


def enrol(
    page: Page,
    has_list: bool = True,
    entry: str = "Ouvrir le scanner",
    is_verdict_held: bool = True,
) -> None:
    """Makes the browser a station, as a newcomer does in the demonstration."""
    if is_verdict_held:
        page.add_init_script(HOLD_VERDICTS)
    enter(page, entry)
    page.get_by_role("button", name="Faire de cet appareil une station").click()
    expect(page).to_have_url(re.compile("/scanner$"))
    expect(page.get_by_role("button", name="Ouvrir la caméra")).to_be_visible()
    if has_list:
        expect(page.locator("#tell-list")).to_contain_text(re.compile(r"\d\sbadge"))
        expect(page.locator("#door option")).not_to_have_count(0)


def until_offline_ready(page: Page) -> None:
    """Waits until the page and its files are kept by its service worker."""
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def until_names_are_held(page: Page) -> None:
    """Waits until the page was given the names; they are in its memory a moment later."""
    until(
        page,
        "() => performance.getEntriesByType('resource').some("
        "(one) => one.name.includes('/api/v1/names') && one.responseEnd > 0)",
    )


def search_name(page: Page, words: str) -> None:
    """Searches people by name; the dialog stays open."""
    if not page.locator("#search").is_visible():
        page.get_by_role("button", name="Chercher un nom").click()
    page.get_by_label("Nom, commune ou numéro du badge").fill(words)
    page.get_by_role("button", name="Chercher", exact=True).click()


def expect_verdict(page: Page, verdict: str, word: str) -> None:
    expect(page.locator(f"#verdict[data-verdict={verdict}]")).to_be_visible()
    expect(page.locator(".verdict__word")).to_have_text(word)


def dismiss(page: Page) -> None:
    """A tap makes room for the next."""
    page.locator("#verdict").click()
    expect(page.locator("#verdict")).to_be_hidden()
