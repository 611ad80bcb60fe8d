"""The people of the demonstration go everywhere once; the tests read what they saw."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from salon import create_app
from salon.platform.database.db import db
from salon.platform.settings import clock
from salon.platform.web.access import allowed_of
from tests.conftest import settings_for
from tests.demonstration.crawl.visits import MAILBOX, Crawl
from tests.pages import PageClient, check_page
from tests.templates import CompiledTemplates

ROLES = ("visitor", "station", "kiosk", "organiser", "agent", "coordination", "exhibitor")


class FreshClient(PageClient):
    """Each request has a context of its own, as on the server: what it leaves behind is gone."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = FlaskClient.open(self, *args, **kwargs)
        if response.mimetype == "text/html" and response.status_code != 302 and response.data:
            check_page(response.get_data(as_text=True), response.request.path)
        return response


@pytest.fixture(scope="session")
def crawled_app(
    loaded: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: CompiledTemplates,
) -> Iterator[Flask]:
    """Yield the application on the demonstration that is crawled."""
    folder = tmp_path_factory.mktemp("crawl")
    shutil.copytree(loaded, folder, dirs_exist_ok=True)
    app = create_app(replace(settings_for(folder), demonstration=True, demonstration_refused=False))
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = FreshClient
    yield app
    with app.app_context():
        db.engine.dispose()
    clock.clock.path = None


@pytest.fixture(scope="session")
def everywhere(crawled_app: Flask) -> dict[str, Crawl]:
    """Return the pages that each person saw at 10 h 30 on the day of the fair."""
    return crawls_of(crawled_app)


def crawls_of(app: Flask) -> dict[str, Crawl]:
    """A person without a sign-in reads the mailbox; what is public is read by them alone."""
    client, token = visitor_of(app)
    client.post("/demonstration/moment", data={"moment": "morning", "csrf_token": token})
    crawls = {"nobody": Crawl(app, client, ["/", MAILBOX])}
    public = {
        address for address in crawls["nobody"].visits if is_public(app, address) and address != "/"
    }
    for role in ROLES:
        client, token = visitor_of(app)
        answer = client.post("/demonstration/entrer", data={"role": role, "csrf_token": token})
        crawls[role] = Crawl(app, client, ["/", answer.headers["Location"]], public)
    return crawls


def visitor_of(app: Flask) -> tuple[PageClient, str]:
    """Somebody at the demonstration's door, and the token of its forms."""
    client = app.test_client()
    assert isinstance(client, FreshClient)
    return client, client.token("/demonstration")


def is_public(app: Flask, address: str) -> bool:
    rule, _ = app.url_map.bind("localhost").match(
        address.partition("?")[0], "GET", return_rule=True
    )
    return allowed_of(app, rule.endpoint) in ("public", "demonstration")
