"""Short codes: every misread digit and every exchange of neighbours is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.paper.engine.short_codes import LARGEST_NUMBER, codes_in, number_in, short_code

numbers = st.integers(1, LARGEST_NUMBER)


@given(numbers)
def test_a_code_is_read_back(number: int) -> None:
    code = short_code(number)
    assert number_in(code) == number
    assert number_in(code.replace(" ", "")) == number
    assert int(code.replace(" ", "")) % 97 == 1


@given(numbers)
def test_every_misread_digit_is_noticed(number: int) -> None:
    digits = short_code(number).replace(" ", "")
    for place, right in enumerate(digits):
        for wrong in "0123456789":
            if wrong != right:
                assert number_in(digits[:place] + wrong + digits[place + 1 :]) is None


@given(numbers)
def test_every_exchange_of_neighbours_is_noticed(number: int) -> None:
    digits = short_code(number).replace(" ", "")
    for place in range(len(digits) - 1):
        first, second = digits[place], digits[place + 1]
        if first != second:
            exchanged = digits[:place] + second + first + digits[place + 2 :]
            assert number_in(exchanged) is None


def test_a_known_code() -> None:
    """ISO 7064 MOD 97-10 of 794 is 44 (the example of the standard)."""
    assert short_code(794) == "794 44"


@pytest.mark.parametrize(
    "text", ["", "   ", "abc", "1042 1x", "٣٤٥ ٦٧", "9" * 40, "0794 44", "97", "1", "-794 44"]
)
def test_what_is_no_code(text: str) -> None:
    assert number_in(text) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("794 44", ["794 44"]),
        ("79444", ["79444"]),
        ("794\u00a044", ["794 44"]),
        ("794 44 795 41", ["794 44", "795 41"]),
        ("79444 79541", ["79444", "79541"]),
        ("79444\n795 41\r\n", ["79444", "795 41"]),
        ("794 44; 795 41, 79444", ["794 44", "795 41", "79444"]),
        ("79444 41", ["79444", "41"]),
        ("794 45", ["794 45"]),
        ("", []),
    ],
)
def test_codes_are_told_apart(text: str, codes: list[str]) -> None:
    assert codes_in(text) == codes


@given(st.lists(numbers, max_size=20), st.sampled_from(["; ", "\n", "\t", ", "]))
def test_codes_side_by_side_are_all_found(known_numbers: list[int], between: str) -> None:
    text = between.join(short_code(number) for number in known_numbers)
    assert [number_in(code) for code in codes_in(text)] == known_numbers
