"""`flask serve`: the pages outlive their background worker, and nothing outlives the command."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from salon.platform.settings.installation import ROOT
from tests.processes import PATIENCE_S, command_of, free_port, lives, tied, wait_for
from tests.webserver.conftest import web_processes_of


class Serving:
    """`flask serve --migrate` in a folder of its own, without the demonstration."""

    def __init__(self, data: Path, *words: str, port: int = 0) -> None:
        self.data, self.port = data, port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/healthz"
        environment = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
        }
        place = {"SALON_DATA": str(data), "PORT": str(self.port), "SALON_DEMONSTRATION": "0"}
        self.command = subprocess.Popen(
            tied(sys.executable, "-m", "flask", "--app", "app", "serve", *words),
            cwd=ROOT,
            env={**environment, **place},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.process = psutil.Process(self.command.pid)
        self.family: list[psutil.Process] = []

    def note_family(self) -> None:
        """Remember the processes that it has now: none of them outlives it."""
        self.family += self.process.children(recursive=True)

    def children(self, module: str) -> list[psutil.Process]:
        """Return the processes that run `module`."""
        return [
            child for child in self.process.children(recursive=True) if module in command_of(child)
        ]

    def web_processes(self) -> list[psutil.Process]:
        return web_processes_of(self.process)

    def background_workers(self) -> list[psutil.Process]:
        return [child for child in self.children("worker") if "flask" in command_of(child)]

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=PATIENCE_S) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def refusal(self) -> str:
        """Return the output of a command that must end with an error."""
        output, _ = self.command.communicate(timeout=PATIENCE_S)
        assert self.command.returncode == 1, output
        return output.strip()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Yield a server that answers and whose background worker runs; nothing outlives it."""
    server = Serving(tmp_path_factory.mktemp("served"), "--migrate")
    try:
        wait_for(server.answers, "the first page")
        wait_for(lambda: len(server.web_processes()) == 2, "two web processes")
        wait_for(server.background_workers, "the background worker")
        yield server
    finally:
        server.note_family()
        server.command.terminate()
        server.command.communicate(timeout=PATIENCE_S)
    assert server.command.returncode == 0
    assert not server.answers()
    assert [process for process in server.family if lives(process)] == []


def test_a_killed_worker_comes_back_and_the_pages_never_stop(server: Serving) -> None:
    server.note_family()
    killed = server.background_workers()[0]
    killed.kill()
    wait_for(
        lambda: any(child.pid != killed.pid for child in server.background_workers()),
        "another background worker",
    )
    assert server.answers()


def test_the_supervisor_has_left_the_application_behind(server: Serving) -> None:
    loaded = {mapping.path for mapping in server.process.memory_maps()}
    web_process = {mapping.path for mapping in server.web_processes()[0].memory_maps()}
    assert [path for path in web_process if "sqlalchemy" in path]
    assert [path for path in loaded if "site-packages" in path] == []


def test_a_folder_in_use_and_a_port_in_use_are_refused_in_one_sentence(
    server: Serving, tmp_path: Path
) -> None:
    output = Serving(server.data, "--migrate").refusal()
    assert output.startswith("Error: Le dossier")
    assert "sert déjà" in output
    assert len(output.splitlines()) == 1
    output = Serving(tmp_path, "--migrate", port=server.port).refusal()
    assert output.startswith(f"Error: Le port {server.port} est déjà pris")
    assert len(output.splitlines()) == 1
    assert not (tmp_path / "salon.sqlite").exists(), "nothing is migrated before the refusal"
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert "est déjà pris" in Serving(tmp_path, port=port).refusal()
