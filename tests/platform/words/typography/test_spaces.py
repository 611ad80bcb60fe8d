from decimal import Decimal
from pathlib import Path

import pytest

from salon.platform.settings.installation import ROOT
from salon.platform.words.formats import euros, number, percent
from salon.platform.words.typography import unbreakable, unbreakable_page
from tests.platform.words.typography.javascript import texts_of
from tests.platform.words.typography.spelling import BREAKING
from tests.tables import each


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Quand : demain ; où ? Ici !", "Quand\u00a0: demain\u00a0; où\u00a0? Ici\u00a0!"),
        ("« Oui »", "«\u00a0Oui\u00a0»"),
        ("«\u00a0Oui\u00a0», dit-il", "«\u00a0Oui\u00a0», dit-il"),
        ("Quand\n  : demain", "Quand\u00a0: demain"),
        ("https://salon.fr/a?b:c", "https://salon.fr/a?b:c"),
        ("50 000 visiteurs, 1 200 exposants", "50\u00a0000 visiteurs, 1\u00a0200 exposants"),
        ("le 04 00 00 01 01, en 2021 : 34500", "le 04 00 00 01 01, en 2021\u00a0: 34500"),
    ],
)
def test_double_punctuation_stays_on_the_line_of_its_word(typed: str, printed: str) -> None:
    assert unbreakable(typed) == printed


@pytest.mark.parametrize(
    "page",
    [
        '<input value="a : b" pattern="a ?">',
        "<script>a ? b : c</script>",
        "<style>a : b</style>",
        "<textarea>« lui » : elle</textarea>",
        "<pre>a : b</pre>",
    ],
)
def test_code_and_typed_text_are_left_as_they_are(page: str) -> None:
    assert unbreakable_page(page) == page


def test_a_page_is_treated_in_its_text() -> None:
    page = '<p title="a : b">« <b>Nom</b> » : Agnès</p><textarea>a : b</textarea> : <i>c ?</i>'
    assert unbreakable_page(page) == (
        '<p title="a : b">«\u00a0<b>Nom</b>\u00a0»\u00a0: Agnès</p>'
        "<textarea>a : b</textarea>\u00a0: <i>c\u00a0?</i>"
    )


def test_texts_are_found_in_javascript() -> None:
    source = 'say(`a ${b ? "c" : `d ${e} f`} g`); /* "h" */ i = /"/; // "j"\nk = \'l\';'
    assert [text for _, text in texts_of(source)] == ["a ", "c", "d ", " f", " g", "l"]


@each("script", sorted((ROOT / "static" / "js").rglob("*.js")), ids=lambda path: path.name)
def test_no_text_of_a_script_breaks_before_double_punctuation(script: Path) -> None:
    texts = [text for _, text in texts_of(script.read_text())]
    assert not [text for text in texts if BREAKING.search(text)]


def test_what_is_below_zero_has_a_minus_and_zero_no_sign() -> None:
    assert (number(-1234), number(-1.5)) == ("\u22121\u202f234", "\u22121,5")
    assert euros(Decimal("-1234.5")) == "\u22121\u202f234,50\u00a0€"
    assert euros(Decimal("-0.001")) == "0,00\u00a0€"
    assert percent(Decimal("-5.50")) == "\u22125,5\u00a0%"
