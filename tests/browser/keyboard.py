"""A person without a mouse: Tab, letters, Space and Enter."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

FARTHEST = 400
"""Presses of Tab after which a page's last control has surely been passed."""


def focused(page: Page) -> dict[str, Any]:
    """What has the focus: its name, type, value, words, and whether the focus is seen."""
    return dict(
        page.evaluate(
            "() => { const one = document.activeElement;"
            " return {name: one.name || '', type: one.type || '', value: one.value || '',"
            " text: (one.getAttribute('aria-label') || one.textContent)"
            ".replace(/\\s+/g, ' ').trim(),"
            " visible: one.matches(':focus-visible')} }"
        )
    )


def press(page: Page, words: str) -> None:
    """Tabs to the link or button of the page's content whose words begin so, presses Enter, waits.

    The skip link is used first, as who has only a keyboard does.
    """
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    _reach(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page: Page, address: str) -> None:
    """Signs somebody in with the code that the demonstration's mailbox has for them."""
    page.goto("/connexion")
    fill(page, {"email": address}, "Recevoir")
    mailbox = page.context.new_page()
    mailbox.goto(f"/demonstration/courriels?q={address}")
    with mailbox.expect_navigation():
        mailbox.get_by_role("link", name=re.compile("code", re.IGNORECASE)).first.click()
    match = re.search(r"\b(\d{4})[\s\u00a0](\d{4})\b", mailbox.locator("main").inner_text())
    assert match
    mailbox.close()
    fill(page, {"code": match[1] + match[2]}, "Me connecter")


def download(page: Page, words: str) -> str:
    """As press, for a file; answers where it was put."""
    _reach(page, words)
    with page.expect_download() as result:
        page.keyboard.press("Enter")
    return str(result.value.path())


def fill(page: Page, answers: Mapping[str, str], button: str, ticked: tuple[str, ...] = ()) -> None:
    """Types each answer in the field of that name, ticks boxes, presses the button."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["name"] in answers and here["type"] not in ("hidden", "radio"):
            assert here["visible"]
            page.keyboard.press("Control+A")
            page.keyboard.type(answers[here["name"]])
        elif here["name"] in ticked:
            page.keyboard.press("Space")
        elif here["type"] == "submit" and here["text"].startswith(button):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard never reaches « {button} » on {page.url}")


def _reach(page: Page, words: str) -> None:
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["text"].startswith(words):
            assert here["visible"]
            return
    raise AssertionError(f"the keyboard never reaches « {words} » on {page.url}")
