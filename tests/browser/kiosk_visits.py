"""Visits of a kiosk, one after the other, and what stays in memory of them."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.browser.reader import read

START = "Présentez votre badge"
WARM_UP = 8
"""Visits before the first measure: code is compiled, caches are filled; what is known of each badge
is kept for the day, so that every badge comes once."""

GIVEN_UP_MS = 10_000
"""A call holds a listener until the time when it would be given up, whether it is answered or not:
9 seconds at most, but for the list's, fetched once."""

CALLS_BEGUN = 3
"""How often what is held is measured again: the page goes on calling by itself, and on a busy
machine a call of the last seconds still holds its listeners. What leaks is held each time."""

AFTER_THE_BADGE = """async (start) => {
  const title = () => document.getElementById("title").textContent;
  const began = performance.now();
  const until = async (words) => {
    while (!title().startsWith(words)) {
      if (performance.now() - began > 30000) throw new Error(title());
      await new Promise((done) => setTimeout(done, 4));
    }
  };
  const press = (name) => document.querySelector(`[data-do="${name}"]`).click();
  await until("Bonjour");
  press("menu");
  press("print");
  await until("Votre badge");
  document.getElementById("end").click();
  await until(start);
}"""


@dataclass(frozen=True)
class Memory:
    """The memory of a page after garbage collection."""

    heap: int
    nodes: int
    listeners: int


def memory_of(cdp: CDPSession) -> Memory:
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    metrics: dict[str, Any] = {
        metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]
    }
    return Memory(
        int(metrics["JSHeapUsedSize"]), int(metrics["Nodes"]), int(metrics["JSEventListeners"])
    )


def visits(page: Page, codes: list[str], count: int) -> tuple[Memory, Memory, float]:
    """`count` visits on a kiosk that is open: a badge typed by a reader, the menu, a print, then
    « Terminer ». Answers what is held before and after, and the seconds of a visit."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    cdp.send("HeapProfiler.enable")
    for number in range(max(WARM_UP, len(codes))):
        _visit(page, codes[number % len(codes)])
    page.wait_for_timeout(GIVEN_UP_MS)
    before, started = memory_of(cdp), perf_counter()
    for number in range(count):
        _visit(page, codes[number % len(codes)])
    took = (perf_counter() - started) / count
    page.wait_for_timeout(GIVEN_UP_MS)
    after = memory_of(cdp)
    for _ in range(CALLS_BEGUN):
        if after.listeners > before.listeners:
            page.wait_for_timeout(GIVEN_UP_MS)
            after = memory_of(cdp)
    return before, after, took


def _visit(page: Page, code: str) -> None:
    read(page, code)
    page.evaluate(AFTER_THE_BADGE, START)
