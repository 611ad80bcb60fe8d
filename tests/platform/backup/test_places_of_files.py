"""An archive takes files from a folder into a bucket, and back."""

from dataclasses import replace
from pathlib import Path

import pytest

from salon.platform.backup.archive import backup
from salon.platform.backup.drill import drill
from salon.platform.backup.restoration import restore
from salon.platform.backup.seal import BackupRefused
from salon.platform.settings import Settings
from salon.platform.storage.store import FOLDERS, FilesUnreachable
from tests.buckets import S3Server
from tests.conftest import settings_for
from tests.platform.backup.places import KEY, close, filled, opened


def files_of(settings: Settings) -> dict[str, bytes]:
    store = settings.file_store
    facts = (facts for folder in FOLDERS for facts in store.files_in(folder))
    return {file.name: store.read(file.name) for file in facts}


def test_files_go_into_a_bucket_and_come_back_the_same(tmp_path: Path) -> None:
    server = S3Server(tmp_path / "buckets")
    here, there, back = (
        replace(settings_for(tmp_path / name), secret_key=KEY) for name in ("a", "b", "c")
    )
    there = replace(there, files_bucket=server.bucket())
    app = filled(here)
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    with app.app_context():
        backup(here, first)
    files = files_of(here)
    assert len(files) == 2
    close(app)
    app = opened(there, migrated=False)
    with app.app_context():
        with pytest.raises(FilesUnreachable):
            restore(there, first)
        with server.running():
            restore(there, first)
            assert files_of(there) == files
            backup(there, second)
            assert list(drill(there, second))[-1].startswith("Fichiers : 2")
        with pytest.raises(FilesUnreachable):
            backup(there, tmp_path / "third.zip")
    assert not (tmp_path / "third.zip").exists()
    assert not (there.data / "uploads").exists()
    close(app)
    app = opened(back, migrated=False)
    with app.app_context():
        restore(back, second)
    assert files_of(back) == files
    close(app)


def test_another_file_in_the_bucket_is_not_replaced(tmp_path: Path) -> None:
    server = S3Server(tmp_path / "buckets")
    here, there = (replace(settings_for(tmp_path / name), secret_key=KEY) for name in ("a", "b"))
    there = replace(there, files_bucket=server.bucket())
    app = filled(here)
    with app.app_context():
        backup(here, tmp_path / "salon.zip")
    name, content = next(iter(files_of(here).items()))
    close(app)
    app = opened(there, migrated=False)
    with app.app_context(), server.running():
        path = tmp_path / "buckets" / "salon" / name
        path.parent.mkdir()
        path.write_bytes(content[::-1])
        with pytest.raises(BackupRefused, match="déjà là"):
            restore(there, tmp_path / "salon.zip")
        assert path.read_bytes() == content[::-1]
    close(app)
