"""Journeys of people at the fair, written once for every browser."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from tests.browser.conftest import LiveServer
from tests.browser.hand import CAMERA, PATIENCE_MS, address
from tests.browser.printed import SIDE, tilted
from tests.browsers.visit import NAMED, Visit

SUBJECT = "La toiture de l’école"
EMAIL = "mairie@arcon.example"

FRAMES_FROM_CANVAS = """
const capture = HTMLCanvasElement.prototype.captureStream;
HTMLCanvasElement.prototype.captureStream = function () {
  window.filmed = this;
  return capture.call(this);
};
const photograph = window.createImageBitmap.bind(window);
window.createImageBitmap = () => photograph(window.filmed);
Object.defineProperty(HTMLVideoElement.prototype, "readyState", { get: () => 4 });
HTMLVideoElement.prototype.play = async () => {};
"""
"""WebKitGTK plays a canvas's stream without an image: the decoder is given the canvas itself."""

CAMERA_IS_SHOWN = "return !document.getElementById('camera-place').hidden"

END_CAMERA = """
const [track] = document.getElementById("camera").srcObject.getVideoTracks();
track.stop();
track.dispatchEvent(new Event("ended"));
"""
"""The system takes the camera back: the kiosk asks for one again, and is given the canvas."""


@dataclass(frozen=True)
class Fair:
    """A server on the demonstration, and badges as they are printed, by their code."""

    server: LiveServer
    badges: dict[str, Image.Image]


def fill_person(visit: Visit) -> None:
    visit.tick("Madame")
    visit.fill("Prénom", "Marie-Christine")
    visit.fill("Nom", "d’Hautpoul")
    visit.choose("Fonction", "Maire")
    visit.fill("Commune", "Saint-Martin-de-l’Arçon")
    visit.leave_field()
    visit.fill("Adresse électronique", EMAIL)


def register(visit: Visit, fair: Fair) -> None:
    """An empty form says what is missing; the filled one registers."""
    visit.goto("/inscription")
    visit.press("Valider mon inscription")
    visit.shows("[role=alert]")
    visit.press("Indiquez", selector="[role=alert] a")
    assert visit.run("return document.activeElement.matches('input, select')")
    fill_person(visit)
    visit.press("Valider mon inscription")
    visit.is_at("/inscription/merci")


