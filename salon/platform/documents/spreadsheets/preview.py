"""Preview of a list before it is saved: its lines, with fields to correct the wrong ones."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from salon.platform.documents.spreadsheets.reader import ReadList, corrected
from salon.platform.pages.forms import CreatingForm, SalonForm

MOST_FIELDS = 600
"""Fields of a page: a form carries at most 1,000 parts."""
FIELD = re.compile(r"cell-([0-9]{1,6})-([a-z_]{1,40})")
LONGEST_CELL = 2_000


def list_file_field(label: str = "Fichier", *validators: object) -> FileField:
    """Return the field of a file that `text_of_file` reads."""
    return FileField(
        f"{label} (CSV, XLSX ou ODS)",
        validators=validators,
        render_kw={"accept": ".csv,.txt,.xlsx,.ods"},
    )


class ListFileForm(SalonForm):
    file = list_file_field("Fichier", FileRequired("Choisissez un fichier."))


class ReviewForm(CreatingForm):
    """Carries a list from its preview to its import."""

    rows = TextAreaField("Liste relue", validators=[InputRequired()])


@dataclass(frozen=True)
class CellField:
    """A field that corrects a cell; one with `choices` is chosen, not typed."""

    name: str
    label: str
    value: str
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class PreviewLine:
    """A line and its effect: `look` is what the macro `state` shows, `faults` make it wrong."""

    number: int
    label: str
    more: str
    look: tuple[str, ...]
    note: str = ""
    faults: Sequence[str] = ()
    is_choice: bool = False
    is_ticked: bool = True


def fields_of(
    file: ReadList, lines: Iterable[PreviewLine], every_column: bool = False
) -> dict[int, list[CellField]]:
    """Return the fields to correct the wrong lines by line number, up to MOST_FIELDS in all.

    `every_column`: those that the list lacks too. A cell of several lines has no field.
    """
    cells_by_number = {line.number: line.cells for line in file.lines}
    fields: dict[int, list[CellField]] = defaultdict(list)
    count = 0
    for line in lines:
        if not line.faults:
            continue
        cells = cells_by_number[line.number]
        added = [
            CellField(f"cell-{line.number}-{heading.name}", heading.head, cell, heading.choices)
            for heading in file.headings
            if every_column or heading.name in cells
            if len((cell := cells.get(heading.name, "")).splitlines()) < 2
        ]
        count += len(added)
        if count > MOST_FIELDS:
            break
        fields[line.number] = added
    return fields


def review(
    text: str, read: Callable[[str], ReadList], form: Mapping[str, str]
) -> tuple[ReadList, bool]:
    """Return the list with the cells typed in a form, and whether any has changed.

    Raises UnreadableList.
    """
    file = read(text)
    cells = {line.number: line.cells for line in file.lines}
    changes = {}
    for name, value in form.items():
        if match := FIELD.fullmatch(name):
            number, column = int(match[1]), match[2]
            cell_text = " ".join(value.split())[:LONGEST_CELL]
            if number in cells and cell_text != " ".join(cells[number].get(column, "").split()):
                changes[number, column] = cell_text
    return (read(corrected(file, changes)), True) if changes else (file, False)
