"""PostgreSQL is frozen: its connections stay open, and nothing comes."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import psutil
import psycopg
import pytest
from flask import Flask
from psycopg.errors import ConnectionTimeout

from salon.fair.models import Edition
from salon.platform.database.postgresql_connections import Opening
from salon.platform.settings.installation import Settings
from tests.conftest import settings_for
from tests.pages import PageClient
from tests.postgres import Server, Slate
from webserver import RECEIVED_AT

pytestmark = pytest.mark.postgres

THAWED_S = 120
"""The server goes on by itself then, so that a request that waits for ever fails the test."""


@pytest.fixture
def settings(slate: Slate, tmp_path: Path) -> Iterator[Settings]:
    yield settings_for(tmp_path, slate.url)
    slate.clean()


@pytest.fixture
def thaw(
    app: Flask, edition: Edition, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], None]]:
    """Freeze the server while this process holds a connection that has just served.

    Yield what lets it go on.
    """
    monkeypatch.setattr("salon.platform.web.deadlines.BUSY_TIMEOUT_MS", 0)
    assert status_of(app, "/exposants") == 200
    postmaster = postgres.postmaster()
    processes = [postmaster, *postmaster.children(recursive=True)]

    def thaw() -> None:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()

    timer = threading.Timer(THAWED_S, thaw)
    timer.start()
    for process in processes:
        process.suspend()
    yield thaw
    timer.cancel()
    thaw()


def status_of(app: Flask, path: str) -> int:
    """Return the status of a page that the web server asks for."""
    client: PageClient = app.test_client()
    return client.get(path, environ_overrides={RECEIVED_AT: monotonic()}).status_code


def test_a_frozen_server_is_not_waited_for(app: Flask, thaw: Callable[[], None]) -> None:
    assert status_of(app, "/exposants") == 503
    assert status_of(app, "/exposants") == 503, "no connection is opened either"
    assert status_of(app, "/healthz") == 200


def test_a_server_that_goes_on_is_used_again(
    app: Flask, thaw: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salon.platform.database.postgresql_connections.PAUSE_S", 0.0)
    assert status_of(app, "/exposants") == 503
    assert status_of(app, "/exposants") == 503
    thaw()
    assert status_of(app, "/exposants") == 200


def test_a_server_that_opens_no_connection_is_left_alone_for_a_moment() -> None:
    opening = Opening()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        parameters = {"host": "127.0.0.1", "port": port, "connect_timeout": 2, "dbname": "salon"}
        with pytest.raises(ConnectionTimeout):
            opening.connect(None, None, (), parameters)
        silent.accept()[0].close()
        with pytest.raises(psycopg.OperationalError, match="opened no connection"):
            opening.connect(None, None, (), parameters)
        silent.setblocking(False)
        with pytest.raises(BlockingIOError):
            silent.accept()
