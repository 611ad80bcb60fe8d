"""The interface of both places of stored files.

A file has a name of the form `folder/file`. It appears whole under its name, or not at all.
"""

import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

FOLDERS = ("print_runs", "uploads")
NAME = re.compile(rf"(?:{'|'.join(FOLDERS)})/[0-9A-Za-z][0-9A-Za-z._-]{{0,99}}")
BLOCK = 1_000_000
"""Bytes read at once."""


class FilesUnreachable(OSError):
    """The place of the files does not answer, or refuses; the message says which, for logs."""


@dataclass(frozen=True)
class FileFacts:
    name: str
    size: int
    modified_at: datetime
    """By the clock of the place."""


@dataclass(frozen=True)
class OpenFile:
    """A file that is read; whoever opened it closes the stream, which can seek."""

    facts: FileFacts
    stream: BinaryIO


class FileStore(ABC):
    """A place of files. Every method raises OSError when the place fails, and ValueError for a
    name that does not pass `checked_name`."""

    place: str
    """Location of the store, for administrators."""

    @abstractmethod
    def save(self, name: str, source: BinaryIO) -> None:
        """Write what is left of a stream; a file of the same name is replaced."""

    @abstractmethod
    def open(self, name: str) -> OpenFile:
        """Open a file, wholly at hand from then on. Raises FileNotFoundError."""

    @abstractmethod
    def find(self, name: str) -> FileFacts | None: ...

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a file. Idempotent."""

    @abstractmethod
    def files_in(self, folder: str) -> Iterator[FileFacts]:
        """Return the files of one of FOLDERS, in the order of their names."""

    def read(self, name: str) -> bytes:
        """Return a whole file. Raises FileNotFoundError."""
        with self.open(name).stream as stream:
            return stream.read()

    def check(self) -> None:
        """Write a file, read it again and delete it. Raises OSError."""
        name, content = f"{FOLDERS[0]}/check-{secrets.token_hex(8)}", secrets.token_bytes(64)
        self.save(name, BytesIO(content))
        try:
            if self.read(name) != content:
                raise FilesUnreachable("what was written is not what is read")
        finally:
            self.delete(name)


def checked_name(name: str) -> str:
    """Return a name that stays inside its folder. Raises ValueError for any other."""
    if not NAME.fullmatch(name):
        raise ValueError(f"not a stored name: {name!r}")
    return name
