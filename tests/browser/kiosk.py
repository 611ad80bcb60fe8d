"""A kiosk in Chromium: a device enrolled in the demonstration, whose reader types."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from salon.badges.models import Attendee, Badge, BadgeSettings
from salon.entrance.models import EntranceSettings
from salon.entrance.services.settings import seal_pin
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, transaction
from tests.browser.conftest import LiveServer, axe, enter, scrolls_sideways, until
from tests.browser.keyboard import focused
from tests.browser.storage import BASE

START = "Présentez votre badge"
ZOOMED = {"width": 640, "height": 512}
"""A screen of 1280 × 1024 at 200 %."""

NARROW = {"width": 320, "height": 640}

STANDING = {"width": 1280, "height": 1024}
COUNT_PRINTS = "window.printed = 0; window.print = () => { window.printed += 1; };"
"""A headless browser has no printer: what it would print is read from `page.pdf`."""

GESTURE = "document.dispatchEvent(new Event('wheel'))"
STAY = f"setInterval(() => {GESTURE}, 5000);"
"""Somebody is there, however long a busy machine takes: the kiosk forgets after twenty seconds."""

KEPT = f"""async () => {{ const name = "station"; {BASE}
  const shown = (one) => one instanceof ArrayBuffer ? new TextDecoder("latin1").decode(one) : one;
  const found = [];
  for (const name of base.objectStoreNames) {{
    found.push(await settled(store(name).getAllKeys()));
    found.push((await settled(store(name).getAll())).map(shown));
  }}
  base.close();
  for (const name of await caches.keys()) {{
    found.push((await (await caches.open(name)).keys()).map((one) => one.url));
  }}
  found.push({{...localStorage}}, {{...sessionStorage}}, history.state, location.href);
  return JSON.stringify([...found, document.cookie]);
}}"""
CONFIG = f"""async () => {{ const name = "station"; {BASE}
  const config = await settled(store("meta").get("config"));
  base.close();
  return config;
}}"""


@contextmanager
def inside(server: LiveServer) -> Iterator[Edition]:
    """The application on the server's data."""
    with server.application():
        yield get_public_edition()


def settle(server: LiveServer, pin: str = "", **values: Any) -> None:
    """The organiser's settings of the kiosks and of the badges."""
    badges = {name: values.pop(name) for name in ("kiosk_layout", "lines") if name in values}
    with inside(server) as edition, transaction() as session:
        salt, sealed = seal_pin(pin)
        values |= {"kiosk_pin_salt": salt, "kiosk_pin_hash": sealed}
        session.merge(EntranceSettings(edition_id=edition.id, **values))
        session.merge(BadgeSettings(edition_id=edition.id, **badges))


def open_kiosk(page: Page, is_kept: bool = False, is_attended: bool = True) -> None:
    """Makes the browser a kiosk; `is_kept`: its page and its list are on the device.

    `is_attended`: somebody moves a hand every five seconds.
    """
    page.add_init_script(COUNT_PRINTS + (STAY if is_attended else ""))
    page.set_viewport_size(STANDING)  # type: ignore[arg-type]
    enter(page, "Ouvrir la borne")
    page.get_by_role("button", name="Faire de cet appareil une station").click()
    page.wait_for_url("**/borne")
    expect_title(page, START)
    page.wait_for_function(
        "() => document.activeElement.id === 'title' && performance.getEntriesByType('resource')"
        ".some((one) => one.name.includes('/api/v1/badges'))"
    )
    if is_kept:
        until(
            page,
            "() => navigator.serviceWorker.ready.then((one) => one.active.state === 'activated')",
        )
        until(page, f"() => ({KEPT})().then((all) => all.includes('SDM1'))")


def stand_still(page: Page) -> None:
    """A last gesture: from now on time passes by `page.clock.run_for` alone."""
    page.clock.pause_at(page.evaluate("() => Date.now()") / 1000 + 1)
    page.evaluate(f"() => {GESTURE}")


def expect_title(page: Page, words: str | re.Pattern[str]) -> None:
    """A screen: its heading, which has the focus and names the page."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(words)
    expect(heading).to_be_focused()


def kept_by(page: Page) -> str:
    """All that the browser keeps, as text."""
    return str(page.evaluate(KEPT))


def held_by(page: Page) -> str:
    """All that the page holds: its elements, what is typed in them, its title."""
    return json.dumps(
        page.evaluate(
            "() => [document.documentElement.outerHTML, document.title,"
            " [...document.querySelectorAll('input, select')].map((one) => one.value)]"
        ),
        ensure_ascii=False,
    )


@dataclass(frozen=True)
class Holder:
    """The holder of a valid badge of the demonstration."""

    code: str
    first_name: str
    last_name: str
    on_behalf_of: str
    badge_id: int
    attendee_id: int

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not stay once they have gone."""
        return (self.code, self.first_name, self.last_name)


def a_holder(server: LiveServer) -> Holder:
    """A mayor's, of a commune."""
    with inside(server):
        expected_attendee = (
            select(Badge)
            .join(Attendee)
            .where(
                Badge.revoked_at.is_(None),
                Attendee.function == "mayor",
                Attendee.civility == "madame",
                Attendee.commune_code.is_not(None),
            )
            .order_by(Badge.id)
            .limit(1)
        )
        badge = current_session().scalars(expected_attendee).one()
        attendee = badge.attendee
        return Holder(
            badge.code,
            attendee.first_name,
            attendee.last_name,
            attendee.on_behalf_of,
            badge.id,
            attendee.id,
        )


def heap_of(page: Page) -> str:
    """All that the page's scripts still reach, as text, once garbage is collected."""
    cdp = page.context.new_cdp_session(page)
    parts: list[str] = []
    cdp.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    cdp.send("HeapProfiler.enable")
    cdp.send("HeapProfiler.collectGarbage")
    cdp.send("HeapProfiler.takeHeapSnapshot")
    cdp.detach()
    return "".join(parts)


def inspect(page: Page) -> None:
    """axe finds nothing; zoomed in or narrow, nothing is lost: all of it is reached by scrolling
    down, and what is pressed and read is large enough."""
    assert axe(page) == []
    for size in (ZOOMED, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert not scrolls_sideways(page), page.title()
        for button in page.get_by_role("button").all():
            button.scroll_into_view_if_needed()
            expect(button).to_be_in_viewport(ratio=0.9)
    page.set_viewport_size({"width": 1280, "height": 1024})
    small = page.evaluate(
        "() => [...document.querySelectorAll('button, input, select')].filter((one) =>"
        " one.checkVisibility() && (one.closest('.kiosk-choice') || one).getBoundingClientRect()"
        ".height < 60).map((one) => one.outerHTML)"
    )
    assert small == []
    tiny = page.evaluate(
        "() => [...document.body.querySelectorAll('*')].filter((one) => one.checkVisibility()"
        " && !one.closest('svg, .visually-hidden') && [...one.childNodes].some((child) =>"
        " child.nodeType === 3 && child.data.trim())"
        " && parseFloat(getComputedStyle(one).fontSize) < 21.9).map((one) => one.outerHTML)"
    )
    assert tiny == []


def press(page: Page, words: str) -> None:
    """Tabs to a button and presses Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["text"].startswith(words):
            assert here["visible"]
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard never reaches « {words} »")
