"""The edition that a request is about: its prefix, the row of its address, else the public one."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import IntegerConverter

from salon.addresses import ROWS
from salon.fair.access import find_request_edition, get_request_edition
from salon.fair.models import Edition, EditionState
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from tests.badges.people import badge_of, make_person, register
from tests.exhibitors.make import make_exhibitor
from tests.factories import make_edition, sign_in
from tests.pages import PageClient
from tests.statements import statements


@pytest.fixture
def draft(edition: Edition) -> Edition:
    return make_edition(
        slug="2027", day=date(2027, 10, 1), is_current=False, short_name="Salon de l’Aude"
    )


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def page(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_a_prefix_names_the_edition_and_stays_in_every_link(
    organiser: PageClient, draft: Edition
) -> None:
    text = page(organiser, "/e/2027/organisation/exposants")
    assert "Salon de l’Aude" in text
    assert 'href="/e/2027/organisation/journal"' in text
    assert 'href="/organisation/journal"' not in text


def test_static_files_and_cookies_have_no_prefix(organiser: PageClient, draft: Edition) -> None:
    text = page(organiser, "/e/2027/organisation/exposants")
    assert "/static/" in text
    assert "/e/2027/static" not in text
    assert all(cookie.path == "/" for cookie in organiser._cookies.values())


def test_filters_of_a_list_keep_the_prefix(organiser: PageClient, draft: Edition) -> None:
    text = page(organiser, "/e/2027/organisation/exposants?q=absent")
    assert 'href="/e/2027/organisation/exposants' in text


@pytest.mark.parametrize(
    ("path", "same_page"),
    [
        ("/organisation/exposants?q=absent", "/organisation/exposants"),
        ("/organisation/reglages/jours", "/organisation/reglages/jours"),
        ("/organisation/exposants/{exhibitor}", "/organisation/exposants"),
        ("/organisation/reglages/editions/{slug}/suivante", "/organisation/reglages/editions"),
    ],
)
def test_the_selector_leads_to_a_page_that_the_other_edition_has(
    organiser: PageClient, draft: Edition, edition: Edition, path: str, same_page: str
) -> None:
    exhibitor = make_exhibitor(edition)
    path = path.format(exhibitor=exhibitor.id, slug=edition.slug)
    text = page(organiser, path)
    assert f'<li><a href="/e/2027{same_page}"' in text
    assert organiser.get(f"/e/2027{same_page}").status_code == 200


def test_the_public_edition_needs_no_prefix(client: PageClient, draft: Edition) -> None:
    assert "Salon de l’Aude" not in page(client, "/")


def test_a_draft_is_shown_to_the_staff_alone(
    app: Flask, organiser: PageClient, draft: Edition
) -> None:
    assert "Salon de l’Aude" in page(organiser, "/e/2027/village")
    stranger = app.test_client()
    for path in ("/", "/village", "/inscription", "/exposants.json"):
        answer = stranger.get(f"/e/2027{path}")
        assert answer.status_code == 404, path
        assert "Aude" not in answer.get_data(as_text=True)


def test_an_unknown_edition_is_not_found(organiser: PageClient, edition: Edition) -> None:
    assert organiser.get("/e/1999/organisation").status_code == 404


def test_the_api_has_no_prefix(client: PageClient, draft: Edition) -> None:
    assert client.get("/e/2027/api/v1/time").status_code == 404


def test_a_private_link_acts_in_the_edition_of_its_row(
    client: PageClient, edition: Edition, app: Flask
) -> None:
    registration = register(make_person())
    token = badge_of(registration.added[0]).private_token
    with transaction(edition):
        edition.state, edition.is_current, edition.slug = EditionState.HELD, None, "2021"
    make_edition(slug="2022", short_name="Salon de l’Aude")
    text = page(client, f"/badge/{token}")
    assert "Salon de l’Aude" not in text
    assert f"/e/2021/badge/{token}" in text
    assert client.get(f"/e/2021/badge/{token}.pdf").status_code == 200


def test_the_public_pages_of_a_past_edition_lead_to_its_archive(
    client: PageClient, organiser: PageClient, app: Flask
) -> None:
    past = make_edition(slug="2018", is_current=False, state=EditionState.HELD)
    stranger = app.test_client()
    for path in ("/", "/village", "/exposants", "/inscription"):
        assert stranger.get(f"/e/2018{path}").headers["Location"] == "/editions/2018", path
    archive = page(stranger, "/editions/2018")
    assert str(past.starts_at.year) in archive
    assert stranger.get("/e/2018/mentions-legales").status_code == 200
    assert "/editions/" not in page(organiser, "/e/2018/village")


def test_every_number_of_an_address_says_its_edition(app: Flask) -> None:
    """Or is of no edition: a past one is chosen by its number, stations and accounts outlive it,
    and books are those of a calendar year."""
    of_none = {
        "account_id",
        "edition_id",
        "guest_id",
        "message_id",
        "month",
        "number",
        "station_id",
        "year",
    }
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.partition(".")[0]
        for name, converter in rule._converters.items():
            if isinstance(converter, IntegerConverter) and name not in of_none:
                assert name in ROWS or f"{blueprint}.{name}" in ROWS, rule


def test_a_page_reads_its_edition_once(client: PageClient, edition: Edition) -> None:
    for path in ("/", "/inscription", "/exposants"):
        with statements() as sent_statements:
            page(client, path)
        assert sum("FROM editions" in statement for statement in sent_statements) <= 2, path


def test_the_edition_is_read_again_after_a_write(app: Flask, edition: Edition) -> None:
    with app.test_request_context("/"):
        before = get_request_edition()
        with transaction() as session:
            session.execute(update(Edition).values(is_current=None))
        assert before.is_current is None
        assert find_request_edition() is None
