"""The space of an exhibitor: its first page, its tasks, its guide."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from salon.exhibitors.models import ApplicationStatus, Exhibitor, Task
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from salon.safety.models import SafetyForm
from tests.exhibitor_space.made import pdf
from tests.exhibitor_space.pages import ELISE, address, send
from tests.exhibitors.make import make_exhibitor
from tests.factories import sign_in
from tests.pages import PageClient

# The space


def test_the_only_stand_opens_at_once(elise: PageClient, exhibitor: Exhibitor) -> None:
    answer = elise.get("/mon-espace", follow_redirects=True)
    assert answer.request.path == address(exhibitor)
    assert "<title>Hall 2, stand 23" in answer.text
    assert 'href="/plan/2#stand-23"' in answer.text


def test_several_stands_are_a_choice(
    elise: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    make_exhibitor(edition, name="Bornes du Biterrois", email=ELISE)
    page = elise.get("/mon-stand")
    assert page.status_code == 200
    assert page.text.index("Bornes du Biterrois") < page.text.index("Éclairage du Biterrois")


@pytest.mark.parametrize(
    "status", [status for status in ApplicationStatus if status != ApplicationStatus.ACCEPTED]
)
def test_before_acceptance_the_space_leads_to_the_application(
    elise: PageClient, exhibitor: Exhibitor, status: ApplicationStatus
) -> None:
    with transaction(exhibitor):
        exhibitor.stand_id = None
        exhibitor.status = status
        exhibitor.offer_expires_at = (
            now() + timedelta(days=3) if status == ApplicationStatus.OFFERED else None
        )
    page = elise.get("/mon-stand")
    assert page.status_code == 200
    assert f"/exposants/inscription/{exhibitor.private_token}" in page.text
    assert elise.get(address(exhibitor)).status_code == 404


def test_who_has_no_stand_is_told_where_to_ask_for_one(app: Flask, exhibitor: Exhibitor) -> None:
    page = sign_in(app, Role.EXHIBITOR, "autre@exposant.example").get("/mon-stand")
    assert "/exposants/inscription" in page.text


def test_without_a_stand_yet_the_page_says_so(elise: PageClient, exhibitor: Exhibitor) -> None:
    with transaction(exhibitor):
        exhibitor.stand_id = None
    page = elise.get(address(exhibitor))
    assert "Votre stand est en cours d’attribution" in page.text


def test_a_task_done_shows_as_done(elise: PageClient, exhibitor: Exhibitor) -> None:
    assert re.search(r"<strong>1 sur 7</strong>", elise.get(address(exhibitor)).text)
    with transaction() as session:
        session.add(SafetyForm(exhibitor_id=exhibitor.id, completed_at=now()))
    assert re.search(r"<strong>2 sur 7</strong>", elise.get(address(exhibitor)).text)
    send(elise, exhibitor, pdf())
    page = elise.get(address(exhibitor)).text
    assert "Envoyé, à vérifier" in page
    assert {task for task in Task if task.label not in page} == {Task.REGULATIONS}


def test_the_first_page_says_where_when_and_what_to_bring(
    elise: PageClient, exhibitor: Exhibitor
) -> None:
    page = elise.get(address(exhibitor)).text
    assert "Le stand 23 et ses voisins dans le hall 2" in page
    for words in ("La veille de 14 h", "Le soir même", "L’attestation d’assurance", "9&nbsp;m²"):
        assert words in page
    assert f'href="{address(exhibitor, "/guide")}"' in page


@pytest.mark.parametrize(
    ("days", "sentence", "unsaid"),
    [
        (30, "Ce qu’il faut avant le salon", "C’est "),
        (1, "C’est demain", "C’est aujourd’hui"),
        (0, "C’est aujourd’hui", "C’est demain"),
        (-1, "Le salon est terminé", "Logo"),
    ],
)
def test_the_first_page_follows_the_days(
    elise: PageClient, exhibitor: Exhibitor, edition: Edition, days: int, sentence: str, unsaid: str
) -> None:
    """Once the fair is over, money is all that is still asked."""
    [day] = edition.days
    with transaction(day):
        day.day_on = local(now()).date() + timedelta(days=days)
    page = elise.get(address(exhibitor)).text
    assert sentence in page
    assert unsaid not in page
    assert Task.INVOICE.label in page


PAGES = ("", "/presentation", "/documents", "/guide", "/logo.webp")


@pytest.mark.parametrize("more", PAGES)
def test_somebody_else_s_space_is_not_there(
    app: Flask, exhibitor: Exhibitor, edition: Edition, more: str
) -> None:
    make_exhibitor(edition, email="autre@exposant.example")
    other_client = sign_in(app, Role.EXHIBITOR, "autre@exposant.example")
    assert other_client.get(address(exhibitor, more)).status_code == 404


@pytest.mark.parametrize("more", PAGES)
def test_the_public_and_the_organisers_do_not_enter_a_space(
    client: PageClient, organiser: PageClient, exhibitor: Exhibitor, more: str
) -> None:
    assert client.get(address(exhibitor, more)).status_code == 302
    assert organiser.get(address(exhibitor, more)).status_code == 403


def test_the_guide_says_what_to_bring_and_when(elise: PageClient, exhibitor: Exhibitor) -> None:
    page = elise.get(address(exhibitor, "/guide")).text
    for words in ("Hall 2, stand 23", "L’attestation d’assurance", "La veille de 14 h", "Arriver"):
        assert words in page
