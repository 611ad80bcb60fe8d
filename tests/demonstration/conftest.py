"""The demonstration, loaded once a run and copied for each test."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from salon import create_app
from salon.demonstration.loading import load_demonstration
from salon.fair.models import Edition
from salon.platform.database.db import current_session, db
from salon.platform.settings import clock
from salon.platform.settings.installation import ROOT, Settings
from tests.commands import ease, own_files
from tests.conftest import build_once, copy_demonstration, settings_for

VISITORS, EXHIBITORS, AGENTS = 12, 60, 40


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Return the data folder of a loaded demonstration."""

    def load(folder: Path) -> None:
        shutil.copy(sqlite_template, folder / "salon.sqlite")
        loaded = replace(settings_for(folder), demonstration=True, demonstration_refused=False)
        app = create_app(loaded)
        with app.app_context(), own_files():
            ease(db.engine)
            load_demonstration(ROOT / "seed_data", VISITORS, lambda words: None, EXHIBITORS, AGENTS)
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        clock.clock.path = None

    return build_once(tmp_path_factory, "demonstration", load)


@pytest.fixture
def settings(settings: Settings, loaded: Path, tmp_path: Path) -> Settings:
    copy_demonstration(loaded, tmp_path)
    return replace(settings, demonstration=True, demonstration_refused=False)


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    yield app
    clock.clock.path = None


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Return the demonstration three weeks before it opens."""
    edition = current_session().scalars(select(Edition).where(Edition.is_current)).one()
    clock.clock.jump(edition.starts_at - timedelta(days=21))
    return edition
