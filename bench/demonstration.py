"""The demonstration behind a real server, for the measures that use a browser."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.report import step
from tests.browser.conftest import LiveServer


@contextmanager
def demonstration(visitors: int) -> Iterator[tuple[LiveServer, Path]]:
    """(the server, which runs, with its list of badges made; a folder for what is measured)."""
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder) / "data")
        server.data.mkdir()
        step(f"the demonstration and {visitors:,} visitors")
        server.flask("db", "upgrade")
        server.flask("seed", "--visitors", str(visitors))
        server.flask("worker", "--once")
        server.start()
        try:
            yield server, Path(folder)
        finally:
            server.stop()
