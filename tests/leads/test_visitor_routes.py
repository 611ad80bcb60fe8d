"""Data that a visitor gives to a stand, sees and takes back."""

import html
from datetime import timedelta

import pytest
from flask import Flask

from salon.badges.models import Badge
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.leads.engine import stand_code
from salon.leads.models import Lead
from salon.leads.models.labels import Purpose
from salon.leads.queries.leads import find_lead
from salon.leads.rules import CHOICES_PER_HOUR
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.mail.delivery import words_of
from salon.platform.settings.clock import now
from tests.exhibitors.make import make_exhibitor
from tests.factories import new_key, sign_in
from tests.leads.make import (
    AT,
    EMAIL,
    NAME,
    PHONE,
    WHOLE,
    fresh,
    give,
    leave,
    live,
    make_witness,
    posted,
    read,
)
from tests.leads.pages import home
from tests.pages import PageClient


def contacts(badge: Badge) -> str:
    return f"/badge/{badge.private_token}/contacts"


# --- The visitor ---------------------------------------------------------------------------------


def test_nothing_is_ticked_and_what_is_ticked_is_said_again(
    client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    path = f"{contacts(badge)}/stand/{stand_code(exhibitor.private_token)}"
    page = client.get(path).text
    assert "checked" not in page
    assert "SAS Biterrois Lumière pourra vous envoyer" in page
    empty = client.fill(path)
    assert empty.status_code == 400
    assert "Cochez au moins une chose" in empty.text
    assert find_lead(exhibitor.id, badge.attendee_id) is None
    answer = client.fill(path, follow_up=["identity", "phone"])
    text = client.get(answer.location).text
    assert NAME in text
    assert PHONE in text
    assert EMAIL not in text
    lead = find_lead(exhibitor.id, badge.attendee_id)
    assert lead is not None
    assert live(lead) == {"follow_up": ["identity", "phone"]}
    assert client.get(path).text.count("checked") == 2


def test_the_organiser_reads_in_french_what_a_visitor_gave(
    app: Flask, client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    path = f"{contacts(badge)}/stand/{stand_code(exhibitor.private_token)}"
    client.fill(path, follow_up=["identity"])
    organiser = sign_in(app, Role.ORGANISER)
    page = organiser.get(f"/organisation/participants/{badge.attendee_id}").text
    assert "Coordonnées données à un exposant" in page
    assert "lead.given" not in page


def test_a_field_that_is_not_offered_is_refused(
    client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    with transaction(badge.attendee):
        badge.attendee.phone = ""
    path = f"{contacts(badge)}/stand/{stand_code(exhibitor.private_token)}"
    assert "Téléphone" not in client.get(path).text
    assert client.fill(path, follow_up=["phone"]).status_code == 400
    assert client.fill(path, news=["needs_note"]).status_code == 400
    assert find_lead(exhibitor.id, badge.attendee_id) is None


def test_the_poster_knows_the_phone_whose_badge_was_opened_and_lets_another_say_so(
    client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    code = stand_code(exhibitor.private_token)
    path = f"{contacts(badge)}/stand/{code}"
    assert "M’envoyer le lien" in client.get(f"/stand/{code}").text
    client.fill(path, news=["email"])
    assert client.get(f"/stand/{code}").location == path
    client.fill(path, to=f"/stand/{code}/autre")
    assert "M’envoyer le lien" in client.get(f"/stand/{code}").text


def test_a_badge_s_number_or_code_chooses_nothing(
    client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    """Whoever saw the badge, the stand first, would choose for its holder."""
    code = stand_code(exhibitor.private_token)
    for value in (badge.code, badge.code[:8], badge.code_hash):
        assert client.get(f"/badge/{value}/contacts").status_code == 404
        assert client.get(f"/badge/{value}/contacts/stand/{code}").status_code == 404
        assert client.fill(f"/stand/{code}", email=value).status_code == 400
    assert posted("lead_link") == []


def test_the_link_is_asked_by_mail_and_nothing_tells_who_is_registered(
    app: Flask, client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    code = stand_code(exhibitor.private_token)
    answer = client.fill(f"/stand/{code}", email=EMAIL)
    unknown = client.fill(f"/stand/{code}", email="personne@ailleurs.example")
    assert answer.status_code == unknown.status_code == 200
    assert answer.text.replace(EMAIL, "") == unknown.text.replace("personne@ailleurs.example", "")
    (message,) = posted("lead_link")
    with app.test_request_context():
        subject, words = words_of(message)
    assert exhibitor.name in subject
    assert f"{contacts(badge)}/stand/{code}" in words
    assert client.get(f"{contacts(badge)}/stand/{code}").status_code == 200


def test_who_scanned_me_says_each_scan_and_takes_back(
    app: Flask, edition: Edition, client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    assert "Aucun stand n’a lu votre badge" in client.get(contacts(badge)).text
    lead, other_lead = read(exhibitor, badge), read(make_exhibitor(edition), badge)
    for single_lead in (lead, other_lead):
        give(single_lead, {Purpose.FOLLOW_UP: WHOLE})
    page = client.get(contacts(badge)).text
    assert "badge lu par Élise Cabanel" in page
    assert "2 voient quelque chose de vous" in page
    answer = client.fill(contacts(badge), to=f"{contacts(badge)}/{lead.id}/retirer")
    assert live(lead)
    assert client.confirm(answer).location
    assert (live(lead), live(other_lead)) == ({}, {"follow_up": ["identity", "email", "phone"]})
    narrowed = client.fill(f"{contacts(badge)}/{other_lead.id}", follow_up=["email"])
    assert narrowed.status_code == 302
    assert live(other_lead) == {"follow_up": ["email"]}
    give(lead)
    client.confirm(client.fill(contacts(badge), to=f"{contacts(badge)}/retirer"))
    assert (live(lead), live(other_lead)) == ({}, {})
    assert "aucun ne voit quoi que ce soit" in client.get(contacts(badge)).text


def test_a_file_already_taken_is_told_to_both(
    app: Flask, stand: PageClient, client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    lead = read(exhibitor, badge)
    give(lead, now=now() - timedelta(minutes=1))
    assert "A téléchargé" not in client.get(contacts(badge)).text
    stand.get(f"{home(exhibitor)}/xlsx/follow_up")
    assert "A téléchargé un fichier avec vos coordonnées" in client.get(contacts(badge)).text
    client.confirm(client.fill(contacts(badge), to=f"{contacts(badge)}/{lead.id}/retirer"))
    text = client.get(contacts(badge)).text
    assert "ne peut pas rappeler ce fichier" in text
    page = html.unescape(stand.get(home(exhibitor)).text).replace("\u00a0", " ")
    assert f"n° {lead.id}" in page
    assert "À retirer des fichiers déjà téléchargés" in page
    assert NAME not in page
    (message,) = posted("lead_withdrawn")
    with app.test_request_context():
        subject, words = words_of(message)
    assert f"contact n° {lead.id}" in subject
    assert "- Recontacter\u00a0: nom, courriel, téléphone" in words
    assert f"effacez-y la ligne n° {lead.id}" in words
    assert NAME not in words


def test_another_visitor_s_contact_is_nowhere(
    edition: Edition, client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    other_lead = read(exhibitor, make_witness(edition, first_name="Odile"))
    own_lead = read(exhibitor, badge)
    token = client.token(f"{contacts(badge)}/{own_lead.id}")
    for path in ("", "/choix"):
        assert client.get(f"{contacts(badge)}/{other_lead.id}{path}").status_code == 404
    for path in ("", "/retirer"):
        answer = client.post(f"{contacts(badge)}/{other_lead.id}{path}", data={"csrf_token": token})
        assert answer.status_code == 404


@pytest.mark.parametrize("status", ["cancelled", "replaced", "erased"])
def test_a_link_that_no_longer_works_opens_nothing(
    client: PageClient, exhibitor: Exhibitor, badge: Badge, status: str
) -> None:
    lead = read(exhibitor, badge)
    leave(badge, status)
    for path in ("", f"/{lead.id}", f"/stand/{stand_code(exhibitor.private_token)}"):
        assert client.get(contacts(badge) + path).status_code == 404


def test_a_visitor_who_changes_without_end_is_stopped(
    client: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    lead = read(exhibitor, badge)
    path = f"{contacts(badge)}/{lead.id}"
    token = client.token(path)
    codes = [
        client.post(path, data={"csrf_token": token, "submission_key": new_key()}).status_code
        for _ in range(CHOICES_PER_HOUR + 1)
    ]
    assert codes == [302] * CHOICES_PER_HOUR + [429]


def test_exhibitors_and_agents_are_met_too(
    edition: Edition, stand: PageClient, exhibitor: Exhibitor
) -> None:
    for category in ("exhibitor", "agent", "press"):
        lead = read(exhibitor, make_witness(edition, category=category, first_name=category))
        assert fresh(lead.id).met_at == AT
    current_session().rollback()
    assert stand.get(home(exhibitor)).text.count("Contact non partagé") >= 3
    assert current_session().query(Lead).count() == 3
