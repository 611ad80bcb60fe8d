"""kill -9 of the process that takes a file, and a client that cuts: neither a row without its file,
nor a file that stays without a row, and the same form sent again is taken."""

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import psutil
import pytest
from flask import Flask
from sqlalchemy import delete, update

from bench.fairs import Fair
from bench.web import Web, command_of
from salon.doctor import examine
from salon.exhibitors.models import Document, Exhibitor
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from salon.stored_files import ORPHAN_AFTER, remove_orphans
from tests.conftest import settings_for
from tests.exhibitor_space.made import photo, picture
from tests.exhibitor_space.pages import ELISE, raw_form
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand, make_terms
from tests.factories import make_edition, sign_in
from tests.kills import count, files_in, write_lock
from tests.pages import PageClient
from tests.platform.files.backup.places import close, opened
from tests.processes import PATIENCE_S, wait_for

WEIGHT = 1_900_000
"""Bytes of a file: more than the server keeps of a request in memory, less than the limits."""

SETTLED = (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)


@dataclass(frozen=True)
class Sending:
    """The request that a browser makes to send a file, as bytes."""

    port: int
    head: bytes
    body: bytes

    @contextmanager
    def begun(self, length: int) -> Iterator[socket.socket]:
        """Yield a connection that has sent so many bytes of the body, and nothing more."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as connection:
            connection.sendall(self.head + self.body[:length])
            yield connection

    def status(self) -> int:
        """Send all, and return the status of the answer."""
        with self.begun(len(self.body)) as connection:
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            return answer.status


@dataclass(frozen=True)
class Stand:
    """An exhibitor's space that is served, by one web process."""

    fair: Fair
    settings: Settings
    web: Web
    elise: PageClient
    exhibitor: Exhibitor

    def sending(self, page: str, name: str, content: bytes, **fields: str) -> Sending:
        """Open a form and return the request that sends a file with it."""
        path, body, kind = raw_form(
            self.elise, self.exhibitor, f'filename="{name}"', content, page, **fields
        )
        cookie = self.elise.get_cookie("salon")
        assert cookie is not None
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nCookie: salon={cookie.value}\r\n\r\n"
        )
        return Sending(self.web.port, head.encode(), body)

    def process(self) -> psutil.Process:
        [worker] = self.web.workers()
        return worker

    def kill(self) -> None:
        """kill -9 of the process that answers."""
        process = self.process()
        process.kill()
        process.wait()

    def wait_until_served(self) -> None:
        wait_for(lambda: self.web.status_of("/") == 200, "another process that answers")
        wait_for(lambda: len(self.web.workers()) == 1, "one process that answers")

    def readers(self) -> list[psutil.Process]:
        """Return the processes that look at a file for the one that answers."""
        children = self.process().children()
        return [child for child in children if "untrusted_files" in command_of(child)]

    def stopped_reader(self) -> psutil.Process | None:
        """Stop the process that looks at a file; return None where it has ended."""
        for reader in self.readers():
            with suppress(psutil.NoSuchProcess):
                reader.suspend()
                wait_for(lambda reader=reader: reader.status() in SETTLED, "a process that stops")
                if reader.status() == psutil.STATUS_STOPPED:
                    return reader
        return None

    @contextmanager
    def looked_at(self, make_sending: "MakeSending") -> Iterator[tuple[Sending, psutil.Process]]:
        """Send a file whole; yield what is sent and the process that looks at it, stopped there,
        while no row is written. A file that was looked at sooner is removed, and another sent.
        """
        while True:
            sending = make_sending(self)
            with sending.begun(len(sending.body)):
                wait_for(lambda: self.readers() or self.rows(), "a file that is looked at")
                if reader := self.stopped_reader():
                    with write_lock(self.fair):
                        yield sending, reader
                    with suppress(psutil.NoSuchProcess):
                        reader.resume()
                    return
                wait_for(self.rows, "a row that is written")
            self.clear()

    def clear(self) -> None:
        """Remove every file, and what says that there is one."""
        with transaction() as session:
            session.execute(delete(Document))
            session.execute(update(Exhibitor).values(logo_file=""))
        self.sweep()
        assert self.files() == set()

    def rows(self) -> int:
        logos = count(self.fair, Exhibitor, Exhibitor.logo_file != "")
        return logos + count(self.fair, Document)

    def state(self) -> tuple[int, set[str], int]:
        """Return what has a file, the files, and what the journal tells."""
        return self.rows(), self.files(), count(self.fair, JournalEntry)

    def files(self) -> set[str]:
        return files_in(self.fair, "uploads")

    def files_in_order(self) -> bool:
        """Return whether `salon doctor` misses no file of a row."""
        [finding] = [finding for finding in examine(self.settings) if finding.key == "files"]
        return finding.in_order

    def sweep(self) -> int:
        later = real_now() + ORPHAN_AFTER + timedelta(minutes=1)
        current_session().rollback()
        return remove_orphans(self.settings.file_store, later)


