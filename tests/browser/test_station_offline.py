"""A station of a fair of 1,000 visitors: killed without network, opened again, searched."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser.conftest import FLAGS, PATIENCE_S, LiveServer
from tests.browser.reader import read
from tests.browser.stations import (
    EVERYTHING_KEPT,
    HOLD_VERDICTS,
    build_listed,
    codes,
    dismiss,
    enrol,
    expect_verdict,
    search_name,
    until_names_are_held,
    until_offline_ready,
)
from tests.browser.storage import stored_rows, until_sent
from tests.chromium import windowless_path

MANY = 40
SHORTEST_NAME = 5


@pytest.fixture(scope="session")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with its list of badges."""
    return build_listed(tmp_path_factory, seeded)


def opened(
    playwright: Playwright, server: LiveServer, profile: Path
) -> tuple[BrowserContext, Page]:
    """A browser that keeps its data in a folder, as a telephone does."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=windowless_path(),
        chromium_sandbox=False,
        args=list(FLAGS),
        base_url=server.url,
        viewport={"width": 360, "height": 740},
    )
    context.set_default_timeout(PATIENCE_S * 1000)
    context.add_init_script(HOLD_VERDICTS)
    return context, context.pages[0]


def kill(profile: Path) -> None:
    """kill -9 of the browser that uses this profile, and of no other."""
    mark = f"--user-data-dir={profile}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if mark in words and not any(word.startswith(b"--type=") for word in words):
            os.kill(int(process.name), signal.SIGKILL)


def misspelt(name: str) -> str:
    """The longest word of a name, with a wrong letter."""
    word = max(name.split(), key=len)
    return f"{word[:2]}x{word[3:]}"


def spellings(text: str) -> list[bytes]:
    return [text.encode(), text.encode("latin-1", "ignore"), text.encode("utf-16-le")]


def test_a_station_is_killed_opened_again_and_says_nothing_of_anybody(
    live_server: LiveServer, playwright: Playwright, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    context, page = opened(playwright, live_server, profile)
    enrol(page)
    until_offline_ready(page)
    texts = codes(live_server)
    assert len(texts) > MANY
    read(page, texts[0])
    expect_verdict(page, "accepted", "Bienvenue")
    shown = page.locator(".verdict__name").inner_text()
    dismiss(page)
    until_names_are_held(page)
    expect(page.locator("#waiting")).to_have_text("")  # the first scan is sent
    context.set_offline(True)
    search_name(page, misspelt(shown))
    expect(page.locator("#search-found").get_by_text(shown)).to_be_visible()
    page.get_by_role("button", name="Fermer").click()
    for code in texts[1:4]:
        read(page, code)
        expect_verdict(page, "accepted", "Bienvenue")
        dismiss(page)
    kill(profile)
    live_server.stop()

    # A cold start: no network, no server.
    context, page = opened(playwright, live_server, profile)
    context.set_offline(True)
    page.goto("/scanner")
    expect(page.locator("#waiting")).to_have_text("3\u00a0passages en attente")
    read(page, texts[2])
    expect_verdict(page, "already_inside", "Déjà entré")
    dismiss(page)
    read(page, texts[4])
    expect_verdict(page, "accepted", "Bienvenue")
    expect(page.locator(".verdict__name")).not_to_be_empty()
    dismiss(page)
    assert len(stored_rows(page)) == 5
    search_name(page, misspelt(shown))
    expect(page.locator("#search-count")).to_contain_text("Ouvrez la liste par nom")
    page.get_by_role("button", name="Fermer").click()

    # What a thief reads: every store and every cached file, then the profile's own files.
    value = page.evaluate(EVERYTHING_KEPT)
    assert value["files"] > 20
    context.close()
    text = value["text"]
    assert len(text) > 60 * len(texts), "the list itself was not read"
    on_disk = b"".join(path.read_bytes() for path in profile.rglob("*") if path.is_file())
    secrets = {code.rpartition("/")[2] for code in texts} | {shown}
    for first, last, email, phone in live_server.execute(
        "SELECT first_name, last_name, email, phone FROM attendees"
    ):
        secrets |= {f"{first} {last}", email or "", phone or ""}
        if len(last) >= SHORTEST_NAME:
            secrets.add(last)
    secrets.discard("")
    stored_secrets = [secret for secret in secrets if secret in text or secret.lower() in text]
    assert stored_secrets == []
    assert [secret for secret in secrets if any(way in on_disk for way in spellings(secret))] == []

    # The network again: nothing is lost.
    live_server.start()
    context, page = opened(playwright, live_server, profile)
    page.goto("/scanner")
    until_sent(page)
    context.close()
    # The device may have judged the first scan too, where its server was slow.
    first_code = texts[0].rpartition("/")[2]
    assert live_server.execute(
        "SELECT count(*) FROM scans JOIN badges ON badges.id = scans.badge_id"
        f" WHERE shown <> '' AND badges.code <> '{first_code}'"
    ) == [(5,)]
