"""Stands as lines of a spreadsheet: what seed_data/*/stands.csv holds, exports and imports."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from salon.fair.engine.layout import Difference, NewStand, PlacedStand, differences
from salon.fair.imports.seed_tables import FileNotUnderstood, Row, read_lines, text_of
from salon.fair.models import StandCategory
from salon.fair.rules import Fault, FloorFaults
from salon.platform.spreadsheets import from_export

STAND_COLUMNS = (
    "hall",
    "numero",
    "x",
    "y",
    "largeur",
    "profondeur",
    "puissance",
    "eau",
    "accessible",
    "categorie",
)
CATEGORY_WORDS = {
    "standard": StandCategory.STANDARD,
    "premium": StandCategory.PREMIUM,
    "nu": StandCategory.BARE,
}
WORD_OF = {category: word for word, category in CATEGORY_WORDS.items()}


def read_stand(row: Row) -> NewStand:
    """The stand that a line describes. Raises FileNotUnderstood."""
    return NewStand(
        number=row.key("numero"),
        x=_metres(row, "x"),
        y=_metres(row, "y"),
        width=_metres(row, "largeur"),
        depth=_metres(row, "profondeur"),
        power_kw=row.whole("puissance"),
        has_water=row.yes("eau"),
        is_accessible=row.yes("accessible"),
        category=row.one_of("categorie", CATEGORY_WORDS),
    )


def stand_cells(hall: str, stand: NewStand) -> list[str]:
    """The line of a stand, as `read_stand` understands it."""
    lengths = (stand.x, stand.y, stand.width, stand.depth)
    return [
        hall,
        stand.number,
        *(f"{length:g}".replace(".", ",") for length in lengths),
        str(stand.power_kw),
        "oui" if stand.has_water else "non",
        "oui" if stand.is_accessible else "non",
        WORD_OF[StandCategory(stand.category)],
    ]


def _metres(row: Row, column: str) -> float:
    length = row.number(column)
    if not math.isfinite(length):
        raise row.refuse(f"la colonne «\u00a0{column}\u00a0» attend une longueur en mètres.")
    return round(length, 2)


@dataclass(frozen=True)
class Move:
    """What a file does to a stand; `hall` and `was_in` differ when it changes halls."""

    hall: str
    was_in: str
    change: Difference


@dataclass(frozen=True)
class StandFile:
    """The stands of a file by hall, and the line of each number."""

    text: str
    halls: Mapping[str, Sequence[NewStand]]
    lines: Mapping[str, int]

    def located(self, faults: Iterable[Fault]) -> list[Fault]:
        """The faults with the lines of their stands."""
        return [Fault(one.numbers, self._with_lines(one)) for one in faults]

    def changes(self, current: Mapping[str, Sequence[PlacedStand]]) -> list[Move]:
        """The stands that come, go, move or change, by the halls of the file."""
        before = {one.number: (hall, one) for hall, all_ in current.items() for one in all_}
        after = {one.number: (hall, one) for hall, all_ in self.halls.items() for one in all_}
        found = differences(
            {number: one for number, (_, one) in before.items()},
            {number: one for number, (_, one) in after.items()},
        )
        for number, (hall, one) in after.items():
            if number in before and before[number][0] != hall:
                found.setdefault(number, Difference(before[number][1], one))
        return [
            Move(
                after.get(number, before.get(number, ("", None)))[0],
                before.get(number, after.get(number, ("", None)))[0],
                change,
            )
            for number, change in found.items()
        ]

    def _with_lines(self, fault: Fault) -> str:
        lines = sorted({self.lines[number] for number in fault.numbers if number in self.lines})
        if not lines:
            return fault.text
        word = "ligne" if len(lines) == 1 else "lignes"
        return f"{fault.text} ({word} {' et '.join(map(str, lines))})"


def read_stands(content: bytes, halls: Iterable[str]) -> StandFile:
    """The stands of an exported file, maybe changed in a spreadsheet.

    Raises FileNotUnderstood when it is no such table, FloorFaults that says each line not read.
    """
    path = Path("stands.csv")
    text = text_of(path, content)
    known = {name: name for name in halls}
    found: dict[str, list[NewStand]] = {name: [] for name in known}
    lines: dict[str, int] = {}
    faults: list[Fault] = []
    for row in read_lines(path, text, *STAND_COLUMNS):
        row = Row(row.path, row.line, {key: from_export(cell) for key, cell in row.cells.items()})
        try:
            number, hall = row.new("numero", lines), row.known("hall", known)
            lines[number] = row.line
            found[hall].append(read_stand(row))
        except FileNotUnderstood as error:
            faults.append(Fault((), error.message))
    if faults:
        raise FloorFaults(faults)
    return StandFile(text, found, lines)
