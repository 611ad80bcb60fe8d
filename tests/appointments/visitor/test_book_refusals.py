"""A booking that is refused says why, and writes nothing."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from salon.badges.engine.matching import Affiliation
from salon.badges.models import Attendee
from salon.fair.models import Edition
from tests.appointments.make import book, make_fair, make_visitor
from tests.appointments.visitor.browsing import (
    QUESTION,
    WHO,
    choose,
    confirm,
    confirm_address,
    confirmation_path,
    count_appointments,
    hidden_of,
    open_form,
    show_badge,
    slug_of,
)
from tests.badges.people import all_of
from tests.pages import PageClient

BAD = (
    ("subject", "x" * 5_000, "Au plus 200"),
    ("subject", "Route\r\nBcc: tous@example.org", "ne s’imprime pas"),
    ("subject", "=?utf-8?q?Route?=", "refusée"),
    ("subject", " ", "Écrivez votre question"),
    ("project", "x" * 5_000, "Au plus 1000"),
    ("amount", "-1", "entre 0 et"),
    ("amount", "99999999999999999999", "entre 0 et"),
    ("amount", "beaucoup", "nombre entier"),
    ("stage", "inventé", "à corriger"),
    ("deadline", "x" * 61, "Au plus 60"),
    ("commune", "Atlantis", "n’est pas dans la liste"),
    ("email", "paule", "ne paraît pas complète"),
    ("submission_key", "x", "Rechargez la page"),
)


def test_bad_input_says_what_is_wrong_and_writes_nothing(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    hidden = open_form(client, fair, fair.at(9))
    for field, value, sentence in BAD:
        answer = confirm(client, {**hidden, **WHO, **QUESTION, field: value})
        assert (answer.status_code, sentence in answer.text) == (400, True), (field, value[:20])
    assert count_appointments() == 0
    assert all_of(Attendee) == []


def test_html_in_the_subject_is_shown_as_it_was_typed(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    hidden = open_form(client, fair, fair.at(9))
    confirm(client, hidden, **WHO, subject="<img src=x onerror=alert(1)>{{7*7}}")
    for page in (client.get(confirmation_path()), client.get(confirm_address(client).location)):
        assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}" in page.text
        assert "<img src=x" not in page.text


def test_what_is_no_time_of_the_fair_is_a_bad_request(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    path = f"/rendez-vous/themes/{slug_of(fair)}"
    token = client.token(path)
    beyond = ("0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00")
    for at in ("", "hier", "2021-10-01T09:00", *beyond):
        fields = {"csrf_token": token, "starts_at": at}
        assert client.post(f"{path}/retenir", data=fields).status_code == 400, at


def test_a_past_or_odd_time_is_refused(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    past = choose(client, fair, fair.at(9) - timedelta(days=3))
    assert past.status_code == 409
    assert choose(client, fair, fair.at(8)).status_code == 409
    assert choose(client, fair, fair.at(9, 3)).status_code == 400
    assert choose(client, fair, fair.at(9), agent="x").status_code == 400


def test_limits_are_said_in_the_form(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition, per_visitor=1)
    visitor = make_visitor(edition, place=Affiliation("Mons", commune_code="34160"))
    book(fair, at=fair.at(11), visitor=visitor)
    show_badge(client, visitor)
    answer = confirm(client, open_form(client, fair, fair.at(9)), **QUESTION)
    assert answer.status_code == 409
    assert "au plus 1\u00a0rendez-vous" in answer.text
    assert QUESTION["subject"] in answer.text
    assert count_appointments() == 1


def test_an_unknown_choice_without_its_words_is_no_page(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    assert client.get("/rendez-vous/retenu/x").status_code == 404
    hidden = open_form(client, fair, fair.at(9))
    page = client.get(f"/rendez-vous/retenu/{hidden['hold']}").text
    assert hidden_of(page)["starts_at"] == hidden["starts_at"]


def test_an_address_does_not_keep_every_time_for_itself(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    app.config["SALON"] = replace(app.config["SALON"], bookings_per_minute=1)
    fair = make_fair(edition)
    assert choose(client, fair, fair.at(9)).status_code == 302
    refused = choose(client, fair, fair.at(10))
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
