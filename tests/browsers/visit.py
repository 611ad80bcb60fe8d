"""A person before a browser: reads, presses, fills; what is not there yet is waited for."""

import json
import time
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from tests.processes import PATIENCE_S

NAMED = """
const [selector, words] = arguments;
const plain = (text) => (text || "").replace(/\\s+/g, " ").trim();
return [...document.querySelectorAll(selector)].find((element) =>
  element.getClientRects().length
  && plain(element.getAttribute("aria-label") || element.textContent).startsWith(words)) || null;
"""
"""The first visible element of a selector whose words begin so."""

LABELLED = """
const plain = (text) => (text || "").replace(/\\s+/g, " ").trim();
const label = [...document.querySelectorAll("label")].find((element) => element.control
  && element.getClientRects().length && plain(element.textContent) === arguments[0]);
return label ? label.control : null;
"""

CHOOSE = """
const [select, words] = arguments;
const option = [...select.options].find(({ text }) => text.trim() === words);
if (!option) return false;
option.selected = true;
for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
return true;
"""


class Visit:
    """A WebDriver on the fair's site, with the words of its pages."""

    def __init__(self, driver: WebDriver, url: str) -> None:
        self.driver = driver
        self.url = url

    def goto(self, path: str) -> None:
        self.driver.get(self.url + path)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def until(self, condition: Callable[[], Any], description: str) -> Any:
        """Return the first true answer; a page that changes under a question is asked again."""
        end = time.monotonic() + PATIENCE_S
        failure = ""
        while time.monotonic() < end:
            try:
                if answer := condition():
                    return answer
            except WebDriverException as error:
                failure = (error.msg or "").splitlines()[0]
            time.sleep(0.1)
        heading = self.run("return document.querySelector('h1')?.textContent.trim()")
        raise AssertionError(
            f"{description}: not so after {PATIENCE_S} s, on « {heading} »"
            f" ({self.driver.current_url}) {failure}"
        )

    def press(self, words: str, selector: str = "a, button, summary") -> None:
        """Click what a person would: a link or button whose words begin so."""

        def click() -> bool:
            element: WebElement | None = self.run(NAMED, selector, words)
            if element is None:
                return False
            self.click(element)
            return True

        self.until(click, f"press « {words} »")

    def click(self, element: WebElement) -> None:
        """A driver that did not scroll far enough is helped, for the next try."""
        try:
            element.click()
        except WebDriverException:
            self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
            raise

    def field(self, label: str) -> WebElement:
        web_element: WebElement = self.until(
            lambda: self.run(LABELLED, label), f"field « {label} »"
        )
        return web_element

    def fill(self, label: str, text: str) -> None:
        """A field that is being replaced by its enriched form is looked for again."""

        def type_text() -> bool:
            field = self.field(label)
            self.click(field)
            if field.get_property("value"):
                field.clear()
            field.send_keys(text)
            return field.get_property("value") == text

        self.until(type_text, f"fill « {label} »")

    def choose(self, label: str, option: str) -> None:
        """WebKitGTK's driver clicks no option: its list is a window of the system."""
        assert self.run(CHOOSE, self.field(label), option), f"« {label} » offers no « {option} »"

    def tick(self, label: str) -> None:
        self.press(label, selector="label")
        assert self.field(label).is_selected()

    def leave_field(self) -> None:
        self.driver.switch_to.active_element.send_keys(Keys.TAB)

    def follow(self, selector: str) -> None:
        def click() -> bool:
            self.click(self.driver.find_element(By.CSS_SELECTOR, selector))
            return True

        self.until(click, f"follow {selector}")

    def sees(self, words: str, selector: str = "body") -> None:
        """Wait until an element holds these words, also where it is folded away."""
        self.until(lambda: words in self.text(selector), f"see « {words} » in {selector}")

    def text(self, selector: str) -> str:
        words = self.driver.find_element(By.CSS_SELECTOR, selector).get_property("textContent")
        return " ".join(str(words).split())

    def shows(self, selector: str) -> None:
        self.until(
            lambda: self.driver.find_element(By.CSS_SELECTOR, selector).is_displayed(),
            f"{selector} is shown",
        )

    def is_at(self, part: str) -> None:
        self.until(lambda: part in self.driver.current_url, f"address with {part}")

    def enter(self, role: str) -> None:
        self.goto("/demonstration")
        self.press(role)
        self.until(lambda: not self.driver.current_url.endswith("/demonstration"), role)

    def call(self, function: str, *arguments: Any) -> Any:
        """Return the result of a function of the page, once its promise is fulfilled."""
        words = ", ".join(json.dumps(argument) for argument in arguments)
        return self.driver.execute_async_script(
            f"const done = arguments[0]; Promise.resolve(({function})({words}))"
            ".then((answer) => done(answer ?? null), (error) => done(String(error)));"
        )
