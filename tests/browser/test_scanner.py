"""The scanner in a real Chromium: a camera that sees a printed badge, a reader that types."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.conftest import LiveServer, OpenBrowser, axe, enter, patient
from tests.browser.hall import Station
from tests.browser.hall import enrol as enrol_station
from tests.browser.hand import give_camera, hold, present
from tests.browser.printed import PAPER, SIDE, TREATMENTS, printed_badges, tilted
from tests.browser.reader import READ_AT_ONCE, read, read_at_once
from tests.browser.stations import (
    build_listed,
    codes,
    dismiss,
    enrol,
    expect_verdict,
    until_offline_ready,
)
from tests.browser.storage import stored_rows

WIDTH, HEIGHT, FRAMES = 640, SIDE, 12
READ_AGAIN_AT_ONCE = f"""async (code) => {{
  const box = document.getElementById("verdict");
  box.click();
  while (!box.hidden) await new Promise(requestAnimationFrame);
  ({READ_AT_ONCE})(code);
}}"""
"""A badge held too long before the reader: the same code, as soon as its verdict is over."""


def unreadable(seen: Image.Image) -> Image.Image:
    return seen.filter(ImageFilter.GaussianBlur(25))


def write_video(path: Path, frames: list[Image.Image]) -> None:
    """A .y4m file, which Chromium plays in a loop as a camera; the hand moves a little."""
    shake = random.Random(34)
    with path.open("wb") as stream:
        stream.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            seen = Image.new("RGB", (WIDTH, HEIGHT), (PAPER, PAPER, PAPER))
            seen.paste(frame, ((WIDTH - HEIGHT) // 2 + shake.randint(-8, 8), shake.randint(-8, 8)))
            luma, blue, red = seen.convert("YCbCr").split()
            half = (WIDTH // 2, HEIGHT // 2)
            stream.write(b"FRAME\n" + luma.tobytes())
            stream.write(blue.resize(half).tobytes() + red.resize(half).tobytes())


@pytest.fixture(scope="session")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with its list of badges."""
    return build_listed(tmp_path_factory, seeded)


@pytest.fixture
def station(page: Page) -> Page:
    """A page that is a station."""
    enrol(page)
    return page


@pytest.fixture
def camera(
    launch: Callable[..., Browser], live_server: LiveServer, tmp_path: Path
) -> Iterator[Callable[[list[Image.Image]], BrowserContext]]:
    """Launches a browser whose camera plays these frames."""
    opened: list[Browser] = []

    def start(frames: list[Image.Image]) -> BrowserContext:
        video = tmp_path / "camera.y4m"
        write_video(video, frames)
        browser = launch(f"--use-file-for-fake-video-capture={video}")
        opened.append(browser)
        return patient(browser.new_context(base_url=live_server.url, permissions=["camera"]))

    yield start
    for browser in opened:
        browser.close()


def test_the_camera_reads_a_printed_badge_once(
    camera: Callable[[list[Image.Image]], BrowserContext], live_server: LiveServer, tmp_path: Path
) -> None:
    """Frames that cannot be read come first; then the badge stays in view and is one scan."""
    (badge,) = printed_badges(live_server, tmp_path, 1).values()
    frames = [unreadable(badge)] * 4 + [tilted(badge)] * FRAMES
    page = camera(frames).new_page()
    enrol(page, is_verdict_held=False)
    page.get_by_role("button", name="Ouvrir la caméra").click()
    expect(page.locator("#announce")).to_contain_text("Bienvenue")
    expect(page.locator(".verdict__name")).not_to_be_empty()
    expect(page.locator("#verdict")).to_be_hidden()
    page.wait_for_function("() => document.getElementById('camera').currentTime > 4")
    expect(page.locator("#counts")).to_have_text("Entrées 1 · Sorties 0 · Refus 0")


def test_printed_badges_are_let_in_without_network_one_after_the_other(
    playwright: Playwright, live_server: LiveServer, tmp_path: Path
) -> None:
    badges = printed_badges(live_server, tmp_path, len(TREATMENTS)).values()
    station = Station("camera", tmp_path / "camera", live_server.url)
    enrol_station(station, playwright, give_camera)
    station.page.get_by_role("button", name="Ouvrir la caméra").click()
    live_server.stop()
    results = [
        present(station.page, seen_as(badge))
        for badge, seen_as in zip(badges, TREATMENTS.values(), strict=True)
    ]
    assert [verdict for verdict, _ in filter(None, results)] == ["accepted"] * len(badges), results
    assert station.waiting() == len(badges)
    station.context.close()


def test_the_next_badge_is_read_while_the_verdict_still_shows(
    context: BrowserContext, live_server: LiveServer, tmp_path: Path
) -> None:
    first, second = printed_badges(live_server, tmp_path, 2).values()
    give_camera(context)
    page = context.new_page()
    enrol(page)
    page.get_by_role("button", name="Ouvrir la caméra").click()
    hold(page, first)
    expect_verdict(page, "accepted", "Bienvenue")
    name = page.locator(".verdict__name").inner_text()
    hold(page, second)
    expect(page.locator("#counts")).to_have_text("Entrées 2 · Sorties 0 · Refus 0")
    expect(page.locator(".verdict__name")).not_to_have_text(name)


