"""The page of a stand's team: who may open it, what it does, what it refuses."""

import uuid
from datetime import date, timedelta

import pypdfium2
import pytest
from flask import Flask

from salon.badges.models import Attendee, Badge
from salon.entrance.models import Scan
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.settings.clock import local, now
from tests.badges.people import all_of, badge_of, register_one
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import make_edition, make_places, make_station_token, sign_in
from tests.pages import PageClient

PERSON = {
    "civility": "madame",
    "first_name": "Inès",
    "last_name": "Vidal",
    "function_other": "Directrice commerciale",
    "email": "ines@eclairage.example",
}


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    make_terms(edition)
    return make_exhibitor(edition, name="Éclairage du Biterrois", email="elise@eclairage.example")


@pytest.fixture
def stand(app: Flask, exhibitor: Exhibitor) -> PageClient:
    """Return the browser of the stand's main contact."""
    return sign_in(app, Role.EXHIBITOR, "elise@eclairage.example")


def test_a_stand_names_replaces_and_removes(stand: PageClient, exhibitor: Exhibitor) -> None:
    address = f"/mon-stand/{exhibitor.id}/equipe"
    page = stand.get(address).get_data(as_text=True)
    assert "0 sur 2" in page
    assert "2\xa0badges" in page
    assert stand.fill(address, **PERSON).status_code == 302
    page = stand.get(address).get_data(as_text=True)
    assert "Inès Vidal est de l’équipe" in page
    assert "1 sur 2" in page
    first = all_of(Attendee)[0]
    swap = f"{address}/{first.id}/remplacer"
    assert stand.fill(swap, **{**PERSON, "first_name": "Jules"}).status_code == 302
    page = stand.get(address).get_data(as_text=True)
    assert "Jules Vidal" in page
    assert "1 sur 2" in page
    second = all_of(Attendee)[1]
    assert stand.fill(address, to=f"{address}/{second.id}/retirer").status_code == 302
    assert "0 sur 2" in stand.get(address).get_data(as_text=True)
    assert [badge.is_valid for badge in all_of(Badge)] == [False, False]


