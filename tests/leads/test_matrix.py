"""Consent matrix: every view, API and export of an exhibitor × what the visitor lets it know.

The views come from the application's map of addresses: a new one is in the matrix, or fails it.
"""

import html
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.badges.models import Badge
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.leads.models import Lead
from salon.leads.models.labels import Field, Purpose
from salon.platform.database.identity import Role
from salon.platform.web.access import allowed_of
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import new_key, sign_in
from tests.leads.make import (
    COMMUNE,
    EMAIL,
    EMAIL_ALONE,
    FUNCTION,
    NAME,
    PHONE,
    WHOLE,
    fresh,
    give,
    make_witness,
    read,
)
from tests.pages import PageClient

FIRST_NAME = "Hermessinde"
SENTINELS = {
    Field.IDENTITY: (NAME, FIRST_NAME, COMMUNE, FUNCTION),
    Field.EMAIL: (EMAIL,),
    Field.PHONE: (PHONE,),
}
Uses = dict[Purpose, frozenset[Field]]


def nothing(lead: Lead) -> Uses:
    return {}


def whole(lead: Lead) -> Uses:
    give(lead, {Purpose.FOLLOW_UP: WHOLE})
    return {Purpose.FOLLOW_UP: WHOLE}


def narrowed(lead: Lead) -> Uses:
    give(lead, {Purpose.FOLLOW_UP: WHOLE, Purpose.NEWS: WHOLE})
    give(lead, {Purpose.NEWS: EMAIL_ALONE})
    return {Purpose.NEWS: EMAIL_ALONE}


def withdrawn(lead: Lead) -> Uses:
    give(lead, {Purpose.FOLLOW_UP: WHOLE, Purpose.NEWS: WHOLE})
    give(lead, {})
    return {}


@dataclass
class Opened:
    """One answer; `purpose`: the use that it is for, any when it is not said."""

    what: str
    answer: TestResponse
    purpose: Purpose | None = None


@dataclass
class Stand:
    exhibitor: Exhibitor
    badge: Badge
    lead: Lead
    client: PageClient

    @property
    def home(self) -> str:
        return f"/mon-stand/{self.exhibitor.id}/contacts"


@pytest.fixture
def stand(app: Flask, edition: Edition) -> Stand:
    make_terms(edition)
    client = sign_in(app, Role.EXHIBITOR, "stand@exposant.example")
    exhibitor = make_exhibitor(edition, email="stand@exposant.example")
    badge = make_witness(edition, first_name=FIRST_NAME)
    return Stand(exhibitor, badge, read(exhibitor, badge, note="Quarante mâts"), client)


def values_of(stand: Stand, arguments: set[str], endpoint: str) -> Iterator[dict[str, Any]]:
    """Yield each way to fill in an address; an argument that nobody explained fails the test."""
    fields: dict[str, list[Any]] = {
        "exhibitor_id": [stand.exhibitor.id],
        "lead_id": [stand.lead.id],
        "kind": ["csv", "xlsx"],
        "purpose": [purpose.value for purpose in Purpose],
        "version": ["0"],
        "name": ["js/leads/scan.js"],
    }
    assert arguments <= set(fields), f"{endpoint}: say how to open it in the consent matrix"
    rows: list[dict[str, Any]] = [{}]
    for name in sorted(arguments):
        rows = [{**row, name: value} for row in rows for value in fields[name]]
    yield from rows