def test_an_unknown_code_on_paper_is_refused_and_the_camera_goes_on(
    camera: Callable[[list[Image.Image]], BrowserContext], tmp_path: Path, live_server: LiveServer
) -> None:
    symbol = zxingcpp.create_barcode("WIFI:S:salon;;", zxingcpp.BarcodeFormat.QRCode)
    other_image = Image.fromarray(symbol.to_image(scale=8)).convert("RGB").resize((HEIGHT, HEIGHT))
    (badge,) = printed_badges(live_server, tmp_path, 1).values()
    page = camera([other_image] * FRAMES + [badge] * 40).new_page()
    enrol(page)
    page.get_by_role("button", name="Ouvrir la caméra").click()
    expect_verdict(page, "invalid", "Code inconnu")
    # A busy machine may miss the frames with the badge: the code comes back before them.
    refusal = page.locator("#verdict[data-verdict=invalid]")
    page.add_locator_handler(refusal, lambda box: box.click())
    expect_verdict(page, "accepted", "Bienvenue")


def test_a_typing_reader_a_double_an_exit_and_a_return(
    station: Page, live_server: LiveServer
) -> None:
    first, second = codes(live_server)[:2]
    read(station, first)
    expect_verdict(station, "accepted", "Bienvenue")
    read(station, second, end="Tab")
    expect(station.locator("#counts")).to_contain_text("Entrées 2")
    station.evaluate(READ_AGAIN_AT_ONCE, second)
    expect(station.locator("#verdict")).to_be_hidden()
    expect(station.locator("#counts")).to_contain_text("Entrées 2")
    station.get_by_role("button", name="Sortie").click()
    read(station, first)
    expect_verdict(station, "exit", "Sortie")
    dismiss(station)
    station.get_by_role("button", name="Entrée").click()
    read(station, first)
    expect_verdict(station, "re_entry", "De retour")
    dismiss(station)
    station.get_by_role("button", name="Entrée").click()
    read(station, first)
    expect_verdict(station, "already_inside", "Déjà entré")
    expect(station.locator(".verdict__detail")).to_contain_text(re.compile("Déjà entré à .*h"))
    expect(station.locator(".verdict__detail")).to_contain_text("porte A")


def test_a_reader_set_to_an_american_keyboard_is_understood(
    station: Page, live_server: LiveServer
) -> None:
    """On a French keyboard its keys give other characters; their places do not lie."""
    code = codes(live_server)[0].rpartition("/")[2]
    station.evaluate(
        """code => {
          const french = {A: "Q", Q: "A", Z: "W", W: "Z", M: ",", 2: "é", 3: '"', 4: "'", 5: "(",
            6: "-", 7: "è"};
          for (const one of code) {
            const place = /[0-9]/.test(one) ? `Digit${one}` : `Key${one}`;
            const key = french[one] || one;
            document.dispatchEvent(new KeyboardEvent("keydown", {key, code: place, bubbles: true}));
          }
          document.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", code: "Enter"}));
        }""",
        code,
    )
    expect_verdict(station, "accepted", "Bienvenue")


def test_hostile_readings_freeze_nothing(station: Page, live_server: LiveServer) -> None:
    for reading in ("x" * 4200, "<img src=x onerror=alert(1)>", "é\u0000\u202e\ud83c\u0007\u001b"):
        read_at_once(station, reading)
        expect_verdict(station, "invalid", "Code inconnu")
        dismiss(station)
    code = codes(live_server)[0]
    station.evaluate(
        f"""async code => {{
          for (let i = 0; i < 20; i += 1) {{
            ({READ_AT_ONCE})(code);
            await new Promise((done) => setTimeout(done, 50));
          }}
        }}""",
        code,
    )
    expect_verdict(station, "accepted", "Bienvenue")
    dismiss(station)
    expect(station.locator("#counts")).to_have_text("Entrées 1 · Sorties 0 · Refus 3")


def test_without_the_server_the_verdict_is_given_and_scans_leave_when_it_is_back(
    station: Page, live_server: LiveServer
) -> None:
    first, second = codes(live_server)[:2]
    live_server.stop()
    read(station, first)
    expect_verdict(station, "accepted", "Bienvenue")
    expect(station.locator(".verdict__name")).not_to_be_empty()
    assert axe(station) == []
    read(station, second)
    expect(station.locator("#waiting")).to_have_text("2\u00a0passages en attente")
    expect(station.locator("#strip-network")).to_have_text("Sans réseau")
    dismiss(station)
    read(station, first)
    expect_verdict(station, "already_inside", "Déjà entré")
    expect(station.locator(".verdict__detail")).to_contain_text("porte A")
    rows = stored_rows(station)
    assert [row["shown"] for row in sorted(rows, key=lambda item: item["at"])] == [
        "accepted",
        "accepted",
        "already_inside",
    ]
    assert all(len(row["code_hash"]) == 64 and "code" not in row for row in rows)
    live_server.start()
    expect(station.locator("#waiting")).to_have_text("")
    assert stored_rows(station) == []


