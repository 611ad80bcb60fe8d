"""The fair of the former release beside an empty draft."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from salon import create_app
from salon.fair.models import Edition
from salon.platform.database.db import db
from tests.conftest import copy_data, settings_for
from tests.factories import make_edition
from tests.pages import PageClient
from tests.templates import CompiledTemplates


@pytest.fixture
def fair(
    former_fair: Path, tmp_path: Path, compiled_templates: CompiledTemplates
) -> Iterator[Flask]:
    copy_data(former_fair, tmp_path)
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
