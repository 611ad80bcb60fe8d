"""The first page of an application: who may begin, what it finds, when it is open."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.exhibitors.models import ApplicationStatus, Exhibitor, ExhibitorTerms
from salon.fair.models import Edition
from salon.platform.database.consequences import Standing
from salon.platform.database.db import transaction
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now
from salon.platform.settings.installation import Settings
from salon.platform.web.limits import count_try
from tests.badges.people import all_of, kinds_sent
from tests.exhibitors.apply.company_server import HIDDEN, LIGHTING, CompanyServer
from tests.exhibitors.apply.filling import (
    EMAIL,
    ORGANISATION,
    START,
    fill,
    fresh,
    html,
    page_of,
    start,
)
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import new_key
from tests.pages import PageClient
from tests.tables import each


def test_a_siret_fills_the_first_step(client: PageClient, terms: ExhibitorTerms) -> None:
    exhibitor = start(client)
    assert (exhibitor.status, exhibitor.siret, exhibitor.legal_name, exhibitor.name) == (
        ApplicationStatus.DRAFT,
        LIGHTING,
        "ECLAIRAGE DU BITERROIS",
        "LUMIÈRE 34",
    )
    assert (exhibitor.postal_code, exhibitor.city, exhibitor.vat_number) == (
        "34500",
        "BEZIERS",
        "FR64443061841",
    )
    assert kinds_sent(EMAIL) == ["application_started"]
    page = html(client.get(page_of(exhibitor, "organisation")))
    assert "Nous avons trouvé votre organisme" in page
    assert 'value="ECLAIRAGE DU BITERROIS"' in page


def test_outside_checks_find_the_first_fields_by_their_label(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    page = html(client.get(START))
    for name, label in (("siret", "SIRET"), ("email", "Adresse électronique")):
        assert f'<label class="field__label" for="{name}">{label}</label>' in page


def test_the_price_the_dates_and_the_rules_come_before_the_first_question(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    with transaction(edition, terms):
        edition.texts = {"stand_included": "Cloisons, moquette et **un rail de spots**."}
        terms.set_up = "La veille, de 14 h à 20 h."
    page = html(client.get(START))
    before, _, questions = page.partition("<form")
    for words in (
        "HT</abbr>, stand équipé, m²",
        "de 6 à 120\u00a0m²",
        "2\u00a0badges jusqu’à 9\u00a0m²",
        "un rail de spots",
        "jusqu’au",
        "La veille, de 14 h à 20 h.",
    ):
        assert words in before
    assert "SIRET" in questions
    with transaction(terms):
        terms.set_up = ""
    assert "<dt>Montage</dt>" not in client.get(START).text, "nothing empty is shown"


def test_a_name_that_the_state_does_not_publish_is_asked_for(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    exhibitor = start(client, siret=HIDDEN)
    assert (exhibitor.legal_name, exhibitor.name, exhibitor.postal_code, exhibitor.city) == (
        "",
        "",
        "",
        "BEZIERS",
    )
    page = html(client.get(page_of(exhibitor, "organisation")))
    assert "ne publie ni votre nom ni votre adresse" in page
    assert "NON-DIFFUSIBLE" not in page
    assert fill(client, page_of(exhibitor, "organisation"), **ORGANISATION).status_code == 302
    fill(client, page_of(exhibitor, "siret"), siret=LIGHTING)
    assert fill(client, page_of(exhibitor, "siret"), siret=HIDDEN).status_code == 302
    assert fresh(exhibitor).legal_name == "ECLAIRAGE DU BITERROIS"


@pytest.mark.parametrize("patience_s", [0.3])
@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_a_search_that_is_slow_leaves_the_form_empty(
    app: Flask, client: PageClient, terms: ExhibitorTerms, search: CompanyServer, mode: str
) -> None:
    search.mode = mode
    exhibitor = start(client)
    assert (exhibitor.siret, exhibitor.legal_name, exhibitor.city) == (LIGHTING, "", "")
    assert "À remplir à la main" in html(client.get(page_of(exhibitor, "organisation")))


@each(
    ("siret", "sentence"),
    [
        ("44306184100048", "Ce numéro SIRET n’est pas valable"),
        ("443061841", "Ce numéro SIRET n’est pas valable"),
        ("4430618410004A", "Ce numéro SIRET n’est pas valable"),
        ("", "Indiquez le numéro SIRET."),
        ("=CMD()", "Ce numéro SIRET n’est pas valable"),
    ],
)
def test_a_wrong_siret_is_refused(
    client: PageClient, terms: ExhibitorTerms, search: CompanyServer, siret: str, sentence: str
) -> None:
    answer = client.fill(START, siret=siret, email=EMAIL)
    assert answer.status_code == 400
    assert sentence in html(answer)
    assert (all_of(Exhibitor), search.asked, kinds_sent()) == ([], [], [])


@pytest.mark.parametrize("typed", ["443 061 841 00047", "443.061.841.00047", " 44306184100047 "])
def test_a_siret_is_read_as_it_is_written(
    client: PageClient, terms: ExhibitorTerms, typed: str
) -> None:
    assert start(client, siret=typed).siret == LIGHTING


def test_who_has_no_siret_applies_too(client: PageClient, terms: ExhibitorTerms) -> None:
    answer = client.fill(
        f"{START}?sans-siret=1",
        kind="company",
        name="Leuchten GmbH",
        country="DE",
        foreign_number="HRB 12345",
        email=EMAIL,
    )
    assert answer.status_code == 302
    exhibitor = all_of(Exhibitor)[0]
    assert (exhibitor.siret, exhibitor.country, exhibitor.foreign_number, exhibitor.name) == (
        "",
        "DE",
        "HRB 12345",
        "Leuchten GmbH",
    )
    answer = fill(
        client,
        page_of(exhibitor, "organisation"),
        **{**ORGANISATION, "country": "DE", "postal_code": "D-10115", "city": "Berlin"},
    )
    assert answer.status_code == 302
    assert fresh(exhibitor).postal_code == "D-10115"


def test_the_same_form_twice_gives_one_draft(client: PageClient, terms: ExhibitorTerms) -> None:
    data = {"csrf_token": client.token(START), "submission_key": new_key()}
    answers = [client.post(START, data={**data, "siret": LIGHTING, "email": EMAIL}) for _ in "12"]
    assert answers[0].location == answers[1].location
    assert len(all_of(Exhibitor)) == 1
    assert kinds_sent() == ["application_started"]


@pytest.mark.parametrize("status", ["submitted", "changes_asked", "waiting", "offered", "accepted"])
def test_a_siret_that_applied_is_told_without_anything_of_the_first(
    client: PageClient, edition: Edition, terms: ExhibitorTerms, status: str
) -> None:
    """The link goes to the first's own contact, and nothing of it is shown."""
    first = make_exhibitor(
        edition, status=ApplicationStatus(status), email="premier@secret.example", siret=LIGHTING
    )
    answer = client.fill(START, siret=LIGHTING, email="second@autre.example")
    assert answer.status_code == 409
    page = html(answer)
    assert "Une candidature est déjà en cours" in page
    for secret in ("premier@secret.example", first.private_token, first.name, "Cabanel"):
        assert secret not in page
    assert len(all_of(Exhibitor)) == 1
    assert kinds_sent("premier@secret.example") == ["application_link"]
    assert kinds_sent("second@autre.example") == []


