"""Names are cleaned in one way, by whatever door they enter."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField
from wtforms.fields import Field

from salon.badges.forms import RosterLineForm
from salon.exhibitors.imports.former_exhibitors import read_row
from salon.platform.pages.forms import NameField, SalonForm
from salon.platform.words.texts import clean_name, holds_link, person_name
from tests.badges.people import make_person
from tests.tables import each

INVISIBLES = st.sampled_from("\u200b\u200d\u202e\u2066\ufeff\u00ad\x00\x07\n\t \u00a0\u202f\u3000")
TEXTS = st.text() | st.text(st.characters() | INVISIBLES)
LETTERS = st.characters(categories=("Lu", "Ll"), max_codepoint=0x17F)
WORDS = st.lists(st.text(LETTERS, min_size=1), min_size=1).flatmap(
    lambda words: st.sampled_from([" ", "-", "’", "'"]).map(lambda sign: sign.join(words))
)


@given(TEXTS)
def test_a_clean_name_hides_nothing(text: str) -> None:
    name = clean_name(text)
    assert name == unicodedata.normalize("NFC", name)
    assert "Cf" not in {unicodedata.category(character) for character in name}
    assert name == name.strip(" ")
    assert "  " not in name
    assert "\u00a0" not in name
    assert clean_name(name) == name


@given(TEXTS)
def test_a_control_character_is_no_blank(text: str) -> None:
    """It stays, and the form says that it does not print."""
    controls = [
        character
        for character in text
        if unicodedata.category(character) == "Cc" and character != "\t"
    ]
    assert [
        character for character in clean_name(text) if unicodedata.category(character) == "Cc"
    ] == controls


@given(WORDS)
def test_a_name_changes_by_its_case_only_and_once(text: str) -> None:
    name = person_name(text)
    assert name.casefold() == clean_name(text).casefold()
    assert person_name(name) == name
    if clean_name(text) not in (clean_name(text).upper(), clean_name(text).lower()):
        assert name == clean_name(text)


@each(
    ("typed", "expected"),
    [
        ("DUPONT", "Dupont"),
        ("marie-hélène", "Marie-Hélène"),
        ("DE LA TOUR D'AUVERGNE", "de La Tour d'Auvergne"),
        ("d’ormesson", "d’Ormesson"),
        ("DU PONT", "du Pont"),
        ("L’HÉRITIER", "L’Héritier"),
        ("O'NEILL", "O'Neill"),
        ("MCDONALD", "McDonald"),
        ("mcdonald", "McDonald"),
        ("MACRON", "Macron"),
        ("LE GOFF", "Le Goff"),
        ("de", "De"),
        ("JP", "JP"),
        ("van den Berg", "van den Berg"),
        ("McGregor", "McGregor"),
        ("  Ana \t María ", "Ana María"),
        ("Béne\u0301zech", "Bénézech"),
        ("Vi\u200bdal\u202e", "Vidal"),
        ("\u200b\u200d\ufeff", ""),
    ],
)
def test_a_name_is_kept_as_it_is_written(typed: str, expected: str) -> None:
    assert person_name(typed) == expected


@pytest.mark.parametrize("text", ["http://evil.tld/x", "HTTPS://evil.tld", "Www.evil.tld"])
def test_a_link_is_seen(text: str) -> None:
    assert holds_link(text)
    assert not holds_link("Salon & Fils, S.A.R.L.")


def every_form(kind: type[Form]) -> Iterator[type[Form]]:
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


def name_fields() -> dict[str, type[Field]]:
    """Return each field of the product whose name or label says that it is a name, by form."""
    fields = {}
    for form in {*every_form(Form), *every_form(SalonForm)}:
        if not form.__module__.startswith("salon."):
            continue
        for name in dir(form):
            unbound = getattr(form, name, None)
            kind = getattr(unbound, "field_class", None)
            if kind is None or not issubclass(kind, StringField):
                continue
            label = str(unbound.args[0]) if unbound.args else str(unbound.kwargs.get("label", ""))
            says = re.fullmatch(r"(\w+_)?names?|organisation|signed_by", name)
            if says or re.match(r"(Nom|Prénom|Raison sociale)\b", label):
                fields[f"{form.__module__}.{form.__name__}.{name}"] = kind
    return fields


SEARCHES = re.compile(r"\.(q|text|search)$")
"""A name that is looked for is no name that enters."""
NO_NAMES = {
    # The name of a need, as a mayor says it.
    f"salon.appointments.forms.settings.{form}.name"
    for form in ("TopicFields", "AddTopicForm", "ChangeTopicForm")
} | {
    # The title of a theme, and the words under which a document is downloaded.
    "salon.fair.forms.village._Theme.name",
    "salon.fair.forms.village.AddThemeForm.name",
    "salon.fair.forms.village.ChangeThemeForm.name",
    "salon.fair.forms.village.FileForm.label",
    # The name of a category of visitors.
    "salon.badges.forms.registration_settings.CategoryFields.label",
}


def test_every_field_of_a_name_is_cleaned(app: Flask) -> None:
    fields = name_fields()
    assert len(fields) > 30
    others = {
        name
        for name, kind in fields.items()
        if not issubclass(kind, NameField) and not SEARCHES.search(name)
    }
    assert others == NO_NAMES


def test_a_form_refuses_a_name_that_shows_nothing_and_a_link(app: Flask) -> None:
    with app.test_request_context():
        for typed, message in (
            ("\u200b\u202e", "Indiquez le nom."),
            ("http://evil.tld/x", "Un nom ne contient pas d’adresse de site"),
            ("www.evil.tld", "Un nom ne contient pas d’adresse de site"),
        ):
            values = {"first_name": "ANA", "last_name": typed, "function": "mayor"}
            form = RosterLineForm(formdata=MultiDict(values))
            assert not form.validate()
            assert message in str(form.last_name.errors)
            assert form.first_name.data == "Ana"


def test_a_list_of_former_exhibitors_is_cleaned() -> None:
    cells: dict[str, Any] = {
        "name": "EDF\u200b  Hérault",
        "last_name": "DE LA TOUR",
        "first_name": "ana",
        "email": "ana@edf.example",
    }
    row = read_row(2, cells)
    assert row.values["name"] == "EDF Hérault"
    assert (row.values["first_name"], row.values["last_name"]) == ("Ana", "de La Tour")
    assert any("adresse de site" in item for item in read_row(3, {"name": "www.x.tld"}).wrong)


def test_two_writings_of_a_name_are_one_person() -> None:
    typed, written = make_person(last_name="VIDAL"), make_person(last_name=person_name("VIDAL"))
    assert typed.name_key == written.name_key
