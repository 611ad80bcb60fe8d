"""Wrong lines of a list are corrected on its preview."""

from salon.platform.spreadsheets.preview import MOST_FIELDS, apply_corrections, fields_of
from salon.platform.spreadsheets.reader import Heading, read_list

HEADINGS = (
    Heading("name", "Nom", is_required=True),
    Heading("email", "Courriel"),
    Heading("note", "Note"),
)
FILE = read_list('Nom;Note\nA;x\nB;"x\ny"\n', HEADINGS, 9)


def test_a_field_for_each_cell_of_one_line_and_for_the_columns_always_offered() -> None:
    fields = fields_of(FILE.lines, HEADINGS, ["email"])
    assert [(cell.name, cell.value) for cell in fields[2]] == [
        ("cell-2-name", "A"),
        ("cell-2-email", ""),
        ("cell-2-note", "x"),
    ]
    assert [cell.label for cell in fields[3]] == ["Nom", "Courriel"]


def test_a_page_has_no_more_fields_than_a_form_can_send() -> None:
    long = read_list("Nom;Note\n" + "A;x\n" * 5_000, HEADINGS, 9_999)
    assert sum(map(len, fields_of(long.lines, HEADINGS).values())) == MOST_FIELDS


def test_what_is_typed_replaces_the_cell_and_the_rest_is_ignored() -> None:
    typed = {"cell-2-name": " C  D ", "cell-9-name": "x", "cell-2-other": "x", "name": "x"}
    text = apply_corrections(FILE, HEADINGS, typed)
    assert text is not None
    again = read_list(text, HEADINGS, 9)
    assert [line.cells["name"] for line in again.lines] == ["C D", "B"]
    assert again.lines[1].cells["note"] == "x\ny"


def test_fields_sent_as_they_were_correct_nothing() -> None:
    fields = fields_of(FILE.lines, HEADINGS)
    sent = {cell.name: cell.value for cells in fields.values() for cell in cells}
    assert apply_corrections(FILE, HEADINGS, sent) is None
