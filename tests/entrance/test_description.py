"""The description of the stations’ API: its routes, and the scans that are read as it says."""

import json
import re
import uuid
from typing import Any

import hypothesis
from flask import Flask
from hypothesis import given
from hypothesis.strategies import data, sampled_from, sets
from openapi_spec_validator import validate

from salon.entrance.imports.scans import UnreadableScans, read_scans
from tests.described import validator_of
from tests.pages import PageClient


def test_the_description_is_openapi_and_names_every_route(app: Flask, client: PageClient) -> None:
    described = client.get("/api/v1/openapi.json").json
    validate(described)
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {
        (path, method)
        for path, methods in described["paths"].items()
        for method in methods
        if method != "parameters"
    }


MISSING = object()


GOOD: dict[str, list[Any]] = {
    "scan_id": [str(uuid.uuid4()), str(uuid.uuid4()).upper()],
    "code": ["HTTPS://SALON.FR/B/ABC", "", MISSING, None],
    "code_hash": [MISSING, "0" * 64],
    "scanned_at": [
        *("2021-10-01T09:12:00+02:00", "2021-10-01T09:12:00Z", "2021-10-01T09:12+02:00"),
        "2021-10-01 09:12:00.123456+0200",
    ],
    "door": ["A", "Entrée Ouest", "x" * 20],
    "direction": ["in", "out"],
    "shown": [MISSING, "", "accepted", "~" * 20],
    "let_in": [MISSING, True, False],
    "more": [MISSING, {"any": "thing"}],
}


BAD: dict[str, list[Any]] = {
    "scan_id": [MISSING, None, 12, "", "no", f"{{{uuid.uuid4()}}}", f"{uuid.uuid4()}\n"],
    "code": ["x" * 4297, 12, []],
    "code_hash": [None, "", "0" * 63, "A" * 64, 1, "0" * 64 + "\n"],
    "scanned_at": [
        *(MISSING, None, 12, "", "hier", "2021-10-01", "2021-10-01T09:12:00"),
        *("0001-01-01T00:00:00Z", "2300-10-01T09:12:00Z", "2021-13-01T09:12:00Z"),
        *("2021-10-01T25:12:00Z", "2021-10-01T09:12:60Z", "2021-10-01T09:12:00Z\n"),
        *("2021-W39-5T09:12:00Z", "20211001T0912Z"),
    ],
    "door": [MISSING, None, "", 7, "x" * 21, "A\n", "A\u200b", "\u00ad", "\x00", "日"],
    "direction": [MISSING, None, "", "IN", "dedans", 1],
    "shown": [None, 3, "é", "x" * 21, "a\n"],
    "let_in": [None, "oui", 1, 0, []],
    "more": [],
}


def test_a_scan_is_read_when_the_description_allows_it_and_only_then(app: Flask) -> None:
    """What the description says of a request, and what its reader says."""
    validator = validator_of({"$ref": "#/components/schemas/Scans"})

    @hypothesis.settings(max_examples=400)
    @given(data())
    def check(draw: Any) -> None:
        wrong = draw.draw(sets(sampled_from(sorted(GOOD)), max_size=2))
        values = {
            name: draw.draw(sampled_from([*GOOD[name], *(BAD[name] if name in wrong else [])]))
            for name in GOOD
        }
        scan = {name: value for name, value in values.items() if value is not MISSING}
        content = {"scans": [scan]}
        assert is_read(content) == validator.is_valid(content), content

    check()


def is_read(content: dict[str, Any]) -> bool:
    try:
        read_scans(json.dumps(content).encode())
    except UnreadableScans:
        return False
    return True
