"""Failures that reach a Sentry, received by a real HTTP server: what they hold, and what not."""

import gzip
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.settings.environment import UnsafeSettings
from salon.platform.settings.installation import Settings, read_settings
from tests.badges.people import badge_of, register_one
from tests.platform.work.operations.test_locked_database import ask
from tests.processes import wait_for, web_server

CANARY = "canari-jaune@secret.example"
KEY = "0123456789abcdef0123456789abcdef"


class Receiver(ThreadingHTTPServer):
    """A Sentry that keeps what it is sent: the envelopes, as text."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Envelopes)
        self.envelopes: list[str] = []

    @property
    def dsn(self) -> str:
        return f"http://{KEY}@127.0.0.1:{self.server_port}/7"

    def events(self) -> list[dict[str, Any]]:
        """Return the events of the envelopes: the third line of each."""
        return [json.loads(envelope.splitlines()[2]) for envelope in self.envelopes]


class Envelopes(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "br":  # where the library finds brotli
            body = import_module("brotli").decompress(body)
        else:
            body = gzip.decompress(body)
        self.server.envelopes.append(body.decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def break_badges(path: Path) -> None:
    """Give every person a category that the code does not know, as no page can."""
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA ignore_check_constraints = ON")
        base.execute("UPDATE attendees SET category = ?", (CANARY,))
        base.commit()


def test_an_incident_is_sent_with_its_place_and_without_a_value(
    app: Flask, edition: Edition, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = badge_of(register_one(email=CANARY).id).private_token
    break_badges(settings.data / "salon.sqlite")
    with receiver() as sentry:
        monkeypatch.setenv("SENTRY_DSN", sentry.dsn)
        with web_server(settings.data, "--workers", "1") as (port, _):
            status, _, answer = ask(port, "GET", f"/badge/{token}?email={CANARY}", Cookie="a=b")
            assert status == 500
            wait_for(lambda: sentry.envelopes, "the event")
            (event,) = sentry.events()
    assert event["tags"]["request_id"] == answer.getheader("X-Request-ID")
    assert event["tags"]["place"].startswith("badges.")
    failure = event["exception"]["values"][-1]
    assert failure["type"] == "ValueError", "whose text repeats the value"
    assert any("salon/" in frame["abs_path"] for frame in failure["stacktrace"]["frames"])
    assert "value" not in failure
    assert {"request", "user", "breadcrumbs", "contexts", "extra"}.isdisjoint(event)
    for secret in (CANARY, token, "a=b"):
        assert secret not in sentry.envelopes[0]


@pytest.mark.parametrize("dsn", ["sentry.example/1", "https://sentry.example/1", "ftp://a@b/1"])
def test_an_address_of_no_sentry_is_refused_at_start(tmp_path: Path, dsn: str) -> None:
    with pytest.raises(UnsafeSettings, match="SENTRY_DSN"):
        read_settings({"SALON_DATA": str(tmp_path), "SENTRY_DSN": dsn})
