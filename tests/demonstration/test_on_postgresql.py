"""The demonstration loads on PostgreSQL too; every other test here has it on SQLite."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from salon.exhibitors.models import Exhibitor
from salon.platform.database.db import current_session
from salon.platform.settings.installation import Settings
from tests.commands import own_files
from tests.conftest import settings_for
from tests.demonstration.test_loading import FROM_FILE
from tests.postgres import Slate


@pytest.fixture
def settings(slate: Slate, tmp_path: Path) -> Iterator[Settings]:
    yield replace(
        settings_for(tmp_path, slate.url), demonstration=True, demonstration_refused=False
    )
    slate.clean()


@pytest.mark.postgres
def test_the_demonstration_loads_and_says_how_far_it_is(app: Flask, runner: FlaskCliRunner) -> None:
    with own_files():
        result = runner.invoke(args=["seed", "--exhibitors", "2"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert "56 exposants" in lines
    assert "2 exposants sur 2" in lines
    assert current_session().scalar(select(func.count()).select_from(Exhibitor)) == FROM_FILE + 2