def test_what_is_missing_is_said_and_nothing_written(
    stand: PageClient, exhibitor: Exhibitor
) -> None:
    address = f"/mon-stand/{exhibitor.id}/equipe"
    answer = stand.fill(address, **{**PERSON, "email": "ines", "function_other": ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Indiquez la fonction." in page
    assert "ne paraît pas complète" in page
    assert 'value="Vidal"' in page
    assert all_of(Attendee) == []


def test_a_category_that_is_posted_changes_nothing(stand: PageClient, exhibitor: Exhibitor) -> None:
    more = {"category": "organiser", "is_vip": "y", "exhibitor_id": "99", "role": "organiser"}
    stand.fill(f"/mon-stand/{exhibitor.id}/equipe", **PERSON, **more)
    attendee = all_of(Attendee)[0]
    assert (attendee.category, attendee.is_vip, attendee.exhibitor_id) == (
        "exhibitor",
        False,
        exhibitor.id,
    )


def test_a_full_team_says_so_and_keeps_what_was_typed(
    stand: PageClient, exhibitor: Exhibitor
) -> None:
    address = f"/mon-stand/{exhibitor.id}/equipe"
    form = stand.get(address).get_data(as_text=True)
    assert "Nommer cette personne" in form
    for name in ("Un", "Deux"):
        stand.fill(address, **{**PERSON, "first_name": name})
    page = stand.get(address).get_data(as_text=True)
    assert "Tous vos badges sont attribués" in page
    assert "Nommer cette personne" not in page
    token = stand.token(address)
    late = {**PERSON, "csrf_token": token, "submission_key": str(uuid.uuid4())}
    answer = stand.post(address, data=late)
    assert answer.status_code == 409
    assert "sont attribués" in answer.get_data(as_text=True)
    assert len(all_of(Attendee)) == 2


def test_the_same_person_twice_is_said(stand: PageClient, exhibitor: Exhibitor) -> None:
    address = f"/mon-stand/{exhibitor.id}/equipe"
    stand.fill(address, **PERSON)
    answer = stand.fill(address, **PERSON)
    assert answer.status_code == 409
    assert "déjà dans votre équipe" in answer.get_data(as_text=True)


def test_a_replacement_by_somebody_of_the_team_is_said_and_changes_nothing(
    stand: PageClient, exhibitor: Exhibitor
) -> None:
    address = f"/mon-stand/{exhibitor.id}/equipe"
    stand.fill(address, **PERSON)
    stand.fill(address, **{**PERSON, "first_name": "Jules"})
    first = all_of(Attendee)[0]
    answer = stand.fill(f"{address}/{first.id}/remplacer", **{**PERSON, "first_name": "Jules"})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "déjà dans votre équipe" in page
    assert 'value="Jules"' in page
    assert [badge.is_valid for badge in all_of(Badge)] == [True, True]


def test_the_badges_of_the_stand_in_one_pdf(stand: PageClient, exhibitor: Exhibitor) -> None:
    address = f"/mon-stand/{exhibitor.id}/equipe"
    assert stand.get(f"{address}.pdf").status_code == 404
    stand.fill(address, **PERSON)
    answer = stand.get(f"{address}.pdf")
    assert answer.mimetype == "application/pdf"
    text = pypdfium2.PdfDocument(answer.get_data())[0].get_textpage().get_text_bounded()
    for word in ("VIDAL", "Exposant", "Éclairage du Biterrois", "Directrice commerciale"):
        assert word.casefold() in text.casefold()


def test_another_stand_is_not_found(
    stand: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    other_exhibitor = make_exhibitor(edition)
    stand.fill(f"/mon-stand/{exhibitor.id}/equipe", **PERSON)
    own_person, token = all_of(Attendee)[0], stand.token(f"/mon-stand/{exhibitor.id}/equipe")
    base = f"/mon-stand/{other_exhibitor.id}/equipe"
    for address in (base, f"{base}.pdf", f"{base}/{own_person.id}/remplacer"):
        assert stand.get(address).status_code == 404
    assert (
        stand.post(f"{base}/{own_person.id}/retirer", data={"csrf_token": token}).status_code == 404
    )
    assert badge_of(own_person.id).is_valid


def test_a_stand_does_not_touch_a_visitor(stand: PageClient, exhibitor: Exhibitor) -> None:
    visitor = register_one().id
    base = f"/mon-stand/{exhibitor.id}/equipe"
    token = stand.token(base)
    assert stand.get(f"{base}/{visitor}/remplacer").status_code == 404
    answer = stand.post(f"{base}/{visitor}/retirer", data={"csrf_token": token})
    assert answer.status_code == 404
    assert badge_of(visitor).is_valid


def test_agents_and_visitors_do_not_enter(
    app: Flask, client: PageClient, exhibitor: Exhibitor
) -> None:
    address = f"/mon-stand/{exhibitor.id}/equipe"
    assert "/connexion" in client.get(address).headers["Location"]
    assert sign_in(app, Role.AGENT).get(address).status_code == 403
    assert sign_in(app, Role.ORGANISER).get(address).status_code == 403


def test_a_withdrawn_stand_has_no_team_page(stand: PageClient, exhibitor: Exhibitor) -> None:
    with transaction(exhibitor):
        exhibitor.status = ApplicationStatus.WITHDRAWN
    assert stand.get(f"/mon-stand/{exhibitor.id}/equipe").status_code == 404


def test_on_the_day_the_page_sends_to_the_welcome_desk(app: Flask) -> None:
    make_places()
    edition = make_edition(day=local(now()).date())
    make_terms(edition)
    exhibitor = make_exhibitor(edition, email="elise@eclairage.example")
    stand = sign_in(app, Role.EXHIBITOR, "elise@eclairage.example")
    address = f"/mon-stand/{exhibitor.id}/equipe"
    page = stand.get(address).get_data(as_text=True)
    assert "L’équipe ne change plus en ligne" in page
    assert "accueil" in page
    assert "Nommer cette personne" not in page
    late = {**PERSON, "csrf_token": stand.token(address), "submission_key": str(uuid.uuid4())}
    answer = stand.post(address, data=late)
    assert answer.status_code == 409
    assert "présentez-vous à l’accueil" in answer.get_data(as_text=True)
    assert all_of(Attendee) == []


def test_a_staff_badge_opens_the_exhibitors_door_on_the_day_of_set_up(
    client: PageClient, stand: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    """Set-up is the day before the fair: door X lets staff in, and refuses visitors."""
    stand.fill(f"/mon-stand/{exhibitor.id}/equipe", **PERSON)
    staff, visitor = all_of(Attendee)[0].id, register_one().id
    set_up = edition.starts_at - timedelta(hours=18)
    assert set_up.date() < date.fromordinal(edition.days[0].day_on.toordinal())
    scans = [
        {
            "scan_id": str(uuid.uuid4()),
            "code": badge_of(value).code,
            "scanned_at": set_up.isoformat(),
            "door": "X",
            "direction": "in",
        }
        for value in (staff, visitor)
    ]
    bearer = {"Authorization": f"Bearer {make_station_token(edition, 'Entrée X')}"}
    answer = client.post("/api/v1/scans", json={"scans": scans}, headers=bearer)
    verdicts = [result["verdict"] for result in answer.get_json()["results"]]
    assert verdicts == ["accepted", "not_allowed_here"]
    assert len(all_of(Scan)) == 2
