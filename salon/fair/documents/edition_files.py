"""Files of an edition's folder: tables as a spreadsheet saves them, and TOML (seed_data/README.md).

`fair.imports.seed_tables` reads them.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from salon.platform.documents.spreadsheets.cells import text_of
from salon.platform.settings.clock import local

Value = Any
"""Of a cell: text, number, day, hour, instant, list of texts (joined by `|`), None when empty."""


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)


def write_toml(path: Path, content: Mapping[str, object]) -> None:
    """Write TOML; instants are written in local time, without offset."""
    import tomli_w

    path.write_text(tomli_w.dumps(_plain(content), multiline_strings=True), encoding="utf-8")


def write_columns(path: Path, row: object, keys: Mapping[str, tuple[str, type]]) -> None:
    """Write the columns of a row of settings under their keys (`seed_tables.read_columns`)."""
    write_toml(path, {key: getattr(row, column) for key, (column, _) in keys.items()})


def sections(texts: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return {title, text} under the names of the files."""
    return [{"titre": section["title"], "texte": section["text"]} for section in texts]


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list | tuple):
        return "|".join(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0").replace(".", ",")
    return value if isinstance(value, str) else text_of(value)


def _plain(value: object) -> Any:
    """Return a value with only the types of TOML, without what is None."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime) and value.tzinfo:
        return local(value).replace(tzinfo=None)
    return value
