"""The pages of invitations: the stand's, the organiser's, and the registration they lead to."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from salon import create_app
from salon.badges.models import Attendee
from salon.exhibitors.models import Exhibitor, Invitation
from salon.exhibitors.services.invitations import create_invitation, revoke_invitation
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import db
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.settings.installation import Settings
from tests.badges.people import all_of
from tests.exhibitors.make import make_exhibitor, make_terms
from tests.factories import make_edition, make_places, new_key, sign_in
from tests.pages import PageClient
from tests.tables import each

NOW = datetime.now(UTC)
VISITOR = {
    "civility": "madame",
    "first_name": "Marie-Hélène",
    "last_name": "d’Arçon",
    "function": "mayor",
    "commune": "Béziers",
    "email": "mairie@arcon.example",
    "half_day": "morning",
}


@pytest.fixture
def exhibitor(edition: Edition) -> Exhibitor:
    make_terms(edition)
    return make_exhibitor(edition, name="Éclairage du Biterrois", email="elise@eclairage.example")


@pytest.fixture
def stand(app: Flask, exhibitor: Exhibitor) -> PageClient:
    return sign_in(app, Role.EXHIBITOR, "elise@eclairage.example")


def code_of(exhibitor: Exhibitor, quota: int | None = None) -> str:
    number = create_invitation(Act(SYSTEM, NOW), exhibitor.id, "Clients", quota, new_key())
    return next(invitation.code for invitation in all_of(Invitation) if invitation.id == number)


def test_a_stand_makes_a_code_copies_its_message_and_stops_it(
    stand: PageClient, exhibitor: Exhibitor
) -> None:
    address = f"/mon-stand/{exhibitor.id}/invitations"
    answer = stand.fill(address, label="Clients du Biterrois", quota="25")
    assert answer.status_code == 302
    page = stand.get(address).get_data(as_text=True)
    invitation = all_of(Invitation)[0]
    assert "Clients du Biterrois" in page
    assert "0 sur 25" in page
    assert f"/inscription?invitation={invitation.code}" in page
    assert "Éclairage du Biterrois vous invite au" in page
    requested_answer = stand.fill(address, to=f"{address}/{invitation.id}/arreter")
    assert "Arrêté" not in stand.get(address).text
    stand.confirm(requested_answer)
    page = stand.get(address).get_data(as_text=True)
    assert "Arrêté" in page
    assert f"invitation={invitation.code}" not in page


@each("quota", ["0", "-3", "abc", "1.5", "9" * 30, "5001"])
def test_a_wrong_number_is_said_in_french(
    stand: PageClient, exhibitor: Exhibitor, quota: str
) -> None:
    answer = stand.fill(f"/mon-stand/{exhibitor.id}/invitations", label="Clients", quota=quota)
    assert answer.status_code == 400
    assert "Indiquez un nombre de 1 à 5000" in answer.get_data(as_text=True)
    assert all_of(Invitation) == []


def test_a_code_without_number_has_no_limit(stand: PageClient, exhibitor: Exhibitor) -> None:
    address = f"/mon-stand/{exhibitor.id}/invitations"
    assert stand.fill(address, label="", quota="").status_code == 400
    assert stand.fill(address, label="Tous", quota="").status_code == 302
    assert "sans limite" in stand.get(address).get_data(as_text=True)


def test_another_stand_is_not_found(
    stand: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    other_exhibitor = make_exhibitor(edition)
    code_of(other_exhibitor)
    number = all_of(Invitation)[0].id
    token = stand.token(f"/mon-stand/{exhibitor.id}/invitations")
    assert stand.get(f"/mon-stand/{other_exhibitor.id}/invitations").status_code == 404
    for owner in (other_exhibitor, exhibitor):
        address = f"/mon-stand/{owner.id}/invitations/{number}/arreter"
        assert stand.post(address, data={"csrf_token": token}).status_code == 404
    assert all_of(Invitation)[0].revoked_at is None


def test_an_invited_visitor_reads_by_whom_and_is_counted(
    client: PageClient, exhibitor: Exhibitor
) -> None:
    address = f"/inscription?invitation={code_of(exhibitor, quota=1)}"
    assert "Invité par Éclairage du Biterrois" in client.get(address).get_data(as_text=True)
    wrong = client.fill(address, **{**VISITOR, "email": "mairie"})
    assert wrong.status_code == 400
    assert "Invité par Éclairage du Biterrois" in wrong.get_data(as_text=True)
    assert client.fill(address, **VISITOR).status_code == 302
    thanks = client.get("/inscription/merci").get_data(as_text=True)
    assert "Invitation prise en compte\u00a0: Éclairage du Biterrois" in thanks
    assert all_of(Attendee)[0].invitation_id == all_of(Invitation)[0].id


def test_a_code_is_read_in_any_case_and_with_blanks(
    client: PageClient, exhibitor: Exhibitor
) -> None:
    code = code_of(exhibitor).lower()
    typed = f"{code[:4]}%20-{code[4:]}"
    page = client.get(f"/inscription?invitation={typed}").get_data(as_text=True)
    assert "Invité par" in page


@pytest.mark.parametrize(
    "code", ["ZZZZZZZZ", "'", "%00", "{{7*7}}", "é" * 50, "full", "revoked", "%F0%9F%A6%84"]
)
def test_a_bad_code_never_keeps_anybody_out(
    client: PageClient, exhibitor: Exhibitor, code: str
) -> None:
    if code in ("full", "revoked"):
        stored_code = code_of(exhibitor, quota=1)
        if code == "full":
            client.fill(
                f"/inscription?invitation={stored_code}", **{**VISITOR, "email": "a@b.example"}
            )
        else:
            revoke_invitation(Act(SYSTEM, NOW), exhibitor.id, all_of(Invitation)[0].id)
        code = stored_code
    before = len(all_of(Attendee))
    address = f"/inscription?invitation={code}"
    page = client.get(address)
    assert page.status_code == 200
    assert "Invité par" not in page.get_data(as_text=True)
    assert client.fill(address, **VISITOR).status_code == 302
    assert len(all_of(Attendee)) == before + 1
    assert all_of(Attendee)[-1].invitation_id is None


def test_what_is_said_does_not_tell_who_was_registered(
    client: PageClient, exhibitor: Exhibitor
) -> None:
    """The same words for a new person and for one who was there before."""
    address = f"/inscription?invitation={code_of(exhibitor)}"
    sentences = []
    for _ in range(2):
        client.fill(address, **VISITOR)
        page = client.get("/inscription/merci").get_data(as_text=True)
        sentences.append(re.sub(r'value="[^"]*"', "", page))
    assert sentences[0] == sentences[1]
    assert len(all_of(Attendee)) == 1


def test_a_commune_keeps_the_code_from_page_to_page(
    client: PageClient, exhibitor: Exhibitor
) -> None:
    code = code_of(exhibitor)
    page = client.get(f"/inscription?invitation={code}").get_data(as_text=True)
    link = f"/inscription/commune?invitation={code}"
    assert link in page
    page = client.get(link).get_data(as_text=True)
    assert "Invité par" in page
    assert f"/inscription/commune/liste?invitation={code}" in page
    lines = {
        f"lines-{number}-{name}": value
        for number, first in enumerate(("Jeanne", "Paul"))
        for name, value in (("first_name", first), ("last_name", "Roux"), ("function", "mayor"))
    }
    answer = client.fill(link, commune="Mons", email="mairie@mons.example", **lines)
    assert answer.status_code == 302
    assert {attendee.invitation_id for attendee in all_of(Attendee)} == {all_of(Invitation)[0].id}
    answer = client.fill(
        f"/inscription/commune/liste?invitation={code}",
        commune="Mons",
        email="mairie@mons.example",
        roster="Prénom;Nom;Fonction\nZoé;Mas;Maire",
        action="confirm",
    )
    assert answer.status_code == 302
    assert len({attendee.id for attendee in all_of(Attendee) if attendee.invitation_id}) == 3


def test_guessing_stops_being_answered(settings: Settings) -> None:
    """Beyond the limit of an address even a good code is taken for unknown; nobody is kept out."""
    app = create_app(replace(settings, searches_per_minute=5))
    app.test_client_class = PageClient
    with app.app_context():
        make_places()
        code = code_of(make_exhibitor(make_edition()))
        client = app.test_client()
        for _ in range(5):
            client.get("/inscription?invitation=ZZZZZZZZ")
        page = client.get(f"/inscription?invitation={code}")
        assert page.status_code == 200
        assert "Cette invitation ne sert plus" in page.get_data(as_text=True)
        db.session.remove()
        db.engine.dispose()


def test_the_organiser_reads_the_counts(
    app: Flask, client: PageClient, exhibitor: Exhibitor
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    review = organiser.get("/organisation/exposants").get_data(as_text=True)
    assert 'href="/organisation/invitations"' in review
    empty = organiser.get("/organisation/invitations").get_data(as_text=True)
    assert "Personne n’a encore invité" in empty
    client.fill(f"/inscription?invitation={code_of(exhibitor)}", **VISITOR)
    page = organiser.get("/organisation/invitations").get_data(as_text=True)
    assert "Éclairage du Biterrois" in page
    assert "inscription par invitation" in page
