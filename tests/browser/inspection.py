"""What every page is asked: axe finds nothing, nothing is wider than the screen."""

import time
from typing import Any

from playwright.sync_api import BrowserContext, Page, ViewportSize

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
    || [...document.querySelectorAll(".section-nav > details")].every((menu) => menu.open)"""
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

WITHOUT_CONTRAST = '{ rules: { "color-contrast": { enabled: false } } }'
"""Contrast takes axe more time than all the rest."""

OUT_OF_REACH = """() => {
  const reached = "a[href], button, input, select, textarea, summary, iframe, [tabindex]";
  const scrolls = (element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
    return (/auto|scroll/.test(overflowX) && scrollWidth > clientWidth + 13)
      || (/auto|scroll/.test(overflowY) && scrollHeight > clientHeight + 13);
  };
  return [...document.body.querySelectorAll("*")]
    .filter((element) => scrolls(element) && element.checkVisibility()
      && !element.matches(reached) && !element.querySelector(reached))
    .map((element) => ({ rule: "scrollable-region-focusable", where: element.outerHTML }));
}"""
"""axe's rule of this name, which is asked at each width: what scrolls is reached by keyboard."""

GLUED = r"""() => {
  const letter = /[\p{L}\p{N}]/u;
  const inside = ["inline", "inline-block", "inline-flex"];
  const pairs = [];
  let before = " ";
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE && node.data) {
      if (letter.test(before.at(-1)) && letter.test(node.data[0])) pairs.push([before, node.data]);
      before = node.data;
    }
    if (!(node instanceof Element) || node.matches("sup")) return;
    const isApart = !inside.includes(getComputedStyle(node).display) || node.matches("br, svg");
    if (isApart) before = " ";
    if (node.matches("svg") || !node.checkVisibility({ visibilityProperty: true })) return;
    node.childNodes.forEach(read);
    if (isApart) before = " ";
  };
  read(document.body);
  return pairs;
}"""
"""Words of two elements on one line without a space: read aloud, and copied, as one word."""

RUN_AXE_ON_CHANGES = f"""async ([known, choice]) => {{
  const run = {RUN_AXE};
  const looks = ({LOOKS})();
  const isNew = (element) => looks.get(element) && looks.get(element) !== window.looks.get(element);
  const kindOf = ({{ localName, className }}) => `${{localName}}.${{className}}`;
  const signature = (element) => {{
    const former = window.looks.get(element);
    const parts = former
      ? [former, looks.get(element), ...new Set([...element.querySelectorAll("*")].map(kindOf))]
      : [element.outerHTML.replace(/ aria-current="[^"]*"/g, "")];
    let sum = 0;
    for (const letter of `${{kindOf(element)}} ${{parts.join(" ")}}`) {{
      sum = (sum * 31 + letter.codePointAt(0)) | 0;
    }}
    return sum;
  }};
  const changes = new Map([...looks.keys()]
    .filter((element) => isNew(element) && !(element.parentElement && isNew(element.parentElement)))
    .map((element) => [element, signature(element)])
    .filter(([, sum]) => !known.includes(sum)));
  const include = [...changes.keys()];
  return [
    [...({OUT_OF_REACH})(), ...include.length ? await run({{ include }}, choice) : []],
    [...changes.values()],
  ];
}}"""
"""Answers the violations, and signatures of what was looked at: a part of a page that changes as
one that is `known` did is as it was, and what comes into sight is known by all that it holds."""

