"""Private links, devices and services that read: each works in its own edition, whatever the
address or the body of a request names."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from salon.accounts.models import StationKind
from salon.addresses import ROWS
from salon.badges.models import Badge, Printing
from salon.badges.models.code_hash import hash_of_code
from salon.fair.models import Edition, EditionState, Theme
from salon.kiosk.engine import visit_tokens
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import now, real_now
from tests.edition_walls.rows import PUBLIC_ID, rows_of_edition, rows_of_public, value_of
from tests.factories import new_key, set_time
from tests.kiosk.make import Device, make_device
from tests.pages import PageClient
from tests.reads.make import make_token, read


def links_of(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and path of each private link of the public edition, with the link of each
    table that has some.
    """
    values, adapter = rows_of_public(), app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "token" not in rule.arguments:
            continue
        blueprint = rule.endpoint.partition(".")[0]
        for column in ROWS["token"]:
            token = value_of(column)
            arguments = {
                name: values.get(f"{blueprint}.{name}", values.get(name))
                or sorted(getattr(rule._converters[name], "items", ["1"]))[0]
                for name in rule.arguments
            }
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, adapter.build(rule.endpoint, {**arguments, "token": token}, method)


def shown(answer: TestResponse) -> tuple[int, str | None, str]:
    """Return what an answer shows, without the prefix of an edition and what is drawn anew."""
    page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    page = re.sub(r'(nonce|name="csrf_token"|name="submission_key")[^>]*', "", page)
    return answer.status_code, answer.location, page.replace("/e/2150", "")


@pytest.mark.long
def test_a_private_link_shows_its_own_edition(
    fair: Flask, draft: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = ("badges.routes.badge", "appointments.routes.queue")
    set_time(monkeypatch, now(), *(f"salon.{name}" for name in pages))  # which both say
    client = fair.test_client()
    paths = [path for method, path in links_of(fair) if method == "GET"]
    own = {path: shown(client.get(path)) for path in paths}
    assert sum(status == 200 for status, _, _ in own.values()) > 25
    assert {path: shown(client.get(f"/e/2150{path}")) for path in paths} == own


@pytest.mark.long
def test_a_private_link_changes_nothing_of_another_edition(fair: Flask, draft: Edition) -> None:
    client = fair.test_client()
    assert isinstance(client, PageClient)
    token = {"csrf_token": client.token("/connexion")}
    before = rows_of_edition(draft.id)
    for method, path in list(links_of(fair)):
        if method == "POST":
            assert client.post(f"/e/2150{path}", data=token).status_code < 500, path
    assert rows_of_edition(draft.id) == before


@pytest.fixture
def badge(fair: Flask) -> Badge:
    """Return a badge of the public edition."""
    return current_session().scalars(select(Badge)).first()  # type: ignore[return-value]


def calls_of(device: Device, badge: Badge) -> Iterator[TestResponse]:
    """Yield the answers to a device that knows all of a badge of another edition, even a visit
    that it has no right to.
    """
    key = device.client.application.config["SECRET_KEY"]
    begun = visit_tokens.begin(device.id, badge.id, real_now())
    visit = visit_tokens.token_of(begun, real_now(), [key])
    job_id = current_session().scalar(select(Printing.id))
    bodies: dict[str, dict[str, object]] = {
        "visits/day": {"visit": visit},
        "visits/renew": {"visit": visit},
        "visits/correct": {
            "visit": visit,
            "version": "1",
            "first_name": "Autre",
            "last_name": "Nom",
        },
        "print-jobs": {"visit": visit, "job_id": new_key()},
        "print-jobs/next": {},
        f"print-jobs/{job_id}/done": {},
        "printings": {"code_hash": hash_of_code(badge.code), "job_id": new_key()},
    }
    for path, body in bodies.items():
        yield device.post(path, body)
    yield device.scan(badge.code)


def test_a_device_names_and_prints_nobody_of_another_edition(
    fair: Flask, draft: Edition, badge: Badge
) -> None:
    before, name = rows_of_edition(PUBLIC_ID), badge.attendee.last_name
    for kind in set(StationKind) - {StationKind.PAPER}:
        client = fair.test_client()
        assert isinstance(client, PageClient)
        for answer in calls_of(make_device(client, draft, kind, f"Station {kind}"), badge):
            assert answer.status_code < 500
            assert name not in answer.text
    assert rows_of_edition(PUBLIC_ID) == before


def test_a_service_reads_the_edition_of_its_token(fair: Flask, draft: Edition) -> None:
    client, token = fair.test_client(), make_token(draft)
    assert isinstance(client, PageClient)
    with transaction(draft):
        draft.state = EditionState.HELD
    slug = current_session().get_one(Edition, PUBLIC_ID).slug
    theme_id = value_of(Theme.id)
    paths = ("", "/attendance", "/exhibitors", "/programme", "/themes", f"/themes/{theme_id}/slots")
    for path in paths:
        assert read(client, token, f"{slug}{path}").status_code == 403
    own = {path: read(client, token, f"2150{path}") for path in paths}
    assert own[""].get_json()["edition"] == "2150"
    assert own["/exhibitors"].get_json()["exhibitors"] == []
    assert own["/programme"].status_code == 200
    assert own[f"/themes/{theme_id}/slots"].status_code == 404
