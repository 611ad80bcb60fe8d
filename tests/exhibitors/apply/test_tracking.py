"""The tracking page, and what a private link may still do."""

from datetime import timedelta

import pytest
from flask import Flask

from salon.billing.engine.agreements import OnlineSignature
from salon.billing.models import SalesKind
from salon.billing.services.sales import issue
from salon.exhibitors.models import ApplicationStatus, ExhibitorTerms
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.clock import now
from tests.badges.people import all_of, kinds_sent
from tests.billing.sales import EXHIBITOR, ORGANISER, make_buyer
from tests.exhibitors.apply.company_server import CLOSED, LIGHTING, CompanyServer
from tests.exhibitors.apply.filling import (
    EMAIL,
    ORGANISATION,
    START,
    WISHES,
    fill,
    fill_all,
    fresh,
    html,
    page_of,
    start,
)
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import sign_in
from tests.pages import PageClient
from tests.tables import each


def test_a_company_known_late_to_be_closed_is_told_and_cannot_send(
    client: PageClient, terms: ExhibitorTerms, search: CompanyServer
) -> None:
    search.will_say(503, b"")
    exhibitor = start(client, siret=CLOSED)
    search.mode = "search"
    fill_all(client, exhibitor)
    answer = fill(client, page_of(exhibitor, "recapitulatif"), accepts="y")
    assert answer.status_code == 409
    assert "cet établissement est fermé" in html(answer)
    assert fresh(exhibitor).status == ApplicationStatus.DRAFT
    page = html(client.get(page_of(exhibitor, "organisation")))
    assert "Cet établissement est fermé" in page
    second_answer = fill(client, page_of(exhibitor, "siret"), siret=CLOSED)
    assert second_answer.status_code == 409
    assert "cet établissement est fermé" in html(second_answer)
    corrected = fill(client, page_of(exhibitor, "siret"), siret=LIGHTING)
    assert corrected.status_code == 302
    assert (fresh(exhibitor).siret, fresh(exhibitor).city) == (LIGHTING, "BEZIERS")
    assert fresh(exhibitor).area == 12
    assert fill(client, page_of(exhibitor, "recapitulatif"), accepts="y").status_code == 302
    assert fresh(exhibitor).status == ApplicationStatus.SUBMITTED


def test_a_wrong_siret_changes_nothing(client: PageClient, terms: ExhibitorTerms) -> None:
    exhibitor = start(client)
    answer = fill(client, page_of(exhibitor, "siret"), siret="12345678901234")
    assert answer.status_code == 400
    assert fresh(exhibitor).siret == LIGHTING


def test_two_drafts_of_a_siret_cannot_both_be_sent(
    client: PageClient, terms: ExhibitorTerms
) -> None:
    first, second = start(client, email="un@eclairage.example"), start(client)
    for exhibitor in (first, second):
        fill_all(client, exhibitor)
    assert fill(client, page_of(second, "recapitulatif"), accepts="y").status_code == 302
    answer = fill(client, page_of(first, "recapitulatif"), accepts="y")
    assert answer.status_code == 409
    assert second.private_token not in html(answer)
    assert fresh(first).status == ApplicationStatus.DRAFT
    assert kinds_sent(EMAIL)[-1] == "application_link"


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("draft", "Pas encore envoyée"),
        ("submitted", "À l’étude"),
        ("changes_asked", "Précisez la puissance."),
        ("waiting", "liste d’attente"),
        ("offered", "Prendre cette place"),
        ("accepted", "Ouvrir mon espace exposant"),
        ("refused", "Précisez la puissance."),
        ("withdrawn", "Cette candidature est retirée"),
    ],
)
def test_the_tracking_page_says_what_happens_next(
    client: PageClient, edition: Edition, terms: ExhibitorTerms, status: str, sentence: str
) -> None:
    exhibitor = make_exhibitor(
        edition, status=ApplicationStatus(status), status_reason="Précisez la puissance."
    )
    before = fresh(exhibitor).version
    page = client.get(page_of(exhibitor))
    assert sentence in html(page)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert ("Les étapes jusqu’au salon" in html(page)) == (status not in ("refused", "withdrawn"))
    assert (fresh(exhibitor).version, all_of(JournalEntry)) == (before, [])


@pytest.mark.parametrize("status", ["submitted", "waiting", "offered", "accepted", "refused"])
def test_what_was_sent_is_no_longer_changed(
    client: PageClient, edition: Edition, terms: ExhibitorTerms, status: str
) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus(status))
    assert client.get(page_of(exhibitor, "organisation")).location == page_of(exhibitor)
    data = {"csrf_token": client.token("/connexion"), "version": "1", **ORGANISATION}
    answer = client.post(page_of(exhibitor, "organisation"), data=data)
    assert answer.status_code == 409
    assert fresh(exhibitor).name == exhibitor.name
    assert client.get(page_of(exhibitor, "siret")).location == page_of(exhibitor)


