"""A session about to end says so, and what is typed when it ends comes back."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, axe, enter

PLACE = "/organisation/reglages/lieu"
TYPED = "Salle du Pioch, Béziers"


def leave_idle(live_server: LiveServer, page: Page, minutes: int) -> None:
    """As if no page had been opened for so long: the session's row and the page's clock."""
    seen_at = datetime.now(UTC) - timedelta(minutes=minutes)
    with closing(sqlite3.connect(live_server.data / "salon.sqlite", timeout=30)) as database:
        text = seen_at.strftime("%Y-%m-%d %H:%M:%S.%f")
        database.execute("UPDATE sign_ins SET last_seen_at = ?", (text,))
        database.commit()
    page.clock.fast_forward(minutes * 60_000)


def test_a_session_warns_before_it_ends_and_gives_back_what_was_typed(
    page: Page, live_server: LiveServer
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})  # filling scrolls nothing: no activity
    page.clock.install()
    enter(page, "Entrer comme organisateur")
    page.goto(PLACE)
    bar = page.locator("#session-watch")
    expect(bar).to_be_hidden()
    with page.expect_response("**/session.json"):
        page.get_by_label("Lieu").fill(TYPED)
        page.clock.fast_forward(61_000)
    leave_idle(live_server, page, 29)
    expect(bar).to_contain_text(re.compile("prend fin dans 1.minute"))
    assert axe(page) == []
    assert page.evaluate("() => document.activeElement.name") == "place"
    bar.get_by_role("button", name="Rester connecté").press("Enter")
    expect(bar).to_be_hidden()
    leave_idle(live_server, page, 31)
    expect(bar).to_contain_text("a pris fin")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/connexion/organisation?next=/reprendre")
    enter(page, "Entrer comme organisateur")
    page.goto("/reprendre")
    expect(page.get_by_text("Votre session avait pris fin")).to_be_visible()
    expect(page.get_by_label("Lieu")).to_have_value(TYPED)
