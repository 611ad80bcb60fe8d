"""Wrong lines of a list are corrected on its preview."""

from dataclasses import replace

from salon.platform.documents.spreadsheets.preview import (
    MOST_FIELDS,
    PreviewLine,
    fields_of,
    review,
)
from salon.platform.documents.spreadsheets.reader import Heading, ReadList, read_list

HEADINGS = (
    Heading("name", "Nom", is_required=True),
    Heading("email", "Courriel"),
    Heading("note", "Note"),
)
TEXT = 'Nom;Note\nA;x\nB;"x\ny"\n'


def read(text: str) -> ReadList:
    return read_list(text, HEADINGS, 9_999)


def wrong(file: ReadList) -> list[PreviewLine]:
    return [PreviewLine(line.number, "", "", ("danger", ""), faults=["x"]) for line in file.lines]


def test_a_wrong_line_has_a_field_for_each_cell_of_one_line() -> None:
    file = read(TEXT)
    first, second = wrong(file)
    fields = fields_of(file, [first, replace(second, faults=())])
    assert [(cell.name, cell.value) for cell in fields.pop(2)] == [
        ("cell-2-name", "A"),
        ("cell-2-note", "x"),
    ]
    assert fields == {}
    labels = [cell.label for cell in fields_of(file, [second], every_column=True)[3]]
    assert labels == ["Nom", "Courriel"]


def test_a_page_has_no_more_fields_than_a_form_can_send() -> None:
    file = read("Nom;Note\n" + "A;x\n" * 5_000)
    assert sum(map(len, fields_of(file, wrong(file)).values())) == MOST_FIELDS


def test_what_is_typed_replaces_the_cell_and_the_rest_is_ignored() -> None:
    typed = {"cell-2-name": " C  D ", "cell-9-name": "x", "cell-2-other": "x", "name": "x"}
    file, is_corrected = review(TEXT, read, typed)
    assert is_corrected
    assert [line.cells["name"] for line in file.lines] == ["C D", "B"]
    assert file.lines[1].cells["note"] == "x\ny"


def test_fields_sent_as_they_were_correct_nothing() -> None:
    file = read(TEXT)
    fields = fields_of(file, wrong(file))
    form_fields = {cell.name: cell.value for cells in fields.values() for cell in cells}
    assert review(TEXT, read, form_fields) == (file, False)
