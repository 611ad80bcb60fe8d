"""Both places of files: a folder, and a bucket on a real server."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from salon.platform.settings.installation import Settings
from salon.platform.storage.store import FileStore
from tests.buckets import S3Server
from tests.conftest import settings_for

PLACES = ("folder", "bucket")


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    server = S3Server(tmp_path_factory.mktemp("buckets"))
    with server.running():
        yield server


@pytest.fixture(params=PLACES)
def settings(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Settings:
    """Settings of a test whose files lie in a folder, then of one whose files lie in a bucket."""
    settings = settings_for(tmp_path, database)
    if request.param == "folder":
        return settings
    server: S3Server = request.getfixturevalue("s3")
    return replace(settings, files_bucket=server.bucket(tmp_path.name.replace("_", "-")))


@pytest.fixture
def store(settings: Settings) -> FileStore:
    return settings.file_store
