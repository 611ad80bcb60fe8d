"""The code of a badge: what it holds, how it is drawn, how it is read back."""

import base64
import random
import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from salon.badges.engine.qr import LONGEST_PREFIX, code_in, qr_payload
from salon.platform.documents.qr import QUIET_ZONE, dark_runs, qr_matrix, qr_rows, qr_svg
from tests.tables import each

PREFIX = "HTTPS://SALON34.FR/B/"
CODE = "ABCDEFGHIJKLMNOPQRSTUVWX27"
SIDE_OF_VERSION_3 = 29


def random_codes(count: int) -> list[str]:
    chance = random.Random(34)
    return [base64.b32encode(chance.randbytes(16)).decode().rstrip("=") for _ in range(count)]


def read(rows: list[str]) -> str:
    """Return the content that an independent reader finds in these modules."""
    side = len(rows) + 2 * QUIET_ZONE
    image = Image.new("L", (side * 4, side * 4), 255)
    pen = ImageDraw.Draw(image)
    for x, y, length in dark_runs(rows):
        left, top = (x + QUIET_ZONE) * 4, (y + QUIET_ZONE) * 4
        pen.rectangle((left, top, left + length * 4 - 1, top + 3), fill=0)
    (barcode,) = zxingcpp.read_barcodes(image)
    return str(barcode.text)


def test_the_payload_is_an_upper_case_address_and_nothing_else() -> None:
    assert qr_payload("https://salon34.fr/b/", CODE.lower()) == PREFIX + CODE


def test_a_prefix_of_35_characters_stays_in_version_3_and_one_more_grows() -> None:
    longest = "HTTPS://" + "A" * (LONGEST_PREFIX - 11) + "/B/"
    assert len(longest) == LONGEST_PREFIX
    assert len(qr_matrix(longest + CODE)) == SIDE_OF_VERSION_3
    assert len(qr_matrix("A" + longest + CODE)) > SIDE_OF_VERSION_3


@pytest.mark.parametrize(
    "prefix",
    [
        PREFIX,
        "HTTPS://SALON-34.FR/B/",
        "HTTPS://127.0.0.1:8000/B/",
        "",
        "A" * 60,
        "https://é.fr/b/",
    ],
    ids=["odd", "even", "port", "none", "longer than version 3", "not alphanumeric"],
)
def test_the_quick_drawing_is_the_encoders_own(prefix: str) -> None:
    for code in random_codes(100):
        drawn = ["".join("01"[dark] for dark in row) for row in qr_matrix(prefix + code)]
        assert qr_rows(prefix + code) == drawn


def test_an_independent_reader_reads_a_thousand_codes() -> None:
    expected_values = [PREFIX + code for code in random_codes(1000)]
    assert [read(qr_rows(payload)) for payload in expected_values] == expected_values


def test_the_svg_holds_the_code_a_name_and_no_style() -> None:
    svg = ElementTree.fromstring(qr_svg(PREFIX + CODE, title='Badge de "Zoë" <b>&'))
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == 'Badge de "Zoë" <b>&'
    assert not any("style" in element.attrib for element in svg.iter())
    side = SIDE_OF_VERSION_3 + 2 * QUIET_ZONE
    assert svg.attrib["viewBox"] == f"0 0 {side} {side}"
    (path,) = svg.findall("{http://www.w3.org/2000/svg}path")
    rows = [[False] * SIDE_OF_VERSION_3 for _ in range(SIDE_OF_VERSION_3)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.attrib["d"]):
        for column in range(int(x), int(x) + int(length)):
            rows[int(y) - QUIET_ZONE][column - QUIET_ZONE] = True
    assert rows == qr_matrix(PREFIX + CODE)


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        CODE.lower(),
        f"  {CODE}\r\n",
        f"{CODE}\x00",
        PREFIX + CODE,
        (PREFIX + CODE).lower(),
        f"http://other-host.example:8080/b/{CODE}/\n",
        f"https://[::1]:5000/B/{CODE}",
    ],
)
def test_a_reading_gives_its_code(text: str) -> None:
    assert code_in(text) == CODE


@each(
    "text",
    [
        "",
        CODE[:-1],
        CODE + "A",
        CODE[:-1] + "1",
        CODE[:-1] + "ſ",
        CODE[:-1] + "\u212a",
        CODE[:13] + "\x07" + CODE[14:],
        CODE[:13] + "\n" + CODE[13:],
        f"{PREFIX}{CODE}?next=x",
        f"HTTPS://SALON34.FR/S/{CODE}",
        f"HTTPS://SALON34.FR/B/{CODE}/{CODE}",
        f"ftp://salon34.fr/b/{CODE}",
        f"https://u:p@salon34.fr/b/{CODE}",
        f"https:///b/{CODE}",
        "A" * 4096,
        " " * 4096 + CODE,
        "\x00\xff" * 2000,
        "\ud800" * 26,
    ],
)
def test_anything_else_is_no_code(text: str) -> None:
    assert code_in(text) is None


@given(st.text(max_size=500))
def test_no_text_breaks_the_reading(text: str) -> None:
    code = code_in(text)
    assert code is None or (len(code) == 26 and code in text.upper())
