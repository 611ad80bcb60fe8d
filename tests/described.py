"""Check the answers of the API against its own description."""

import re
from functools import cache
from typing import Any

from flask import Flask, current_app
from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from salon.entrance.api import PREFIX, WORDS
from salon.platform.web.devices.description import description_of


def validator_of(schema: dict[str, Any]) -> Draft202012Validator:
    """Return the validator of a schema of the description."""
    return Draft202012Validator({**schema, "components": description()["components"]})


@cache
def description() -> dict[str, Any]:
    """Return the description, made once a run."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return description_of(app, PREFIX, WORDS)


@cache
def _answer_validator(path: str, method: str, status: str) -> Draft202012Validator | None:
    answer = description()["paths"][path][method]["responses"].get(status)
    if answer is not None and "$ref" in answer:
        answer = description()["components"]["responses"]["Refused"]
    content = (answer or {}).get("content", {}).get("application/json")
    return validator_of(content["schema"]) if content else None


def check_answer(response: TestResponse) -> None:
    """Fail when an answer of the API is not as described; undescribed statuses are refusals."""
    request = response.request
    if not request.path.startswith(f"{PREFIX}/"):
        return
    try:
        rule, _ = current_app.url_map.bind("").match(request.path, request.method, return_rule=True)
    except HTTPException:
        return
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
    validator = _answer_validator(path, request.method.lower(), str(response.status_code))
    if validator is None:
        assert response.mimetype != "application/json" or response.status_code != 200
        return
    faults = [fault.message for fault in validator.iter_errors(response.get_json())]
    assert not faults, f"{request.method} {request.path}: {faults}"
