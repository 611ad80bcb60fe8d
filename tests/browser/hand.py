"""A hand that holds one printed badge after the other before a camera."""

import base64
from io import BytesIO

from PIL import Image
from playwright.sync_api import BrowserContext, Page

from tests.browser.printed import SIDE

PATIENCE_MS = 60_000

CAMERA = """([side, patience]) => {
  const canvas = document.createElement("canvas");
  canvas.width = 1280;
  canvas.height = 720;
  const hall = canvas.getContext("2d", { alpha: false });
  const [left, top] = [(canvas.width - side) / 2, (canvas.height - side) / 2];
  let badge = null;
  let since = null;
  const shake = () => (Math.random() - 0.5) * 8;
  setInterval(() => {
    hall.fillStyle = "#b8b4ac";
    hall.fillRect(0, 0, canvas.width, canvas.height);
    if (!badge) return;
    hall.drawImage(badge, left + shake(), top + shake());
    since ??= performance.now();
  }, 1000 / 15);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
  window.hold = async (address) => {
    const held = new Image();
    held.src = address;
    await held.decode();
    since = null;
    badge = held;
  };
  window.present = async (address) => {
    const box = document.getElementById("verdict");
    if (!box.hidden) throw new Error("a verdict is on the screen");
    const shown = new Promise((done) => {
      const look = new MutationObserver(() => { if (!box.hidden) done(performance.now()); });
      look.observe(box, { attributes: true });
      setTimeout(done, patience, null);
    });
    await window.hold(address);
    const end = await shown;
    badge = null;
    if (end === null) return null;
    const seen = [box.dataset.verdict, end - since];
    box.click();
    while (!box.hidden) await new Promise(requestAnimationFrame);
    return seen;
  };
}"""
"""The page's camera is a canvas, 1280 × 720 at 15 frames a second, the badge never quite still."""


def give_camera(context: BrowserContext) -> None:
    """To be called before the page is loaded."""
    context.add_init_script(f"({CAMERA})([{SIDE}, {PATIENCE_MS}])")


def hold(page: Page, seen: Image.Image) -> None:
    """The camera sees it from now on."""
    page.evaluate("(address) => hold(address)", address(seen))


def present(page: Page, seen: Image.Image) -> tuple[str, float] | None:
    """(verdict, milliseconds from the first frame that shows the badge to the verdict shown).

    None when nothing was read in PATIENCE_MS.
    """
    value = page.evaluate("(address) => present(address)", address(seen))
    return (str(value[0]), float(value[1])) if value else None


def address(seen: Image.Image) -> str:
    data = BytesIO()
    seen.save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()
