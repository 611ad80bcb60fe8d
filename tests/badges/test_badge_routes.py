"""The page of a badge: its files, what is changed, cancelled and consented to."""

import re
from datetime import UTC, datetime

import pypdfium2
from flask import Flask
from icalendar import Calendar

from salon.badges import services
from salon.badges.models import Attendee, Category, Consent, Printing
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.mail.delivery import attachments_of, envelope, words_of
from salon.platform.mail.outbox import Message
from tests.badges.people import all_of, badge_of, make_person, register, register_one
from tests.badges.visitor_pages import HOSTILE, NOW, VISITOR, page_of
from tests.factories import new_key
from tests.pages import PageClient
from tests.tables import each

# The holder's pages


def test_the_files_of_a_badge(client: PageClient, edition: Edition) -> None:
    attendee = register_one(half_day="morning")
    path = f"/badge/{badge_of(attendee.id).private_token}"
    for query, width in (("", 595), ("?format=a4", 595), ("?format=62mm", 176)):
        answer = client.get(f"{path}.pdf{query}")
        assert answer.mimetype == "application/pdf"
        page = pypdfium2.PdfDocument(answer.data)[0]
        assert round(page.get_width()) == width
        assert attendee.last_name[:12] in page.get_textpage().get_text_range().replace("\r\n", " ")
    assert client.get(f"{path}.pdf?format=a3").status_code == 404
    assert all_of(Printing) == []


def events_in(content: bytes) -> list[tuple[str, int, str, datetime]]:
    return [
        (str(item["UID"]), int(item["SEQUENCE"]), str(item["STATUS"]), item.decoded("DTSTART"))
        for item in Calendar.from_ical(content).walk("VEVENT")
    ]


