"""Each form of the product, sent empty: its summary names the fields, its hints are read."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, SelectFieldBase
from wtforms.fields.core import Field

import salon
from salon.platform.pages.forms import SalonForm

NEVER_READ: set[str] = set()
SUMMARY = '{% from "macros/forms.html" import error_summary %}{{ error_summary(form) }}'


def test_each_form_even_inside_another_speaks_french() -> None:
    every_form()
    kinds = [form for form in subclasses_of(Form) if form.__module__.startswith("salon.")]
    assert len(kinds) > 20
    sources = "".join(path.read_text() for path in Path(wtforms.__file__).parent.rglob("*.py"))
    messages = set(re.findall(r'gettext\(\s*"([^"]+)"', sources)) - NEVER_READ
    assert "Not a valid float value." in messages
    said = {
        (kind.__qualname__, text)
        for kind in kinds
        for text in messages
        if kind.Meta().get_translations(None).gettext(text) == text
    }
    assert said == set()


def subclasses_of(kind: type[Form]) -> Iterator[type[Form]]:
    for form in kind.__subclasses__():
        yield form
        yield from subclasses_of(form)


def every_form() -> list[Any]:
    for module in pkgutil.walk_packages(salon.__path__, "salon."):
        if ".forms" in module.name:
            importlib.import_module(module.name)
    forms = dict.fromkeys(subclasses_of(SalonForm))
    return sorted(forms, key=lambda form: f"{form.__module__}.{form.__qualname__}")


def empty(kind: type[SalonForm]) -> SalonForm:
    """Return the form as it comes when nothing was filled in."""
    more = {"needs": [], "days": [], "hours": []} if kind.__name__ == "VisitForm" else {}
    form = kind(formdata=MultiDict(), meta={"csrf": False}, **more)
    for field in fields_of(form):
        if isinstance(field, SelectFieldBase) and getattr(field, "choices", ()) is None:
            field.choices = [("1", "Un")]
    return form


def fields_of(form: SalonForm) -> Iterator[Field]:
    """Yield the fields of a form and of the forms in it."""
    for field in form:
        if isinstance(field, FormField):
            yield from fields_of(field.form)
        elif isinstance(field, FieldList):
            for entry in field:
                yield from fields_of(entry.form) if isinstance(entry, FormField) else [entry]
        else:
            yield field


@pytest.fixture
def in_request(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/", method="POST"):
        yield app


def test_each_form_names_its_fields_in_its_summary(in_request: Flask) -> None:
    count = 0
    for kind in every_form():
        form = empty(kind)
        form.validate()
        summary = in_request.jinja_env.from_string(SUMMARY).render(form=form)
        if not summary.strip():
            continue
        document = lxml.html.fragment_fromstring(summary)
        texts_by_link = {
            link.get("href"): link.text_content().lower() for link in document.iter("a")
        }
        for field in fields_of(form):
            if not field.errors or getattr(field.widget, "input_type", "") == "hidden":
                continue
            target = next(
                href for href in texts_by_link if href in (f"#{field.id}", f"#{field.id}-0")
            )
            assert field.label.text.lower() in texts_by_link[target], (kind, texts_by_link[target])
            count += 1
    assert count > 200


def test_no_hint_is_an_attribute_that_nobody_reads(in_request: Flask) -> None:
    for kind in every_form():
        for field in fields_of(empty(kind)):
            assert "description" not in (field.render_kw or {}), (kind, field.name)
