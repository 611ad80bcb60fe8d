"""Files in a folder of this machine."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from salon.platform.storage.store import (
    BLOCK,
    NAME,
    FileFacts,
    FileStore,
    OpenFile,
    checked_name,
)


class FolderStore(FileStore):
    def __init__(self, root: Path) -> None:
        self.root, self.place = root, str(root)

    def save(self, name: str, source: BinaryIO) -> None:
        path = self.root / checked_name(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.part")
        try:
            with open(draft, "wb", opener=_open_private) as stream:
                shutil.copyfileobj(source, stream, BLOCK)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync(path.parent)

    def open(self, name: str) -> OpenFile:
        stream = (self.root / checked_name(name)).open("rb")
        return OpenFile(_facts_of(name, os.fstat(stream.fileno())), stream)

    def find(self, name: str) -> FileFacts | None:
        path = self.root / checked_name(name)
        return _facts_of(name, path.stat()) if path.is_file() else None

    def delete(self, name: str) -> None:
        (self.root / checked_name(name)).unlink(missing_ok=True)

    def files_in(self, folder: str) -> Iterator[FileFacts]:
        for path in sorted((self.root / folder).glob("*")):
            name = f"{folder}/{path.name}"
            if NAME.fullmatch(name) and path.is_file() and not path.is_symlink():
                yield _facts_of(name, path.stat())


def _facts_of(name: str, stat: os.stat_result) -> FileFacts:
    return FileFacts(name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