def test_a_badge_goes_on_the_home_screen_of_a_phone(client: PageClient, edition: Edition) -> None:
    path = f"/badge/{badge_of(register_one().id).private_token}"
    page = client.get(path).text
    assert f'<link rel="manifest" href="{path}.webmanifest">' in page
    assert 'rel="apple-touch-icon"' in page
    answer = client.get(f"{path}.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.get_json(force=True)
    assert manifest["start_url"] == manifest["scope"] == path
    client.fill(f"{path}/annuler")
    assert "webmanifest" not in client.get(path).text


def test_only_visitors_are_offered_appointments(client: PageClient, edition: Edition) -> None:
    attendee = register_one()
    path = f"/badge/{badge_of(attendee.id).private_token}"
    for category in Category:
        with transaction(attendee):
            attendee.category = category
        is_offered = "Prendre un rendez-vous" in client.get(path).text
        assert is_offered == (category in (Category.VISITOR, Category.ELECTED, Category.GUEST))


def test_the_calendar_keeps_its_uid_and_counts_changes(
    client: PageClient, edition: Edition
) -> None:
    attendee = register_one(half_day="afternoon")
    path = f"/badge/{badge_of(attendee.id).private_token}.ics"
    answer = client.get(path)
    assert answer.mimetype == "text/calendar"
    first = events_in(answer.data)[0]
    assert first[1:3] == (1, "CONFIRMED")
    assert first[3].astimezone(UTC) > edition.starts_at
    values = {"half_day": "morning"}
    services.change_attendee(Act(SYSTEM), attendee.id, 1, values)
    second = events_in(client.get(path).data)[0]
    assert (second[0], second[1]) == (first[0], 2)
    assert second[3].astimezone(UTC) == edition.starts_at
    services.cancel_attendee(Act(SYSTEM, NOW), attendee.id)
    third = events_in(client.get(path).data)[0]
    assert (third[0], third[1], third[2]) == (first[0], 3, "CANCELLED")


def test_a_calendar_holds_no_property_that_text_slipped_in(
    client: PageClient, edition: Edition
) -> None:
    with transaction(edition):
        edition.short_name = "Salon\r\nATTENDEE:mailto:x@evil.example\rATTACH:http://evil"
    attendee = register_one()
    content = client.get(f"/badge/{badge_of(attendee.id).private_token}.ics").data
    event = Calendar.from_ical(content).walk("VEVENT")[0]
    assert sorted(event) == [
        *("DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "LOCATION"),
        *("ORGANIZER", "SEQUENCE", "STATUS", "SUMMARY", "UID"),
    ]


def test_a_change_of_two_tabs_shows_both_and_loses_nothing(
    client: PageClient, edition: Edition
) -> None:
    attendee = register_one()
    path = f"/badge/{badge_of(attendee.id).private_token}/modifier"
    page = page_of(client.get(path))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    fields = {
        **VISITOR,
        "commune": "Béziers",
        "last_name": attendee.last_name,
        "email": attendee.email,
        "csrf_token": token[1],
        "version": "1",
    }
    assert client.post(path, data={**fields, "phone": "06 11 11 11 11"}).status_code == 302
    hostile = "<img src=x onerror=alert(1)>"
    late = client.post(path, data={**fields, "phone": "06 22 22 22 22", "first_name": hostile})
    assert late.status_code == 409
    shown = page_of(late)
    assert "06 11 11 11 11" in shown
    assert "06 22 22 22 22" in shown
    assert "<img src=x" not in shown
    version = re.search(r'name="version"[^>]*value="(\d+)"', shown)
    assert version
    fields["version"] = version[1]
    assert client.post(path, data={**fields, "phone": "06 22 22 22 22"}).status_code == 302
    assert all_of(Attendee)[0].phone == "06 22 22 22 22"


def test_what_is_changed_wrongly_is_said(client: PageClient, edition: Edition) -> None:
    attendee = register_one()
    path = f"/badge/{badge_of(attendee.id).private_token}/modifier"
    for change in ({"version": "x"}, {"email": ""}, {"commune": "Nulle part"}):
        fields = {**VISITOR, "version": "1", **change}
        assert client.fill(path, **fields).status_code == 400
    assert all_of(Attendee)[0].email == attendee.email


def test_a_visitor_cancels_and_the_page_says_so(client: PageClient, edition: Edition) -> None:
    attendee = register_one()
    path = f"/badge/{badge_of(attendee.id).private_token}"
    token = client.token(f"{path}/annuler")
    for _ in range(2):
        answer = client.post(f"{path}/annuler", data={"csrf_token": token})
        assert answer.location == path
    page = page_of(client.get(path))
    assert "L’inscription est annulée." in page
    assert attendee.last_name not in page
    assert 'class="qr"' not in page
    for tail in (".pdf", "/modifier", "/annuler", "/remplacer", "/consentements"):
        assert client.get(path + tail).status_code == 409, tail


def test_a_delegate_comes_instead(client: PageClient, edition: Edition) -> None:
    attendee = register_one()
    path = f"/badge/{badge_of(attendee.id).private_token}/remplacer"
    delegate = {
        "civility": "monsieur",
        "first_name": "Paul",
        "last_name": "Riquet",
        "function": "deputy_mayor",
        "email": "paul@beziers.example",
    }
    assert client.fill(path, **{**delegate, "email": "x"}).status_code == 400
    page = page_of(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|submission_key)"[^>]*value="([^"]+)"', page))
    for _ in range(2):
        assert client.post(path, data={**hidden, **delegate}).status_code == 302
    old, new = all_of(Attendee)
    assert (old.status, new.full_name, new.commune_code) == ("replaced", "Paul Riquet", "34032")


def test_consents_are_changed_at_any_time(client: PageClient, edition: Edition) -> None:
    attendee = register_one(consents=["newsletter"])
    path = f"/badge/{badge_of(attendee.id).private_token}/consentements"
    assert re.search(
        r"name=\"newsletter\"[^>]*checked|checked[^>]*name=\"newsletter\"",
        page_of(client.get(path)),
    )
    client.fill(path, photo="y")
    standing = [consent.purpose for consent in all_of(Consent) if consent.withdrawn_at is None]
    assert standing == ["photo"]
    assert client.post(path, data={"photo": "y"}).status_code == 400


def test_a_revoked_link_opens_nothing_more(client: PageClient, edition: Edition) -> None:
    attendee = register_one()
    path = f"/badge/{badge_of(attendee.id).private_token}"
    token = client.token(f"{path}/annuler")
    services.reissue_badge(Act(SYSTEM, NOW), attendee.id, "lien transféré", new_key())
    page = page_of(client.get(path))
    assert attendee.last_name not in page
    assert badge_of(attendee.id).private_token not in page
    for tail in (".pdf", "/modifier", "/annuler", "/remplacer", "/consentements"):
        assert client.get(path + tail).status_code == 410, tail
    assert client.post(f"{path}/annuler", data={"csrf_token": token}).status_code == 410
    assert all_of(Attendee)[0].status == "registered"


@each("token", ["1", "x" * 24, "..", "é", "%00", "0" * 5000])
def test_a_link_that_is_nobodys_is_not_found(
    client: PageClient, edition: Edition, token: str
) -> None:
    register_one()
    for path in (
        *("/badge/{}", "/badge/{}.pdf", "/badge/{}.ics", "/badge/{}/modifier"),
        *("/badge/{}/annuler", "/badge/{}/remplacer", "/badge/{}/consentements"),
        *("/inscription/dossier/{}", "/inscription/dossier/{}.pdf"),
        "/inscription/dossier/{}/ajouter",
    ):
        assert client.get(path.format(token)).status_code == 404, path


def test_a_badge_page_holds_nothing_of_another_person(client: PageClient, edition: Edition) -> None:
    own_id, other_attendee = register_one(), register_one(phone="06 99 99 99 99")
    page = page_of(client.get(f"/badge/{badge_of(own_id.id).private_token}"))
    for text in (
        other_attendee.last_name,
        other_attendee.email,
        other_attendee.phone,
        badge_of(other_attendee.id).private_token,
    ):
        assert text not in page


# Messages


def test_every_message_has_words_and_leaves(app: Flask, edition: Edition) -> None:
    person = make_person(email="a@mons.example")
    attendee = register(person).added[0]
    register(person)
    services.change_attendee(Act(SYSTEM), attendee, 1, {"email": "b@mons.example"})
    services.reissue_badge(Act(SYSTEM, NOW), attendee, "perdu", new_key())
    services.replace_attendee(Act(SYSTEM, NOW), attendee, make_person(), new_key())
    services.cancel_attendee(Act(SYSTEM, NOW), all_of(Attendee)[-1].id)
    register(make_person(), make_person(), contact="mairie@mons.example")
    messages = all_of(Message)
    assert {message.kind for message in messages} >= {
        *("registration", "already_registered", "address_changed", "badge_reissued"),
        *("replaced", "cancelled", "group_registered"),
    }
    for message in messages:
        subject, body = words_of(message)
        assert subject
        assert "\n\n" in body
        assert "{{" not in body
        assert "None" not in body
        assert envelope(message)
    with_calendar = [
        message.kind
        for message in messages
        if "salon-des-maires.ics" in [file.file_name for file in attachments_of(message)]
    ]
    assert set(with_calendar) == {"registration", "badge_reissued", "cancelled"}


def test_a_hostile_name_is_literal_in_a_message(app: Flask, edition: Edition) -> None:
    for name in HOSTILE:
        attendee = register_one(last_name=name)
        message = all_of(Message)[-1]
        assert message.recipient == attendee.email
        subject, body = words_of(message)
        assert subject == "Votre badge pour le salon des maires"
        assert name in body
