"""Badges on paper, seen as a reader and an eye see them: rasterised, decoded, measured."""

import io
import os
import socket
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from salon.badges.documents.badge_sheet import write_badges
from salon.badges.models.badge_layouts import BadgeCategoryFace, BadgeFace, FairFace, Layout
from salon.platform.documents.pdf.tags import MOST_PAGES
from salon.platform.settings.installation import ROOT
from tests.badges.test_qr import PREFIX, random_codes
from tests.platform.documents.structure import structure_of

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
MODULES = 29
QUIET_MODULES = 3
"""How far from a code the nearest letter must be; four are left, readers want two."""

WORST_NAMES = [
    "W" * 60,
    "W" * 150,
    "Marie-Antoinette-Élisabeth de Castelnau-d’Aubijoux et Vissec",
    "Saint-Martin-de-l'Arçon",
    "Wilhelmine Œuvrard-Ÿvonnet",
    "É" * 60,
    "i" * 200,
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "Ştefănescu-Đặng",
    "x",
]
HOSTILE_NAMES = [
    "<b>Dupont",
    '<img src="http://127.0.0.1:{port}/x"/>',
    "SARL A & B <Conseil",
    '<font color="[].__class__">',
    "(Tj) ET Q \\",
    "{{ config }}",
]
FAIR = FairFace(
    name="Salon des maires, des élus locaux et des décideurs publics de l’Hérault",
    day="vendredi 1er octobre 2021",
    hours="9 h – 17 h 30",
    place="Parc des Expositions de Béziers",
    address="34500 Béziers",
    programme=[("9 h 30", "Ouverture du salon", "Salle de conférence")],
    halls=[("1A", 46, 25, 0, 0), ("3", 80, 40, 25, 44)],
    stands=[("66", "3", 33, 16.5, 14, 7, "Département"), ("12", "1A", 3, 3, 3, 3, "")],
    practical=["700 places de stationnement sur le site."],
    organiser="AMF34",
)


def make_face(code: str = "A" * 26, **overrides: Any) -> BadgeFace:
    face = BadgeFace(
        first_name="Marie-Christine",
        last_name="Fabre",
        function="Maire",
        organisation="Saint-Martin-de-l'Arçon",
        category=BadgeCategoryFace("Élue", "#2440A8"),
        payload=PREFIX + code,
        short_code=f"{code[:4]} {code[4:8]}",
    )
    return replace(face, **overrides)


def made(faces: list[BadgeFace], layout: Layout, fair: FairFace = FAIR) -> bytes:
    stream = io.BytesIO()
    assert write_badges(stream, faces, fair, layout) == len(faces)
    return stream.getvalue()


def pages_of(content: bytes) -> list[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(content)
    return [document[index] for index in range(len(document))]


def codes_on(
    page: pypdfium2.PdfPage, dots_per_point: float
) -> list[tuple[str, float, float, float]]:
    """(what is read, x, y of its middle, half its side) in points from the lower left corner."""
    image = page.render(scale=dots_per_point, grayscale=True).to_pil()
    results = []
    for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode):
        first, last = code.position.top_left, code.position.bottom_right
        x, y = (first.x + last.x) / 2 / dots_per_point, (first.y + last.y) / 2 / dots_per_point
        half = (last.x - first.x) / 2 / dots_per_point
        results.append((str(code.text), x, page.get_height() - y, half))
    return results


def text_in(page: pypdfium2.PdfPage, left: float, bottom: float, right: float, top: float) -> str:
    text = page.get_textpage().get_text_bounded(left, bottom, right, top)
    return " ".join(str(text).split())


def cell_around(x: float, y: float) -> tuple[float, float, float, float]:
    """Return the badge of a sheet of ten in which a point lies: left, bottom, right, top."""
    width, height = 90 * MM, 55 * MM
    left, bottom = (A4[0] - 2 * width) / 2, (A4[1] - 5 * height) / 2
    cell_x = left + (x - left) // width * width
    cell_y = bottom + (y - bottom) // height * height
    return cell_x, cell_y, cell_x + width, cell_y + height


def test_a_hundred_codes_on_ten_sheets_stand_beside_their_holders() -> None:
    codes = random_codes(100)
    faces = [make_face(code, last_name=f"Nom{place}") for place, code in enumerate(codes)]
    holder_of = {face.payload: face.last_name for face in faces}
    seen = {}
    sheets = 0
    for page in pages_of(made(faces, Layout.A4)):
        sheets += 1
        rows = sorted(codes_on(page, 2), key=lambda code: (-cell_around(*code[1:3])[1], code[1]))
        for payload, x, y, _ in rows:
            seen[payload] = text_in(page, *cell_around(x, y)).split()
    assert sheets == 10
    assert list(seen) == list(holder_of), "from left to right, from top to bottom"
    assert all(holder_of[payload] in words for payload, words in seen.items())


