"""What a run starts ends with it, even where it is killed."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from salon.platform.settings.installation import ROOT
from tests.processes import PATIENCE_S, free_port, tied

RUN = """
import signal, subprocess, sys
from bench.web import ROOT, Web, environment
from tests.postgres import Server
from tests.processes import tied

line = tied(sys.executable, "-m", "http.server", "0")
web = Web("bench.floors:hello", environment(ROOT))
with Server.start() as server, subprocess.Popen(line, stdout=subprocess.DEVNULL) as pages, web:
    web.start()
    postgres = server.postmaster()
    processes = [postgres, *postgres.children(), pages, *web.tree()]
    print(server.folder, *(process.pid for process in processes), flush=True)
    signal.pause()
"""


@pytest.mark.postgres
def test_servers_end_with_the_run_that_is_killed() -> None:
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(
        tied(sys.executable, "-c", RUN),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=nowhere,
        text=True,
    ) as run:
        assert run.stdout is not None
        folder, *identifiers = run.stdout.readline().split()
        processes = [psutil.Process(int(identifier)) for identifier in identifiers]
        run.kill()
    assert len(processes) > 6
    assert psutil.wait_procs(processes, timeout=PATIENCE_S)[1] == []
    shutil.rmtree(Path(folder))


def test_a_free_port_is_for_the_server_that_names_it() -> None:
    port = free_port()
    with socket.socket() as other:
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
