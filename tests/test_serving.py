"""`flask serve`: the pages outlive their worker, and nothing outlives the command."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from salon.config import ROOT
from tests.browser.conftest import free_port

PATIENCE_S = 90


def wait_for(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {PATIENCE_S} s")


def workers_of(serving: psutil.Process) -> list[psutil.Process]:
    return [one for one in serving.children() if lives(one) and "worker" in one.cmdline()]


def lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def test_a_killed_worker_comes_back_and_the_pages_never_stop(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/healthz"
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "serve"],
        cwd=ROOT,
        env={**known, "SALON_DATA": str(tmp_path), "PORT": str(port), "SALON_DEMONSTRATION": "0"},
    )
    serving = psutil.Process(command.pid)
    try:
        wait_for(lambda: answers(url), "the first page")
        wait_for(lambda: workers_of(serving), "the worker")
        killed = workers_of(serving)[0]
        family = serving.children(recursive=True)
        killed.kill()
        wait_for(
            lambda: any(one.pid != killed.pid for one in workers_of(serving)), "another worker"
        )
        assert answers(url)
        family += serving.children(recursive=True)
    finally:
        command.terminate()
        assert command.wait(PATIENCE_S) == 0
    assert not answers(url)
    assert [one for one in family if lives(one)] == []
