"""Lower bounds: bare WSGI applications that do the same work with nothing around it.

`scans` writes the same rows with the same statements as `salon.entrance`, through the driver
alone; `hello` is Flask's first page; `nothing` answers three bytes. `BENCH_DATABASE` is a file of
SQLite or an address that psycopg understands; with `BENCH_POLLS`, SQLite's write lock is waited for
as the application waits.
"""

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
from flask import Flask

from salon.platform.database.sqlite_writes import take_write_lock

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]

BADGES = """
SELECT b.id, b.code_hash, b.edition_id, b.revoked_at, a.status, a.category, a.civility,
       a.first_name, a.last_name, a.function, a.function_other, a.organisation, c.name, e.name,
       a.is_vip, a.needs
FROM badges b JOIN attendees a ON a.id = b.attendee_id
LEFT JOIN communes c ON c.code = a.commune_code LEFT JOIN epcis e ON e.siren = a.epci_siren
WHERE b.code_hash {among} ORDER BY b.id {lock}"""
PRESENCES = """
SELECT badge_id, is_inside, first_entry_at, first_door, last_at FROM presences
WHERE badge_id {among}"""
KNOWN = """
SELECT scan_id, verdict, badge_id, happened_at FROM scans
WHERE scan_id {among}"""
DOORS = """
SELECT d.code, d.admits, z.id, z.kind, z.label, z.admits, z.is_vip_only, z.capacity, z.opens_at,
       z.closes_at, z.early_admits, z.early_from, z.is_strict
FROM doors d LEFT JOIN zones z ON z.id = d.zone_id WHERE d.edition_id = ?"""
STATION = "SELECT id, edition_id FROM stations WHERE token_hash = ? AND revoked_at IS NULL"
ADD_SCAN = """
INSERT INTO scans (edition_id, station_id, scan_id, badge_id, code, verdict, shown,
                   was_let_in, is_counted, direction, door, scanned_at, received_at, happened_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
SET_PRESENCE = """
INSERT INTO presences (badge_id, is_inside, first_entry_at, first_door, last_at)
VALUES (?, ?, ?, ?, ?) ON CONFLICT (badge_id) DO UPDATE SET is_inside = excluded.is_inside,
first_entry_at = excluded.first_entry_at, first_door = excluded.first_door,
last_at = excluded.last_at"""


class OnSqlite:
    """The pragmas of `salon.platform.database.db`; a list is one JSON parameter."""

    def __init__(self, database: str) -> None:
        self.connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("PRAGMA busy_timeout=5000")
        self.cursor = self.connection.cursor()
        self.polls = bool(os.environ.get("BENCH_POLLS"))

    def begin(self) -> None:
        begin = partial(self.cursor.execute, "BEGIN IMMEDIATE")
        if self.polls:
            take_write_lock(self.connection, begin)
        else:
            begin()

    @staticmethod
    def statement(text: str) -> str:
        return text.format(among="IN (SELECT value FROM json_each(?))", lock="")

    @staticmethod
    def several(values: list[Any]) -> Any:
        return json.dumps(values)

    @staticmethod
    def instant(value: datetime) -> Any:
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")


class OnPostgres:
    """One connection; statements are prepared by the server after five times, as psycopg does, and
    their plans kept, as `salon.platform.database.prepared_statements` asks."""

    def __init__(self, database: str) -> None:
        self.connection = psycopg.connect(database, autocommit=True)
        self.connection.execute("SET plan_cache_mode = force_generic_plan")
        self.cursor = self.connection.cursor()

    def begin(self) -> None:
        self.cursor.execute("BEGIN")

    @staticmethod
    def statement(text: str) -> str:
        return text.replace("?", "%s").format(among="= ANY(%s)", lock="FOR NO KEY UPDATE OF b")

    @staticmethod
    def several(values: list[Any]) -> Any:
        return values

    @staticmethod
    def instant(value: datetime) -> Any:
        return value


class Store:
    """Records scans as `salon.entrance.services.scans.record_scans` does, without its refusals."""

    def __init__(self, database: str) -> None:
        self.driver: OnPostgres | OnSqlite = (
            OnPostgres(database) if "://" in database else OnSqlite(database)
        )
        self.cursor: Any = self.driver.cursor
        texts = (STATION, BADGES, PRESENCES, KNOWN, DOORS, ADD_SCAN, SET_PRESENCE)
        self.texts = {text: self.driver.statement(text) for text in texts}

    def rows(self, text: str, *values: Any) -> list[Any]:
        self.cursor.execute(self.texts[text], values)
        return list(self.cursor.fetchall())

    def station(self, token: str) -> tuple[int, int]:
        station, edition = self.rows(STATION, hashlib.sha256(token.encode()).hexdigest())[0]
        return station, edition

    def record(self, station: int, edition: int, scans: list[dict[str, str]]) -> list[Any]:
        driver, cursor = self.driver, self.cursor
        now = driver.instant(datetime.now(UTC))
        codes = [scan["code"].rpartition("/")[2] for scan in scans]
        driver.begin()
        hashes = [hashlib.sha256(code.encode()).hexdigest() for code in codes]
        badges = {row[1]: row for row in self.rows(BADGES, driver.several(hashes))}
        ids = driver.several([row[0] for row in badges.values()])
        presences = {row[0]: row for row in self.rows(PRESENCES, ids)}
        sent = driver.several([scan["scan_id"] for scan in scans])
        former = {row[0]: row for row in self.rows(KNOWN, sent)}
        self.rows(DOORS, edition)
        added, changed, answers = [], {}, []
        for scan, code, code_hash in zip(scans, codes, hashes, strict=True):
            badge, scan_id, door = badges[code_hash], scan["scan_id"], scan["door"]
            before = presences.get(badge[0])
            verdict = "already_inside" if before and before[1] else "accepted"
            at = driver.instant(datetime.fromisoformat(scan["scanned_at"]).astimezone(UTC))
            first_at, first_door = (before[2], before[3]) if before else (at, door)
            if scan_id not in former:
                presences[badge[0]] = changed[badge[0]] = (badge[0], True, first_at, first_door, at)
                row = (edition, station, scan_id, badge[0], code, verdict, "", False, True)
                added.append((*row, "in", door, at, now, at))
            answers.append(_answer(scan_id, verdict, str(first_at), first_door, badge))
        self._write(ADD_SCAN, added)
        self._write(SET_PRESENCE, list(changed.values()))
        cursor.execute("COMMIT")
        return answers

    def _write(self, text: str, rows: list[tuple[Any, ...]]) -> None:
        if len(rows) == 1:
            self.cursor.execute(self.texts[text], rows[0])
        else:
            self.cursor.executemany(self.texts[text], rows)


def _answer(scan_id: str, verdict: str, first_at: str, first_door: str, badge: Any) -> Any:
    """Return the same JSON as the API."""
    return {
        "scan_id": scan_id,
        "verdict": verdict,
        "message": "Bienvenue",
        "first_entry_at": first_at,
        "first_door": first_door,
        "holder": {
            "name": f"{badge[7]} {badge[8]}",
            "function": badge[10] or badge[9],
            "on_behalf_of": badge[12] or badge[13] or badge[11],
            "category": badge[5],
            "colour": "#0B5670",
            "vip": bool(badge[14]),
            "needs": json.loads(badge[15]) if isinstance(badge[15], str) else badge[15],
        },
    }


_of_thread = threading.local()
"""The store of each thread of the server: a connection serves one request at a time."""


def _store() -> Store:
    if not hasattr(_of_thread, "store"):
        _of_thread.store = Store(os.environ["BENCH_DATABASE"])
    store: Store = _of_thread.store
    return store


def scans(environ: Environ, start: Start) -> Iterable[bytes]:
    body = b""
    if environ["REQUEST_METHOD"] == "POST":
        sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        token = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
        store = _store()
        answers = store.record(*store.station(token), sent["scans"])
        body = json.dumps({"results": answers}, ensure_ascii=False).encode()
    return _respond(start, "application/json", body)


def nothing(environ: Environ, start: Start) -> Iterable[bytes]:
    return _respond(start, "text/plain", b"ok\n")


def _respond(start: Start, kind: str, body: bytes) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


hello = Flask("hello")


@hello.get("/")
def say_hello() -> str:
    return "<p>Bonjour.</p>"