MakeSending = Callable[[Stand], Sending]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    settings = settings_for(tmp_path_factory.mktemp("stand") / "data")
    app = opened(settings)
    app.test_client_class = PageClient
    fair = Fair(settings.data, "", "")
    with app.app_context(), Web("app:app", fair.environment(), workers=1) as web:
        elise, exhibitor = accepted_exhibitor(app)
        web.start()
        yield Stand(fair, settings, web, elise, exhibitor)
    close(app)


@pytest.fixture
def stand(served: Stand) -> Stand:
    """Return the stand that all these tests use, without a file."""
    served.clear()
    return served


def accepted_exhibitor(app: Flask) -> tuple[PageClient, Exhibitor]:
    """Return an exhibitor with a stand, and a browser signed in as its contact."""
    edition = make_edition()
    make_terms(edition)
    place = make_stand(make_hall(edition, name="2"), number="23")
    exhibitor = make_exhibitor(edition, name="Éclairage", email=ELISE, stand=place)
    return sign_in(app, Role.EXHIBITOR, ELISE), exhibitor


def document(stand: Stand) -> Sending:
    return stand.sending("/documents", "attestation.jpg", weighing(photo()))


def logo(stand: Stand) -> Sending:
    return stand.sending("/presentation", "logo.png", weighing(picture()), presentation="Bornes.")


def weighing(content: bytes) -> bytes:
    return content + bytes(WEIGHT - len(content))


@pytest.mark.parametrize("make_sending", [document, logo])
def test_a_file_whose_process_is_killed_leaves_no_half_and_is_sent_again(
    stand: Stand, make_sending: MakeSending
) -> None:
    sending = make_sending(stand)
    state = stand.state()

    with sending.begun(len(sending.body) // 2):
        wait_for(lambda: connections_of(stand) == 1, "the half that was sent")
        stand.kill()
    stand.wait_until_served()
    assert stand.state() == state

    with stand.looked_at(make_sending) as (_, reader):
        state = stand.state()
        stand.kill()
    stand.wait_until_served()
    assert psutil.wait_procs([reader], timeout=PATIENCE_S)[1] == []
    assert stand.state() == state == (0, set(), state[2])

    with stand.looked_at(make_sending) as (sending, reader):
        state = stand.state()
        reader.resume()
        wait_for(stand.files, "a file that is written")
        stand.kill()
    stand.wait_until_served()
    [orphan] = stand.files()
    assert stand.state() == (0, {orphan}, state[2])
    assert stand.files_in_order()

    assert sending.status() == 302
    [saved] = stand.files() - {orphan}
    assert (stand.rows(), stand.sweep(), stand.files()) == (1, 1, {saved})
    assert stand.files_in_order()


def connections_of(stand: Stand) -> int:
    """Return how many connections the process that answers has taken and not closed."""
    taken = stand.process().net_connections("tcp4")
    return sum(connection.status == psutil.CONN_ESTABLISHED for connection in taken)


@pytest.mark.parametrize("make_sending", [document, logo])
def test_a_file_cut_half_way_by_its_sender_writes_nothing(
    stand: Stand, make_sending: MakeSending
) -> None:
    sending = make_sending(stand)
    state = stand.state()
    for length in (0, len(sending.body) // 2, len(sending.body) - 1):
        with sending.begun(length) as connection:
            connection.shutdown(socket.SHUT_WR)
            with closing(connection.makefile("rb")) as answer:
                assert b" 302 " not in answer.readline()
    wait_for(lambda: connections_of(stand) == 0, "the end of the connections")
    assert stand.state() == state
    assert sending.status() == 302
    assert (stand.rows(), len(stand.files())) == (1, 1)
