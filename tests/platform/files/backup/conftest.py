"""Empty places on SQLite and on PostgreSQL."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from salon.platform.settings.installation import Settings
from tests.conftest import settings_for
from tests.platform.files.backup.places import KEY, Place, close, migrate, opened
from tests.postgres import Server


@pytest.fixture(scope="session")
def migrated_template(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a PostgreSQL database that was migrated, of which places are copies."""
    name = "template_migrated"
    postgres.create_database(name)
    migrate(settings_for(tmp_path_factory.mktemp("migrated"), postgres.url(name)))
    return name


@pytest.fixture
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Make empty places: a data folder and an empty database, not even migrated unless told so.

    It is on SQLite, unless the test is marked with `on_each_engine`.
    """
    bucket_names: list[str] = []
    server: Server | None = None
    if getattr(request, "param", "sqlite") == "postgresql":
        server = request.getfixturevalue("postgres")

    def make(migrated: bool = False) -> Settings:
        name = f"v{uuid.uuid4().hex[:12]}"
        if server is None:
            settings = replace(settings_for(tmp_path / name), secret_key=KEY)
            close(opened(settings, migrated))
            return settings
        template = request.getfixturevalue("migrated_template") if migrated else None
        server.create_database(name, template)
        bucket_names.append(name)
        return replace(settings_for(tmp_path / name, server.url(name)), secret_key=KEY)

    yield make
    for name in bucket_names:
        assert server is not None
        server.drop_database(name)
