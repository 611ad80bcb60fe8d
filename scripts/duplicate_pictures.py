"""The pictures of the guide of duplicates: the list, a merge, a badge that was replaced."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from scripts.picture_taking import picture_of, save, take

COMMUNE = "Pomérols"
REGISTRATIONS = (
    ("Claire", "Sénégas", "claire.senegas@orange.example"),
    ("Sénégas", "Claire", "mairie@pomerols.example"),
)


def duplicates(organiser: Page, host: Page, badge_codes: Callable[[], list[str]]) -> None:
    """Register a mayor twice, merge her registrations, and read the badge that was replaced."""
    before = set(badge_codes())
    for registration in REGISTRATIONS:
        _register(organiser, *registration)
    codes = [code for code in badge_codes() if code not in before]
    organiser.goto("/organisation/doublons")
    group = organiser.locator("section.duplicate").filter(has_text="Claire Sénégas").first
    take(organiser, "doublons", group)
    group.get_by_role("link", name=re.compile("^Réunir")).click()
    take(organiser, "doublons-reunir", organiser.locator(".notice").first)
    organiser.get_by_role("button", name=re.compile("^Réunir ces")).click()
    organiser.get_by_text("sont réunies").wait_for()
    host.keyboard.type(codes[1])
    host.keyboard.press("Enter")
    verdict = host.locator("#verdict")
    verdict.wait_for(state="visible")
    save(picture_of(verdict), "verdict-badge-remplace")
    verdict.evaluate("screen => screen.click()")


def _register(page: Page, first_name: str, last_name: str, email: str) -> None:
    page.goto("/accueil")
    page.get_by_label("Madame").check()
    page.locator("[name=first_name]").fill(first_name)
    page.locator("[name=last_name]").fill(last_name)
    page.locator("[name=function]").select_option("mayor")
    page.locator("[name=commune]").fill(COMMUNE)
    page.get_by_role("option", name=COMMUNE).click()
    page.locator("[name=email]").fill(email)
    page.locator("form:has([name=first_name]) button[type=submit]").last.click()
    page.wait_for_load_state()
