"""A document is on the disk exactly when its row is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from salon.platform.files.uploads import DocumentRefused, SentFile, save_document
from salon.platform.storage.folder import FolderStore
from tests.exhibitor_space.made import pdf


@dataclass
class Paper:
    name: str
    stored_name: str
    media_type: str
    size: int


class RowRefused(Exception):
    pass


def save(folder: Path, save_row: Callable[[Paper], Paper], content: bytes = b"") -> Paper:
    return save_document(
        FolderStore(folder), SentFile(content or pdf(), "C:\\Plan.PDF"), Paper, save_row
    )


def stored(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("uploads/*")]


def test_a_saved_row_keeps_its_file(tmp_path: Path) -> None:
    paper = save(tmp_path, lambda row: row)
    assert (paper.name, paper.media_type, paper.size) == ("Plan.pdf", "application/pdf", len(pdf()))
    assert stored(tmp_path) == [paper.stored_name]


def test_a_form_sent_twice_keeps_the_first_file(tmp_path: Path) -> None:
    first = save(tmp_path, lambda row: row)
    assert save(tmp_path, lambda row: first) is first
    assert stored(tmp_path) == [first.stored_name]


def test_a_row_that_is_refused_leaves_no_file(tmp_path: Path) -> None:
    def refuse(row: Paper) -> Paper:
        assert stored(tmp_path) == [row.stored_name], "written before its row"
        raise RowRefused

    with pytest.raises(RowRefused):
        save(tmp_path, refuse)
    assert stored(tmp_path) == []


def test_what_is_no_document_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(DocumentRefused):
        save(tmp_path, lambda row: row, b"<html>")
    assert stored(tmp_path) == []
