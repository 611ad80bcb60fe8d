"""From an empty database to a fair that people visit: on pages alone, counted.

`PICTURES=folder` keeps each kind of page as a picture, on a desk's screen and on a phone's.
"""

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from salon.platform.settings.installation import ROOT
from tests.browser import first_fair as fair
from tests.browser import first_visit as visit
from tests.browser.conftest import LiveServer, patient
from tests.browser.walk import Walk
from tests.exhibitors.apply.company_server import company_server
from tests.postman import Postman, open_postman
from webserver.parent import tied_to_this_process


class EmptyServer(LiveServer):
    """The product as it is first started, with its worker; what it prints is kept."""

    def __init__(self, data: Path, postman: Postman, search_url: str) -> None:
        super().__init__(data)
        self.printed = data.with_name("printed")
        self.environment |= {
            "SALON_DEMONSTRATION": "0",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(postman.port),
            "SMTP_TLS": "0",
            "MAIL_HOLD_MINUTES": "0",
            "COMPANY_SEARCH_URL": search_url,
        }

    def launch(self) -> "subprocess.Popen[bytes]":
        line = tied_to_this_process(["-m", "flask", "--app", "app", "serve", "--migrate"])
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
    with company_server() as search:
        server = EmptyServer(tmp_path / "data", postman, search.url)
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
        self.walks.append(Walk(patient(context), name, self.seen))
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


def test_a_fair_is_made_on_pages_alone_and_visited(
    server: EmptyServer, postman: Postman, people: People, tmp_path: Path
) -> None:
    claire = people.enter("Claire, who organises")
    fair.set_up(claire, server.first_address())
    assert (claire.pages, claire.clicks, claire.fields) <= (13, 12, 26)
    fair.prepare_halls_and_village(claire)
    fair.name_agents(claire, tmp_path / "agents.xlsx")
    fair.write_programme(claire)
    fair.date_exhibitors(claire)
    fair.write_prices(claire)
    fair.invite_colleagues(claire)
    claire.menu("Réglages")
    for words in ("2 halls, 30 stands", "5 organismes, 12 thèmes", "2 moments", "2 prix"):
        assert words in claire.words
    assert claire.pages <= 53
    assert claire.clicks <= 54
    assert claire.fields <= 61
    for name, work in COLLEAGUES.items():
        check_colleague(people.enter(name), postman, work)

    exhibitor = people.enter("Élise, who exhibits")
    visit.apply_for_a_stand(exhibitor)
    visit.accept_and_place(claire)
    visit.open_stand(exhibitor, postman)
    assert "stand 101 LUMIÈRE 34" in exhibitor.words
    assert exhibitor.clicks <= 12

    visit.staff_the_village(claire)
    odile = people.enter("Odile, who visits", width=360)
    odile.go("/programme")
    places = [odile.words.find(title) for title, *_ in fair.ITEMS]
    assert places == sorted(places)
    assert -1 not in places
    visit.register(odile, postman)
    agent_name = visit.book(odile)
    assert "Votre rendez-vous est confirmé" in odile.words
    assert odile.clicks <= 7
    agent = people.enter("The agent", width=360)
    visit.open_rota(agent, postman, agent_name)
    assert "Odile Sicre (Lagrasse)" in agent.words
    assert agent.clicks <= 2
    assert claire.clicks <= 72

    assert visit.prepare_next_year(claire) <= 10
    claire.go("/e/2027/organisation/facturation")
    assert "LUMIÈRE 34" in claire.words, "2027 is still billed"
    claire.go("/")
    assert "2028" in claire.words


@dataclass(frozen=True)
class Work:
    """What a colleague's right opens: an entry of the menu, the page behind it, settings.

    `hidden`, `unlisted` and `closed`: entries, settings and addresses of other rights.
    """

    entry: str
    words: str
    hidden: Sequence[str]
    settings: str
    unlisted: Sequence[str]
    closed: Sequence[str]
    reads_only: bool = False


COLLEAGUES = {
    "Nora": Work(
        "Placement",
        "Placement",
        ("Facturation", "Comptes", "Agents", "Inscrits"),
        "Dates et règlement",
        ("Prix et options", "Programme et salles"),
        ("/organisation/facturation", "/organisation/participants", "/organisation/comptes"),
    ),
    "Lise": Work(
        "Facturation",
        "Facturation",
        ("Comptes",),
        "Prix et options",
        (),
        ("/organisation/comptes",),
        reads_only=True,
    ),
}


def check_colleague(walk: Walk, postman: Postman, work: Work) -> None:
    """Sign in from the mail; see what the right opens, and nothing else."""
    address = f"{walk.name.lower()}@"
    walk.go(visit.read_mail(postman, r"http://\S+/connexion/premiere/\S+", address)[0])
    fair.open_own_account(walk)
    menu = walk.page.get_by_role("navigation", name="Organisation du salon").inner_text()
    assert [entry for entry in work.hidden if entry in menu] == []
    walk.menu(work.entry)
    assert work.words in walk.words
    notice = walk.page.get_by_text("vous n’y changez rien")
    assert notice.count() == work.reads_only
    walk.menu("Réglages")
    assert work.settings in walk.words
    assert [words for words in work.unlisted if words in walk.words] == []
    answers = {path: walk.page.request.get(path).status for path in work.closed}
    assert answers == dict.fromkeys(work.closed, 403)
