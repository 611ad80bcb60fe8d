"""An organiser corrects an application."""

import pytest

from salon.exhibitors.models import Sector
from salon.exhibitors.services.review import change_exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from tests.exhibitors.make import (
    make_exhibitor,
    make_hall,
    make_stand,
    make_theme,
)
from tests.exhibitors.review.pages import LIST, OTHER, Status, again, hidden, page_of
from tests.pages import PageClient


def test_an_application_is_corrected(organiser: PageClient, edition: Edition) -> None:
    hall = make_hall(edition, name="2")
    theme = make_theme(edition, make_stand(hall))
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED, name="Lumieres")
    path = f"{LIST}/{exhibitor.id}/modifier"
    typed = {
        **hidden(organiser, path),
        "name": "Lumières d’Oc",
        "kind": "association",
        "siret": "356 000 000 00048",
        "contact-email": "elise@oc.example",
        "contact-last_name": "Cabanel",
        "sector": "roads",
        "themes": str(theme.id),
        "area": "18",
        "power_kw": "6",
        "wants_corner": "y",
        "wished_hall": str(hall.id),
        "near": "Hérault Énergies ;  Roads & Co;",
        "website": "www.oc.example",
    }
    assert organiser.post(path, data=typed).status_code == 302
    stored_exhibitor = again(exhibitor)
    assert (stored_exhibitor.name, stored_exhibitor.siret, stored_exhibitor.area) == (
        "Lumières d’Oc",
        "35600000000048",
        18,
    )
    assert stored_exhibitor.near == ["Hérault Énergies", "Roads & Co"]
    assert (stored_exhibitor.website, stored_exhibitor.wished_hall_id) == (
        "https://www.oc.example",
        hall.id,
    )
    assert stored_exhibitor.contacts[0].email == "elise@oc.example"


NO_CORRECTIONS = (
    {"name": ""},
    {"siret": "44306184100048"},
    {"contact-email": "x"},
    {"area": "neuf"},
    {"area": "-1"},
    {"area": "10000"},
    {"power_kw": "900"},
    {"kind": "roi"},
    {"sector": "roi"},
    {"wished_hall": "99999"},
    {"themes": "99999"},
    {"website": "javascript:alert(1)"},
    {"presentation": "x" * 501},
    {"name": "=?utf-8?q?x?="},
)


def test_a_wrong_correction_is_told_and_nothing_is_written(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED, name="Lumières")
    path = f"{LIST}/{exhibitor.id}/modifier"
    typed = {
        **hidden(organiser, path),
        "name": "Autre nom",
        "kind": "company",
        "contact-email": "elise@oc.example",
        "area": "18",
        "power_kw": "6",
    }
    for wrong in NO_CORRECTIONS:
        answer = organiser.post(path, data={**typed, **wrong})
        assert answer.status_code == 400, wrong
        assert "corriger" in page_of(answer), wrong
    assert (again(exhibitor).name, again(exhibitor).version) == ("Lumières", 1)


def test_a_correction_on_what_changed_keeps_what_was_typed(
    organiser: PageClient, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, status=Status.SUBMITTED, name="Lumières")
    path = f"{LIST}/{exhibitor.id}/modifier"
    typed = {
        **hidden(organiser, path),
        "name": "Lumières d’Oc",
        "kind": "company",
        "contact-email": "elise@oc.example",
        "sector": "energy",
        "area": "18",
        "power_kw": "6",
    }
    other_fields = {"name": "Lumières du Sud", "sector": Sector.WATER, "area": 27}
    change_exhibitor(Act(OTHER), exhibitor.id, 1, other_fields)
    answer = organiser.post(path, data=typed)
    assert answer.status_code == 409
    page = page_of(answer)
    for label, saved_label in (("Secteur", Sector.WATER.label), ("Surface, en m²", "27")):
        assert f"<strong>{label}</strong> : {saved_label}" in page
    assert "<strong>Contact principal : Adresse électronique</strong>" in page
    assert "Lumières du Sud" in page
    assert 'value="Lumières d’Oc"' in page
    assert again(exhibitor).name == "Lumières du Sud"
    assert organiser.post(path, data={**typed, "version": "2"}).status_code == 302
    assert again(exhibitor).name == "Lumières d’Oc"


@pytest.mark.parametrize("area", [0, 18])
def test_a_place_and_an_area_that_contradict_it_are_refused(
    organiser: PageClient, edition: Edition, area: int
) -> None:
    """A pavilion with a stand could neither exchange it nor fill its safety form."""
    stand = make_stand(make_hall(edition), number="12")
    placed = make_exhibitor(edition, name="Placée", stand=stand, area=9)
    pavilion = make_exhibitor(edition, name="Pavillon", area=0)
    member = make_exhibitor(edition, name="Membre", area=9, parent_id=pavilion.id)
    refused = {placed: "le stand 12", member: "du sien"} if area == 0 else {pavilion: "membres"}
    for exhibitor in (placed, pavilion, member):
        before, path = exhibitor.area, f"{LIST}/{exhibitor.id}/modifier"
        typed = {
            **hidden(organiser, path),
            "name": exhibitor.name,
            "kind": "company",
            "contact-email": "elise@oc.example",
            "area": str(area),
            "power_kw": "0",
        }
        answer = organiser.post(path, data=typed)
        if exhibitor in refused:
            assert answer.status_code == 409
            assert refused[exhibitor] in answer.text
            assert again(exhibitor).area == before
        else:
            assert answer.status_code == 302
            assert again(exhibitor).area == area
