"""Forms that show what a rule refused, and fields declared in one line."""

from collections.abc import Iterator

import pytest
from flask import Flask, request

from salon.platform.pages.forms import (
    FilterForm,
    checkboxes,
    line,
    optional_email,
    paragraphs,
    required,
)
from salon.platform.words.errors import BadInput, RuleBroken


class LetterForm(FilterForm):
    name = line("Nom", required("Indiquez le nom."))
    text = paragraphs("Texte", length=20, rows=3)
    email = optional_email()
    themes = checkboxes("Thèmes", {"roads": "Voirie"})


@pytest.fixture
def form(app: Flask) -> Iterator[LetterForm]:
    with app.test_request_context("/?name=Nadia"):
        yield LetterForm(data={"name": "Nadia"})


def test_a_broken_rule_is_an_error_of_the_form_and_gives_its_status(form: LetterForm) -> None:
    assert form.status_code == 200
    with form.refusals():
        raise RuleBroken("Trop tard.")
    assert (form.form_errors, form.status_code) == (["Trop tard."], 409)
    assert isinstance(form.refusal, RuleBroken)


def test_a_broken_rule_is_shown_on_the_field_that_it_names(form: LetterForm) -> None:
    with form.refusals(BadInput, on="name"):
        raise BadInput("Ce nom est pris.")
    assert (form.name.errors, form.form_errors, form.status_code) == (["Ce nom est pris."], [], 400)


def test_other_errors_are_raised(form: LetterForm) -> None:
    with pytest.raises(RuleBroken), form.refusals(BadInput):
        raise RuleBroken
    with pytest.raises(ValueError, match="absurd"), form.refusals():
        raise ValueError("absurd")
    assert form.status_code == 200


def test_wrong_fields_are_a_bad_request(app: Flask) -> None:
    with app.test_request_context(f"/?text={'x' * 21}&email=nadia@&themes=pipes"):
        form = LetterForm(request.args)
        assert not form.validate()
        assert set(form.errors) == {"name", "text", "email", "themes"}
        assert form.status_code == 400
    with app.test_request_context("/?name=Nadia&email=&themes=roads"):
        form = LetterForm(request.args)
        assert form.validate(), form.errors
        assert 'rows="3"' in form.text()
