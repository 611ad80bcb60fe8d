"""The server tells systemd when it serves, and tells who reloads it whether it did."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from salon.platform.settings.installation import ROOT
from tests.processes import PATIENCE_S, wait_for
from tests.webserver.conftest import SmallServer


@pytest.fixture
def service_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Yield the socket on which a unit of Type=notify is listened to."""
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as messages:
        messages.bind(str(tmp_path / "notify"))
        messages.settimeout(PATIENCE_S)
        yield messages


def next_message(service_manager: socket.socket) -> list[str]:
    """Return the lines of the next message that is no sign of life."""
    while (lines := service_manager.recv(4096).decode().splitlines()) == ["WATCHDOG=1"]:
        pass
    return lines


def reload(server: SmallServer) -> "subprocess.CompletedProcess[str]":
    """Reload as the unit does."""
    command = [sys.executable, "-m", "webserver.reload", str(server.command.pid)]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)


def test_a_reload_is_over_once_the_new_processes_answer(service_manager: socket.socket) -> None:
    with SmallServer("-m", "tests.webserver.small", "{port}") as server:
        assert next_message(service_manager) == ["READY=1"]
        assert service_manager.recv(4096) == b"WATCHDOG=1"
        wait_for(lambda: len(server.web_processes()) == 2, "two processes")
        former = {process.pid for process in server.web_processes()}
        completed = reload(server)
        assert (completed.returncode, completed.stderr) == (0, "")
        assert former.isdisjoint(process.pid for process in server.web_processes())
        name, moment = next_message(service_manager)
        assert name == "RELOADING=1"
        assert moment.startswith("MONOTONIC_USEC=")
        assert next_message(service_manager) == ["READY=1"]
        assert server.stop() == 0
        assert next_message(service_manager) == ["STOPPING=1"]


def test_a_reload_that_fails_says_so(service_manager: socket.socket, tmp_path: Path) -> None:
    hindrance = tmp_path / "hindrance"
    with SmallServer("-m", "tests.webserver.small", "{port}", f"/absent{hindrance}") as server:
        wait_for(lambda: len(server.web_processes()) == 2, "two processes")
        former = {process.pid for process in server.web_processes()}
        hindrance.touch()
        completed = reload(server)
        assert completed.returncode == 1
        assert completed.stderr == "The new processes cannot answer; the former ones go on.\n"
        assert {process.pid for process in server.web_processes()} == former
        assert reload(server).returncode == 1  # and again
        hindrance.unlink()
        assert reload(server).returncode == 0
        assert server.stop() == 0
