"""Contract of both stores of files."""

import io
from datetime import timedelta
from pathlib import Path

import pytest

from salon.platform.settings.clock import real_now
from salon.platform.settings.installation import Settings
from salon.platform.storage.store import FileStore
from tests.tables import each

NAME = f"uploads/{1:032x}.pdf"
OTHER = f"print_runs/{2:032x}.pdf"
SEVERAL_PARTS = 6_000_000
"""More than one request carries."""


@pytest.mark.parametrize("size", [0, 1, 1_000_000, SEVERAL_PARTS])
def test_a_file_is_read_as_it_was_written(store: FileStore, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    store.save(NAME, io.BytesIO(content))
    assert store.read(NAME) == content
    facts = store.find(NAME)
    assert facts is not None
    assert (facts.name, facts.size) == (NAME, size)
    assert abs(facts.modified_at - real_now()) < timedelta(minutes=1)
    assert [(listed.name, listed.size) for listed in store.files_in("uploads")] == [(NAME, size)]
    assert list(store.files_in("print_runs")) == []


def test_an_open_file_seeks_and_no_longer_needs_its_place(store: FileStore) -> None:
    content = bytes(range(250)) * 10_000
    store.save(NAME, io.BytesIO(content))
    file = store.open(NAME)
    store.delete(NAME)
    with file.stream as stream:
        stream.seek(1_200_000)
        assert stream.read(300) == content[1_200_000:1_200_300]
        stream.seek(0)
        assert stream.read() == content
    assert file.facts.size == len(content)


def test_a_file_is_replaced_whole(store: FileStore) -> None:
    store.save(NAME, io.BytesIO(b"first and longer"))
    store.save(NAME, io.BytesIO(b"second"))
    assert store.read(NAME) == b"second"


def test_what_is_left_of_a_stream_is_written(store: FileStore) -> None:
    stream = io.BytesIO(b"header, body")
    stream.seek(8)
    store.save(NAME, stream)
    assert store.read(NAME) == b"body"


def test_an_absent_file_is_said_so_and_deleted_without_a_word(store: FileStore) -> None:
    assert store.find(NAME) is None
    with pytest.raises(FileNotFoundError):
        store.open(NAME)
    store.save(NAME, io.BytesIO(b"x"))
    store.delete(NAME)
    store.delete(NAME)
    assert store.find(NAME) is None


def test_files_are_listed_by_folder_and_name(store: FileStore) -> None:
    names = [f"uploads/{number:032x}.pdf" for number in (9, 3, 7)]
    for name in (*names, OTHER):
        store.save(name, io.BytesIO(b"x"))
    assert [facts.name for facts in store.files_in("uploads")] == sorted(names)
    assert [facts.name for facts in store.files_in("print_runs")] == [OTHER]


class Torn(io.BytesIO):
    """A stream that fails after its first megabytes, as a disk may."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > SEVERAL_PARTS:
            raise OSError("torn")
        return super().read(size)


def test_a_source_that_fails_midway_leaves_nothing(store: FileStore) -> None:
    with pytest.raises(OSError, match="torn"):
        store.save(NAME, Torn(bytes(2 * SEVERAL_PARTS)))
    assert store.find(NAME) is None
    assert list(store.files_in("uploads")) == []


@each(
    "name",
    [
        "salon.sqlite",
        "secret_key",
        "uploads/../salon.sqlite",
        "uploads/..",
        "uploads/.hidden",
        "/uploads/a.pdf",
        "uploads//a.pdf",
        "uploads/a/b.pdf",
        "uploads/",
        "uploads/a\n.pdf",
        "uploads/a.pdf\n",
        "metrics/a.db",
        "uploads/é.pdf",
    ],
)
def test_no_name_leaves_its_folder(store: FileStore, settings: Settings, name: str) -> None:
    (settings.data / "secret_key").write_text("x")
    for act in (store.open, store.find, store.delete, store.read):
        with pytest.raises(ValueError, match="not a stored name"):
            act(name)
    with pytest.raises(ValueError, match="not a stored name"):
        store.save(name, io.BytesIO(b"x"))
    assert (settings.data / "secret_key").read_text() == "x"


def test_the_check_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    store.check()
    assert list(store.files_in("print_runs")) == []
    assert not list((tmp_path / "print_runs").glob("*"))
