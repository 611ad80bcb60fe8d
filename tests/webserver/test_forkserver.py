"""Web processes are forked from one that has loaded the application, and kept by the supervisor."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from io import FileIO

import psutil
import pytest

from tests.processes import command_of, wait_for
from tests.webserver.conftest import SmallServer, name_of
from webserver import LONG, WEB
from webserver.forked import ForkedProcess
from webserver.forkserver import read_order

Requested = tuple[ForkedProcess, FileIO]


@pytest.fixture
def quick_server() -> Iterator[SmallServer]:
    """Yield two processes, begun again almost at once."""
    with SmallServer("-m", "tests.webserver.small", "{port}") as server:
        wait_for(lambda: len(server.web_processes()) == 2, "two web processes")
        yield server
        assert server.stop() == 0


def loadings(server: SmallServer) -> set[bytes]:
    """Return the reports of each web process on the loading of its application."""
    answers = [server.ask("/loading") for _ in range(20)]
    assert None not in answers
    return {answer[1] for answer in answers if answer}


def fork_servers(server: SmallServer) -> list[psutil.Process]:
    return [
        child
        for child in server.process.children()
        if "webserver.forkserver" in command_of(child) and name_of(child) not in (WEB, LONG)
    ]


def kill_web_processes(server: SmallServer) -> None:
    """Kill each, and wait for two others."""
    killed = server.web_processes()
    for process in killed:
        process.kill()
    wait_for(
        lambda: len({process.pid for process in server.web_processes()} - pids_of(killed)) == 2,
        "two other web processes",
    )


def pids_of(processes: list[psutil.Process]) -> set[int]:
    return {process.pid for process in processes}


def test_web_processes_share_one_loading_of_the_application(quick_server: SmallServer) -> None:
    wait_for(lambda: len({quick_server.ask("/") for _ in range(20)}) == 2, "answers of both")
    (loading,) = loadings(quick_server)
    kill_web_processes(quick_server)
    assert loadings(quick_server) == {loading}, "the next ones load nothing"


def test_hangup_loads_the_application_anew(quick_server: SmallServer) -> None:
    former, former_fork_servers = loadings(quick_server), fork_servers(quick_server)
    quick_server.command.send_signal(signal.SIGHUP)
    wait_for(lambda: not former & loadings(quick_server), "answers of new processes alone")
    wait_for(
        lambda: [process.is_running() for process in former_fork_servers] == [False],
        "the end of the former fork server",
    )
    (loading,) = loadings(quick_server)
    kill_web_processes(quick_server)
    assert loadings(quick_server) == {loading}


def test_web_processes_outlive_their_fork_server(quick_server: SmallServer) -> None:
    processes = quick_server.web_processes()
    (killed,) = fork_servers(quick_server)
    killed.kill()
    wait_for(lambda: pids_of(fork_servers(quick_server)) - {killed.pid}, "the next fork server")
    assert pids_of(quick_server.web_processes()) == pids_of(processes)
    assert quick_server.ask("/") is not None
    kill_web_processes(quick_server)


def test_what_a_killed_process_leaves_is_no_zombie(quick_server: SmallServer) -> None:
    answers = [quick_server.ask("/child") for _ in range(4)]
    left = [int(answer[1]) for answer in answers if answer]
    assert len(left) == 4
    kill_web_processes(quick_server)
    wait_for(lambda: not any(map(psutil.pid_exists, left)), "the end of what was left")


def test_without_fork_each_process_loads_the_application() -> None:
    """As where the system has no way to adopt orphans."""
    with SmallServer("-m", "tests.webserver.small", "{port}", "spawned") as server:
        wait_for(lambda: len(loadings(server)) == 2, "answers of both")
        former = server.process.children()
        assert all("webserver.worker" in command_of(process) for process in former)
        server.command.send_signal(signal.SIGHUP)
        wait_for(
            lambda: (
                len(pids_of(server.process.children()) - pids_of(former)) == 2
                and len(server.process.children()) == 2
            ),
            "two other processes",
        )
        assert server.stop() == 0


@pytest.fixture
def requested() -> Iterator[Requested]:
    """Yield a process that is asked for, and where its number is to be told: this is its fork
    server.
    """
    own_end, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with own_end, other_end:
        process = ForkedProcess(own_end, {}, [])
        _, (descriptor,), _, _ = socket.recv_fds(other_end, 10, 1)
        with open(descriptor, "wb", buffering=0) as newborn:
            yield process, newborn


def test_a_process_that_is_never_made_has_ended(requested: Requested) -> None:
    process, newborn = requested
    assert process.poll() is None
    newborn.close()
    assert process.poll() == 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(0) == 1


def test_a_signal_reaches_the_process_once_it_is_born(
    requested: Requested,
) -> None:
    process, newborn = requested
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0)
    child = os.posix_spawn("/bin/sleep", ["sleep", "600"], os.environ)
    newborn.write(b"%d" % child)
    assert process.wait() == -signal.SIGTERM


def test_a_process_asked_of_a_fork_server_that_has_ended_has_ended() -> None:
    own_end, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    other_end.close()
    with closing(own_end):
        assert ForkedProcess(own_end, {}, []).poll() == 1


def test_the_supervisor_of_the_release_1_0_is_understood() -> None:
    """It stays at an upgrade without a stop, and orders web processes as it did."""
    waited_for = read_order(b"web", [5, 6, 7], "/readyz")
    assert waited_for == ({"name": "web", "ready_path": "/readyz"}, [5, 7, 6])
    order, (birth, pulse, listener) = read_order(b"web", [5, 6], "/readyz")
    assert (order, birth, listener) == ({"name": "web", "ready_path": ""}, 5, 6)
    assert os.write(pulse, b"1") == 1
    os.close(pulse)