RUN_CONTRAST_ON_NEW_LOOKS = f"""async (signatures) => {{
  const run = {RUN_AXE};
  const known = new Set(signatures);
  const sums = new Map();
  const news = new Map();
  const hasText = (element) => element.matches("input, select, textarea")
    || [...element.childNodes].some(({{ nodeType, data }}) => nodeType === 3 && data.trim());
  for (const element of document.querySelectorAll("*")) {{
    const style = getComputedStyle(element);
    const look = [element.localName, element.className, style.color, style.backgroundColor,
      style.backgroundImage, style.opacity, style.fontSize, style.fontWeight, style.position,
      element.matches(":disabled, [aria-disabled='true']")].join();
    let sum = sums.get(element.parentElement) ?? 0;
    for (const letter of look) sum = (sum * 31 + letter.codePointAt(0)) | 0;
    sums.set(element, sum);
    if (!known.has(sum) && hasText(element)
      && element.checkVisibility({{ visibilityProperty: true }})) news.set(sum, element);
  }}
  const include = [...news.values()];
  const choice = {{ runOnly: ["color-contrast"] }};
  return [include.length ? await run({{ include }}, choice) : [], [...news.keys()]];
}}"""
"""Answers the texts without contrast, and signatures of those that were looked at: one for each
look, which is the classes and colours of a text and of all that it is in."""

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


def load_axe(page: Page) -> None:
    """Load axe into a page, and into those that are opened after it: those are sent it no more."""
    if not page.evaluate("() => 'axe' in window"):
        script = (SCRIPTS / "axe.min.js").read_text()
        page.evaluate(script)
        page.context.add_init_script(script)


def axe(page: Page, with_contrast: bool = True) -> list[dict[str, Any]]:
    """The violations that axe finds, at any level."""
    until(page, MENU_UNFOLDED)
    load_axe(page)
    violations: list[dict[str, Any]] = page.evaluate(
        f"() => ({RUN_AXE})(document, {'{}' if with_contrast else WITHOUT_CONTRAST})"
    )
    return violations


KNOWN: dict[bool, set[int]] = {True: set(), False: set()}
"""Signatures of what phones were seen to change, with and without its contrast."""


def violations_of_changes(page: Page, with_contrast: bool = True) -> list[dict[str, Any]]:
    """What axe finds in what is seen otherwise than when looks were remembered, and what scrolls
    out of the keyboard's reach."""
    choice = "{}" if with_contrast else WITHOUT_CONTRAST
    known = KNOWN[with_contrast] | KNOWN[True]
    violations: list[dict[str, Any]]
    violations, signatures = page.evaluate(
        f"(known) => ({RUN_AXE_ON_CHANGES})([known, {choice}])", list(known)
    )
    if not violations:
        KNOWN[with_contrast].update(signatures)
    return violations


KNOWN_LOOKS: set[int] = set()
"""Signatures of texts that were seen to have enough contrast on a desk."""


def contrast_violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds of the contrast of texts, once a run for each look of a text."""
    violations: list[dict[str, Any]]
    violations, signatures = page.evaluate(RUN_CONTRAST_ON_NEW_LOOKS, list(KNOWN_LOOKS))
    if not violations:
        KNOWN_LOOKS.update(signatures)
    return violations


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"))


def set_width(page: Page, width: int) -> None:
    """Fail on what is wider than a screen of this width."""
    size: ViewportSize = {"width": width, "height": 800}
    if page.viewport_size != size:
        page.set_viewport_size(size)
    assert not scrolls_sideways(page), (page.url, width)


def check_is_fit(page: Page, with_contrast: bool = False) -> None:
    """Fail as `check_widths` does, then give the page its size again."""
    size = page.viewport_size
    assert size is not None
    check_widths(page, with_contrast)
    page.set_viewport_size(size)


def check_widths(page: Page, with_contrast: bool = False) -> None:
    """Fail on what axe finds and on what is wider than the screen, from a desk to a phone.

    On a phone axe looks at what is seen or painted otherwise than on the desk, and at what scrolls.
    The contrast of every page is looked at by `test_every_page`.
    """
    set_width(page, WIDTHS[0])
    violations = axe(page, with_contrast=False)
    if with_contrast:
        violations += contrast_violations(page)
    page.evaluate(REMEMBER_LOOKS)
    for width in WIDTHS[1:]:
        set_width(page, width)
    violations += violations_of_changes(page, with_contrast)
    assert violations == [], (page.url, violations)


def check_spaced_text_is_fit(page: Page) -> None:
    """Fail on what is wider than the narrowest screen once its text is spaced out, for good."""
    page.evaluate(SPACE_OUT)
    set_width(page, WIDTHS[-1])