def pages(app: Flask, stand: Stand) -> Iterator[Opened]:
    """Yield the answers to an exhibitor: all pages of the contacts, and those of their space."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        allowed = allowed_of(app, rule.endpoint)
        is_of_exhibitor = not isinstance(allowed, str) and Role.EXHIBITOR in (allowed or ())
        of_leads = rule.endpoint.startswith("leads.") and rule.rule.startswith("/mon-stand/")
        of_space = is_of_exhibitor and rule.arguments <= {"exhibitor_id"}
        assert of_leads or not (is_of_exhibitor and rule.endpoint.startswith("leads.")), rule.rule
        if not (of_leads or of_space) or "GET" not in (rule.methods or ()):
            continue
        for values in values_of(stand, set(rule.arguments), rule.endpoint):
            path = adapter.build(rule.endpoint, values)
            purpose = values.get("purpose")
            answer = stand.client.get(path, buffered=True)
            yield Opened(path, answer, Purpose(purpose) if purpose else None)


def scan(stand: Stand, **overrides: Any) -> TestResponse:
    token = stand.client.get(f"{stand.home}/lecture/etat").json
    assert token is not None
    reading = {
        "reading_id": new_key(),
        "read_at": "2026-10-01T10:12:00+02:00",
        "code_hash": stand.badge.code_hash,
        **overrides,
    }
    return stand.client.post(
        f"{stand.home}/lecture",
        json={"readings": [reading]},
        headers={"X-CSRFToken": token["csrf_token"]},
    )


def writings(stand: Stand) -> Iterator[Opened]:
    """Yield the API of the scanning page, and every answer of the form."""
    yield Opened("scan", scan(stand))
    yield Opened("typed", scan(stand, code_hash="", short_code=stand.badge.code[:8]))
    page = f"{stand.home}/{stand.lead.id}"
    good = {"version": str(fresh(stand.lead.id).version), "interest": "project"}
    for name, fields in {
        "wrong": {**good, "interest": "zzz"},
        "changed": {**good, "version": "0", "note": "Autre"},
        "saved": {**good, "note": "Trente mâts"},
    }.items():
        yield Opened(name, stand.client.fill(page, **fields))


def text_of(answer: TestResponse) -> str:
    """Return all that the answer says, whatever its format; headers too."""
    content, kind = answer.data, answer.mimetype
    if kind == "application/pdf":
        document = pypdfium2.PdfDocument(io.BytesIO(content))
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        document.close()
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            text = "\n".join(
                parts.read(path).decode("utf-8", "replace") for path in parts.namelist()
            )
    elif kind == "application/json":
        text = json.dumps(json.loads(content), ensure_ascii=False)
    else:
        text = content.decode("utf-8", "replace")
    return html.unescape(text) + str(answer.headers)


STATES: list[Callable[[Lead], Uses]] = [nothing, whole, narrowed, withdrawn]


@pytest.mark.parametrize("state", STATES)
def test_nothing_but_what_is_allowed_is_in_any_answer(
    app: Flask, stand: Stand, state: Callable[[Lead], Uses]
) -> None:
    uses = state(stand.lead)
    opened, endpoints = [*pages(app, stand), *writings(stand)], 0
    for other_pages in opened:
        assert other_pages.answer.status_code in (200, 302, 400, 404, 409), other_pages.what
        endpoints += other_pages.answer.status_code == 200
        fields_by_use = (
            uses.values()
            if other_pages.purpose is None
            else [uses.get(other_pages.purpose, frozenset())]
        )
        allowed = frozenset[Field]().union(*fields_by_use)
        text = text_of(other_pages.answer)
        for field, words in SENTINELS.items():
            for word in words:
                assert field in allowed or word not in text, (other_pages.what, word)
    assert endpoints >= 20


@pytest.mark.parametrize("state", STATES)
def test_a_search_finds_by_what_is_shared_alone(
    stand: Stand, state: Callable[[Lead], Uses]
) -> None:
    """The same page, the same count: whether a hidden name matches cannot be told."""
    uses = state(stand.lead)
    allowed = frozenset[Field]().union(*uses.values())
    fields = {NAME: Field.IDENTITY, COMMUNE: Field.IDENTITY, EMAIL: Field.EMAIL, PHONE: Field.PHONE}
    for words, field in fields.items():
        page = stand.client.get(stand.home, query_string={"q": words}).text
        assert ("Aucun contact ne correspond" in page) is (field not in allowed), words
    assert "Quarante mâts" in stand.client.get(stand.home, query_string={"q": "quarante"}).text


def test_the_matrix_sees_what_is_allowed(app: Flask, stand: Stand) -> None:
    """The control: with all given, the list, the contact, the files and the API say it."""
    give(stand.lead, dict.fromkeys(Purpose, WHOLE))
    saying = {
        other_pages.what.removeprefix(stand.home)
        for other_pages in (*pages(app, stand), *writings(stand))
        if NAME in text_of(other_pages.answer) and EMAIL in text_of(other_pages.answer)
    }
    assert saying >= {
        f"/{stand.lead.id}",
        "/csv/follow_up",
        "/csv/news",
        "/xlsx/follow_up",
        "/xlsx/news",
        "scan",
        "typed",
        "wrong",
        "changed",
    }
    assert NAME in stand.client.get(stand.home).text
