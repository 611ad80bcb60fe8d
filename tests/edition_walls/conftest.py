"""The fair of the former release beside an empty draft."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from salon import create_app
from salon.fair.models import Edition
from salon.platform.database.db import db
from tests.commands import start
from tests.conftest import settings_for
from tests.factories import make_edition
from tests.former_release.rows import load_sqlite
from tests.pages import PageClient
from tests.templates import CompiledTemplates


@pytest.fixture(scope="module")
def former_fair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("former")
    load_sqlite(folder / "salon.sqlite")
    start(folder, "db", "upgrade")
    return folder


@pytest.fixture
def fair(
    former_fair: Path, tmp_path: Path, compiled_templates: CompiledTemplates
) -> Iterator[Flask]:
    shutil.copytree(former_fair, tmp_path, dirs_exist_ok=True)
    app = create_app(settings_for(tmp_path))
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = PageClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def draft(fair: Flask) -> Edition:
    return make_edition(slug="2150", is_current=False)
