"""Telephone numbers are stored as people read them."""

import csv
from pathlib import Path

import pytest

from salon.platform.words.phones import holds_several_numbers, readable_number


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0467676767", "04 67 67 67 67"),
        ("04.67.67.67.67", "04 67 67 67 67"),
        ("04\u00a067\u202f67 67-67", "04 67 67 67 67"),
        ("+33 (0)4 67 67 67 67", "04 67 67 67 67"),
        ("0033467676767", "04 67 67 67 67"),
        ("0800123456", "0 800 12 34 56"),
        # No number of France yet: as long as one.
        ("0400001234", "04 00 00 12 34"),
        # Overseas, from the mainland and with their own prefix.
        ("0262123456", "0262 12 34 56"),
        ("+262 262 12 34 56", "0262 12 34 56"),
        ("0590271234", "0590 27 12 34"),
        # Other countries.
        ("+3221234567", "+32 2 123 45 67"),
        ("+68725.12.34", "+687 25.12.34"),
    ],
)
def test_a_number_is_written_as_it_is_dialled(typed: str, shown: str) -> None:
    assert readable_number(typed) == shown
    assert readable_number(shown) == shown, "written again, it stays the same"


@pytest.mark.parametrize(
    "typed",
    ["", "douze", "15", "04 67 67 67", "04 67 67 67 67 67", "+999 123456", "04 67 67 67 67 / 06"],
)
def test_what_cannot_be_dialled_is_not_a_number(typed: str) -> None:
    assert readable_number(typed) is None


def test_numbers_are_read_as_people_write_them() -> None:
    """« ? »: two numbers, of which one is asked; nothing: refused."""
    path = Path(__file__).parent / "cases" / "phones.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["écrit"], row["lu"]) for row in csv.DictReader(file, delimiter=";")]
    assert len(rows) >= 100
    answers = [
        (typed, "?" if holds_several_numbers(typed) else readable_number(typed) or "")
        for typed, _ in rows
    ]
    assert answers == rows
