"""Reports: the file says what it is, nothing is interpreted, nothing is lost between pages."""

import io
from typing import Any

import pypdf
import pypdfium2
import pytest
from reportlab.platypus import Flowable

from salon.platform.documents.pdf.report import (
    Fitted,
    Together,
    heading,
    paragraph,
    table,
    write_report,
)
from salon.platform.documents.pdf.sheet import About, Sheet
from tests.platform.documents.structure import structure_of

HOSTILE = ["<b>Dupont", "SARL A & B <Conseil", '<img src="http://127.0.0.1:1/x"/>', "(Tj) ET Q \\"]


def made(story: list[Flowable], **options: Any) -> bytes:
    about = About("Titre : essai", "AMF34", "Arrêté", ["Le salon"])
    return write_report(story, about, **options)


def texts(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_bounded().replace("\u00a0", " ") for page in document]


def test_the_file_names_itself_its_author_and_its_language_and_no_machine() -> None:
    content = made([paragraph("Un mot")])
    about = pypdf.PdfReader(io.BytesIO(content)).metadata
    assert about is not None
    assert (about.title, about.author, about.subject) == ("Titre\u00a0: essai", "AMF34", "Arrêté")
    assert "ReportLab" in (about.producer or "")
    assert b"/Lang (fr-FR)" in content


def test_the_structure_is_read_in_order_over_pages_and_without_feet() -> None:
    rows = [["Heure", "Lieu"], *([f"{number} h", "Hall 2"] for number in range(40))]
    story = [heading("Règles", 16), paragraph("Un mot"), table(rows, (90, 90), heads=1, least=30)]
    lines = structure_of(made(story))
    assert lines[:5] == [
        *((0, "Document", ""), (1, "H2", "Règles"), (1, "P", "Un mot"), (1, "Table", "")),
        (2, "TR", ""),
    ]
    assert lines[5:7] == [(3, "TH", "Heure"), (3, "TH", "Lieu")]
    hours = [words for _, kind, words in lines if kind == "TD" and words.endswith("h")]
    assert hours == [f"{number} h" for number in range(40)]
    assert [words for _, _, words in lines if "salon" in words or "page" in words] == []


def test_every_font_is_in_the_file() -> None:
    cells = [[paragraph("Иван"), Fitted("Anne", 10, bold=True)]]
    for page in pypdf.PdfReader(io.BytesIO(made([table(cells, (200, 200))]))).pages:
        fonts: Any = page["/Resources"]
        for font in fonts["/Font"].values():
            assert "/FontFile2" in font["/FontDescriptor"]


def test_each_page_has_its_number_and_the_running_head_but_the_first() -> None:
    story: list[Flowable] = [paragraph(f"Ligne {n}") for n in range(120)]
    pages = texts(made(story, running_head=paragraph("Suite du titre")))
    assert [f"page {n} sur {len(pages)}" in text for n, text in enumerate(pages, 1)] == [True] * 3
    assert ["Suite du titre" in text for text in pages] == [False, True, True]
    assert all("Le salon" in text for text in pages)
    words = " ".join(pages).split()
    assert [word for n in range(120) for word in [str(n)] if word not in words] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_printed_as_it_is(name: str) -> None:
    pages = texts(
        made([heading(name, 12), table([[Fitted(name, 9), paragraph(name)]], (200, 200))])
    )
    assert pages[0].count(name) == 3


def test_a_title_stands_with_what_it_names_even_longer_than_a_page() -> None:
    space: list[Flowable] = [paragraph("x") for _ in range(40)]
    pages = texts(made([*space, heading("Titre", 12), paragraph("mot " * 100)] * 2))
    assert all("Titre\r\nmot" in text for text in pages if "Titre" in text)
    (first, *_) = texts(made([heading("Long", 12), paragraph("mot " * 4000)]))
    assert "Long\r\nmot" in first


def test_pieces_kept_together_are_on_one_page() -> None:
    groups = [
        Together([paragraph(f"a{n}"), *[paragraph("mot")] * 5, paragraph(f"z{n}")])
        for n in range(20)
    ]
    pages = texts(made(list(groups)))
    assert len(pages) > 1
    words = [set(text.split()) for text in pages]
    for number in range(20):
        assert [f"a{number}" in page for page in words] == [f"z{number}" in page for page in words]


def test_the_head_of_a_table_is_on_each_of_its_pages() -> None:
    rows: list[list[Any]] = [[paragraph("Nom")], *([paragraph(f"Agent {n}")] for n in range(90))]
    pages = texts(made([table(rows, (300,), heads=1)]))
    assert len(pages) > 1
    assert all(text.count("Nom") == 1 for text in pages)


def test_a_text_too_long_for_its_cell_is_cut_with_a_sign() -> None:
    (page,) = texts(made([table([[Fitted("W" * 150, 10)]], (80,))]))
    assert "…" in page


def test_bookmarks_open_their_own_pages() -> None:
    sheet = Sheet(About("Plans", "AMF34", foot=["Le salon"]))
    for name in ("Hall 1", "Hall 2"):
        sheet.bookmark = name
        sheet.showPage()
    with pypdfium2.PdfDocument(sheet.finished()) as document:
        marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert marks == [("Hall 1", 0), ("Hall 2", 1)]
