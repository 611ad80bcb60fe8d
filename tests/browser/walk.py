"""A person who walks through the pages: what is clicked and typed is counted, each page checked."""

import os
import re
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page

from tests.browser.conftest import axe

UNNAMED_FIELDS = """() => [...document.querySelectorAll("input, select, textarea")]
  .filter((field) => field.checkVisibility() && field.type !== "hidden")
  .filter((field) => !field.labels?.length && !field.ariaLabel && !field.ariaLabelledByElements)
  .map((field) => field.outerHTML.slice(0, 200))"""
NUMBERED = re.compile(r"\d+|[\w-]{20,}")


class Walk:
    """One person in one browser. A page is checked when its kind is first seen by anybody."""

    pictures = os.environ.get("PICTURES")
    """A folder where each kind of page is kept as a picture, when it is given."""

    def __init__(self, context: BrowserContext, name: str, seen: set[str]) -> None:
        self.page: Page = context.new_page()
        self.name, self.seen = name, seen
        self.pages = self.clicks = self.fields = 0
        self.began = self.arrived = time.monotonic()

    def __str__(self) -> str:
        counts = f"{self.pages} pages, {self.clicks} clicks, {self.fields} fields"
        return f"{self.name}: {counts}, {(self.arrived - self.began) / 60:.1f} min"

    def go(self, address: str) -> None:
        """Open an address that was given: printed, shared, or read in a mail."""
        self.page.goto(address)
        self._arrive()

    def link(self, name: str | re.Pattern[str], inside: Locator | None = None) -> None:
        self._leave((inside or self.page).get_by_role("link", name=name, exact=True))

    def button(self, name: str | re.Pattern[str]) -> None:
        """Press a button of the page; the first of those whose words match a pattern."""
        self._leave(self.main.get_by_role("button", name=name, exact=True).first)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def words(self) -> str:
        """What the page says, in plain spaces."""
        return " ".join(self.main.inner_text().split())

    def menu(self, name: str) -> None:
        """Follow an entry of the staff's menu."""
        nav = self.page.get_by_role("navigation", name="Organisation du salon")
        group = nav.locator("details:not([open])").filter(has_text=re.compile(rf"\b{name}\b"))
        if group.count() and not nav.get_by_role("link", name=name, exact=True).count():
            self.clicks += 1
            group.locator("summary").click()
        self.link(name, inside=nav)

    def settings(self, name: str) -> None:
        """Go to a page of settings."""
        self.menu("Réglages")
        self.link(name, inside=self.main)

    def fill(self, values: dict[str, str], group: str | None = None) -> None:
        """Type into fields, found by their labels, in one group of fields or in the page."""
        for label, value in values.items():
            self.fields += 1
            field = self._field(label, group)
            if field.evaluate("(element) => element.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def tick(self, label: str | re.Pattern[str]) -> None:
        self.clicks += 1
        self._field(label, None).check()

    def send_file(self, label: str, path: Path) -> None:
        self.fields += 1
        self._field(label, None).set_input_files(path)

    def _field(self, label: str | re.Pattern[str], group: str | None) -> Locator:
        where = self.main
        if group is not None:
            where = where.get_by_role("group", name=group, exact=True)
        return where.get_by_label(label, exact=True)

    def _leave(self, control: Locator) -> None:
        self.clicks += 1
        with self.page.expect_navigation():
            control.click()
        self._arrive()

    def _arrive(self) -> None:
        self.pages += 1
        self.arrived = time.monotonic()
        kind = NUMBERED.sub("-", self.page.url.split("?")[0].split("/", 3)[3]) or "accueil"
        if kind in self.seen:
            return
        self.seen.add(kind)
        assert self.page.evaluate(UNNAMED_FIELDS) == [], self.page.url
        assert axe(self.page, with_contrast=False) == [], self.page.url
        if self.pictures:
            self._keep_pictures(f"{len(self.seen):03}-{kind.replace('/', '_')[:60]}")

    def picture(self, name: str) -> None:
        """Keep the page as it is now, of a kind that was seen with less in it."""
        if self.pictures:
            self._keep_pictures(name)

    def _keep_pictures(self, name: str) -> None:
        size = self.page.viewport_size
        assert size is not None
        for width in (1280, 360):
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.screenshot(path=f"{self.pictures}/{name}-{width}.png", full_page=True)
        self.page.set_viewport_size(size)
