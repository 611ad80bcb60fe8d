"""What every page is asked: axe finds nothing, nothing is wider than the screen."""

import time
from typing import Any

from playwright.sync_api import BrowserContext, Page

from salon.platform.settings.installation import ROOT
from tests.processes import PATIENCE_S

SCRIPTS = ROOT / ".vendor-test"
PATIENT = """(() => {
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (duration) => timeout.call(AbortSignal, 20 * duration);
})()"""
WIDTHS = (1280, 640, 360, 320)
"""A desk; the same magnified twice; a phone; the same desk magnified four times."""

MENU_UNFOLDED = """() => !matchMedia("(min-width: 64rem)").matches
    || [...document.querySelectorAll(".section-nav details")].every((menu) => menu.open)"""
"""A script unfolds the staff's menu a frame after the screen becomes wide."""

LOOKS = """() => {
  const look = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return "";
    const { color, backgroundColor, backgroundImage, position } = getComputedStyle(element);
    return [color, backgroundColor, backgroundImage, position].join();
  };
  return new Map([...document.querySelectorAll("*")].map((element) => [element, look(element)]));
}"""
"""Elements and what decides of their contrast; nothing of those that are not seen."""

REMEMBER_LOOKS = f"() => {{ window.looks = ({LOOKS})(); }}"

RUN_AXE = """async (context, choice = {}) => {
  const options = { resultTypes: ["violations"], preload: { assets: ["media"] }, ...choice };
  const { violations } = await axe.run(context, options);
  return violations.map(({ id, help, nodes }) =>
    ({ rule: id, where: nodes.slice(0, 3).map((node) => node.target), help }));
}"""
"""No rule that runs reads the style sheets that axe would load once more."""

RUN_AXE_ON_CHANGES = f"""async () => {{
  const run = {RUN_AXE};
  const looks = ({LOOKS})();
  const isNew = (element) => looks.get(element) && looks.get(element) !== window.looks.get(element);
  const include = [...looks.keys()].filter((element) => isNew(element)
    && !(element.parentElement && isNew(element.parentElement)));
  return [
    ...await run(document, {{ runOnly: ["scrollable-region-focusable"] }}),
    ...include.length ? await run({{ include }}) : [],
  ];
}}"""

SPACE_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""WCAG 2.2, 1.4.12: spacing that a reader may set."""


def patient(context: BrowserContext) -> BrowserContext:
    """A browser on a busy machine, which is no dead network: its pages wait for an answer twenty
    times as long."""
    context.set_default_timeout(PATIENCE_S * 1000)
    context.add_init_script(PATIENT)
    return context


def until(page: Page, script: str, seconds: float = PATIENCE_S, arg: Any = None) -> None:
    """Waits until a script answers what is true; a promise is waited for, as `wait_for_function`
    does not."""
    end = time.monotonic() + seconds
    while not page.evaluate(script, arg):
        assert time.monotonic() < end, f"not so after {seconds} s: {script[:200]}"
        page.wait_for_timeout(50)


def axe(page: Page) -> list[dict[str, Any]]:
    """The violations that axe finds, at any level."""
    until(page, MENU_UNFOLDED)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((SCRIPTS / "axe.min.js").read_text())
    violations: list[dict[str, Any]] = page.evaluate(f"() => ({RUN_AXE})(document)")
    return violations


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"))


def set_width(page: Page, width: int) -> None:
    """Fail on what is wider than a screen of this width."""
    page.set_viewport_size({"width": width, "height": 800})
    assert not scrolls_sideways(page), (page.url, width)


def check_is_fit(page: Page) -> None:
    """Fail on what axe finds and on what is wider than the screen, from a desk to a phone.

    On a phone axe looks at what is seen or painted otherwise than on the desk, and at what scrolls.
    """
    size = page.viewport_size
    assert size is not None
    set_width(page, WIDTHS[0])
    violations = axe(page)
    page.evaluate(REMEMBER_LOOKS)
    for width in WIDTHS[1:]:
        set_width(page, width)
    violations += page.evaluate(RUN_AXE_ON_CHANGES)
    assert violations == [], (page.url, violations)
    page.set_viewport_size(size)


def check_spaced_text_is_fit(page: Page) -> None:
    """Fail on what is wider than the narrowest screen once its text is spaced out, for good."""
    page.evaluate(SPACE_OUT)
    set_width(page, WIDTHS[-1])
