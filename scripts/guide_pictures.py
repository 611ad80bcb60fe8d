"""The pictures of the guides, taken from the application: `python -m scripts.guide_pictures`.

A demonstration of its own runs on a free port with data in a temporary folder; each role is
entered through /demonstration and does what the guide says, in Chromium on a screen of 360 px.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.chromium import chromium_path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "guides" / "images"
LARGEST = 60_000
COLOURS = 48
MARGIN = 12
SCREEN = {"width": 360, "height": 640}
DOOR, OTHER_DOOR = "B", "X"
STATION = "Entrée B, téléphone 1"
COMMUNE, ADDRESS = "Pomérols", "mairie@pomerols.example"
PEOPLE = (
    ("madame", "Claire", "Sénégas", "mayor"),
    ("monsieur", "Rémi", "Vidal", "deputy_mayor"),
    ("madame", "Lucie", "Fabre", "town_clerk"),
)


class Demonstration:
    """The application on this machine, with the demonstration's data."""

    def __init__(self, data: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        kept = ("DATABASE_URL", "PUBLIC_URL", "HOST", "SALON_ENV")
        self.environ = {name: value for name, value in os.environ.items() if name not in kept}
        self.environ |= {"SALON_DATA": data, "PORT": str(port)}
        self.command = [sys.executable, "-m", "flask", "--app", "app"]

    @contextmanager
    def running(self) -> Iterator[None]:
        server = subprocess.Popen([*self.command, "serve"], cwd=ROOT, env=self.environ)
        try:
            self._wait(server)
            yield
        finally:
            server.terminate()
            server.wait()

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and server.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise RuntimeError("the demonstration does not answer")

    def badge_codes(self) -> list[str]:
        command = [*self.command, "badge-codes"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environ, check=True, capture_output=True, text=True
        )
        return done.stdout.split()


def save(picture: Image.Image, name: str) -> None:
    """Writes docs/guides/images/<name>.png with a small palette."""
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


def take(page: Page, name: str, first: Locator, last: Locator | None = None) -> None:
    """The width of the page, from the top of `first` to the bottom of `last`."""
    top, bottom = first.bounding_box(), (last or first).bounding_box()
    scrolled = page.evaluate("scrollY")
    if not top or not bottom:
        raise RuntimeError(f"{name}: nothing to see")
    start = max(0, top["y"] + scrolled - MARGIN)
    height = bottom["y"] + scrolled + bottom["height"] + MARGIN - start
    clip = {"x": 0, "y": start, "width": page.viewport_size["width"], "height": height}
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


def enter(page: Page, button: str) -> None:
    page.goto("/demonstration")
    page.get_by_role("button", name=button).click()


def jump(page: Page, moment: str) -> None:
    page.goto("/")
    page.locator(".demo-bar summary").click()
    page.get_by_role("button", name=moment).click()
    page.get_by_text("Nous sommes le").wait_for()


def secretary(page: Page) -> None:
    """Registers the mayor and two people, then replaces one from the page of the group."""
    page.goto("/demonstration")
    page.get_by_role("link", name="Inscrire une commune").click()
    page.locator("[name=commune]").first.fill(COMMUNE)
    page.get_by_role("option", name=COMMUNE).click()
    page.locator("[name=email]").fill(ADDRESS)
    for number, (civility, first_name, last_name, function) in enumerate(PEOPLE):
        page.locator(f"[name=lines-{number}-civility]").select_option(civility)
        page.locator(f"[name=lines-{number}-first_name]").fill(first_name)
        page.locator(f"[name=lines-{number}-last_name]").fill(last_name)
        page.locator(f"[name=lines-{number}-function]").select_option(function)
    page.evaluate("document.activeElement.blur()")
    first, last = page.locator("fieldset").first, page.locator("[name=lines-0-function]")
    take(page, "inscrire-commune", first, last)
    page.get_by_role("button", name="Inscrire ces personnes").click()
    page.goto("/demonstration/courriels")
    page.get_by_role("link", name="Votre dossier d’inscription").first.click()
    page.locator("a[href*='/inscription/dossier/']").click()
    group = page.url
    page.get_by_role("link", name="Remplacer Rémi Vidal").click()
    page.get_by_label("Madame").check()
    page.locator("[name=first_name]").fill("Nadia")
    page.locator("[name=last_name]").fill("Costes")
    page.locator("[name=function]").select_option("deputy_mayor")
    page.get_by_role("button", name="Enregistrer le remplacement").click()
    page.goto(group)
    replaced = page.locator("ul.rows > li").nth(2)
    take(page, "dossier", page.get_by_role("heading", level=1), replaced)


def visitor(page: Page) -> None:
    enter(page, "Ouvrir son badge")
    take(page, "badge", page.locator(".e-badge"))
    sheet = pypdfium2.PdfDocument(page.request.get(f"{page.url}.pdf").body())
    save(sheet[0].render(scale=1).to_pil(), "badge-papier")


def open_station(organiser: Page) -> str:
    """Adds a station; answers the address that its QR code holds."""
    enter(organiser, "Entrer comme organisateur")
    organiser.goto("/organisation/stations")
    organiser.get_by_label("Nom de la station").fill(STATION)
    organiser.locator("[name=door]").select_option(DOOR)
    organiser.get_by_role("button", name="Ajouter la station").click()
    heading = organiser.get_by_role("heading", level=1)
    take(organiser, "station-code", heading, organiser.locator(".enrolment svg"))
    link = organiser.get_by_role("link", name="l’adresse d’enrôlement")
    return link.get_attribute("href") or ""


def code_of(organiser: Page, name: str, codes: list[str]) -> str:
    """What the QR code of this person says; leaves the organiser on the person's page."""
    organiser.goto(f"/organisation/participants?q={name}")
    organiser.locator(".rows__link").first.click()
    organiser.get_by_role("heading", level=1).get_by_text(name).wait_for()
    shown = organiser.get_by_text(re.compile(r"^[A-Z2-7]{4}\s[A-Z2-7]{4}$")).inner_text()
    start = "".join(shown.split())
    return next(code for code in codes if code.rsplit("/", 1)[-1].startswith(start))


def read(page: Page, code: str, name: str = "") -> None:
    """A reader types a code; the verdict is kept as a picture, then put away."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    verdict = page.locator("#verdict")
    verdict.wait_for(state="visible")
    if name:
        save(picture_of(verdict), name)
    verdict.click()
    verdict.wait_for(state="hidden")


def host(page: Page, organiser: Page, codes: list[str]) -> None:
    """Enrols a phone, then reads the badges that give each answer."""
    page.goto(open_station(organiser))
    heading = page.get_by_role("heading", level=1)
    button = page.get_by_role("button", name="Faire de cet appareil une station")
    take(page, "enroler", heading, button)
    button.click()
    page.get_by_role("button", name="Ouvrir la caméra").wait_for()
    save(picture_of(page.locator("#scanner")), "scanner")
    guest, mayor = code_of(organiser, "Roquefeuil", codes), code_of(organiser, "Sénégas", codes)
    page.set_viewport_size({"width": 360, "height": 560})
    read(page, guest, "verdict-bienvenue")
    read(page, mayor)
    read(page, guest, "verdict-deja-entre")
    page.get_by_role("button", name="Sortie").click()
    read(page, mayor, "verdict-sortie")
    page.get_by_role("button", name="Entrée", exact=True).click()
    read(page, mayor, "verdict-de-retour")
    read(page, "https://salon.example/une-affiche", "verdict-code-inconnu")
    page.locator("#door").select_option(OTHER_DOOR)
    read(page, code_of(organiser, "Azaïs", codes), "verdict-autre-porte")
    page.locator("#door").select_option(DOOR)
    lost = code_of(organiser, "Rascol", codes)
    organiser.get_by_label("Motif").fill("badge perdu")
    organiser.get_by_role("button", name="Émettre un nouveau badge").click()
    read(page, lost, "verdict-badge-annule")
    page.context.set_offline(True)
    read(page, code_of(organiser, "Palazy", codes), "verdict-passage-garde")


def organisation(page: Page) -> None:
    page.goto("/organisation")
    take(page, "a-faire", page.locator("section.waiting"))
    page.goto("/organisation/badges")
    button = page.get_by_role("button", name="Préparer le fichier")
    take(page, "impression", page.locator("label[for=printed]"), button)
    page.goto("/organisation/entrees")
    take(page, "direct", page.get_by_role("heading", level=1), page.locator("#live"))


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as data, sync_playwright() as playwright:
        demonstration = Demonstration(data)
        with demonstration.running():
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), chromium_sandbox=False
            )
            one, other = (phone(browser, demonstration.address) for _ in range(2))
            page, organiser = one.new_page(), other.new_page()
            jump(page, "Inscriptions ouvertes")
            secretary(page)
            jump(page, "10 h 30")
            visitor(page)
            host(page, organiser, demonstration.badge_codes())
            organisation(organiser)
            browser.close()


if __name__ == "__main__":
    main()
