"""From an empty database to a fair that people visit: on pages alone, counted.

`PICTURES=folder` keeps each kind of page as a picture, on a desk's screen and on a phone's.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from salon.platform.settings import ROOT
from tests.browser import first_fair as fair
from tests.browser.conftest import PATIENCE_S, LiveServer
from tests.browser.walk import Walk
from tests.postman import Postman, open_postman


class EmptyServer(LiveServer):
    """The product as it is first started, with its worker; what it prints is kept."""

    def __init__(self, data: Path, postman: Postman) -> None:
        super().__init__(data)
        self.printed = data.with_name("printed")
        self.environment |= {
            "SALON_DEMONSTRATION": "0",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(postman.port),
            "SMTP_TLS": "0",
            "MAIL_HOLD_MINUTES": "0",
        }

    def launch(self) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-m", "flask", "--app", "app", "serve", "--migrate"]
        with self.printed.open("wb") as output:
            return subprocess.Popen(line, cwd=ROOT, env=self.environment, stdout=output)

    def first_address(self) -> str:
        match = re.search(r"http://\S+/premier-jour/\S+", self.printed.read_text())
        assert match
        return match[0]


@pytest.fixture
def postman() -> Iterator[Postman]:
    with open_postman() as postman:
        yield postman


@pytest.fixture
def server(tmp_path: Path, postman: Postman) -> Iterator[EmptyServer]:
    server = EmptyServer(tmp_path / "data", postman)
    server.start()
    yield server
    server.stop()


class People:
    """Whoever walks through the fair, each in a browser of their own."""

    def __init__(self, chromium: Browser, server: EmptyServer) -> None:
        self.chromium, self.server = chromium, server
        self.seen: set[str] = set()
        self.walks: list[Walk] = []

    def enter(self, name: str, width: int = 1280) -> Walk:
        context = self.chromium.new_context(
            base_url=self.server.url, viewport={"width": width, "height": 800}, locale="fr-FR"
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        self.walks.append(Walk(context, name, self.seen))
        return self.walks[-1]

    def leave(self) -> None:
        for walk in self.walks:
            print(walk)
            walk.page.context.close()


@pytest.fixture
def people(chromium: Browser, server: EmptyServer) -> Iterator[People]:
    people = People(chromium, server)
    yield people
    people.leave()


def test_a_fair_is_made_on_pages_alone(server: EmptyServer, people: People, tmp_path: Path) -> None:
    claire = people.enter("Claire, who organises")
    fair.set_up(claire, server.first_address())
    assert (claire.pages, claire.clicks, claire.fields) <= (13, 12, 26)
    fair.prepare_halls_and_village(claire)
    fair.name_agents(claire, tmp_path / "agents.xlsx")
    fair.write_programme(claire)
    fair.write_prices(claire)
    fair.date_exhibitors(claire)
    fair.invite_colleagues(claire)
    claire.menu("Réglages")
    cards = claire.page.get_by_role("main").inner_text().replace("\u00a0", " ")
    for words in ("2 halls, 30 stands", "5 organismes, 12 thèmes", "4 moments", "4 prix"):
        assert words in cards
    assert claire.pages <= 64
    assert claire.clicks <= 66
    assert claire.fields <= 72
