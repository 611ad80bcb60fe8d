"""Texts that people accept when they register: versions, and what each person accepted."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from salon.badges import services
from salon.badges.models import Attendee, Consent, TextVersion
from salon.badges.models.labels import ORIGINAL_VERSION, AcceptedText
from salon.badges.queries.accepted_texts import accepted_by, versions_of
from salon.badges.services import accepted_texts as text_services
from salon.dashboard.services.edition_folder import load_folder, write_folder
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.web.access import settings
from tests.badges.people import PUBLIC, all_of, badge_of, make_person, register, register_one
from tests.badges.registrations import NOW
from tests.badges.visitor_pages import VISITOR
from tests.factories import act_in, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.pages import PageClient

PAGE = "/organisation/reglages/inscriptions/textes"
LETTER = "J’accepte la lettre d’information du Département."


def write_texts(edition: Edition, **changes: str) -> list[str]:
    current = text_services.text_values(edition)
    return text_services.change_texts(act_in(edition, SYSTEM), current | changes, stamp_of(current))


@pytest.mark.on_both
def test_a_change_is_a_new_version_and_the_earlier_ones_stay(edition: Edition) -> None:
    assert write_texts(edition, newsletter=LETTER) == ["newsletter"]
    assert write_texts(edition, newsletter=LETTER) == []
    stamp = stamp_of(text_services.text_values(edition))
    assert write_texts(edition, newsletter="", photo="Oui à la photo.") == ["newsletter", "photo"]
    with pytest.raises(StaleVersion):
        text_services.change_texts(act_in(edition, SYSTEM), {}, stamp)
    letters = versions_of(edition.id)[AcceptedText.NEWSLETTER]
    assert [row.version for row in letters] == ["3", "2", ORIGINAL_VERSION]
    assert [row.text for row in letters] == [letters[2].text, LETTER, letters[2].text]
    assert letters[1].label.startswith("version 2, du ")
    assert letters[2].label == "version d’origine"
    for statement in ("UPDATE text_versions SET text = 'x'", "DELETE FROM text_versions"):
        with pytest.raises(DatabaseError), transaction() as session:
            session.execute(text(statement))
    assert len(all_of(TextVersion)) == 3


@pytest.mark.on_both
def test_each_person_keeps_the_version_that_they_accepted(edition: Edition) -> None:
    before = register_one(consents=["newsletter", "photo"])
    write_texts(edition, newsletter=LETTER, privacy="Vos données nous servent.")
    after = register_one(consents=["newsletter"], texts_read={"privacy": "2"})
    services.set_consents(Act(PUBLIC, NOW), before.id, ["newsletter"])
    assert [(row.purpose, row.text_version) for row in all_of(Consent)] == [
        ("newsletter", ORIGINAL_VERSION),
        ("photo", ORIGINAL_VERSION),
        ("newsletter", "2"),
    ]
    attendees = all_of(Attendee)
    assert [row.notice_version for row in attendees] == ["", "2"]
    assert [row.text for row in accepted_by(attendees[1])] == [LETTER]
    services.set_consents(Act(PUBLIC, NOW), before.id, [])
    services.set_consents(Act(PUBLIC, NOW), before.id, ["newsletter"])
    current_session().expire_all()
    assert [row.version[:9] for row in accepted_by(attendees[0])] == ["version 2"]
    assert after.id == attendees[1].id


@pytest.mark.parametrize(
    ("read", "version"),
    [
        ({"newsletter": ORIGINAL_VERSION}, ORIGINAL_VERSION),
        ({"newsletter": "2"}, "2"),
        ({"newsletter": "9"}, "2"),
        ({"photo": "2"}, "2"),
        ({}, "2"),
    ],
)
def test_what_the_page_showed_is_what_is_accepted(
    edition: Edition, read: dict[str, str], version: str
) -> None:
    write_texts(edition, newsletter=LETTER)
    register(make_person(consents=["newsletter"], texts_read=read))
    assert [row.text_version for row in all_of(Consent)] == [version]


def test_a_text_changed_while_somebody_fills_the_form_is_not_what_they_accept(
    client: PageClient, edition: Edition
) -> None:
    fields = fields_of(client.get("/inscription").text)
    for box in ("photo", "needs"):
        del fields[box]
    write_texts(edition, newsletter=LETTER)
    client.post("/inscription", data=fields | VISITOR | {"newsletter": "y"})
    assert [row.text_version for row in all_of(Consent)] == [ORIGINAL_VERSION]
    [attendee] = all_of(Attendee)
    assert attendee.notice_version == ORIGINAL_VERSION
    assert LETTER in client.get("/inscription").text
    badge = badge_of(attendee.id)
    own = client.get(f"/badge/{badge.private_token}/consentements")
    assert LETTER in text_of(own)
    assert "de l’organisation. » Accepté le" in text_of(own)
    assert "version d’origine" in text_of(own)


def test_an_organiser_writes_the_texts_and_everybody_reads_their_versions(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    assert "Le QR code du badge n’en contient aucune." in text_of(client.get("/inscription"))
    fields = fields_of(organiser.get(PAGE).text)
    notice = "**Vos données** vont au [Département](https://departement.example)."
    preview = organiser.post(PAGE, data=fields | {"privacy": notice, "preview": "1"})
    assert 'href="https://departement.example"' in preview.text
    assert all_of(TextVersion) == []
    assert organiser.post(PAGE, data=fields | {"photo": "x" * 301}).status_code == 400
    assert organiser.post(PAGE, data=fields | {"privacy": notice}).status_code == 302
    assert organiser.post(PAGE, data=fields | {"privacy": "Autre"}).status_code == 409
    assert "1 version précédente" in text_of(organiser.get(PAGE))
    for path in ("/inscription", "/confidentialite"):
        assert "<strong>Vos données</strong> vont au" in client.get(path).text, path
    assert re.search("version précédente.*QR code", text_of(client.get("/confidentialite")), re.S)
    assert "1 texte réécrit sur 3" in text_of(organiser.get("/organisation/reglages"))
    attendee = register_one(consents=["photo"])
    page = organiser.get(f"/organisation/participants/{attendee.id}")
    assert "publications du salon. (version d’origine)" in text_of(page)


@pytest.mark.on_both
def test_texts_in_force_go_with_the_folder_of_the_edition(edition: Edition, tmp_path: Any) -> None:
    write_texts(edition, photo="Première.")
    write_texts(edition, photo="Seconde.", privacy="Vos données\n\n- ici")
    folder = tmp_path / "edition"
    write_folder(edition, folder, settings().file_store)
    path = folder / "edition.toml"
    path.write_text(path.read_text().replace(f'"{edition.slug}"', '"copie"', 1))
    copy = load_folder(Act(SYSTEM), folder).edition
    assert text_services.text_values(copy) == text_services.text_values(edition)
    assert len(versions_of(copy.id)[AcceptedText.PHOTO]) == 2
    write_folder(copy, tmp_path / "again", settings().file_store)
    files = [(root / "registration.toml").read_text() for root in (folder, tmp_path / "again")]
    assert files[0] == files[1]