@pytest.mark.parametrize("layout", list(Layout))
def test_each_layout_carries_the_code_the_holder_and_the_category(layout: Layout) -> None:
    face = make_face(random_codes(1)[0])
    (page,) = pages_of(made([face], layout))
    ((payload, _, _, _),) = codes_on(page, 3)
    assert payload == face.payload
    text = text_in(page, 0, 0, *page.get_size())
    for part in (face.first_name, face.last_name, "Maire", "l'Arçon", "Élue", face.short_code):
        assert part in text


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("name", WORST_NAMES)
def test_no_letter_leaves_its_badge_or_touches_the_code(name: str, layout: Layout) -> None:
    face = make_face(first_name=name, last_name=name, function=name, organisation=name)
    (page,) = pages_of(made([face], layout))
    ((_, x, y, half),) = codes_on(page, 3)
    width, height = page.get_size()
    frame = {
        Layout.A4: cell_around(x, y),
        Layout.A6: (width / 2, 0, width, height / 2),
    }.get(layout, (-width, -height, 2 * width, 2 * height))
    edges = frame if layout in (Layout.A4, Layout.A6) else (0, 0, width, height)
    reach = half * (1 + 2 * QUIET_MODULES / MODULES)
    text = page.get_textpage()
    letters = 0
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        inside = (
            frame[0] < (left + right) / 2 < frame[2] and frame[1] < (bottom + top) / 2 < frame[3]
        )
        if right <= left or not inside:
            continue
        letters += 1
        assert edges[0] + MM <= left
        assert edges[1] + MM <= bottom
        assert right <= edges[2] - MM
        assert top <= edges[3] - MM
        assert right < x - reach or left > x + reach or top < y - reach or bottom > y + reach
    assert letters > len(name)


@pytest.mark.parametrize("name", ["W" * 150, "É" * 150, "i" * 400, "mot " * 90])
def test_a_name_that_is_cut_shows_it(name: str) -> None:
    (page,) = pages_of(made([make_face(last_name=name)], Layout.LABEL_62))
    text = text_in(page, 0, 0, *page.get_size())
    assert name.replace(" ", "") not in text.replace(" ", "")
    assert "…" in text


@pytest.mark.parametrize(
    "name",
    ["Saint-Martin-de-l'Arçon", "Delahaye-Castelbon de Montpeyroux et de Vissec-Saint-Guiraud"],
)
@pytest.mark.parametrize("layout", list(Layout))
def test_a_real_name_of_sixty_letters_is_whole(name: str, layout: Layout) -> None:
    (page,) = pages_of(made([make_face(last_name=name)], layout))
    assert name.replace(" ", "") in text_in(page, 0, 0, *page.get_size()).replace(" ", "")


