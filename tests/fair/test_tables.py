"""Files as a spreadsheet saves them: what is understood, what is refused, and how it is said."""

from datetime import date, time
from pathlib import Path

import pytest

from salon.fair.imports.seed_tables import (
    FileNotUnderstood,
    read_table,
    read_toml,
    typeset,
    value_of,
)


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "halls.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_however_the_spreadsheet_saved_it(
    tmp_path: Path, encoding: str, end: str
) -> None:
    text = end.join(["nom;surface;jour;heure", '"Hall ; 1";12,5;01/10/2021;9:00', ";;;", ""])
    (row,) = read_table(write(tmp_path, text, encoding), "nom", "surface")
    assert row.key("nom") == "Hall ; 1"
    assert row.number("surface") == 12.5
    assert row.day("jour") == date(2021, 10, 1)
    assert row.hour("heure") == time(9, 0)


def test_a_cell_may_hold_a_list_and_a_line_break(tmp_path: Path) -> None:
    (row,) = read_table(write(tmp_path, 'nom;liste\n"a\nb";un | deux|\n'), "nom", "liste")
    assert row.key("nom") == "a\nb"
    assert row.items("liste") == ["un", "deux"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nom\n1A\n", ["ligne 1", "surface"]),
        ("", ["ligne 1", "nom", "surface"]),
        ("nom;surface\n1A;12;3\n", ["ligne 2", "3 cellules au lieu de 2"]),
        ("nom;surface\n1A;douze\n", ["ligne 2", "surface", "un nombre", "douze"]),
        ("nom;surface\n1A;12\n1B;\n", ["ligne 3", "surface", "vide"]),
    ],
)
def test_a_bad_table_is_refused_with_its_file_line_and_reason(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(FileNotUnderstood) as refusal:
        for row in read_table(path, "nom", "surface"):
            row.number("surface")
    for words in ["halls.csv", *expected]:
        assert words in refusal.value.message


def test_a_file_of_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotUnderstood, match="UTF-8"):
        read_table(write(tmp_path, "nom\nÉté\n", "cp1252"), "nom")


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotUnderstood, match=r"halls\.csv.*absent"):
        read_table(tmp_path / "halls.csv", "nom")


def test_bad_toml_and_missing_values_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "edition.toml"
    path.write_text("nom = \n")
    with pytest.raises(FileNotUnderstood, match="TOML"):
        read_toml(path)
    with pytest.raises(FileNotUnderstood, match="ville"):
        value_of(path, {"nom": "Salon"}, "ville", str)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'Hérault", "l’Hérault"),
        ("126 348 heures", "126\u202f348 heures"),
        ("le 1 octobre 2021", "le 1 octobre 2021"),
        ("jusqu'à 80 % ; puis", "jusqu’à 80\u00a0%\u00a0; puis"),
        ("« Parc »", "«\u00a0Parc\u00a0»"),
        ("40 M€ et 190 m²", "40\u00a0M€ et 190\u00a0m²"),
        ("à 9 h 30", "à 9\u00a0h\u00a030"),
        ("à 9 h", "à 9\u00a0h"),
        ("  deux   espaces ", "deux espaces"),
    ],
)
def test_french_typography_is_added(typed: str, printed: str) -> None:
    assert typeset(typed) == printed
