"""Who may be the same person: the pairs of `cases/pairs_of_persons.csv`, and pairs in long lists."""

import csv
from pathlib import Path

from salon.platform.words.likeness import Identity, Verdict, likeness

CASES = Path(__file__).parent / "cases"
ANSWERS = {"same": Verdict.SAME, "ask": Verdict.LIKELY, "different": Verdict.DIFFERENT}


def _identity(cell: str) -> Identity:
    """Return the person of a cell: first name, name, civility, function, address, telephone, code
    and name of the place, between bars."""
    cells = [*cell.split("|"), *[""] * 8][:8]
    return Identity(*cells[:6], cells[6] or None, cells[7])


def test_pairs_of_persons_are_told_apart_as_an_organiser_would() -> None:
    with (CASES / "pairs_of_persons.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) >= 300
    faults = []
    for row in rows:
        answer = likeness(_identity(row["une personne"]), _identity(row["une autre"]))
        if answer.verdict is not ANSWERS[row["attendu"]]:
            faults.append((row, answer.verdict, answer.words))
    assert faults == []
