import re
from pathlib import Path

import pytest
from markupsafe import Markup, escape

from salon.platform.settings.installation import ROOT
from salon.platform.words.typography import of, of_place
from tests.tables import each


@each(
    ("name", "words"),
    [
        ("Agnès Roqueblave", "d’Agnès Roqueblave"),
        ("Éclairage du Biterrois", "d’Éclairage du Biterrois"),
        ("Œuvre", "d’Œuvre"),
        ("IGN", "d’IGN"),
        ("Hélène", "d’Hélène"),
        ("Hervé", "d’Hervé"),
        ("Hérépian", "d’Hérépian"),
        ("Hérault Ingénierie", "d’Hérault Ingénierie"),
        ("Habitat 34", "d’Habitat 34"),
        ("Yves", "d’Yves"),
        ("Yann", "de Yann"),
        ("Hassan", "de Hassan"),
        ("Haute-Garonne", "de Haute-Garonne"),
        ("Hongrie", "de Hongrie"),
        ("Paul", "de Paul"),
        ("Onze", "de Onze"),
        ("A", "de A"),
        ("34", "de 34"),
        ("", "de "),
        ("Mme\u00a0Agnès", "de Mme\u00a0Agnès"),
    ],
)
def test_de_is_elided_before_a_vowel_or_a_mute_h(name: str, words: str) -> None:
    assert of(name) == words


def test_a_name_in_bold_is_elided_and_stays_markup() -> None:
    for name, words in (("<b>Agnès</b>", "d’<b>Agnès</b>"), ("<b>Paul</b>", "de <b>Paul</b>")):
        sentence = of(Markup(name))
        assert (sentence, escape(sentence)) == (words, words)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("Le Crès", "du Crès"),
        ("Les Matelles", "des Matelles"),
        ("La Grande-Motte", "de La Grande-Motte"),
        ("Agde", "d’Agde"),
        ("Lespignan", "de Lespignan"),
    ],
)
def test_de_contracts_with_the_article_of_a_place(place: str, words: str) -> None:
    assert of_place(place) == words


ELIDING = re.compile(r"\b(?:de|que|jusque|lorsque|puisque) \{\{ ([^}]+?) \}\}", re.IGNORECASE)
NEVER_ELIDED = re.compile(
    r"\| (?:hour|euros|plural\(.*\))$|\.from$|\byear$|\bgross$|_days$|\btime\(.*\)$|polite_name$"
    r"|else \"l’ouverture\"$"
)
"""Hours, figures, sums, and names that begin with « M. » or « Mme »."""


TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


@each("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_template_leaves_the_elision_of_a_name_to_the_filter(path: Path) -> None:
    values = ELIDING.findall(path.read_text())
    assert [value for value in values if not NEVER_ELIDED.search(value)] == []
