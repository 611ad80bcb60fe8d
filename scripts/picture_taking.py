"""How a picture of a guide is taken: a demonstration of its own, Chromium, a small palette."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "guides" / "images"
LARGEST = 60_000
COLOURS = 48
MARGIN = 12
DENSE_MARGIN = 4
SCREEN = {"width": 360, "height": 640}
DESK = {"width": 1100, "height": 800}
NOTHING: Mapping[str, str] = MappingProxyType({})


class Demonstration:
    """The application on this machine, with the demonstration's data."""

    def __init__(self, data: str, environ: Mapping[str, str] = NOTHING) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        passed_on = ("DATABASE_URL", "PUBLIC_URL", "HOST", "SALON_ENV")
        self.environ = {name: value for name, value in os.environ.items() if name not in passed_on}
        self.environ |= {
            "SALON_DATA": data,
            "PORT": str(port),
            "SALON_DEMONSTRATION": "1",
            **environ,
        }
        self.command = [sys.executable, "-m", "flask", "--app", "app"]

    @contextmanager
    def running(self) -> Iterator[None]:
        server = subprocess.Popen([*self.command, "serve", "--migrate"], cwd=ROOT, env=self.environ)
        try:
            self._wait(server)
            yield
        finally:
            server.terminate()
            server.wait()

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and server.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the demonstration does not answer")

    def badge_codes(self) -> list[str]:
        command = [*self.command, "badge-codes"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, check=True, capture_output=True, text=True
        )
        return done.stdout.split()


def save(picture: Image.Image, name: str) -> None:
    """Write docs/guides/images/<name>.png with a small palette."""
    small = picture.convert("RGB").quantize(
        COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    path = PICTURES / f"{name}.png"
    small.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name}: {picture.width} × {picture.height}, {size:,} bytes")
    if size > LARGEST:
        raise RuntimeError(f"{path.name} is larger than {LARGEST:,} bytes")


def picture_of(element: Locator) -> Image.Image:
    return Image.open(BytesIO(element.screenshot(animations="disabled")))


def take(
    page: Page,
    name: str,
    first: Locator,
    last: Locator | None = None,
    across: Locator | None = None,
) -> None:
    """From the top of `first` to the bottom of `last`, as wide as `across` or else the page.

    Lines touch each other on a desk's pages: with `across`, nothing is taken below `last`.
    """
    top, bottom = first.bounding_box(), (last or first).bounding_box()
    scrolled = page.evaluate("scrollY")
    if not top or not bottom:
        raise RuntimeError(f"{name}: nothing to see")
    above, below = (DENSE_MARGIN, 0) if across else (MARGIN, MARGIN)
    start = max(0, top["y"] + scrolled - above)
    height = bottom["y"] + scrolled + bottom["height"] + below - start
    wide = across.bounding_box() if across else None
    left, width = (
        (wide["x"] - MARGIN, wide["width"] + 2 * MARGIN)
        if wide
        else (0, page.viewport_size["width"])
    )
    clip = {"x": left, "y": start, "width": width, "height": height}
    png = page.screenshot(full_page=True, clip=clip, animations="disabled")
    save(Image.open(BytesIO(png)), name)


def phone(browser: Browser, address: str) -> BrowserContext:
    context = browser.new_context(
        base_url=address,
        viewport=SCREEN,
        device_scale_factor=2,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    return context


def desk(browser: Browser, address: str) -> BrowserContext:
    """Return a screen on a desk, for what is drawn."""
    context = browser.new_context(
        base_url=address, viewport=DESK, locale="fr-FR", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    return context


def enter(page: Page, button: str) -> None:
    page.goto("/demonstration")
    page.get_by_role("button", name=button).click()


def jump(page: Page, moment: str) -> None:
    page.goto("/")
    page.locator(".demo-bar summary").click()
    page.get_by_role("button", name=moment).click()
    page.get_by_text("Nous sommes le").wait_for()
