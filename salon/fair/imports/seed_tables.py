"""Read the files of seed_data/ as a spreadsheet saves them, with French typography.

Tables are CSV with `;` between cells, UTF-8 with or without a byte order mark, decimal comma or
point; a cell that holds a list separates its items with `|`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from salon.platform.documents.spreadsheets.cells import YES_OR_NO
from salon.platform.documents.spreadsheets.reader import CutLine, numbered_cells
from salon.platform.settings.clock import paris
from salon.platform.words.errors import BadInput
from salon.platform.words.texts import folded

NBSP = "\u00a0"
_moved_by: ContextVar[timedelta] = ContextVar("moved_by", default=timedelta(0))
NARROW = "\u202f"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
HALL_COLUMNS = (
    *("nom", "surface", "largeur", "profondeur", "x", "y", "allee"),
    *("puissance", "eau", "description", "ferme"),
)
LANDMARK_COLUMNS = ("nature", "nom", "hall", "x", "y", "fauteuil")
DOOR_COLUMNS = ("code", "libelle", "admet")
BODY_COLUMNS = ("identifiant", "nom", "nom_court", "stand", "sujets", "presentation", "retire")
THEME_COLUMNS = ("identifiant", "organisme", "nom", "resume", "details", "retire")
FIGURE_COLUMNS = ("theme", "valeur", "libelle")
LINK_COLUMNS = ("theme", "libelle", "adresse")
ROOM_COLUMNS = ("nom", "places")
PROGRAMME_COLUMNS = (
    *("date", "debut", "fin", "titre", "lieu", "resume"),
    *("theme", "intervenants", "brouillon"),
)
DOCUMENT_COLUMNS = ("theme", "date", "debut", "titre", "libelle", "fichier")
DOCUMENTS = "documents"
"""Folder of the files that documents.csv names."""
LOGO = "logo.webp"
PICTURE = "accueil.webp"
LONGEST_SAID = 40
"""Letters of a cell that a message repeats."""
Value = TypeVar("Value")


class FileNotUnderstood(BadInput):
    """A file cannot be loaded; the message says the file, the line, and what was expected."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        place = "/".join(path.parts[-2:]) + (f", ligne {line}" if line else "")
        super().__init__(f"{place}{NBSP}: {reason}")


@contextmanager
def dates_moved(offset: timedelta) -> Iterator[None]:
    """Read every date of the files later by whole days; hours stay those of the clock."""
    token = _moved_by.set(offset)
    try:
        yield
    finally:
        _moved_by.reset(token)


def typeset(text: str) -> str:
    """Return text typed with plain spaces and straight apostrophes in French typography."""
    text = re.sub(r"[ \t]+", " ", text.strip()).replace("'", "’")
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", NARROW, text)
    text = re.sub(r" (?=[:;!?%»€])", NBSP, text)
    text = re.sub(r"(?<=\d) (?=(?:M€|m²|h\b|ans\b))", NBSP, text)
    text = re.sub(r"(?<=\dh|\sh|\u00a0h) (?=\d\d\b)", NBSP, text)
    return text.replace("« ", f"«{NBSP}")


@dataclass(frozen=True)
class Row:
    """One line of a table; its readers refuse unreadable cells and say where."""

    path: Path
    line: int
    cells: dict[str, str]

    def refuse(self, reason: str) -> FileNotUnderstood:
        return FileNotUnderstood(self.path, reason, self.line)

    def raw(self, column: str) -> str:
        """Return the cell as it is, for codes and addresses."""
        return self.cells[column]

    def key(self, column: str) -> str:
        """Return a cell that must be filled in."""
        if not self.cells[column]:
            raise self.refuse(f"la colonne «{NBSP}{column}{NBSP}» est vide.")
        return self.cells[column]

    def text(self, column: str) -> str:
        return typeset(self.key(column))

    def optional_text(self, column: str) -> str:
        """Return a cell that may be empty, in a column that may lack."""
        return typeset(self.cells.get(column, ""))

    def items(self, column: str) -> list[str]:
        cell = self.cells.get(column, "")
        return [typeset(item) for item in cell.split("|") if item.strip()]

    def number(self, column: str) -> float:
        return self._read(column, lambda cell: float(cell.replace(",", ".")), "un nombre")

    def whole(self, column: str) -> int:
        return self._read(column, int, "un nombre entier")

    def yes(self, column: str) -> bool:
        return self._read(column, lambda cell: YES_OR_NO[folded(cell)], "« oui » ou « non »")

    def one_of(self, column: str, words: dict[str, Value]) -> Value:
        """Return the value that the word of the cell stands for."""
        expected = " ou ".join(f"« {word} »" for word in words)
        return self._read(column, lambda cell: words[folded(cell)], expected)

    def day(self, column: str) -> date:
        def read(cell: str) -> date:
            if "/" not in cell:
                return date.fromisoformat(cell)
            day, month, year = cell.split("/")
            return date(int(year), int(month), int(day))

        return self._read(column, read, "une date comme 01/10/2021") + _moved_by.get()

    def hour(self, column: str) -> time:
        return self._read(
            column, lambda cell: time.fromisoformat(cell.zfill(5)), "une heure comme 09:30"
        )

    def moment(self, column: str, default_day: date) -> datetime | None:
        """Return an instant: « 01/10/2021 08:30 », or « 08:30 » of `default_day`; None if empty."""
        cell = self.cells.get(column, "")
        day, _, hour = cell.rpartition(" ")
        parts = replace(self, cells={"day": day, "hour": hour})
        return paris(parts.day("day") if day else default_day, parts.hour("hour")) if cell else None

    def known(self, column: str, entries: dict[str, Value]) -> Value:
        """Return the entry of `entries`, described in another file, that the cell names."""
        name = self.key(column)
        if name not in entries:
            raise self.refuse(
                f"la colonne «{NBSP}{column}{NBSP}» nomme «{NBSP}{name[:LONGEST_SAID]}{NBSP}», "
                "qui n’est décrit dans aucun autre fichier, ou qui est déjà pris."
            )
        return entries[name]

    def new(self, column: str, entries: dict[str, Any]) -> str:
        """Return the cell, which must not be among `entries` yet."""
        name = self.key(column)
        if name in entries:
            raise self.refuse(
                f"«{NBSP}{name[:LONGEST_SAID]}{NBSP}» est déjà plus haut dans ce fichier."
            )
        return name

    def _read(self, column: str, read: Callable[[str], Value], expected: str) -> Value:
        cell = self.key(column)
        try:
            return read(cell)
        except (ValueError, KeyError):
            raise self.refuse(
                f"la colonne «{NBSP}{column}{NBSP}» attend {expected}, "
                f"et contient «{NBSP}{cell[:LONGEST_SAID]}{NBSP}»."
            ) from None


