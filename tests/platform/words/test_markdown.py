"""Texts that organisers write: what is kept of Markdown, and what no text can do to a page."""

import pytest
from flask import Flask

from salon.platform.words.markdown import markdown, plain_text


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Bonjour **vous**", "<p>Bonjour <strong>vous</strong></p>"),
        ("Ligne 16\nligne 17", "<p>Ligne 16<br>\nligne 17</p>"),
        ("- car\n- train", "<ul>\n<li>car</li>\n<li>train</li>\n</ul>"),
        ("# Venir", "<h3>Venir</h3>"),
        ("###### Venir", "<h5>Venir</h5>"),
        (
            "[Gare](https://gare.fr)",
            '<p><a href="https://gare.fr" rel="noopener noreferrer">Gare</a></p>',
        ),
    ],
)
def test_a_text_becomes_html(text: str, page: str) -> None:
    assert markdown(text).strip() == page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](https://ailleurs.fr/pixel.png)",
        "<a href='javascript:alert(1)'>x</a>",
        '<p style="color:red" onclick="x()">x</p>',
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_no_text_runs_a_script_or_calls_another_host(text: str) -> None:
    page = str(markdown(text))
    for forbidden in ("<script", "<img", 'href="javascript', 'href="data', "<p style", "<a href='"):
        assert forbidden not in page


def test_an_empty_text_is_nothing() -> None:
    assert markdown("") == markdown(None) == ""


def test_titles_stay_below_those_of_the_page() -> None:
    assert "<h4>Bus</h4>" in markdown("# Bus", 4)


def test_plain_text_keeps_the_words_and_the_lines() -> None:
    assert plain_text("# En bus\n\nLigne **16** & 17 <b>\n- un") == "En bus\nLigne 16 & 17 <b>\nun"


def test_french_spacing_still_applies(app: Flask) -> None:
    with app.test_request_context():
        from salon.platform.words.typography import unbreakable_page

        assert "Bus\u00a0:" in unbreakable_page(str(markdown("Bus : **ligne 16**")))