def open_badge(visit: Visit, fair: Fair) -> None:
    """From the mail to the badge and its QR code, which keeps its size."""
    visit.goto("/inscription")
    fill_person(visit)
    visit.press("Valider mon inscription")
    visit.is_at("/inscription/merci")
    visit.goto(f"/demonstration/courriels?q={EMAIL}")
    visit.follow(".rows__link")
    visit.follow("a[href*='/badge/']")
    visit.sees("d’Hautpoul", "h1")
    visit.shows("svg.qr")
    visit.sees("Saint-Martin-de-l")
    side = visit.run("return document.querySelector('svg.qr').getBoundingClientRect().width")
    assert side > 150, side
    wide = visit.run("return document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, "the badge scrolls sideways"


def book(visit: Visit, fair: Fair) -> None:
    """From a question in one's own words to a confirmed appointment, moved once."""
    visit.goto("/rendez-vous")
    visit.fill("Dites-le avec vos mots", "toiture de l'école")
    visit.press("Chercher", selector="main button")
    visit.press("L’école et les bâtiments")
    visit.press("Énergie et éclairage public")
    visit.follow(".times button")
    visit.sees("gardée pour vous jusqu’à", ".kept")
    visit.fill("Votre question", SUBJECT)
    fill_person(visit)
    visit.press("Confirmer le rendez-vous")
    visit.sees("ouvrez votre messagerie", "h1")
    visit.press("Ouvrir la boîte aux lettres")
    visit.press("À confirmer avant")
    visit.follow("a[href*='/rendez-vous/confirmer/']")
    visit.press("Confirmer", selector="main button")
    visit.sees("Votre rendez-vous", "h1")
    hour = visit.text(".meeting__hour")
    visit.press("Déplacer")
    visit.follow(".times li:nth-child(4) button, .times button:nth-child(4)")
    visit.press("Confirmer", selector="main button")
    visit.until(
        lambda: (
            "Votre rendez-vous" in visit.text("h1")
            and visit.text(".meeting__hour") not in ("", hour)
        ),
        "the appointment has another hour",
    )


def read_rota(visit: Visit, fair: Fair) -> None:
    """An agent's day; the page opens again when the server does not answer."""
    visit.enter("Entrer comme agent")
    visit.press("Changer de moment ou de rôle")
    visit.press("10 h 30")
    visit.goto("/planning")
    visit.sees("Maintenant", ".now:not([hidden])")
    visit.shows("#sans-reseau")
    fair.server.stop()
    try:
        visit.goto("/planning")
        visit.sees("Hors connexion", "#bandeau")
        visit.sees("Maintenant", ".now:not([hidden])")
    finally:
        fair.server.start()


def scan(visit: Visit, fair: Fair) -> None:
    """A camera sees a printed badge; the next is judged while the server is down, then sent."""
    first, second = list(fair.badges.values())[:2]
    enrol(visit, "Ouvrir le scanner")
    visit.until(
        lambda: re.search(r"\d badge", visit.text("#tell-list")), "the list of badges is there"
    )
    visit.until(
        lambda: visit.call("() => navigator.serviceWorker.ready.then((one) => !!one.active)"),
        "the scanner is kept on the device",
    )
    give_camera(visit)
    visit.press("Ouvrir la caméra")
    present(visit, first)
    visit.sees("Entrées 1", "#counts")
    fair.server.stop()
    try:
        present(visit, tilted(second))
        visit.sees("Entrées 2", "#counts")
    finally:
        fair.server.start()


def use_kiosk(visit: Visit, fair: Fair) -> None:
    """The kiosk reads a badge with its camera, welcomes, prints, shows the day, forgets."""
    badge = next(iter(fair.badges.values()))
    visit.driver.set_window_size(1280, 1024)
    enrol(visit, "Ouvrir la borne")
    visit.sees("Présentez votre badge", "h1")
    give_camera(visit)
    visit.run("window.printed = 0; window.print = () => { window.printed += 1; };")
    open_kiosk_camera(visit)
    visit.call("(address) => hold(address)", address(badge))
    visit.sees("Bonjour", "h1")
    visit.press("C’est bien moi")
    visit.press("Imprimer mon badge")
    visit.until(lambda: visit.run("return window.printed") == 1, "printed once")
    visit.press("Terminer")
    visit.sees("Présentez votre badge", "h1")


def open_kiosk_camera(visit: Visit) -> None:
    """Chromium has a fake camera, which the kiosk may have opened before `give_camera`."""
    if visit.driver.capabilities["browserName"] == "chrome":
        visit.until(lambda: visit.run(CAMERA_IS_SHOWN), "the camera is open")
        visit.run(END_CAMERA)
    else:
        visit.until(lambda: camera_is_open(visit), "the camera is open")


def camera_is_open(visit: Visit) -> bool:
    """A kiosk opens its camera by itself; its button is there when it could not."""
    button = visit.run(NAMED, "button", "Ouvrir la caméra")
    if button:
        visit.click(button)
    return bool(visit.run(CAMERA_IS_SHOWN))


def enrol(visit: Visit, entry: str) -> None:
    visit.enter(entry)
    visit.press("Faire de cet appareil une station")


def give_camera(visit: Visit) -> None:
    """The page's camera becomes a canvas: these machines have no other."""
    visit.run(f"({CAMERA})([{SIDE}, {PATIENCE_MS}])")
    if visit.driver.capabilities["browserName"] == "MiniBrowser":
        visit.run(FRAMES_FROM_CANVAS)


def present(visit: Visit, badge: Image.Image) -> None:
    answer = visit.call("(address) => present(address)", address(badge))
    assert answer, "the badge is not read"
    assert answer[0] == "accepted", answer


JOURNEYS: dict[str, Callable[[Visit, Fair], None]] = {
    "inscription": register,
    "badge": open_badge,
    "rendez-vous": book,
    "planning d’un agent": read_rota,
    "scanner": scan,
    "borne": use_kiosk,
}
