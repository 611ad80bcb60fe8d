"""An archive takes files from a folder into a bucket, and back."""

from dataclasses import replace
from pathlib import Path

import pytest

from salon.platform.files.backup.archive import backup
from salon.platform.files.backup.drill import drill
from salon.platform.files.backup.restoration import restore
from salon.platform.files.backup.seal import BackupRefused
from salon.platform.settings.installation import Settings
from salon.platform.storage.store import FOLDERS, FilesUnreachable
from tests.buckets import S3Server
from tests.conftest import settings_for
from tests.platform.files.backup.places import KEY, close, filled, opened


def files_of(settings: Settings) -> dict[str, bytes]:
    store = settings.file_store
    facts = (facts for folder in FOLDERS for facts in store.files_in(folder))
    return {file.name: store.read(file.name) for file in facts}


def test_files_go_into_a_bucket_and_come_back_the_same(tmp_path: Path) -> None:
    server = S3Server(tmp_path / "buckets")
    source, target, returned = (
        replace(settings_for(tmp_path / name), secret_key=KEY) for name in ("a", "b", "c")
    )
    target = replace(target, files_bucket=server.bucket())
    app = filled(source)
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    with app.app_context():
        backup(source, first)
    files = files_of(source)
    assert len(files) == 2
    close(app)
    app = opened(target)
    with app.app_context():
        with pytest.raises(FilesUnreachable):
            restore(target, first)
        with server.running():
            restore(target, first)
            assert files_of(target) == files
            backup(target, second)
            assert list(drill(target, second))[-1].startswith("Fichiers : 2")
        with pytest.raises(FilesUnreachable):
            backup(target, tmp_path / "third.zip")
    assert not (tmp_path / "third.zip").exists()
    assert not (target.data / "uploads").exists()
    close(app)
    app = opened(returned)
    with app.app_context():
        restore(returned, second)
    assert files_of(returned) == files
    close(app)


def test_another_file_in_the_bucket_is_not_replaced(tmp_path: Path) -> None:
    server = S3Server(tmp_path / "buckets")
    source, target = (replace(settings_for(tmp_path / name), secret_key=KEY) for name in ("a", "b"))
    target = replace(target, files_bucket=server.bucket())
    app = filled(source)
    with app.app_context():
        backup(source, tmp_path / "salon.zip")
    name, content = next(iter(files_of(source).items()))
    close(app)
    app = opened(target)
    with app.app_context(), server.running():
        path = tmp_path / "buckets" / "salon" / name
        path.parent.mkdir()
        path.write_bytes(content[::-1])
        with pytest.raises(BackupRefused, match="déjà là"):
            restore(target, tmp_path / "salon.zip")
        assert path.read_bytes() == content[::-1]
    close(app)
