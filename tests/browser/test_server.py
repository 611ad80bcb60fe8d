"""What the tests' server shares with its machine: files that it writes, a port, a run that ends."""

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from salon.platform.settings.installation import ROOT
from tests.browser.main_journeys import NAMES
from tests.browser.server import HANG_S, restore_files
from tests.processes import free_port
from webserver.supervisor import listen

START_AND_WAIT = """
import pathlib, sys
from tests.browser.server import LiveServer
server = LiveServer(pathlib.Path(sys.argv[1]))
print(server.launch().pid, flush=True)
sys.stdin.read()
"""


START_BOUND_AND_WAIT = """
import subprocess, sys
from tests.bound import bound_to_this_process
subprocess.Popen(bound_to_this_process(["sh", "-c", "sleep 3600 & echo $$ $!; wait"]))
sys.stdin.read()
"""
"""A driver, and the browser that it has started."""


def test_files_come_back_under_a_process_that_writes_its_own(tmp_path: Path) -> None:
    seeded, data = tmp_path / "seeded", tmp_path / "data"
    for folder in (seeded, data):
        (folder / "operations").mkdir(parents=True)
        (folder / "uploads").mkdir()
        (folder / "clock.json").write_text('{"offset_seconds": 0}')
    (seeded / "uploads" / "first.pdf").write_text("as it was")
    is_over, readings = threading.Event(), list[float]()

    def serve() -> None:
        """Count operations and read the hour, as a web process does at any moment."""
        file = data / "operations" / "1.json"
        while not is_over.is_set():
            draft = file.with_name("1.json.part")
            draft.write_text("{}")
            draft.replace(file)
            readings.append(json.loads((data / "clock.json").read_text())["offset_seconds"])

    process = threading.Thread(target=serve, daemon=True)
    process.start()
    for _ in range(300):
        (data / "uploads" / "second.pdf").write_text("sent by a test")
        (data / "uploads" / "first.pdf").write_text("changed by a test")
        restore_files(data, seeded)
        assert [path.name for path in (data / "uploads").iterdir()] == ["first.pdf"]
        assert (data / "uploads" / "first.pdf").read_text() == "as it was"
        assert process.is_alive(), "the process met a file that was gone, or half written"
    is_over.set()
    process.join()
    assert readings


def test_a_port_stays_its_server_s_while_nobody_listens() -> None:
    port = free_port()
    with closing(socket.socket()) as stranger, pytest.raises(OSError, match="in use"):
        stranger.bind(("127.0.0.1", port))
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        for listener in listen("127.0.0.1", port, 2):
            listener.close()


def test_a_server_ends_with_a_run_that_is_killed(tmp_path: Path) -> None:
    line = [sys.executable, "-c", START_AND_WAIT, str(tmp_path)]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        server = psutil.Process(int(run.stdout.readline()))
        os.kill(run.pid, signal.SIGKILL)
        server.wait(HANG_S)
    assert not server.is_running()


def test_what_a_command_started_ends_with_a_run_that_is_killed() -> None:
    line = [sys.executable, "-c", START_BOUND_AND_WAIT]
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        children = [psutil.Process(int(pid)) for pid in run.stdout.readline().split()]
        assert len(children) == 2
        os.kill(run.pid, signal.SIGKILL)
        for child in children:
            child.wait(HANG_S)


def test_each_main_journey_is_a_test() -> None:
    for name in NAMES:
        module, _, test = name.partition(".")
        assert hasattr(importlib.import_module(f"tests.browser.{module}"), test.partition("[")[0])
