"""Read a list whose heading names the columns, from a CSV, XLSX or ODS file or a pasted text.

A file becomes a text of lines, which a page can carry and correct; `read_list` reads this text.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from salon.platform.documents.spreadsheets.cells import from_export
from salon.platform.words.errors import BadInput
from salon.platform.words.texts import folded
from untrusted_files import FileRefused
from untrusted_files.apart import Task, read_apart

MARK = "\ufeff"
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SEPARATORS = ";\t,"
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TITLES = 20
"""Lines among which the heading is searched: a title may stand above it."""
LONGEST_CELL = 131_072
"""Characters; a longer one is a quote that nobody closed."""

NumberedCells = tuple[int, list[str]]


class UnreadableList(BadInput):
    """The file or the text is not a list; nothing was read."""


class ColumnsUnknown(UnreadableList):
    """Columns that are needed have no heading that is known: a person may say which they are."""


class CutLine(UnreadableList):
    """The line that begins at `number` cannot be read: quotes left open, a cell too long."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"La ligne {number} ne se lit pas : vérifiez ses guillemets et sa longueur."
        )


@dataclass(frozen=True)
class Heading:
    """A column to read. Headings are compared without accents, case or signs.

    `synonyms`: other headings, the preferred first. `digits`: length of a code that begins with 0,
    which a spreadsheet drops when it takes the code for a number. `choices`: the cells that a
    correction may choose.
    """

    name: str
    head: str
    synonyms: tuple[str, ...] = ()
    is_required: bool = False
    digits: int = 0
    longest: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetLine:
    """A line numbered as a spreadsheet does; `cells` by name, only those of recognised columns."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class ReadList:
    """The lines of a list, the headings that were not recognised, and the text it was read from."""

    text: str
    headings: Sequence[Heading]
    lines: list[SheetLine]
    ignored: list[str]


def text_of_file(content: bytes) -> str:
    """Return the lines of a CSV, XLSX or ODS file. Raises UnreadableList.

    A CSV is in UTF-8, UTF-16 (with its mark) or Windows-1252. A workbook is read in a process of
    its own.
    """
    if content.startswith(WORKBOOKS):
        try:
            return read_apart(Task.WORKBOOK, content).decode()
        except FileRefused as refusal:
            raise UnreadableList(refusal.message) from None
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableList(
        "Ce fichier n’est pas un texte, ni un classeur. Enregistrez-le en XLSX, en ODS ou en CSV "
        "(UTF-8)."
    )


def numbered_cells(text: str, headings: Sequence[Heading] = ()) -> list[NumberedCells]:
    """Return (line number, cells) of a typed or exported list.

    The row of headings gives the separator, else the first line. A cell in quotes may hold line
    breaks. Raises CutLine.
    """
    lines = re.sub(r"\r\n?", "\n", text.lstrip(MARK)).rstrip("\n").split("\n")
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=_separator(lines, headings))
    rows = []
    start = 1
    csv.field_size_limit(LONGEST_CELL)  # of the process: another reader may have raised it
    try:
        for cells in reader:
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        raise CutLine(start) from None
    return rows


def _separator(lines: Sequence[str], headings: Sequence[Heading]) -> str:
    """Return the separator by which one of the first lines names every required column, else that
    which cuts most of them alike: a title, a label may hold commas."""
    required = _required(headings)
    first_lines = list(islice((line for line in lines if line.strip()), TITLES))
    for line in first_lines if required else ():
        for separator in sorted(SEPARATORS, key=line.count, reverse=True):
            if required <= _places(line.split(separator), headings).keys():
                return separator

    def steadiness(separator: str) -> tuple[int, int]:
        counts = Counter(line.count(separator) for line in first_lines if separator in line)
        return max(((times, count) for count, times in counts.items()), default=(0, 0))

    return max(SEPARATORS, key=steadiness)


def read_list(text: str, headings: Sequence[Heading], most_lines: int, item: str = "") -> ReadList:
    """Return the lines of a list. Raises UnreadableList, also beyond `most_lines`.

    A character that does not print is read as « � ». `item`: what a list without lines lacks;
    empty if it may have none.
    """
    text = CONTROLS.sub("\ufffd", text)
    rows = [row for row in numbered_cells(text, headings) if any(cell.strip() for cell in row[1])]
    if not rows:
        raise UnreadableList("La liste est vide.")
    at, places = _heading_of(rows, headings)
    missing = [
        heading.head for heading in headings if heading.is_required and heading.name not in places
    ]
    if missing:
        raise ColumnsUnknown(
            f"La première ligne doit nommer les colonnes. Il manque\u00a0: {', '.join(missing)}."
        )
    heads, rows = rows[at][1], rows[at + 1 :]
    if not rows and item:
        raise UnreadableList(f"La liste ne contient {item}.")
    if len(rows) > most_lines:
        raise UnreadableList(
            f"La liste contient {len(rows)} lignes\u00a0; au plus {most_lines} à la fois. Faites "
            "plusieurs envois."
        )
    by_name = {heading.name: heading for heading in headings}
    lines = [
        SheetLine(number, {name: _cell(cells, at, by_name[name]) for name, at in places.items()})
        for number, cells in rows
    ]
    used = set(places.values())
    ignored = [head.strip() for at, head in enumerate(heads) if at not in used and head.strip()]
    return ReadList(text, headings, lines, ignored)


def corrected(file: ReadList, corrections: Mapping[tuple[int, str], str]) -> str:
    """Return the text of a list with other cells, by line number and column name.

    A column that the list lacks is added. Lines keep their numbers.
    """
    headings = file.headings
    rows = numbered_cells(file.text, headings)
    filled = [at for at, (_, cells) in enumerate(rows) if any(cell.strip() for cell in cells)]
    heading_at, places = _heading_of([rows[at] for at in filled], headings)
    heads = rows[filled[heading_at]][1]
    for heading in headings:
        if heading.name not in places and any(name == heading.name for _, name in corrections):
            places[heading.name] = len(heads)
            heads.append(heading.head)
    by_number = dict(rows)
    for (number, name), cell in corrections.items():
        if name in places and number in by_number:
            cells = by_number[number]
            cells.extend([""] * (places[name] + 1 - len(cells)))
            cells[places[name]] = cell
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows(cells for _, cells in rows)
    return stream.getvalue()


def _heading_of(
    rows: Sequence[NumberedCells], headings: Sequence[Heading]
) -> tuple[int, dict[str, int]]:
    """Return the index of the row of headings and the place of each column, by name.

    It is the first row that names every required column, else the first row.
    """
    required = _required(headings)
    for at, (_, cells) in enumerate(islice(rows, TITLES)):
        places = _places(cells, headings)
        if required <= places.keys():
            return at, places
    return 0, _places(rows[0][1], headings) if rows else {}


def _required(headings: Sequence[Heading]) -> set[str]:
    return {heading.name for heading in headings if heading.is_required}


def _places(cells: Sequence[str], headings: Sequence[Heading]) -> dict[str, int]:
    keys = [folded(cell) for cell in cells]
    places: dict[str, int] = {}
    for heading in headings:
        for word in (folded(heading.head), *heading.synonyms):
            if word in keys:
                places[heading.name] = keys.index(word)
                break
    return places


def _cell(cells: Sequence[str], at: int, heading: Heading) -> str:
    cell = from_export(cells[at].strip()) if at < len(cells) else ""
    is_cut = cell.isdecimal() and len(cell) == heading.digits - 1
    return f"0{cell}" if is_cut else cell
