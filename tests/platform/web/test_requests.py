"""A request's identifier is on its answer, in its lines of the log and in the journal."""

import io
import itertools
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from salon import create_app
from salon.fair.models import Edition
from salon.platform.database.identity import Role
from salon.platform.settings.environment import UnsafeSettings
from salon.platform.settings.installation import read_settings
from salon.platform.settings.logs import FORMATTERS, LogFormat, WithoutValues, log
from salon.platform.web.requests import HEADER
from tests.conftest import copy_demonstration, settings_for
from tests.factories import sign_in
from tests.pages import PageClient
from tests.platform.work.operations.test_locked_database import ask
from tests.processes import web_server

FROM_PROXY = "4bf92f3577b34da6a3ce929d0e0e4736"
CANARY = "canari-jaune@secret.example"
TOKEN_COLUMNS = ("private_token", "token", "calendar_token", "hold_token", "code")


@contextmanager
def captured_log(log_format: LogFormat) -> Iterator[io.StringIO]:
    """Return the log of a process in this format."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutValues())
    handler.setFormatter(FORMATTERS[log_format]())
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield stream
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


def test_a_line_of_the_log_bears_the_identifier_of_its_answer(client: PageClient) -> None:
    with captured_log(LogFormat.JSON) as stream:
        answer = client.get(f"/badge/{FROM_PROXY}?email={CANARY}", headers={HEADER: FROM_PROXY})
    identifier = answer.headers[HEADER]
    assert re.fullmatch(r"[0-9a-f]{12}", identifier), "without a proxy, nobody chooses it"
    line = json.loads(stream.getvalue())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("at"))
    assert line.pop("ms") > 0
    assert line == {
        "level": "info",
        "logger": "salon",
        "message": "request",
        "method": "GET",
        "route": "/badge/<token>",
        "status": 404,
        "request_id": identifier,
    }
    assert client.get("/healthz").headers[HEADER] != identifier


def test_the_log_in_words_says_the_same_on_one_line(client: PageClient) -> None:
    with captured_log(LogFormat.TEXT) as stream:
        identifier = client.get("/healthz").headers[HEADER]
    words = rf"\S+Z INFO {identifier} request method=GET route=/healthz status=200 ms=[\d.]+\n"
    assert re.fullmatch(words, stream.getvalue())


@pytest.mark.parametrize(
    ("received_id", "is_taken"),
    [
        (FROM_PROXY, True),
        ("0af7651916cd-43dd_8448", True),
        ("court", False),
        ("a" * 65, False),
        ("deux lignes", False),
        ("canari@secret.example", False),
        ("", False),
    ],
)
def test_a_trusted_proxy_may_name_the_request(
    tmp_path: Path, received_id: str, is_taken: bool
) -> None:
    app = create_app(settings_for(tmp_path, trusted_proxies=1))
    answer = FlaskClient(app).get("/healthz", headers={HEADER: received_id})
    assert (answer.headers[HEADER] == received_id) == is_taken


def test_the_journal_says_which_request_wrote_an_entry(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    answer = organiser.get("/organisation/journal.csv")
    assert answer.text
    identifier = answer.headers[HEADER]
    page = organiser.get("/organisation/journal").text
    assert f"réf.&nbsp;{identifier}" in page
    assert identifier in organiser.get("/organisation/journal.csv").text


def tokens_of(path: Path) -> dict[str, str]:
    """Return a token of each column of a database that holds any."""
    tokens = {}
    with closing(sqlite3.connect(path)) as base:
        tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = {row[1] for row in base.execute(f"PRAGMA table_info({table})")}
            for column in columns.intersection(TOKEN_COLUMNS):
                row = base.execute(f"SELECT {column} FROM {table} LIMIT 1").fetchone()
                if row and row[0] and len(row[0]) >= 16:
                    tokens[f"{table}.{column}"] = row[0]
    return tokens


def token_addresses(app: Flask, tokens: dict[str, str]) -> Iterator[str]:
    """Yield the pages whose address holds a token or a code, each with another kind of token."""
    turn = itertools.cycle(tokens.values())
    for rule in app.url_map.iter_rules():
        if rule.arguments in ({"token"}, {"code"}) and "GET" in (rule.methods or ()):
            token = next(turn)
            built = rule.build(dict.fromkeys(rule.arguments, token))
            assert built is not None
            yield f"{built[1]}?email={CANARY}&token={token}"
    yield from (f"/badge/{token}?token={token}" for token in tokens.values())


def test_a_server_writes_no_token_of_the_demonstration(seeded: Path, tmp_path: Path) -> None:
    copy_demonstration(seeded, tmp_path)
    app = create_app(settings_for(tmp_path))
    tokens = tokens_of(tmp_path / "salon.sqlite")
    assert {"badges.private_token", "badges.code", "agents.calendar_token"} <= set(tokens)
    identifiers = []
    variables = {"SALON_DEMONSTRATION": "1", "SALON_LOG_FORMAT": "json"}
    with (tmp_path / "log").open("w+") as written:
        with web_server(tmp_path, "--workers", "1", log=written, **variables) as (port, _):
            for address in token_addresses(app, tokens):
                answer = ask(port, "GET", address, Authorization=f"Bearer {CANARY}")[2]
                identifiers.append(answer.getheader(HEADER))
        written.seek(0)
        text = written.read()
    assert len(identifiers) > 30
    assert [identifier for identifier in identifiers if identifier not in text] == []
    assert [secret for secret in (CANARY, *tokens.values()) if secret in text] == []
    lines = [json.loads(line) for line in text.splitlines()]
    assert sum(line["message"] == "request" for line in lines) == len(identifiers)


def test_an_unknown_format_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="SALON_LOG_FORMAT=xml"):
        read_settings({"SALON_DATA": str(tmp_path), "SALON_LOG_FORMAT": "xml"})
