"""The demonstration loads on PostgreSQL as on SQLite."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from salon.demonstration.loading import load_demonstration
from salon.exhibitors.models import Exhibitor
from salon.platform.db import current_session
from salon.platform.settings import ROOT, Settings
from tests.conftest import settings_for
from tests.demonstration.test_loading import FROM_FILE


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return replace(
        settings_for(tmp_path, database), demonstration=True, demonstration_refused=False
    )


def test_the_demonstration_loads_and_says_how_far_it_is(app: Flask) -> None:
    said: list[str] = []
    load_demonstration(ROOT / "seed_data", 0, said.append, 2)
    assert "56 exposants" in said
    assert "2 exposants sur 2" in said
    assert current_session().scalar(select(func.count()).select_from(Exhibitor)) == FROM_FILE + 2
