"""The journal of the demonstration is read in French: no code of an enumeration is in it."""

from collections.abc import Iterator

from flask import Flask

from salon.dashboard.presenters.journal import detail_lines
from salon.platform.database.db import current_session
from salon.platform.database.journal import entries
from salon.platform.words.labels import LabelledEnum


def labelled(parent: type[LabelledEnum] = LabelledEnum) -> Iterator[type[LabelledEnum]]:
    for enumeration in parent.__subclasses__():
        yield enumeration
        yield from labelled(enumeration)


def test_its_details_are_read_in_french(app: Flask) -> None:
    codes = {member.value for enumeration in labelled() for member in enumeration}
    lines = {line for entry in current_session().scalars(entries()) for line in detail_lines(entry)}
    assert len(codes) > 500
    assert len(lines) > 50
    assert [line for line in lines if codes & set(line[1].split(", "))] == []