def test_what_is_to_complete_is_corrected_and_sent_again(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor = make_exhibitor(
        edition, status=ApplicationStatus.CHANGES_ASKED, email=EMAIL, status_reason="Précisez."
    )
    assert fill(client, page_of(exhibitor, "souhaits"), **WISHES).status_code == 302
    assert fill(client, page_of(exhibitor, "recapitulatif"), accepts="y").status_code == 302
    assert (fresh(exhibitor).status, fresh(exhibitor).area) == (ApplicationStatus.SUBMITTED, 12)
    assert [entry.action for entry in all_of(JournalEntry)] == [
        "exhibitor.change",
        "exhibitor.submit",
    ]


def test_an_offer_is_taken(client: PageClient, edition: Edition, terms: ExhibitorTerms) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.OFFERED, email=EMAIL)
    path = f"{page_of(exhibitor)}/accepter"
    assert "Prendre cette place" in html(client.get(path))
    assert fresh(exhibitor).status == ApplicationStatus.OFFERED
    data = {"csrf_token": client.token(path)}
    for _ in range(2):
        assert client.post(path, data=data).status_code == 302
    assert fresh(exhibitor).status == ApplicationStatus.ACCEPTED
    assert kinds_sent(EMAIL) == ["exhibitor_take_offer"]


def test_no_place_is_taken_of_a_cancelled_fair(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.OFFERED, email=EMAIL)
    path = f"{page_of(exhibitor)}/accepter"
    data = {"csrf_token": client.token(path)}
    with transaction(edition):
        edition.standing = Standing.CANCELLED
    assert client.get(path).location == page_of(exhibitor)
    page = html(client.get(page_of(exhibitor)))
    assert "la place qui vous était proposée ne se prend plus" in page
    assert "Prendre cette place" not in page
    assert client.post(path, data=data).status_code == 409
    assert fresh(exhibitor).status == ApplicationStatus.OFFERED


def test_an_offer_too_old_is_not_taken(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor = make_exhibitor(
        edition, status=ApplicationStatus.OFFERED, offer_expires_at=now() - timedelta(hours=1)
    )
    assert "Le délai de cette proposition est passé" in html(client.get(page_of(exhibitor)))
    path = f"{page_of(exhibitor)}/accepter"
    answer = client.post(path, data={"csrf_token": client.token("/connexion")})
    assert answer.status_code == 409
    assert fresh(exhibitor).status == ApplicationStatus.OFFERED


def test_an_application_is_withdrawn_after_a_confirmation(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED, email=EMAIL)
    path = f"{page_of(exhibitor)}/retirer"
    data = {"csrf_token": client.token(path)}
    assert fresh(exhibitor).status == ApplicationStatus.SUBMITTED
    for _ in range(2):
        assert client.post(path, data=data).status_code == 302
    assert fresh(exhibitor).status == ApplicationStatus.WITHDRAWN
    assert kinds_sent(EMAIL) == ["exhibitor_withdraw"]


def test_who_has_ordered_reads_what_a_withdrawal_loses_before_it_is_done(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    stand = make_stand(make_hall(edition, name="2"), number="66")
    exhibitor = make_buyer(edition, stand_id=stand.id)
    issue(Act(ORGANISER), exhibitor.id, SalesKind.QUOTE)
    order = issue(
        Act(EXHIBITOR), exhibitor.id, SalesKind.ORDER, agreement=OnlineSignature("Élise Cabanel")
    )
    page = html(client.get(f"{page_of(exhibitor)}/retirer"))
    assert "Le stand 66, hall 2" in page
    assert f"Votre commande {order.reference}" in page
    assert "reste engagée" in page
    assert "Vous ne pourrez pas revenir seul en arrière" in page
    assert fresh(exhibitor).status == ApplicationStatus.ACCEPTED


@each("step", ["", "organisation", "recapitulatif", "siret", "retirer"])
def test_a_link_that_is_not_one_opens_nothing(
    client: PageClient, terms: ExhibitorTerms, step: str
) -> None:
    path = f"{START}/nimporte-quoi" + (f"/{step}" if step else "")
    assert client.get(path).status_code == 404


def test_an_unknown_step_is_not_found(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.DRAFT)
    assert client.get(page_of(exhibitor, "paiement")).status_code == 404


def test_a_form_without_token_or_version_writes_nothing(
    client: PageClient, edition: Edition, terms: ExhibitorTerms
) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.DRAFT)
    path = page_of(exhibitor, "organisation")
    assert client.post(path, data={"version": "1", **ORGANISATION}).status_code == 400
    data = {"csrf_token": client.token(path), **ORGANISATION}
    assert client.post(path, data=data).status_code == 400
    assert client.post(path, data={**data, "version": "un"}).status_code == 400
    assert fresh(exhibitor).name == exhibitor.name


def test_an_organiser_sees_the_public_pages_too(
    app: Flask, edition: Edition, terms: ExhibitorTerms
) -> None:
    client = sign_in(app, Role.ORGANISER)
    assert client.get(START).status_code == 200


def test_robots_stay_out_of_private_links(client: PageClient, terms: ExhibitorTerms) -> None:
    assert "Disallow: /exposants/inscription/" in html(client.get("/robots.txt"))
