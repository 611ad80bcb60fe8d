"""What CUPS receives from a kiosk and from a print station, in Chromium with --kiosk-printing."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from salon.accounts.models import StationKind
from salon.accounts.services.stations import create_station, offer_enrolment
from salon.badges.models import Badge
from salon.kiosk.services import ask_print
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.settings.installation import ROOT
from tests.browser.conftest import LiveServer
from tests.browser.kiosk import a_holder, inside, settle
from tests.browser.printed import Printed
from tests.browsers.cups import QUEUE, PrintServer, print_server
from tests.browsers.drivers import KIOSK_FLAGS, open_printing_chromium, opened
from tests.browsers.journeys import enrol
from tests.browsers.visit import Visit

GUIDE = ROOT / "docs/guides/borne.md"
A4, A6, LABEL = (210, 297), (105, 148), (62, 100)
A6_CODE_MM, LABEL_CODE_MM = (side * 29 / 37 for side in (48, 41))
"""The style sheets' sides, without the quiet zone: 29 modules of 37."""

IS_READY = """
return document.body.dataset.screen === "badge" && performance.getEntriesByType("resource")
  .some(({ name }) => name.includes("/api/v1/badges"));
"""
TYPE_AS_A_READER = """
for (const key of [...arguments[0], "Enter"]) {
  document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}
"""

pytestmark = [
    pytest.mark.browsers,
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
]


@pytest.fixture
def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrintServer]:
    """Yield the printer of every program that the test starts."""
    with print_server(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.host)
        yield server


@pytest.fixture
def visit(printer: PrintServer, live_server: LiveServer) -> Iterator[Visit]:
    with opened(open_printing_chromium) as driver:
        yield Visit(driver, live_server.url)


def set_paper(printer: PrintServer, name: str) -> None:
    """Type what the guide tells the installer to type."""
    command = ("lpadmin", "-p", QUEUE, "-o", f"PageSize={name}")
    assert " ".join(command) in GUIDE.read_text()
    printer.run(*command)
    assert f"*{name}" in printer.run("lpoptions", "-p", QUEUE, "-l")


def only_page(path: Path) -> Printed:
    with pypdfium2.PdfDocument(path) as document:
        (page,) = map(Printed, document)
    return page


def present_badge(visit: Visit, code: str) -> None:
    enrol(visit, "Ouvrir la borne")
    visit.until(lambda: visit.run(IS_READY), "the kiosk has its settings and listens")
    visit.run(TYPE_AS_A_READER, code)
    visit.press("Prendre plus de temps")
    visit.press("C’est bien moi")


def test_the_guide_starts_chromium_as_these_tests_do() -> None:
    assert f"chromium {' '.join(KIOSK_FLAGS)} " in GUIDE.read_text()


def test_a_kiosk_prints_one_whole_badge_once_its_queue_has_the_paper(
    visit: Visit, printer: PrintServer, live_server: LiveServer
) -> None:
    """Chromium asks the queue, not the page, for its paper: left on A4, it prints a sheet that is
    no badge; once it is set, the next badge is right."""
    settle(live_server, kiosk_prints=True, kiosk_layout="a6")
    holder = a_holder(live_server)
    present_badge(visit, holder.code)
    visit.press("Imprimer mon badge")
    sheet = only_page(printer.wait_for_job(1))
    assert sheet.size == A4
    assert f":{live_server.port}/borne" in sheet.text, "the address is at the foot of the sheet"
    set_paper(printer, "A6")
    visit.press("Autre chose")
    visit.press("Imprimer mon badge")
    page = only_page(printer.wait_for_job(2))
    assert page.size == A6
    assert page.code == f"{live_server.url}/B/{holder.code}".upper()
    assert page.code_side == pytest.approx(A6_CODE_MM, abs=1)
    assert page.words_in(holder.first_name) == holder.first_name
    visit.press("Terminer")
    visit.sees("Présentez votre badge", "h1")
    visit.driver.quit()
    assert len(printer.documents()) == 2


def test_a_print_station_prints_each_badge_whole(
    visit: Visit, printer: PrintServer, live_server: LiveServer
) -> None:
    set_paper(printer, "62x100")
    with inside(live_server) as edition:
        valid = select(Badge).where(Badge.revoked_at.is_(None)).order_by(Badge.id)
        badges = current_session().scalars(valid.limit(3)).all()
        codes = [badge.code for badge in badges]
        for badge in badges:
            ask_print(Act(SYSTEM), badge.id, str(uuid.uuid4()), "62mm")
        station = create_station(Act(SYSTEM), "Poste 1", "A", edition.id, StationKind.PRINTER)
        enrolment = offer_enrolment(Act(SYSTEM), station.id)
    visit.goto(f"/scanner/enrolement/{enrolment}")
    visit.press("Faire de cet appareil une station")
    visit.sees("Rien à imprimer.", "#said")
    pages = [only_page(printer.wait_for_job(number)) for number in (1, 2, 3)]
    assert [page.size for page in pages] == [LABEL] * 3
    assert [page.code[-26:] for page in pages] == codes
    assert [page.code_side for page in pages] == pytest.approx([LABEL_CODE_MM] * 3, abs=1)
    visit.driver.quit()
    assert len(printer.documents()) == 3
