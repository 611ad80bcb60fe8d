"""Practical information on the fair: its public page, and the organiser's."""

import re
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.badges.models import Category
from salon.fair.models import Door, Edition, Zone, ZoneKind
from salon.fair.queries import get_public_edition
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.database.versions import StaleVersion
from salon.platform.settings.clock import clock
from tests.factories import sign_in
from tests.fair.test_routes import at
from tests.fair.test_routes import fair as fair
from tests.pages import PageClient

PATH = "/organisation/reglages/venir"


def text_of(answer: TestResponse) -> str:
    return unescape(re.sub(r"<[^>]+>", "", answer.text)).replace("\u00a0", " ")


def fields_of(page: str) -> dict[str, str]:
    """Return the form as a browser would send it back."""
    inputs = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(value) for name, value in [*inputs, *areas]}


def test_a_room_s_door_is_no_entrance_of_the_fair(client: PageClient, fair: Flask) -> None:
    edition = get_public_edition()
    with transaction(edition) as session:
        lounge = Zone(
            edition_id=edition.id, kind=ZoneKind.LOUNGE, label="Salon d’honneur", is_vip_only=True
        )
        session.add(lounge)
        session.flush()
        session.add(Door(edition_id=edition.id, code="V", label="Porte V", zone_id=lounge.id))
    words = text_of(client.get("/infos-pratiques"))
    assert "Entrée A, visiteurs : ouverte à tous les badges" in words
    assert "Porte V" not in words


def test_an_entrance_admits_what_door_and_zone_admit(client: PageClient, fair: Flask) -> None:
    edition = get_public_edition()
    with transaction(edition) as session:
        zone = Zone(
            edition_id=edition.id,
            kind=ZoneKind.FAIR,
            label="Le salon",
            admits=[Category.EXHIBITOR, Category.VISITOR],
        )
        session.add(zone)
        session.flush()
        for door in session.query(Door).filter_by(edition_id=edition.id):
            door.zone_id = zone.id
    words = text_of(client.get("/infos-pratiques"))
    assert "Entrée A, visiteurs : réservée aux badges exposants, visiteurs." in words
    assert "Entrée X, exposants : réservée aux badges exposants." in words


@pytest.mark.parametrize(
    ("moment", "is_open"), [("2021-07-10 10:00", True), ("2021-10-02 10:00", False)]
)
def test_to_exhibit_leads_to_the_form_while_it_is_open(
    client: PageClient, fair: Flask, moment: str, is_open: bool
) -> None:
    from salon.exhibitors.services.loading import load_terms
    from salon.platform.database.identity import SYSTEM
    from salon.platform.settings.installation import ROOT
    from tests.factories import act_in

    load_terms(act_in(get_public_edition(), SYSTEM), ROOT / "seed_data" / "2021")
    at(moment)
    page = client.get("/infos-pratiques").text
    assert ("Demander un stand" in page) == is_open
    assert ("candidatures ne sont pas ouvertes" in page) != is_open
    clock.path = None


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def test_an_organiser_writes_what_the_public_reads(
    client: PageClient, organiser: PageClient
) -> None:
    fields = fields_of(organiser.get(PATH).text)
    last = max(int(name.split("-")[1]) for name in fields if name.startswith("practical-"))
    fields["by_bus"] = "**Ligne 12**, arrêt du Parc"
    fields[f"practical-{last}-title"] = "En bus"
    fields[f"practical-{last}-text"] = "La ligne 16 s’arrête devant l’entrée A."
    assert organiser.post(PATH, data=fields).location == "/infos-pratiques"
    words = text_of(client.get("/infos-pratiques"))
    for expected in ("En bus ou en car", "Ligne 12, arrêt du Parc", "En bus", "La ligne 16"):
        assert expected in words
    fields = fields_of(organiser.get(PATH).text)
    fields[f"practical-{last}-title"] = fields[f"practical-{last}-text"] = ""
    organiser.post(PATH, data=fields)
    assert "La ligne 16" not in client.get("/infos-pratiques").text


def test_a_section_needs_both_and_nothing_is_lost(organiser: PageClient, edition: Edition) -> None:
    before = list(edition.practical)
    fields = fields_of(organiser.get(PATH).text)
    answer = organiser.post(
        PATH, data=fields | {"practical-0-title": "", "practical-0-text": "Seul"}
    )
    assert answer.status_code == 400
    assert "Donnez un titre" in answer.text
    assert "Seul" in answer.text
    answer = organiser.post(
        PATH, data=fields | {"practical-0-title": "Bus", "practical-0-text": ""}
    )
    assert answer.status_code == 400
    assert "Écrivez le texte" in answer.text
    assert organiser.post(PATH, data=fields | {"access": "x" * 601}).status_code == 400
    current_session().expire_all()
    assert edition.practical == before


def test_of_two_organisers_the_second_reads_that_it_changed(
    organiser: PageClient, edition: Edition
) -> None:
    fields = fields_of(organiser.get(PATH).text)
    organiser.post(PATH, data=fields | {"access": "Sortie 35"})
    answer = organiser.post(PATH, data=fields | {"access": "Sortie 36"})
    assert answer.status_code == 409
    assert StaleVersion.message.split("\u00a0")[0] in answer.text
    assert "Sortie 36" in answer.text
    current_session().expire_all()
    assert edition.access == "Sortie 35"
    assert organiser.post(PATH, data=fields_of(answer.text)).status_code == 302
    current_session().expire_all()
    assert edition.access == "Sortie 36"


def test_a_full_list_of_sections_is_shown_without_an_empty_one(
    organiser: PageClient, edition: Edition
) -> None:
    sections = [{"title": f"Rubrique {number}", "text": "Un texte."} for number in range(12)]
    with transaction(edition):
        edition.practical = sections
    fields = fields_of(organiser.get(PATH).text)
    assert [fields[f"practical-{number}-title"] for number in range(12)] == [
        section["title"] for section in sections
    ]
    assert "practical-12-title" not in fields