def read_table(path: Path, *columns: str) -> list[Row]:
    """Return the lines of a CSV file that must have `columns`. Raises FileNotUnderstood."""
    try:
        lines = numbered_cells(_text_of(path))
    except CutLine as cut:
        raise FileNotUnderstood(path, cut.message) from None
    head = [cell.strip() for cell in lines[0][1]]
    if missing := [column for column in columns if column not in head]:
        names = ", ".join(f"«{NBSP}{name}{NBSP}»" for name in missing)
        raise FileNotUnderstood(path, f"il manque {names} dans la ligne de titres.", 1)
    rows = []
    for number, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            reason = f"{len(cells)} cellules au lieu de {len(head)}."
            raise FileNotUnderstood(path, reason, number)
        rows.append(Row(path, number, {k: c.strip() for k, c in zip(head, cells, strict=True)}))
    return rows


def read_table_if_any(path: Path, *columns: str) -> list[Row]:
    """Return the lines of a CSV file that a folder may lack. Raises FileNotUnderstood."""
    return read_table(path, *columns) if path.exists() else []


def read_toml(path: Path) -> dict[str, Any]:
    """Return the values of a TOML file. Raises FileNotUnderstood."""
    import tomllib

    try:
        return tomllib.loads(_text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise FileNotUnderstood(path, f"ce n’est pas du TOML ({error}).") from None


def value_of(path: Path, table: dict[str, object], key: str, kind: type[Value]) -> Value:
    """Return a required value of a TOML table, of the type expected; texts are typeset."""
    value = table.get(key)
    if isinstance(value, str) and kind is str:
        return typeset(value)  # type: ignore[return-value]
    if not isinstance(value, kind):
        raise FileNotUnderstood(path, f"il manque «{NBSP}{key}{NBSP}» ({EXPECTED[kind]}).")
    if isinstance(value, date):
        return value + _moved_by.get()  # type: ignore[return-value]
    return value


def read_columns(path: Path, keys: Mapping[str, tuple[str, type]]) -> dict[str, Any]:
    """Return the values of a TOML file by column; `keys` gives the column and type of each key.

    A key left out is left out. Raises FileNotUnderstood.
    """
    content = read_toml(path)
    if unknown := sorted(set(content) - set(keys)):
        raise FileNotUnderstood(path, f"«{NBSP}{unknown[0]}{NBSP}» n’est pas un réglage.")
    return {keys[key][0]: value_of(path, content, key, keys[key][1]) for key in content}


EXPECTED: dict[type, str] = {
    bool: "true ou false",
    int: "un nombre entier",
    str: "un texte entre guillemets",
    date: "une date comme 2021-10-01",
    time: "une heure comme 09:00:00",
    datetime: "un moment comme 2021-07-01T08:00:00",
    dict: "un groupe entre crochets",
    list: "une liste",
}


def _text_of(path: Path) -> str:
    """Return the text of a file in UTF-8, without its mark. Raises FileNotUnderstood."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FileNotUnderstood(path, "le fichier est absent.") from None
    except UnicodeDecodeError:
        raise FileNotUnderstood(
            path, "le fichier n’est pas en UTF-8 : enregistrez-le en «\u00a0CSV UTF-8\u00a0»."
        ) from None
    if control := CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise FileNotUnderstood(path, "un caractère ne s’imprime pas.", line)
    return text