@pytest.mark.parametrize("layout", list(Layout))
def test_hostile_names_are_printed_as_they_are_and_fetch_nothing(layout: Layout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        port = trap.getsockname()[1]
        names = [name.format(port=port) if "{port}" in name else name for name in HOSTILE_NAMES]
        faces = [make_face(last_name=name, organisation=name) for name in names]
        content = made(faces, layout)
        trap.setblocking(False)
        with pytest.raises(BlockingIOError):
            trap.accept()
    text = "".join(text_in(page, 0, 0, *page.get_size()) for page in pages_of(content))
    for name in names:
        assert text.replace(" ", "").count(name.replace(" ", "")) >= 2
    for action in (b"/URI", b"/JavaScript", b"/Launch", b"/Annots"):
        assert action not in content


def test_one_hostile_name_does_not_stop_a_batch() -> None:
    faces = [make_face() for _ in range(499)]
    faces.insert(250, make_face(first_name="\x00\ud800\u202e<b>", last_name="\uffff" * 5000))
    assert len(pages_of(made(faces, Layout.A4))) == 50


def test_the_folded_sheet_has_each_panel_in_its_quarter_the_right_way_up() -> None:
    (page,) = pages_of(made([make_face()], Layout.A6))
    width, height = page.get_size()
    assert (round(width), round(height)) == (595, 842)
    middle_x, middle_y = width / 2, height / 2
    assert "Fabre" in text_in(page, middle_x, 0, width, middle_y)
    assert "Programme" in text_in(page, 0, 0, middle_x, middle_y)
    assert "Infos pratiques" in text_in(page, 0, middle_y, middle_x, height)
    plan = text_in(page, middle_x, middle_y, width, height)
    assert "Plan" in plan
    assert "Département" in plan
    assert reading_direction(page, "Fabre") == reading_direction(page, "Programme") == 1
    assert reading_direction(page, "Plan") == reading_direction(page, "Infos") == -1


def reading_direction(page: pypdfium2.PdfPage, word: str) -> int:
    """1 where the word is read from left to right, -1 where it is upside down."""
    text = page.get_textpage()
    result = text.search(word, match_case=True).get_next()
    assert result is not None
    first, second = (text.get_charbox(result[0] + step)[0] for step in (0, 1))
    return 1 if second > first else -1


@pytest.mark.parametrize(
    ("layout", "size"), [(Layout.LABEL_62, (62, 100)), (Layout.LABEL_102, (102, 152))]
)
def test_a_label_has_its_size_and_is_black_and_white(layout: Layout, size: tuple[int, int]) -> None:
    (page,) = pages_of(made([make_face()], layout))
    width, height = page.get_size()
    assert (round(width / MM), round(height / MM)) == size
    image = page.render(scale=2).to_pil().convert("RGB")
    colours = image.getcolors(image.width * image.height)
    assert colours is not None
    assert all(red == green == blue for _, (red, green, blue) in colours)


def test_a_full_programme_and_a_full_plan_say_what_has_no_room() -> None:
    fair = replace(
        FAIR,
        programme=[
            ("9 h 30", f"Un atelier au titre assez long, numéro {n}", "Hall 3") for n in range(60)
        ],
        stands=[(f"{n}", "3", n % 20 * 4, n // 20 * 4, 3, 3, f"Exposant {n}") for n in range(200)],
        practical=["Une phrase pratique qui tient sur une ligne ou deux."] * 40,
    )
    (page,) = pages_of(made([make_face()], Layout.A6, fair))
    width, height = page.get_size()
    text = text_in(page, 0, 0, width, height)
    assert "autres temps forts" in text
    assert "autres stands" in text
    boxes = page.get_textpage()
    for index in range(boxes.count_chars()):
        left, bottom, right, top = boxes.get_charbox(index)
        assert left >= 0
        assert bottom >= 0
        assert right <= width
        assert top <= height


def test_a_fair_without_programme_plan_or_advice_still_prints() -> None:
    fair = replace(FAIR, programme=(), halls=(), stands=(), practical=())
    (page,) = pages_of(made([make_face()], Layout.A6, fair))
    assert text_in(page, 0, 0, *page.get_size()).count("À venir") == 2


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from tests.badges.test_sheet import *;"
        "sys.stdout.buffer.write(made([make_face()] * 3, Layout.A4))"
    )
    other_environment = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
    )
    assert made([make_face()] * 3, Layout.A4) == other_environment.stdout


def test_the_file_names_itself_its_author_and_its_language() -> None:
    content = made([make_face()], Layout.A4)
    with pypdfium2.PdfDocument(content) as document:
        about = document.get_metadata_dict()
    assert about["Title"] == f"Badges – {FAIR.name}"
    assert about["Author"] == "AMF34"
    assert b"/Lang (fr-FR)" in content


def test_a_badge_is_read_in_its_order_and_a_run_of_thousands_is_not_tagged() -> None:
    lines = structure_of(made([make_face()], Layout.LABEL_62))
    holder = [words for _, kind, words in lines if kind == "P" and words]
    face = make_face()
    assert holder[:4] == [face.first_name, face.last_name, face.function, face.organisation]
    assert (1, "Figure", "Code QR") in lines
    run = made([make_face()] * (MOST_PAGES + 1), Layout.LABEL_62)
    assert b"StructTreeRoot" not in run


@pytest.mark.parametrize("layout", list(Layout))
def test_no_holder_gives_a_page_that_says_so(layout: Layout) -> None:
    (page,) = pages_of(made([], layout))
    assert "Aucun badge" in text_in(page, 0, 0, *page.get_size())


def test_progress_counts_the_badges_drawn() -> None:
    numbers: list[int] = []
    holders = (make_face() for _ in range(25))
    assert write_badges(io.BytesIO(), holders, FAIR, Layout.A4, numbers.append) == 25
    assert numbers == [10, 20, 25]
