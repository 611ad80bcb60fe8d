"""Another program holds SQLite's write lock: pages answer, and what writes is refused in time."""

import json
import re
import sqlite3
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse

import pytest
from flask import Flask
from sqlalchemy import update

from salon.accounts.models import SignIn
from salon.accounts.services.sign_ins import SEEN_EVERY
from salon.accounts.services.stations import issue_station_token
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import lock_deadline, short_patience_ms, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from tests.factories import sign_in
from tests.processes import PATIENCE_S, web_server
from webserver import RECEIVED_AT

WRITES_AT_ONCE = 6


def ask(
    port: int, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, str, HTTPResponse]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, names)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace"), answer


def scan(port: int, token: str) -> tuple[int, str, HTTPResponse]:
    scan = {
        "scan_id": str(uuid.uuid4()),
        "code": "HTTPS://SALON/B/" + "A" * 26,
        "scanned_at": real_now().isoformat(),
        "door": "A",
        "direction": "in",
    }
    head = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
    return ask(port, "POST", "/api/v1/scans", json.dumps({"scans": [scan]}), **head)


def request_code(port: int) -> tuple[int, str, HTTPResponse]:
    """Ask for a sign-in code, as the form does."""
    _, page, answer = ask(port, "GET", "/connexion")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
    body = f"csrf_token={token[1]}&email=mairie%40beziers.example"
    kind = "application/x-www-form-urlencoded"
    return ask(port, "POST", "/connexion", body, Cookie=cookie, Content_Type=kind)


def test_pages_answer_and_writes_are_refused_together(
    app: Flask, edition: Edition, settings: Settings
) -> None:
    token = issue_station_token(Act(SYSTEM), "Porte A", edition.id)
    with (
        web_server(settings.data, "--workers", "1") as (port, _),
        closing(sqlite3.connect(settings.data / "salon.sqlite")) as connection,
        ThreadPoolExecutor(WRITES_AT_ONCE) as pool,
    ):
        connection.execute("BEGIN IMMEDIATE")
        writes = [pool.submit(scan, port, token) for _ in range(WRITES_AT_ONCE // 2)]
        writes += [pool.submit(request_code, port) for _ in range(WRITES_AT_ONCE // 2)]
        for path in ("/", "/village", "/inscription", "/healthz"):
            assert ask(port, "GET", path)[0] == 200
        assert not any(write.done() for write in writes), "the pages came while the writes wait"
        for write in writes:
            status, text, answer = write.result()
            assert status == 503
            assert answer.getheader("Retry-After") == "2"
            # The application itself refused: none waited so long that the gateway did.
            assert "Le service reprend dans un instant" in text or "Le site revient" in text
        connection.rollback()
        assert scan(port, token)[0] == 200


def test_a_signed_in_page_answers_while_the_lock_is_held(
    app: Flask, edition: Edition, settings: Settings
) -> None:
    """The visit that it would note is noted another time."""
    organiser = sign_in(app, Role.ORGANISER)
    with transaction() as session:
        session.execute(update(SignIn).values(last_seen_at=real_now() - 2 * SEEN_EVERY))
    with closing(sqlite3.connect(settings.data / "salon.sqlite")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        arrival = {RECEIVED_AT: time.monotonic()}
        assert organiser.get("/organisation/journal", environ_overrides=arrival).status_code == 200


@pytest.mark.parametrize(
    ("left_s", "shortest_ms", "longest_ms"),
    [(2.0, 1500, 2000), (-3.0, 100, 100)],
    ids=["waited behind others", "waited too long"],
)
def test_a_request_waits_for_the_lock_what_is_left_of_its_time(
    left_s: float, shortest_ms: int, longest_ms: int
) -> None:
    token = lock_deadline.set(time.monotonic() + left_s)
    try:
        patience = short_patience_ms()
    finally:
        lock_deadline.reset(token)
    assert patience is not None
    assert shortest_ms <= patience <= longest_ms
    assert short_patience_ms() is None, "what no request asked for waits as every connection does"
