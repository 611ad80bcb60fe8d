"""The people of the demonstration go everywhere once; the tests read what they saw."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from salon import create_app, times
from salon.db import db
from tests.conftest import settings_for
from tests.demonstration.crawl.visits import Crawl
from tests.pages import PageClient

ROLES = ("visitor", "station", "kiosk", "organiser", "agent", "coordination", "exhibitor")


@pytest.fixture(scope="session")
def everywhere(
    loaded: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[tuple[Flask, dict[str, Crawl]]]:
    """The application, and what each person saw of it at 10 h 30 on the day."""
    folder = tmp_path_factory.mktemp("crawl")
    shutil.copytree(loaded, folder, dirs_exist_ok=True)
    app = create_app(replace(settings_for(folder), demonstration=True))
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = PageClient
    with app.app_context():
        yield app, {"nobody": crawl_of(app, ""), **{role: crawl_of(app, role) for role in ROLES}}
        db.session.remove()
        db.engine.dispose()
    times.clock.path = None


def crawl_of(app: Flask, role: str) -> Crawl:
    client = app.test_client()
    assert isinstance(client, PageClient)
    token = client.token("/demonstration")
    client.post("/demonstration/moment", data={"moment": "morning", "csrf_token": token})
    start = ["/", "/demonstration/courriels"]
    if role:
        answer = client.post("/demonstration/entrer", data={"role": role, "csrf_token": token})
        start = [answer.headers["Location"], "/demonstration"]
    return Crawl(app, client, start)
