"""The wheel holds all that the service reads: it serves outside of any checkout."""

import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from salon.platform.settings.release import VERSION
from tests.commands import environment
from tests.processes import free_port, wait_for

pytestmark = pytest.mark.long


def test_an_installed_wheel_serves_pages_and_files_outside_of_any_checkout(
    release: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    salon, port = str(release / "bin" / "salon"), free_port()
    output = subprocess.run([salon, "--version"], capture_output=True, text=True, cwd=tmp_path)
    assert output.stdout == f"salon {VERSION}\n"
    with subprocess.Popen(
        [salon, "serve", "--migrate", "--without-worker"],
        cwd=tmp_path,
        env=environment(data, PORT=str(port)),
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(lambda: fetch(f"{url}/healthz"), "the first answer")
            page = fetch(f"{url}/connexion").decode()
            assert "<h1" in page
            style = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
            assert len(fetch(url + style)) > 10_000
            folders = {child.cwd() for child in psutil.Process(server.pid).children()}
            assert folders == {str(next(release.glob("lib/python3*/site-packages")))}
        finally:
            server.terminate()


def fetch(url: str) -> bytes:
    """Return the body of an answer 200; empty while nothing listens."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return bytes(answer.read())
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ConnectionError):
            raise
        return b""
