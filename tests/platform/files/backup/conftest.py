"""Empty places on SQLite and on PostgreSQL."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from salon.platform.settings.installation import Settings
from tests.conftest import settings_for
from tests.platform.files.backup.places import KEY, Place
from tests.postgres import Server


@pytest.fixture
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Make empty places: a data folder and an empty database, not even migrated.

    It is on SQLite, unless the test is marked with `on_each_engine`.
    """
    bucket_names: list[str] = []
    server: Server | None = None
    if getattr(request, "param", "sqlite") == "postgresql":
        server = request.getfixturevalue("postgres")

    def make() -> Settings:
        name = f"v{uuid.uuid4().hex[:12]}"
        if server is None:
            return replace(settings_for(tmp_path / name), secret_key=KEY)
        server.create_database(name)
        bucket_names.append(name)
        return replace(settings_for(tmp_path / name, server.url(name)), secret_key=KEY)

    yield make
    for name in bucket_names:
        assert server is not None
        server.drop_database(name)
