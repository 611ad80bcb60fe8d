"""How functions and names of a list are read: the cases of `cases/titles.csv`, and lines."""

import csv
from pathlib import Path

import pytest

from salon.badges.engine.title_stems import TitleKind
from salon.badges.engine.titles import read_title
from salon.badges.imports.roster import read_person
from salon.badges.models import Category
from salon.badges.models.labels import Function, printed_function, salutation
from salon.platform.documents.spreadsheets.reader import SheetLine
from salon.platform.words.people import agreed, names_several_people, polite_name

CASES = Path(__file__).parent / "cases"


def test_functions_are_read_and_printed_as_communes_write_them() -> None:
    """The column « lecture » is the expected answer; « imprimé » where it is not what was typed."""
    with (CASES / "titles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) >= 200
    faults = []
    for row in rows:
        title = read_title(row["titre"])
        values = read_person(SheetLine(2, {"function": row["titre"]})).values
        printed = printed_function(*(values[name] for name in PRINTED))
        answer = (title.kind, title.civility, printed)
        if answer != (row["lecture"], row["genre"], row["imprimé"] or row["titre"]):
            faults.append((row, answer))
    assert faults == []


PRINTED = ("function", "function_other", "civility")


@pytest.mark.parametrize(
    ("cells", "values", "asked"),
    [
        (("", "Anne", "Roux", "Adjointe au maire"), ("madame", "Anne", "Roux"), False),
        (("", "Anne", "Roux", "Adjoint au maire"), ("", "Anne", "Roux"), False),
        (("Mme la maire", "Anne", "ROUX", "Maire"), ("madame", "Anne", "ROUX"), False),
        (("", "Anne", "Dr ROUX", "Maire"), ("", "Anne", "ROUX"), False),
        (("", "Mme Anne", "Le Maire", "Maire"), ("madame", "Anne", "Le Maire"), False),
        (("M. et Mme", "Anne", "Roux", "Maire"), ("", "Anne", "Roux"), True),
        (("M.", "Luc", "Roux", "Présidente"), ("monsieur", "Luc", "Roux"), True),
    ],
)
def test_a_line_says_how_a_person_is_called(
    cells: tuple[str, ...], values: tuple[str, ...], asked: bool
) -> None:
    names = ("civility", "first_name", "last_name", "function")
    person = read_person(SheetLine(2, dict(zip(names, cells, strict=True))))
    assert tuple(person.values[name] for name in names[:3]) == values
    assert bool(person.questions) == asked


def test_the_column_of_categories_answers_what_a_function_does_not_say() -> None:
    for answer, function, category in (
        ("Élue", "other_elected", "elected"),
        ("Visiteur", "other", "visitor"),
    ):
        cells = {"function": "Présidente", "category": answer}
        person = read_person(SheetLine(2, cells))
        assert (person.values["function"], person.questions) == (function, [])
        assert person.values["function_other"] == "Présidente"
        assert person.category == category
    assert read_title("Présidente").kind is TitleKind.UNSURE


def test_a_mark_of_nothing_is_no_function() -> None:
    for typed in ("-", "/", "Néant", "aucune", "XXX", "N.C."):
        person = read_person(SheetLine(2, {"function": typed}))
        assert (person.values["function"], person.questions) == ("", []), typed


@pytest.mark.parametrize(
    ("name", "is_two"),
    [
        ("Paul et Anne", True),
        ("Paul & Anne", True),
        ("M. et Mme Blanc", True),
        ("Blanc/Noir", True),
        ("Pierre-Etienne", False),
        ("Etienne", False),
        ("de La Tour et Taxis", True),
        ("Jean Étienne", False),
    ],
)
def test_two_people_in_a_cell_are_told_apart(name: str, is_two: bool) -> None:
    assert names_several_people(name) == is_two


def test_nobody_is_a_man_by_default() -> None:
    assert (agreed(""), agreed("madame"), agreed("monsieur")) == ("(e)", "e", "")
    assert (polite_name("", "Ange"), salutation("", "mayor")) == ("Ange", "Bonjour")
    assert [Category.ELECTED.word(civility) for civility in ("madame", "monsieur", "")] == [
        *("Élue", "Élu", "Élu(e)")
    ]
    gendered = [function for function in Function if function.masculine != function.feminine]
    assert [row for row in gendered if printed_function(row) in (row.masculine, row.feminine)] == []
