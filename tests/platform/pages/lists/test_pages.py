"""The address of a list, its macros and its files."""

import re
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask, render_template_string, request
from wtforms import SelectField

from salon.platform.pages.forms import FilterForm, line
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.pages.lists.listing import Column, Listing, PageRequest
from salon.platform.words.errors import TooManyTries
from tests.tables import each

WORDS = Listing({"word": Column("Mot", str)}, sort="word", length=1)


class WordForm(FilterForm):
    q = line("Mot", length=10)
    size = SelectField("Taille", choices={"": "Toutes", "2": "Deux lettres"}, default="")


@dataclass(frozen=True)
class WordFilter:
    text: str = ""
    size: int = 0


@each(
    ("query", "expected"),
    [
        ("", PageRequest(1, "")),
        ("page=3&sort=-word", PageRequest(3, "-word")),
        ("page=0", PageRequest(1, "")),
        ("page=-4", PageRequest(1, "")),
        ("page=x", PageRequest(1, "")),
        (f"page={'9' * 40}", PageRequest(100_000, "")),
    ],
)
def test_the_address_says_the_page_and_the_order(
    app: Flask, query: str, expected: PageRequest
) -> None:
    with app.test_request_context(f"/?{query}"):
        assert requested_page() == expected


def test_filters_are_read_by_their_names_and_converted(app: Flask) -> None:
    with app.test_request_context("/?q=%20mot%20&size=2"):
        assert requested_filters(WordForm(request.args), WordFilter, size=int) == WordFilter(
            "mot", 2
        )


@pytest.mark.parametrize("query", ["q=mot&size=3", f"size=2&q={'m' * 11}", "size=2&q=%00"])
def test_an_invalid_form_filters_nothing(app: Flask, query: str) -> None:
    with app.test_request_context(f"/?{query}"):
        form = WordForm(request.args)
        assert requested_filters(form, WordFilter, size=int) == WordFilter()
        assert filters_in_force(form) == []


def test_searches_are_limited_and_filters_are_not(app: Flask) -> None:
    for query, is_limited in (("size=2", False), ("q=mot", True)):
        with app.test_request_context(f"/?{query}"):
            most = app.config["SALON"].searches_per_minute
            for _ in range(most):
                requested_filters(WordForm(request.args), WordFilter)
            if is_limited:
                with pytest.raises(TooManyTries):
                    requested_filters(WordForm(request.args), WordFilter)


def test_a_filter_in_force_is_taken_off_alone(app: Flask) -> None:
    with app.test_request_context("/mots?q=mot&size=2&sort=-word&page=4"):
        form = WordForm(request.args)
        form.validate()
        assert filters_in_force(form, q=str.upper) == [
            ("Mot : MOT", "/mots?size=2&sort=-word"),
            ("Taille : Deux lettres", "/mots?q=mot&sort=-word"),
        ]


TEMPLATE = """{% from "macros/lists.html" import heading, sorts, pagination, address_of %}
{{ heading(page, "word") }}{{ sorts(page) }}{{ pagination(page) }}
<a class="file" href="{{ address_of("dashboard.journal_file", kind="csv") }}">CSV</a>"""


def shown(app: Flask, path: str) -> tuple[str, list[str]]:
    """Return a page of three words, and the addresses of its links."""
    with app.test_request_context(path):
        page = WORDS.page_of_rows(["a", "b", "c"], requested_page())
        text = render_template_string(TEMPLATE, page=page)
    return text, [unescape(address) for address in re.findall(r'<a [^>]*href="([^"]+)"', text)]


def test_links_keep_the_filters_and_the_order(app: Flask) -> None:
    text, (heading, sort, previous, first, second, third, following, file) = shown(
        app, "/mots?q=un+mot%26&size=2&sort=word&page=2"
    )
    assert heading == sort == "/mots?q=un+mot%26&size=2&sort=-word&page=1"
    assert previous == first == "/mots?q=un+mot%26&size=2&sort=word&page=1"
    assert second.endswith("&sort=word&page=2")
    assert third == following == "/mots?q=un+mot%26&size=2&sort=word&page=3"
    assert file == "/organisation/journal.csv?q=un+mot%26&size=2&sort=word&page=2"
    assert '<th scope="col" aria-sort="ascending"><a class="sort"' in text
    assert text.count('aria-current="page"') == text.count('aria-current="true"') == 1


def test_a_heading_that_sorts_nothing_says_no_order(app: Flask) -> None:
    text, _ = shown(app, "/mots?sort=-word")
    assert 'aria-sort="descending"' in text
    with app.test_request_context("/mots"):
        unsorted_page = Listing({"word": Column("Mot", str)}).page_of_rows(["a"], requested_page())
        text = render_template_string(TEMPLATE, page=unsorted_page)
    assert "aria-sort" not in text
    assert "Trier par" not in text


@each("name", ["endpoint", "values", "_external", "_scheme", "_anchor", "self"])
def test_no_name_in_the_address_breaks_its_links(app: Flask, name: str) -> None:
    _, links = shown(app, f"/mots?{name}=javascript&page=2")
    assert all(f"{name}=javascript" in link for link in links)
    assert all(link.startswith(("/mots?", "/organisation/journal.csv?")) for link in links)
