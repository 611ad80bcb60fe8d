"""Stands as lines of a spreadsheet: seed_data/*/stands.csv, exports and imports."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from salon.fair.engine.layout import Difference, NewStand, PlacedStand, differences
from salon.fair.imports.seed_tables import FileNotUnderstood, Row
from salon.fair.models import StandCategory
from salon.fair.rules import Fault, FloorFaults
from salon.platform.documents.spreadsheets.reader import Heading, ReadList, read_list

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
HEADINGS = tuple(Heading(name, name, is_required=True) for name in STAND_COLUMNS)
MOST_LINES = 5_000
CATEGORY_WORDS = {
    "standard": StandCategory.STANDARD,
    "premium": StandCategory.PREMIUM,
    "nu": StandCategory.BARE,
}
WORD_OF = {category: word for word, category in CATEGORY_WORDS.items()}


def read_stand(row: Row) -> NewStand:
    """Return the stand of a line. Raises FileNotUnderstood."""
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
    """Return the line of a stand, as `read_stand` reads it."""
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
    """Change of a stand by a file; `hall` and `was_in` differ when it changes halls."""

    hall: str
    was_in: str
    change: Difference


@dataclass(frozen=True)
class StandFile:
    """The stands of a file by hall, and the line of each number."""

    file: ReadList
    halls: Mapping[str, Sequence[NewStand]]
    lines: Mapping[str, int]

    def located(self, faults: Iterable[Fault]) -> list[Fault]:
        """Return the faults with the lines of their stands."""
        return [self._located(fault) for fault in faults]

    def changes(self, current: Mapping[str, Sequence[PlacedStand]]) -> list[Move]:
        """Return the stands added, removed, moved or changed, by the halls of the file."""
        before = {
            stand.number: (hall, stand) for hall, stands in current.items() for stand in stands
        }
        after = {
            stand.number: (hall, stand) for hall, stands in self.halls.items() for stand in stands
        }
        by_number = differences(
            {number: stand for number, (_, stand) in before.items()},
            {number: stand for number, (_, stand) in after.items()},
        )
        for number, (hall, stand) in after.items():
            if number in before and before[number][0] != hall:
                by_number.setdefault(number, Difference(before[number][1], stand))
        return [
            Move(
                after.get(number, before.get(number, ("", None)))[0],
                before.get(number, after.get(number, ("", None)))[0],
                change,
            )
            for number, change in by_number.items()
        ]

    def _located(self, fault: Fault) -> Fault:
        lines = sorted({self.lines[number] for number in fault.numbers if number in self.lines})
        if not lines:
            return fault
        word = "ligne" if len(lines) == 1 else "lignes"
        text = f"{fault.text} ({word} {' et '.join(map(str, lines))})"
        return Fault(fault.numbers, text, tuple(lines))


def read_stand_list(text: str) -> ReadList:
    """Return the lines of an exported list, possibly edited. Raises UnreadableList."""
    return read_list(text, HEADINGS, MOST_LINES)


def read_stands(file: ReadList, halls: Iterable[str]) -> StandFile:
    """Return the stands of a list. Raises FloorFaults with each unreadable line."""
    path = Path("stands.csv")
    names = {name: name for name in halls}
    stands_by_hall: dict[str, list[NewStand]] = {name: [] for name in names}
    lines: dict[str, int] = {}
    faults: list[Fault] = []
    for line in file.lines:
        row = Row(path, line.number, dict(line.cells))
        try:
            number, hall = row.new("numero", lines), row.known("hall", names)
            lines[number] = row.line
            stands_by_hall[hall].append(read_stand(row))
        except FileNotUnderstood as error:
            faults.append(Fault((), error.message, (line.number,)))
    if faults:
        raise FloorFaults(faults)
    return StandFile(file, stands_by_hall, lines)
