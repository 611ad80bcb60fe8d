"""A virtual screen reader in the page: what it says of a page, of the focus and of live regions.

It knows no folded `details`: it reads their content too, which a real one leaves out.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from playwright.sync_api import Page

from tests.browser.inspection import SCRIPTS, until
from tests.browser.keyboard import FARTHEST

LONGEST = 2_000
"""Phrases after which a page has surely been read to its end."""

UNSPOKEN = ("alert", "document", "end", "form", "paragraph", "status", "strong")
"""Roles and ends that real screen readers do not say by themselves."""

NAMELESS = re.compile(
    "(button|checkbox|combobox|graphics-symbol|image|link|radio|searchbox|textbox)"
    "(, (1 control|autocomplete in list|checked|has popup listbox|invalid|not checked"
    r"|not expanded|not pressed|pressed|required|position \d+|set size \d+))*"
)
HEADING = re.compile("heading, (.+), level ([1-6])")

START = """async () => {
  if (window.reading) return;
  window.reading = true;
  const focused = document.activeElement;
  await virtual.start({container: document.body});
  await virtual.clearSpokenPhraseLog();
  if (focused !== document.body) {
    focused.blur();
    focused.focus();
  }
}"""
"""A page that opened with the focus on an element is heard from there."""

READ = """async (longest) => {
  const focused = document.activeElement;
  if (window.reading) await virtual.stop();
  await virtual.start({container: document.body});
  window.reading = true;
  const spoken = [];
  for (let phrase = ""; phrase !== "end of document"; spoken.push(phrase)) {
    if (spoken.length > longest) throw new Error("the page has no end");
    await virtual.next();
    phrase = await virtual.lastSpokenPhrase();
    const { tagName, value, selectedOptions } = virtual.activeNode || {};
    if (["BUTTON", "OPTION"].includes(tagName) && value) phrase = phrase.replace(`, ${value}`, "");
    const choice = selectedOptions?.[0]?.text;
    if (choice && value) phrase = phrase.replace(`, ${value}`, `, ${choice}`);
  }
  focused.focus();
  await virtual.clearSpokenPhraseLog();
  return spoken;
}"""
"""A real reader says the words of buttons and choices, never their values."""

HEARD = """async () => {
  const phrases = await virtual.spokenPhraseLog();
  await virtual.clearSpokenPhraseLog();
  return phrases;
}"""
IS_HEARD = """async (words) => {
  const phrases = await virtual.spokenPhraseLog();
  return phrases.some((phrase) => phrase.replace(/\\s+/g, " ").includes(words));
}"""


class ScreenReader:
    """Reads the pages of a journey, and keeps what it said as the journey's transcript."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.transcript: list[str] = []
        page.add_init_script(path=SCRIPTS / "screen_reader.js")

    def start(self) -> None:
        """Listen to the page that is shown; what is said from now on is kept for `hear`."""
        self.page.evaluate(START)

    def read(self) -> list[str]:
        """The page from its first to its last word."""
        spoken = [_plain(phrase) for phrase in self.page.evaluate(READ, LONGEST)]
        phrases = [phrase for phrase in spoken if phrase and not _is_unspoken(phrase)]
        self.transcript += ["", f"# {self.page.title()}", *phrases]
        return phrases

    def hear(self, words: str = "") -> list[str]:
        """What was said since the last time, once these words were."""
        self.start()
        until(self.page, IS_HEARD, arg=_plain(words))
        phrases = [_plain(phrase) for phrase in self.page.evaluate(HEARD)]
        heard = [phrase for phrase in phrases if phrase not in ("document", "polite:")]
        self.transcript += [f"> {phrase}" for phrase in heard]
        return heard

    def tab_through(self) -> list[str]:
        """What is said of each control that Tab reaches, from the top of the page."""
        self.start()
        self.page.evaluate("() => document.activeElement.blur()")
        self.page.evaluate(HEARD)
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("() => document.activeElement === document.body"):
                return self.hear()
        raise AssertionError(f"Tab does not leave {self.page.url}")


def _plain(phrase: str) -> str:
    return " ".join(phrase.split())


def _is_unspoken(phrase: str) -> bool:
    return phrase in UNSPOKEN or phrase.startswith(("end of ", "end, "))


def headings(phrases: Sequence[str]) -> list[tuple[int, str]]:
    """(level, words) of each heading, in the order in which they are said."""
    return [(int(match[2]), match[1]) for phrase in phrases if (match := HEADING.fullmatch(phrase))]


def check_speech(phrases: Sequence[str]) -> None:
    """Fails on what is said without a name, twice in a row, or under the wrong heading."""
    assert [phrase for phrase in phrases if NAMELESS.fullmatch(phrase)] == []
    words = [phrase.removeprefix("image, ") for phrase in phrases]
    assert [item for item, after in pairwise(words) if item == after] == []
    levels = [level for level, _ in headings(phrases)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
