"""Lists are read the same from CSV, XLSX and ODS, or refused in words."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.platform.documents.spreadsheets.reader import (
    Heading,
    UnreadableList,
    corrected,
    read_list,
    text_of_file,
)
from tests.platform.documents.spreadsheets.files import far_cells, ods, swelling_workbook, xlsx

HEADINGS = (
    Heading("name", "Nom", ("nom d usage",), is_required=True),
    Heading("email", "Courriel", ("e mail", "mail")),
    Heading("phone", "Téléphone", ("tel",), digits=10),
)
ROWS = [["Nom", "E-mail", "Tél."], ["Éloïse; L’Œuvre", "e@b.example", "04 67 00 00 00"]]


def lines_of(content: bytes | str) -> list[tuple[int, dict[str, str]]]:
    text = content if isinstance(content, str) else text_of_file(content)
    return [(line.number, dict(line.cells)) for line in read_list(text, HEADINGS, 100).lines]


def csv_of(separator: str, encoding: str) -> bytes:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in ROWS).encode(encoding)


FILES = [
    *(csv_of(separator, "utf-8") for separator in ";,\t"),
    *(csv_of(";", encoding) for encoding in ("utf-8-sig", "cp1252", "utf-16")),
    xlsx(ROWS),
    ods(*ROWS),
]


@pytest.mark.parametrize("content", FILES, ids=range(len(FILES)))
def test_a_list_reads_the_same_whatever_saved_it(content: bytes) -> None:
    cells = {"name": "Éloïse; L’Œuvre", "email": "e@b.example", "phone": "04 67 00 00 00"}
    assert lines_of(content) == [(2, cells)]


def test_typed_cells_are_read_as_one_writes_them() -> None:
    book = xlsx(
        [
            ["Nom", "Courriel", "Téléphone"],
            ["x", date(2021, 10, 1), 467000000],
            ["x", datetime.combine(date(2021, 10, 1), time(9, 30)), 44306184100047],
            ["x", time(9, 30), 12.5],
            ["x", timedelta(hours=30), True],
            ["x", False, 12],
        ]
    )
    assert [(cells["email"], cells["phone"]) for _, cells in lines_of(book)] == [
        ("01/10/2021", "0467000000"),
        ("01/10/2021 09:30", "44306184100047"),
        ("09:30", "12,5"),
        ("30:00", "oui"),
        ("non", "12"),
    ]


def test_the_first_sheet_that_is_not_empty_is_read_under_its_title() -> None:
    rows = [["Liste des élus"], [], ["Courriel", "Nom"], [], ["a@b.example", "A"]]
    assert lines_of(xlsx([], rows)) == [(5, {"name": "A", "email": "a@b.example"})]


@pytest.mark.parametrize("separator", ";,\t")
def test_a_title_that_holds_separators_hides_no_heading(separator: str) -> None:
    title = "Liste, provisoire, du 12 mai ; à relire ; par tous"
    text = f"{title}\n\nNom{separator}Courriel\nA{separator}a@b.example\n"
    assert lines_of(text) == [(4, {"name": "A", "email": "a@b.example"})]
    file = read_list(text, HEADINGS, 9)
    again = corrected(file, {(4, "name"): "B, C ; D"})
    assert lines_of(again) == [(4, {"name": "B, C ; D", "email": "a@b.example"})]


def test_a_workbook_is_read_under_a_title_that_holds_commas() -> None:
    rows = [["Liste, provisoire, du 12 mai, à relire"], ["Nom", "Courriel"], ["A", "a@b.example"]]
    assert lines_of(xlsx(rows)) == [(3, {"name": "A", "email": "a@b.example"})]


@pytest.mark.parametrize("merged", ["H1:I3", "A9:B12"])
def test_cells_merged_beside_a_list_or_under_it_are_left_out(merged: str) -> None:
    rows = [["Nom", "Courriel"], ["A", "a@b.example"], ["B", "c@d.example"]]
    assert [cells["name"] for _, cells in lines_of(xlsx(rows, merged=merged))] == ["A", "B"]


def test_merged_cells_give_their_value_to_each_row() -> None:
    book = xlsx(
        [["Nom", "Courriel"], ["Mairie", "a@b.example"], [None, "c@d.example"]], merged="A2:A3"
    )
    assert [cells["name"] for _, cells in lines_of(book)] == ["Mairie", "Mairie"]


def test_a_line_break_in_a_cell_leaves_the_numbers_of_lines() -> None:
    book = xlsx([["Nom", "Courriel"], ["A\nB", "a@b.example"], ["C", "c@d.example"]])
    assert [(number, cells["name"].split()) for number, cells in lines_of(book)] == [
        (2, ["A", "B"]),
        (3, ["C"]),
    ]


def test_a_formula_is_read_by_its_last_value_and_never_computed() -> None:
    """openpyxl computes nothing: the formula has no value yet."""
    assert lines_of(xlsx([["Nom", "Courriel"], ["A", "=1+1"]])) == [(2, {"name": "A", "email": ""})]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (far_cells(), "trop de calcul"),
        (xlsx([["Nom"], *[["x" * 1_000]] * 2_000]), "trop grand"),
        (xlsx([["Nom"] * 300]), "trop grand"),
        (b"PK\x03\x04\x00", "Nous n’arrivons pas à ouvrir"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "Nous n’arrivons pas à ouvrir"),
        (b"\x81\x8d\x8f\x90\x9d", "pas un texte"),
        (b"\x00\x01", "pas un texte"),
        (xlsx([]), "La liste est vide"),
        (ods(["Courriel"], ["a@b.example"]), "Il manque\u00a0: Nom"),
        (xlsx([["Nom"], *[["x"]] * 101]), "101 lignes"),
        (b'Nom\n"' + b"x" * 200_000, "La ligne 2 ne se lit pas"),
    ],
)
def test_a_bad_file_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableList, match=words) as refusal:
        lines_of(content)
    assert refusal.value.status == 400


def test_a_small_file_that_unpacks_to_much_is_refused_in_words() -> None:
    with pytest.raises(UnreadableList, match="trop grand") as refusal:
        lines_of(swelling_workbook())
    assert refusal.value.status == 400


def test_unknown_headings_are_said_and_a_known_one_twice_is_read_once() -> None:
    file = read_list("Taille;Nom d’usage;Nom\n1;B;A\n", HEADINGS, 9)
    assert file.ignored == ["Taille", "Nom d’usage"]
    assert file.lines[0].cells == {"name": "A"}


def test_a_correction_changes_its_cell_and_no_number_of_line() -> None:
    text = 'Nom;Note\n\nA;"x\ny"\nB\n'
    file = read_list(text, HEADINGS, 9)
    corrected_file = corrected(file, {(5, "name"): "C;D", (5, "email"): "c@d.example"})
    assert lines_of(corrected_file) == [
        (3, {"name": "A", "email": ""}),
        (5, {"name": "C;D", "email": "c@d.example"}),
    ]
    reread = read_list(corrected_file, HEADINGS, 9)
    assert corrected(reread, {(99, "name"): "x", (5, "other"): "x"}) == corrected_file


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        read = read_list(text, HEADINGS, 100)
    except UnreadableList:
        return
    changes = {(line.number, "name"): "x" for line in read.lines}
    reread_list = read_list(corrected(read, changes), HEADINGS, 100)
    assert [line.number for line in reread_list.lines] == [line.number for line in read.lines]
    assert {line.cells["name"] for line in reread_list.lines} <= {"x"}
