"""Enumerations stored in English and read in French."""

from salon.platform.words.labels import LabelledEnum


class Colour(LabelledEnum):
    RED = "red", "Rouge"
    BLUE = "blue", "Bleu"


def test_a_member_is_its_english_value_and_carries_its_french_label() -> None:
    assert Colour("red") is Colour.RED
    assert (Colour.RED, str(Colour.BLUE), Colour.RED.value) == ("red", "blue", "red")
    assert [colour.label for colour in Colour] == ["Rouge", "Bleu"]
