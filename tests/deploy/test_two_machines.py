"""Two machines of one database: whatever begins on one goes on at the other.

nginx gives each request to the machine that did not get the one before.
"""

import json
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import delete, func, select, update

from bench.checks import faults_in
from bench.fairs import Fair, hold_in
from bench.people import Caller, Crowd
from salon.accounts.services.stations import issue_station_token
from salon.badges.models import Attendee
from salon.entrance.models import Scan
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.paper.models import PaperPack
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import real_now
from salon.platform.web.limits import FREE_GUESSES, RateCounter
from salon.platform.work.alarms import RaisedAlarm
from salon.platform.work.jobs import JobStatus
from salon.platform.work.machines import MachineReport, Report, save_report
from salon.platform.work.operations import Failures
from tests.commands import application, flask
from tests.deploy.browser import Browser
from tests.deploy.pair import SECRET_KEY, Pair, pair_of
from tests.deploy.proxy import proxy_before
from tests.entrance.people import make_badge
from tests.factories import PASSWORD, make_account
from tests.postgres import Server
from tests.processes import wait_for

pytestmark = [pytest.mark.postgres, pytest.mark.long]

DATABASE = "two_machines"
BADGES = 4
NO_FAILURE = Failures(0, 0, {}, ())


@pytest.fixture(scope="module")
def fair(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fair]:
    """An edition loaded on a production database, in the context of an application that writes to
    this database beside the two machines. It is held in five days: until its eve, no worker asks
    for papers by itself."""
    folder = tmp_path_factory.mktemp("loaded")
    with postgres.database(DATABASE) as url:
        flask(folder, "db", "upgrade", DATABASE_URL=url)
        environ = {"SALON_DATA": str(folder), "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}
        with application(environ) as app:
            result = app.test_cli_runner().invoke(args=["load-edition", "seed_data/2021"])
            assert result.exit_code == 0, result.output
            hold_in(days=5)
            for _ in range(BADGES):
                make_badge(get_public_edition())
            yield Fair(
                folder, url, issue_station_token(Act(SYSTEM), "Porte A", get_public_edition().id)
            )


@pytest.fixture(scope="module")
def pair(fair: Fair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with pair_of(fair, tmp_path_factory.mktemp("pair")) as pair:
        yield pair


@pytest.fixture
def browser(pair: Pair) -> Iterator[Browser]:
    with Browser(pair.proxy.door) as browser:
        yield browser


@pytest.fixture
def organiser(browser: Browser) -> Browser:
    """Return the browser of an organiser, who signed in by the pages."""
    account = make_account(role=Role.ORGANISER)
    browser.fill("/connexion/organisation", email=account.email, password=PASSWORD)
    code = pyotp.TOTP(account.totp_secret).now()
    location = browser.fill("/connexion/organisation/code", code=code)
    assert location == "/organisation"
    return browser


def fresh(statement: Any) -> Any:
    """Return what the database holds now."""
    current_session().rollback()
    return current_session().scalar(statement)


def count_of(model: type, *conditions: Any) -> int:
    return int(fresh(select(func.count()).select_from(model).where(*conditions)))


PERSON = {
    "civility": "madame",
    "first_name": "Hélène",
    "function": "mayor",
    "commune": "Espondeilhan",
    "half_day": "morning",
}


def register(browser: Browser, name: str) -> str:
    """Register a person; return where the form leads."""
    email = f"{name.lower()}@commune.example"
    return browser.fill("/inscription", **PERSON, last_name=name, email=email)


def test_a_session_and_its_forms_go_on_at_the_other_machine(pair: Pair, organiser: Browser) -> None:
    machines, answered = {machine.port for machine in pair.machines}, set[int]()
    for _ in range(10):  # the proxy goes by a busy machine
        assert "Se déconnecter" in organiser.page("/organisation")
        answered = {passage.ports[-1] for passage in pair.proxy.passages()}
        if answered == machines:
            break
    assert answered == machines


def test_a_form_sent_to_both_machines_registers_once(browser: Browser) -> None:
    page = browser.page("/inscription")
    answers = [
        browser.send("/inscription", page, **PERSON, last_name="Aubrac", email="a@commune.example")
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert "Aubrac" in browser.page(answers[0][2])
    assert count_of(Attendee, Attendee.last_name == "Aubrac") == 1


def test_guesses_are_counted_once_for_both_machines(browser: Browser) -> None:
    path, answers = "/connexion/organisation", []
    page = browser.page(path)
    for _ in range(FREE_GUESSES + 1):
        email = "personne@salon.example"
        answers.append(browser.send(path, page, email=email, password="cigale")[0])
    with transaction() as session:
        session.execute(delete(RateCounter))
    assert answers == [400] * FREE_GUESSES + [429]


def test_papers_asked_on_one_machine_are_made_by_the_worker_of_the_other(
    pair: Pair, organiser: Browser
) -> None:
    path, table = "/organisation/dossier-papier", PaperPack
    organiser.fill(path)
    asked_on = next(m for m in pair.machines if m.port == organiser.port)
    with pair.other(asked_on).worker:
        wait_for(lambda: fresh(select(table.status)) == JobStatus.DONE, "the file")
    number = fresh(select(table.id))
    answers = [organiser.ask_bytes("GET", f"{path}/{number}.pdf") for _ in pair.machines]
    assert [status for status, _, _ in answers] == [200, 200]
    assert answers[0][1] == answers[1][1]
    assert answers[0][1].startswith(b"%PDF")
    assert not [file for m in pair.machines for file in m.fair.data.rglob("*.pdf")]


def test_two_workers_that_see_one_alarm_write_of_it_once(pair: Pair) -> None:
    """A third machine is silent; each of the two reports itself, and so has looked."""
    account = make_account(role=Role.ORGANISER)
    first, second = pair.machines
    # What their workers reported in an earlier test may be old enough to be an alarm.
    with transaction() as session:
        session.execute(delete(MachineReport))
    with first.worker, second.worker:
        wait_for(lambda: len(machines_reported()) == 2, "the first reports")
        with transaction() as session:
            session.execute(delete(MachineReport))
            silent = Report("machine-3", real_now() - timedelta(hours=1), NO_FAILURE, 10**12)
            save_report(session, silent)
        names = {"machine-1", "machine-2", "machine-3"}
        wait_for(lambda: machines_reported() == names, "the reports of both")
    alarms = select(Message).where(Message.kind == "alarm", Message.recipient == account.email)
    letters = [
        message
        for message in current_session().scalars(alarms)
        if any("machine-3" in sentence for sentence in message.context["sentences"])
    ]
    # The mail that no server takes is an alarm, too, which may come before or in the same letter.
    assert len(letters) == 1
    assert count_of(RaisedAlarm, RaisedAlarm.subject == "machine-3") == 1
    assert machines_reported() == {"machine-1", "machine-2", "machine-3"}


def machines_reported() -> set[str]:
    current_session().rollback()
    return set(current_session().scalars(select(MachineReport.machine)))


def test_a_station_scans_and_follows_its_list_on_either_machine(
    pair: Pair, browser: Browser, fair: Fair
) -> None:
    edition_id = get_public_edition().id
    headers = {"Authorization": f"Bearer {fair.token}"}

    def listed(since: int) -> bytes:
        path = f"/api/v1/badges?edition={edition_id}&since={since}"
        status, content, _ = browser.ask_bytes("GET", path, headers=headers)
        assert status == 200
        return content

    def serial() -> int:
        return json.loads(browser.ask("GET", "/api/v1/station", headers=headers)[1])["list_serial"]

    scan = {
        "scan_id": str(uuid.uuid4()),
        "code": fair.codes()[0],
        "scanned_at": real_now().isoformat(),
        "door": "A",
        "direction": "in",
    }
    typed = {**headers, "Content-Type": "application/json"}
    sent = json.dumps({"scans": [scan]})
    answers = [browser.ask("POST", "/api/v1/scans", sent, typed) for _ in pair.machines]
    assert [status for status, _, _ in answers] == [200, 200]
    assert [json.loads(text)["results"][0]["verdict"] for _, text, _ in answers] == ["accepted"] * 2
    assert count_of(Scan, Scan.scan_id == scan["scan_id"]) == 1
    with pair.machines[0].worker:
        wait_for(lambda: serial() > 0, "the list of badges")
        before = serial()
        assert listed(0) == listed(0)
        register(browser, "Larzac")
        wait_for(lambda: serial() > before, "the list with one more badge")
    assert serial() == serial()
    change = listed(before)
    assert change == listed(before)
    assert int.from_bytes(change[12:16], "big") == 1


SAVED_PAGES = ("/scanner", "/scanner/sw.js", "/borne", "/borne/sw.js")


def test_what_devices_save_is_the_same_on_both_machines(pair: Pair, browser: Browser) -> None:
    for path in SAVED_PAGES:
        first, second = (browser.page(path) for _ in pair.machines)
        assert first == second, path


def test_a_change_on_one_machine_is_at_once_on_the_pages_of_the_other(
    pair: Pair, browser: Browser
) -> None:
    for name in ("Salon des communes", "Salon des villages"):
        for path in ("/", "/inscription", "/plan", "/exposants", "/village"):
            browser.page(path)
        with transaction() as session:
            session.execute(update(Edition).values(name=name))
        for _ in pair.machines:
            assert name in browser.page("/")


def test_nothing_acknowledged_is_lost_when_a_machine_is_killed_under_load(
    pair: Pair, fair: Fair
) -> None:
    """Nobody is refused meanwhile, and the machine is asked again once it is back."""
    machine = pair.machines[1]
    with Crowd(pair.proxy.door, fair, stations=2, visitors=1) as crowd:
        wait_for(lambda: bool(crowd.ledger.scans and crowd.ledger.people), "the first answers")
        machine.web.kill()
        acknowledged = crowd.ledger.acknowledged
        with Caller(pair.proxy.door) as caller:
            assert [caller.ask("GET", "/exposants")[0] for _ in range(6)] == [200] * 6
        wait_for(lambda: crowd.ledger.acknowledged > acknowledged + 10, "answers of the other")
        machine.web.start("/healthz")
        begun = len(pair.proxy.passages())

        def is_back() -> bool:
            return any(machine.port == p.ports[-1] for p in pair.proxy.passages()[begun:])

        wait_for(is_back, "the machine that came back")
    assert not any(faults_in(fair, crowd.ledger).values())


@pytest.mark.parametrize(
    ("method", "path", "is_sent_again"),
    [
        ("GET", "/exposants", True),
        ("POST", "/api/v1/scans", True),
        ("POST", "/inscription", False),
        ("POST", "/api/v1/station/report", False),
    ],
)
def test_only_what_may_be_asked_twice_goes_to_another_machine_once_it_was_sent(
    tmp_path: Path, method: str, path: str, is_sent_again: bool
) -> None:
    """Of two machines, the first takes a request and is gone before it answers."""
    with listening(b"") as silent, listening(b"HTTP/1.1 204 No Content\r\n\r\n") as other:
        with proxy_before(tmp_path, (silent, other)) as proxy, Caller(proxy.door) as caller:
            status, _, _ = caller.ask(method, path, "x=1" if method == "POST" else "")
            wait_for(lambda: bool(proxy.passages()), "the line of the log")
        [passage] = proxy.passages()
    expected = (204, (silent, other)) if is_sent_again else (502, (silent,))
    assert (status, passage.ports) == expected


def test_a_form_goes_to_the_other_machine_when_the_first_is_cut_off(tmp_path: Path) -> None:
    """It was never sent: nobody answers to the connection."""
    with cut_off() as silent, listening(b"HTTP/1.1 204 No Content\r\n\r\n") as other:
        with proxy_before(tmp_path, (silent, other)) as proxy, Caller(proxy.door) as caller:
            assert caller.ask("POST", "/inscription", "x=1")[0] == 204
            wait_for(lambda: bool(proxy.passages()), "the line of the log")
        [passage] = proxy.passages()
    assert passage.ports == (silent, other)


@contextmanager
def cut_off() -> Iterator[int]:
    """Yield a machine without network: connections are neither accepted nor refused; yield its
    port.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        with suppress(TimeoutError):
            while True:  # until the queue of those who wait is full
                waiting = socket.create_connection(listener.getsockname(), timeout=0.5)
                stack.enter_context(waiting)
        yield listener.getsockname()[1]


@contextmanager
def listening(answer: bytes) -> Iterator[int]:
    """Yield a machine that gives this answer to each connection, then closes it; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
