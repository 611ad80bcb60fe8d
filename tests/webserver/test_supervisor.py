"""The processes of the web server are kept, replaced, and end with the one that keeps them."""

import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from salon.platform.settings.installation import ROOT
from tests.processes import PATIENCE_S, lives, wait_for
from tests.webserver.conftest import SmallServer
from webserver.supervisor import PortInUse, listen

KEPT = 5
"""Two processes that answer, two whose answers are long, and the one that forks them."""
ROUNDS = 100
"""Of two kills each."""


def test_kills_without_end_of_the_web_processes_leave_it_serving() -> None:
    with SmallServer("-m", "tests.webserver.small", "{port}") as server:
        for _ in range(ROUNDS):
            wait_for(server.web_processes, "a web process")
            for process in server.web_processes():
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        assert server.command.poll() is None
        wait_for(lambda: len(server.web_processes()) == 2, "two web processes again")
        assert server.ask("/") is not None
        assert server.stop() == 0


RELOADS = 3
CLIENTS = 2
"""With a new connection for each request, and as many that keep theirs."""


def test_hangup_replaces_every_process_and_loses_no_request(small_server: SmallServer) -> None:
    """A connection that a process accepted just before it was replaced is answered, too."""
    ended = threading.Event()
    with ThreadPoolExecutor(2 * CLIENTS) as pool:
        clients = [pool.submit(ask, small_server.port, ended) for ask in [anew, keeping] * CLIENTS]
        try:
            for _ in range(RELOADS):
                replace_processes(small_server)
        finally:
            ended.set()
    for client in clients:
        assert client.result(), "nothing was asked"
        assert set(client.result()) == {200}


def replace_processes(server: SmallServer) -> None:
    former = server.web_processes()
    server.command.send_signal(signal.SIGHUP)
    wait_for(lambda: not any(map(lives, former)), "the end of the former processes")
    wait_for(lambda: len(server.web_processes()) == 2, "two new processes")


def anew(port: int, ended: threading.Event) -> list[int]:
    """Return the statuses of requests sent on a new connection each. Raises OSError."""
    statuses = []
    while not ended.is_set():
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
            connection.request("GET", "/")
            statuses.append(connection.getresponse().status)
    return statuses


def keeping(port: int, ended: threading.Event) -> list[int]:
    """Return the statuses of requests on one connection, opened again when the server closes it."""
    statuses = []
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
        while not ended.is_set():
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
    return statuses


def test_a_process_that_cannot_start_replaces_none() -> None:
    """As when new code is broken: the target is gone since the supervisor started."""
    broken = ROOT / "tests" / "webserver" / "moved_target.py"
    broken.write_text("from tests.webserver.small import app as app\n")
    try:
        target = "tests.webserver.moved_target:app"
        with SmallServer("-m", "webserver", target, "--port", "{port}") as server:
            wait_for(lambda: len({server.ask("/") for _ in range(20)}) == 2, "two processes")
            former = {process.pid for process in server.web_processes()}
            broken.unlink()
            server.command.send_signal(signal.SIGHUP)
            wait_for(lambda: len(server.process.children()) > KEPT, "a new process")
            wait_for(lambda: len(server.process.children()) == KEPT, "its end")
            assert {process.pid for process in server.web_processes()} == former
            assert server.ask("/") is not None
            assert server.stop() == 0
    finally:
        broken.unlink(missing_ok=True)


def test_a_process_that_is_not_ready_replaces_none(tmp_path: Path) -> None:
    """As when the database does not answer it: its page of readiness says 503."""
    hindrance = tmp_path / "hindrance"
    command = ("-m", "tests.webserver.small", "{port}", f"/absent{hindrance}")
    with SmallServer(*command) as server:
        wait_for(lambda: len(server.web_processes()) == 2, "two processes")
        former = {process.pid for process in server.web_processes()}
        hindrance.touch()
        server.command.send_signal(signal.SIGHUP)
        wait_for(lambda: len(server.process.children()) > KEPT, "a new process")
        wait_for(lambda: len(server.process.children()) == KEPT, "its end")
        assert {process.pid for process in server.web_processes()} == former
        assert server.ask("/") is not None
        hindrance.unlink()
        server.command.send_signal(signal.SIGHUP)
        wait_for(
            lambda: former.isdisjoint(process.pid for process in server.web_processes()),
            "two new processes",
        )
        assert server.stop() == 0


def test_no_process_outlives_a_killed_supervisor() -> None:
    server = SmallServer("-m", "webserver", "tests.webserver.small:app", "--port", "{port}")
    children = server.process.children(recursive=True)
    assert len(children) >= 2
    server.command.kill()
    server.command.wait(PATIENCE_S)
    wait_for(lambda: not any(lives(process) for process in children), "the end of every child")
    for listener in listen("127.0.0.1", server.port, 1):
        listener.close()


def test_a_port_is_never_shared_with_another_server(small_server: SmallServer) -> None:
    with pytest.raises(PortInUse):
        listen("127.0.0.1", small_server.port, 2)
    with socket.socket() as connection:
        connection.bind(("127.0.0.1", 0))
        connection.listen()
        with pytest.raises(PortInUse):
            listen("127.0.0.1", connection.getsockname()[1], 1)
