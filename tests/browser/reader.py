"""A reader of badges plugged in by USB: a keyboard that strikes fast."""

import time

from playwright.sync_api import Page

KEY_S = 0.004
"""Between two keys of a reader; a page measures it between events, however late it gets them."""

SIGNS = {"/": ("Slash", 191), ".": ("Period", 190), "-": ("Minus", 189), ":": ("Semicolon", 186)}
READ_AT_ONCE = """(text) => {
  for (const key of [...text, "Enter"]) {
    document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
}"""
ENDS = {"Enter": ("\r", 13), "Tab": ("", 9)}


def read(page: Page, text: str, end: str = "Enter") -> None:
    """Strike `text`, then Enter or Tab; each key bears the time at which it was struck."""
    cdp = page.context.new_cdp_session(page)
    struck = time.time()
    for key in [*text, end]:
        struck += KEY_S
        cdp.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": struck, **_key(key)})
    cdp.detach()


def read_at_once(page: Page, text: str) -> None:
    """Strike `text`, then Enter, at one moment: for a page whose time is the test's.

    There, keys bear the time at which a busy machine hands them over.
    """
    page.evaluate(READ_AT_ONCE, text)


def _key(key: str) -> dict[str, str | int]:
    """The key of an American keyboard."""
    if key in ENDS:
        text, number = ENDS[key]
        return {"key": key, "code": key, "text": text, "windowsVirtualKeyCode": number}
    if key in SIGNS:
        code, number = SIGNS[key]
    else:
        code, number = f"{'Digit' if key.isdigit() else 'Key'}{key.upper()}", ord(key.upper())
    return {"key": key, "code": code, "text": key, "windowsVirtualKeyCode": number}
