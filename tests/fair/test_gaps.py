"""What the public cannot read yet is asked of the organiser, and shown once it is there."""

import icalendar
from flask import Flask

from salon.fair.models import Edition, Landmark, LandmarkKind
from salon.fair.presenters.gaps import gaps_of
from salon.fair.queries import programme_of
from salon.fair.services import load_edition, open_edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.installation import ROOT
from tests.exhibitors.make import make_exhibitor
from tests.factories import sign_in
from tests.fair.test_practical import text_of
from tests.pages import PageClient


def labels(edition: Edition) -> list[str]:
    return [gap.label for gap in gaps_of(edition)]


def test_what_lacks_is_asked_then_shown(app: Flask, client: PageClient, edition: Edition) -> None:
    with transaction(edition):
        edition.address, edition.contact_phone, edition.texts = "34500 Béziers", "", {}
        edition.figures = [{"value": "100", "label": "exposants environ"}]
    asked = labels(edition)
    for label in ("la rue du lieu", "un numéro de téléphone", "où déjeuner"):
        assert label in asked
    assert "les toilettes sur le plan" in asked
    organiser = sign_in(app, Role.ORGANISER)
    assert "Où déjeuner" in text_of(organiser.get("/organisation/reglages/venir"))
    page = client.get("/infos-pratiques").text
    for heading in ("Déjeuner sur place", "En fauteuil", "<dt>Téléphone</dt>", "Sur le plan"):
        assert heading not in page, "nothing empty is shown"
    with transaction(edition) as session:
        edition.address, edition.contact_phone = "1 avenue du Parc, 34500 Béziers", "04 00 00 00 01"
        edition.texts = {"lunch": "Un *food truck*.", "step_free": "Par l’entrée A."}
        for kind in (LandmarkKind.TOILETS, LandmarkKind.FOOD):
            name = kind.label
            session.add(Landmark(edition_id=edition.id, kind=kind, name=name, x=1, y=1))
    assert "des toilettes adaptées sur le plan" in labels(edition)
    assert not {"la rue du lieu", "un numéro de téléphone", "où déjeuner"} & set(labels(edition))
    page = client.get("/infos-pratiques").text
    for words in (
        "Déjeuner sur place",
        "food truck",
        "En fauteuil",
        "04 00 00 00 01",
        "Restauration</a>",
    ):
        assert words in page
    make_exhibitor(edition, slug="lumieres")
    assert "« 100 exposants environ », pour 1 au catalogue" in labels(edition)
    assert ">1\u00a0exposant</a>" in client.get("/").text


def test_a_talk_goes_into_a_calendar(client: PageClient) -> None:
    edition = load_edition(Act(SYSTEM), ROOT / "seed_data" / "2021")
    open_edition(Act(SYSTEM), edition.id)
    item = programme_of(edition)[3]
    with transaction(item):
        item.speakers = [{"name": "Paule Rouanet", "role": "maire de Mons"}]
    assert "les intervenants de 8\u00a0moments du programme" in labels(edition)
    answer = client.get(f"/programme/{item.id}.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["summary"] == item.title
    assert event.decoded("dtstart") == item.starts_at
    assert event["location"].startswith("Salle de conférence, Parc")
    assert "Paule Rouanet, maire de Mons" in event["description"]
    assert client.get("/programme/9999.ics").status_code == 404
