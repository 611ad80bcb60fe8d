"""A VAT number asked at VIES: a real server that speaks its REST API, and none while it is off."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.settings.installation import Settings
from tests.billing.pages import money_of, text_of
from tests.billing.sales import make_buyer
from tests.conftest import settings_for
from tests.pages import PageClient

SPANISH = "ESB58378431"
ANSWERS: dict[str, dict[str, Any]] = {
    "valid": {"valid": True, "requestIdentifier": "WAPIAAAAYxkV0001", "name": "---"},
    "invalid": {"valid": False, "requestIdentifier": "", "name": "---"},
    "busy": {"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]},
}


class Vies(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mode = "valid"
        self.asked: list[tuple[str, dict[str, str]]] = []


class Handler(BaseHTTPRequestHandler):
    server: Vies

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        known = ANSWERS.get(self.server.mode)
        content = json.dumps(known).encode() if known else self.server.mode.encode()
        self.send_response(500 if self.server.mode == "<html>" else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def vies() -> Iterator[Vies]:
    with Vies() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def is_on(request: pytest.FixtureRequest) -> bool:
    return bool(getattr(request, "param", True))


@pytest.fixture
def settings(database: str, tmp_path: Path, vies: Vies, is_on: bool) -> Settings:
    url = f"http://127.0.0.1:{vies.server_port}/rest-api" if is_on else ""
    return replace(settings_for(tmp_path, database), vies_url=url, vies_timeout=20.0)


@pytest.fixture
def spaniard(edition: Edition) -> Exhibitor:
    return make_buyer(edition, country="ES", siret="", vat_number=SPANISH)


def ask(organiser: PageClient, exhibitor: Exhibitor) -> str:
    """Press the button; return the page that follows."""
    page = money_of(exhibitor)
    answer = organiser.fill(page, to=f"{page}/vies")
    assert answer.status_code == 302
    current_session().expire_all()
    return text_of(organiser, page)


def test_the_answer_is_kept_beside_the_number_and_shown(
    organiser: PageClient, spaniard: Exhibitor, vies: Vies
) -> None:
    assert "valide, le" in ask(organiser, spaniard)
    assert vies.asked == [
        (
            "/rest-api/check-vat-number",
            {
                "countryCode": "ES",
                "vatNumber": SPANISH[2:],
                "requesterMemberStateCode": "FR",
                "requesterNumber": "61776067787",
            },
        )
    ]
    shown = text_of(organiser, money_of(spaniard))
    assert "consultation n° WAPIAAAAYxkV0001" in shown
    for silent in ("busy", "<html>", "[]", '{"valid": "yes"}', "{"):
        vies.mode = silent
        assert "VIES n’a pas répondu" in ask(organiser, spaniard), silent
        assert "WAPIAAAAYxkV0001" in text_of(organiser, money_of(spaniard)), silent
    vies.mode = "invalid"
    assert "inconnu de VIES, le" in ask(organiser, spaniard)
    spaniard.vat_number = "ESA28015865"
    current_session().commit()
    assert "inconnu de VIES, le" not in text_of(organiser, money_of(spaniard))


def test_a_service_out_of_reach_stops_nothing(
    organiser: PageClient, spaniard: Exhibitor, vies: Vies
) -> None:
    vies.server_close()
    assert "VIES n’a pas répondu" in ask(organiser, spaniard)
    check = spaniard.vat_check
    assert check is not None
    assert (check["vat_number"], check["answer"]) == (SPANISH, "unknown")


@pytest.mark.parametrize("is_on", [False], indirect=True)
def test_nothing_leaves_while_it_is_off(
    organiser: PageClient, spaniard: Exhibitor, vies: Vies
) -> None:
    page = money_of(spaniard)
    assert "Vérifier le numéro de TVA" not in text_of(organiser, page)
    assert organiser.fill(page, to=f"{page}/vies").status_code == 404
    assert vies.asked == []
    assert spaniard.vat_check is None