def test_the_same_person_gets_the_link_of_the_draft_again(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    start(client)
    assert client.fill(START, siret=LIGHTING, email=EMAIL.upper()).status_code == 409
    assert kinds_sent(EMAIL) == ["application_started", "application_link"]


def test_a_mistyped_address_does_not_shut_a_company_out(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    start(client, email="contcat@eclairage.example")
    start(client)
    assert len(all_of(Exhibitor)) == 2


@pytest.mark.parametrize("status", ["refused", "withdrawn"])
def test_a_company_that_left_may_apply_again(
    client: PageClient, edition: Edition, terms: ExhibitorTerms, status: str
) -> None:
    make_exhibitor(edition, status=ApplicationStatus(status), email=EMAIL, siret=LIGHTING)
    start(client)


def test_one_address_begins_so_many_applications_an_hour(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    for _ in range(settings.registrations_per_hour):
        count_try("application:127.0.0.1", settings.registrations_per_hour, 3600)
    answer = client.fill(START, siret=LIGHTING, email=EMAIL)
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers
    assert all_of(Exhibitor) == []


def test_starts_are_limited(client: PageClient, terms: ExhibitorTerms) -> None:
    for number in range(10):
        client.fill(START, siret=LIGHTING, email=f"c{number}@x.example")
    answer = client.fill(START, siret=LIGHTING, email="c@x.example")
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("opens", "closes", "sentence"),
    [
        (1, 2, "Les candidatures ne sont pas encore ouvertes"),
        (-2, -1, "Les candidatures sont closes"),
    ],
)
def test_closed_applications_say_their_dates(
    client: PageClient, edition: Edition, opens: int, closes: int, sentence: str
) -> None:
    make_terms(
        edition,
        applications_open_at=now() + timedelta(days=opens),
        applications_close_at=now() + timedelta(days=closes),
    )
    page = client.get(START)
    assert page.status_code == 200
    assert sentence in html(page)
    token = client.token("/connexion")
    data = {"csrf_token": token, "submission_key": new_key(), "siret": LIGHTING, "email": EMAIL}
    assert client.post(START, data=data).status_code == 409
    assert all_of(Exhibitor) == []


def test_pages_lead_to_the_application_while_it_is_open(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    pages = ("/exposants", "/infos-pratiques")
    assert all(f'href="{START}"' in client.get(path).text for path in pages)
    with transaction(edition):
        edition.standing = Standing.CANCELLED
    assert not any(f'href="{START}"' in client.get(path).text for path in pages)


def test_before_the_terms_are_known_the_page_says_so(client: PageClient, edition: Edition) -> None:
    assert "Leurs dates seront publiées" in html(client.get(START))


def test_the_form_says_why_it_asks(client: PageClient, terms: ExhibitorTerms) -> None:
    for path in (START, f"{START}?sans-siret=1"):
        page = html(client.get(path))
        for word in ("Responsable", "Base légale", "Durée", "Vos droits", "CNIL", "6.1.b"):
            assert word in page
        for text in ("2\u00a0ans après le salon", "6\u00a0mois", "10\u00a0ans"):
            assert text in page


def test_the_messages_hold_the_link(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    exhibitor = start(client)
    client.fill(START, siret=LIGHTING, email=EMAIL)
    subjects = []
    for message in all_of(Message):
        subject, body = words_of(message)
        subjects.append(subject)
        assert f"{settings.public_url}{page_of(exhibitor)}\n" in body
    assert subjects == [
        "Votre candidature au salon des maires est commencée",
        "Le lien de votre candidature au salon des maires",
    ]


def test_the_search_is_not_asked_beyond_its_rate(
    client: PageClient, terms: ExhibitorTerms, search: CompanyServer, settings: Settings
) -> None:
    for _ in range(settings.searches_per_minute):
        count_try("company:127.0.0.1", settings.searches_per_minute, 60)
    assert start(client).legal_name == ""
    assert search.asked == []


def test_a_draft_waits_in_vain_once_applications_are_closed(
    client: PageClient, edition: Edition
) -> None:
    make_terms(edition, applications_close_at=now() - timedelta(hours=1))
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.DRAFT)
    assert client.get(page_of(exhibitor, "organisation")).location == page_of(exhibitor)
    assert "celle-ci n’était pas partie" in html(client.get(page_of(exhibitor)))
    data = {"csrf_token": client.token("/connexion"), "version": "1"}
    for step, fields in (("organisation", ORGANISATION), ("recapitulatif", {"accepts": "y"})):
        assert client.post(page_of(exhibitor, step), data={**data, **fields}).status_code == 409
    assert fresh(exhibitor).version == 1