def test_what_the_browser_cannot_read_stops_no_scan(
    context: BrowserContext, live_server: LiveServer
) -> None:
    """What was seen is read from the disk, and written there: neither may fail a scan."""
    station = context.new_page()
    enrol(station)
    live_server.stop()
    station.evaluate(
        """() => {
          const fail = (name) => {
            const plain = IDBObjectStore.prototype[name];
            IDBObjectStore.prototype[name] = function (...given) {
              if (this.name === "seen") throw new DOMException("worn out", "DataError");
              return plain.apply(this, given);
            };
          };
          fail("get");
          fail("put");
        }"""
    )
    for number, code in enumerate(codes(live_server)[:3]):
        read(station, code)
        expect_verdict(station, "accepted", "Bienvenue")
        dismiss(station)
        assert len(stored_rows(station)) == number + 1


def test_a_desk_registers_and_without_network_stays_on_the_page(
    page: Page, station: Page, live_server: LiveServer
) -> None:
    expect(station.get_by_role("link", name="Inscrire sur place")).to_be_hidden()
    enrol(page, entry="Ouvrir l’accueil")
    link = page.get_by_role("link", name="Inscrire sur place")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accueil sur place")
    page.get_by_role("link", name="Contrôle des entrées").click()
    until_offline_ready(page)
    page.context.set_offline(True)
    link.click()
    expect(page.locator("#alert")).to_contain_text("demande le réseau")
    expect(page).to_have_url(re.compile("/scanner$"))
    page.get_by_role("button", name="Détails").click()
    expect(page.get_by_role("heading", name="État de la station")).to_be_focused()
    assert axe(page) == []


def test_a_person_is_let_in_by_name(station: Page, live_server: LiveServer) -> None:
    read(station, codes(live_server)[0])
    expect_verdict(station, "accepted", "Bienvenue")
    name = station.locator(".verdict__name").inner_text()
    dismiss(station)
    station.get_by_role("button", name="Chercher un nom").click()
    assert axe(station) == []
    station.get_by_label("Nom, commune ou numéro du badge").fill(name)
    station.get_by_role("button", name="Chercher", exact=True).click()
    result = station.locator("#search-found button").first
    expect(result).to_contain_text("Déjà entré")
    result.click()
    expect_verdict(station, "already_inside", "Déjà entré")
    assert axe(station) == []


def test_a_page_that_opened_without_its_service_worker_is_controlled_soon(station: Page) -> None:
    """Reloaded past its worker, as a page that opens while the worker takes over."""
    until_offline_ready(station)
    with station.expect_navigation():
        session = station.context.new_cdp_session(station)
        session.send("Page.reload", {"ignoreCache": True})
    until_offline_ready(station)
    station.context.set_offline(True)
    station.reload()
    expect(station).to_have_url(re.compile("/scanner$"))


def test_the_first_version_of_the_page_is_not_announced_as_a_new_one(page: Page) -> None:
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          window.said = [];
          const alert = document.getElementById("alert");
          if (alert) {
            const note = () => said.push(alert.textContent);
            new MutationObserver(note).observe(alert, { childList: true });
          }
        })"""
    )
    enrol(page)
    until_offline_ready(page)
    assert page.evaluate("() => said") == []


def test_a_revoked_station_stops_and_says_so(
    station: Page, live_server: LiveServer, open_browser: OpenBrowser
) -> None:
    organiser = open_browser(1280, 720).new_page()
    enter(organiser, "Entrer comme organisateur")
    organiser.goto("/organisation/stations")
    enrolled = organiser.locator("li.station", has_text="En service")
    expect(enrolled.first).to_be_visible()
    while enrolled.count():
        enrolled.first.get_by_role("button", name="Révoquer").click()
        expect(organiser.get_by_text("est révoquée").first).to_be_visible()
    read(station, codes(live_server)[0])
    expect(station.locator("#station-name")).to_have_text("Station révoquée")
    expect(station.locator("#waiting")).to_have_text("1\u00a0passage en attente")
    expect(station.get_by_role("button", name="Exporter ces passages")).to_be_visible()


def test_the_live_page_follows_the_door(
    station: Page, live_server: LiveServer, open_browser: OpenBrowser
) -> None:
    organiser = open_browser(1280, 720).new_page()
    enter(organiser, "Entrer comme organisateur")
    organiser.goto("/organisation/entrees")
    before = int(re.sub(r"\D", "", organiser.locator("#live-entered").inner_text()) or 0)
    read(station, codes(live_server)[-1])
    expect_verdict(station, "accepted", "Bienvenue")
    expect(organiser.locator("#live-entered")).to_have_text(str(before + 1))
    expect(organiser.locator("#live-chart")).to_be_visible()
    assert axe(organiser) == []
