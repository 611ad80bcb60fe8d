"""Text in boxes: what has no room is cut with a sign, what has no glyph is visibly replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.platform.documents.pdf.text import LEADING, REPLACEMENT, fit, flow, printable, width_of


@given(
    st.text(min_size=1, max_size=300),
    st.floats(20, 400),
    st.floats(12, 200),
    st.floats(6, 60),
    st.booleans(),
)
def test_a_block_stays_in_its_box(
    text: str, width: float, height: float, largest: float, bold: bool
) -> None:
    for block in (
        fit(text, width, height, largest, 4, bold),
        flow(text, width, height, largest, 4, bold),
    ):
        assert block.width <= width * 1.000001
        assert block.height <= max(height, 4 * LEADING) * 1.000001
        whole = printable(text, bold=bold)[0]
        shown = "".join(block.lines).replace(" ", "")
        assert shown == whole.replace(" ", "") or shown.endswith("…")


def test_an_unbreakable_space_is_never_a_line_end() -> None:
    block = flow("Présentez ce badge\u00a0: il est lu", 60, 200, 12, 12)
    assert len(block.lines) > 1
    assert not any(line.startswith(":") for line in block.lines)


@pytest.mark.parametrize(
    ("text", "shown", "font"),
    [
        ("Cœur", "Cœur", "Atkinson-Regular"),
        ("9\u202fh\u202f30", "9\u00a0h\u00a030", "Atkinson-Regular"),
        ("e\u0301", "é", "Atkinson-Regular"),
        ("Иван", "Иван", "DejaVuSans"),
        ("Nguyễn 阮", f"Nguyễn {REPLACEMENT}", "DejaVuSans"),
        ("a\x00b\u202ec", f"a{REPLACEMENT}b{REPLACEMENT}c", "DejaVuSans"),
        ("a\nb\tc", "a b c", "Atkinson-Regular"),
        ("\ud800", REPLACEMENT, "DejaVuSans"),
    ],
)
def test_a_character_is_printed_or_visibly_replaced(text: str, shown: str, font: str) -> None:
    assert printable(text) == (shown, font)


def test_a_word_wider_than_its_line_is_broken_not_lost() -> None:
    block = flow("x" * 50, 30, 500, 10, 10)
    assert "".join(block.lines) == "x" * 50
    assert all(width_of(line, block.font, block.size) <= 30 for line in block.lines)
