"""The organiser's words in messages: named fields, and what they never do."""

from dataclasses import asdict
from typing import Any

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.mail.catalogue import EDITABLE, FIXED, FIXED_PARTS, LABELS
from salon.platform.mail.delivery import original_wording, sample_words, varying_parts
from salon.platform.mail.holding import HOLDING
from salon.platform.mail.samples import SAMPLE
from salon.platform.mail.wording import (
    EDITION_FIELDS,
    BraceAlone,
    MailChoices,
    UnknownField,
    Wording,
    check_wording,
    fields_of,
    filled,
)
from tests.tables import each

WORDS = ("subject", "opening", "closing")


def written(kind: str, edition: Edition, **texts: str) -> tuple[str, str]:
    return sample_words(kind, edition, MailChoices(texts={kind: texts}))


@pytest.fixture(autouse=True)
def request_context(app: Flask, edition: Edition) -> Any:
    with app.test_request_context():
        yield


def test_each_kind_of_message_may_be_changed_or_is_named_as_fixed() -> None:
    assert sum(len(kinds) for kinds in EDITABLE.values()) == len(LABELS)
    assert LABELS.keys() & FIXED == set()
    assert LABELS.keys() | FIXED == HOLDING.keys()


@each("kind", LABELS)
def test_the_original_texts_hold_fields_and_no_sample_value(kind: str, edition: Edition) -> None:
    wording = original_wording(kind, edition)
    check_wording(kind, wording)
    samples = [value for value in SAMPLE.values() if isinstance(value, str) and len(value) > 4]
    samples += ["10 h 00", "9 h 00", "9 h 40", edition.name, "Stand 4", "Stand 12"]
    for name, text in asdict(wording).items():
        if name not in FIXED_PARTS.get(kind, ()):
            assert [value for value in samples if value in text] == [], name


@each("kind", LABELS)
def test_each_part_is_replaced_or_added_and_the_facts_stay(kind: str, edition: Edition) -> None:
    subject, body = sample_words(kind, edition, MailChoices(signature="Les Amis"))
    assert subject
    assert body.endswith("\n\nLes Amis\n")
    texts = {"subject": "Objet neuf", "opening": "Début neuf.", "closing": "Fin neuve."}
    new_subject, new_body = written(kind, edition, **texts)
    assert new_subject == "Objet neuf"
    paragraphs = new_body.strip().split("\n\n")
    assert paragraphs[-2:] == ["Fin neuve.", "L’équipe du salon"]
    assert "Début neuf." in paragraphs[:2]
    links = [line for line in body.splitlines() if "http" in line]
    assert [line for line in new_body.splitlines() if "http" in line] == links


def test_fields_are_replaced_whatever_their_accents_and_capitals(edition: Edition) -> None:
    context = {"salutation": "Madame", "name": "Anne\nRoque", "token": "secret"}
    text = "{nom}, {NOM} : place {de_nom}, { Salon } ({civilite})"
    assert filled(text, "replaced", context, edition) == (
        f"Anne Roque, Anne Roque : place d’Anne Roque, {edition.name} (Madame)"
    )


def test_a_value_is_never_read_as_a_field_or_as_a_template(edition: Edition) -> None:
    context = {"salutation": "{salon}", "name": "{{ settings }}{% if %}", "token": "secret"}
    text = "{civilité} {nom}"
    assert filled(text, "replaced", context, edition) == "{salon} {{ settings }}{% if %}"
    assert "{% raw\n" in written("replaced", edition, opening="{% raw")[1]


@each("kind", LABELS)
def test_no_field_gives_a_secret(kind: str) -> None:
    assert SAMPLE["token"] not in fields_of(kind).values()


@each("text", ["Bonjour {prénon}", "{token}", "{code}", "{vacation_jour}", "{}"])
def test_a_field_that_the_message_lacks_is_refused_with_those_it_has(text: str) -> None:
    with pytest.raises(UnknownField) as refusal:
        check_wording("registration", Wording(opening=text))
    assert "n’est pas un champ de ce message" in refusal.value.message
    for name in (*EDITION_FIELDS, "nom", "civilité"):
        assert f"{{{name}}}" in refusal.value.message


@pytest.mark.parametrize("text", ["{nom", "nom}", "{{nom}}", "{no\nm}"])
def test_a_lone_brace_is_refused(text: str) -> None:
    with pytest.raises(BraceAlone):
        check_wording("registration", Wording(closing=text))


def test_a_text_that_depends_on_the_message_is_known(edition: Edition) -> None:
    assert varying_parts("appointment_tomorrow", edition) == {"subject", "opening"}
    assert varying_parts("registration", edition) == set()
