"""Pages of the contacts: a stand's, and a visitor's."""

import csv
import html
import io
import json
import zipfile
from datetime import timedelta

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from salon.badges.models import Badge
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.leads.engine import stand_code
from salon.leads.models import Interest, Lead
from salon.leads.models.labels import Purpose
from salon.leads.queries.leads import find_lead
from salon.leads.rules import CHOICES_PER_HOUR, SENDINGS_PER_MINUTE, TYPED_PER_MINUTE
from salon.platform.clock import now
from salon.platform.db import current_session, transaction
from salon.platform.identity import Role
from salon.platform.mail.delivery import words_of
from salon.platform.qr import qr_matrix
from tests.exhibitors.make import make_exhibitor
from tests.factories import new_key, sign_in
from tests.leads.make import (
    AT,
    COMMUNE,
    EMAIL,
    EMAIL_ALONE,
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
from tests.pages import PageClient

STAND_EMAIL = "stand@exposant.example"


@pytest.fixture
def exhibitor(app: Flask, edition: Edition) -> Exhibitor:
    return make_exhibitor(edition, email=STAND_EMAIL, legal_name="SAS Biterrois Lumière")


@pytest.fixture
def badge(app: Flask, edition: Edition) -> Badge:
    return make_witness(edition)


@pytest.fixture
def stand(app: Flask, exhibitor: Exhibitor) -> PageClient:
    """The browser of somebody of the stand."""
    return sign_in(app, Role.EXHIBITOR, STAND_EMAIL)


def home(exhibitor: Exhibitor) -> str:
    return f"/mon-stand/{exhibitor.id}/contacts"


def contacts(badge: Badge) -> str:
    return f"/badge/{badge.private_token}/contacts"


def send(client: PageClient, exhibitor: Exhibitor, *readings: object) -> object:
    token = client.get(f"{home(exhibitor)}/lecture/etat").json
    assert token is not None
    return client.post(
        f"{home(exhibitor)}/lecture",
        json={"readings": list(readings)},
        headers={"X-CSRFToken": token["csrf_token"]},
    )


def reading(badge: Badge, **overrides: object) -> dict[str, object]:
    values = {"reading_id": new_key(), "read_at": now().isoformat(), "code_hash": badge.code_hash}
    return {**values, **overrides}


# --- The stand -----------------------------------------------------------------------------------


def test_a_stand_reads_follows_and_takes_its_list_away(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    assert "Personne pour l’instant" in stand.get(home(exhibitor)).text
    answer = send(stand, exhibitor, reading(badge, note="40 mâts", interest="project"))
    (result,) = answer.json["results"]  # type: ignore[attr-defined]
    assert (result["word"], result["person"]) == ("Contact non partagé", None)
    lead = fresh(result["number"])
    give(lead)
    page = stand.get(result["address"])
    assert all(words in page.text for words in (NAME, COMMUNE, EMAIL, PHONE, "40 mâts"))
    saved = stand.fill(
        result["address"],
        version=str(lead.version),
        interest="urgent",
        note="=1+1",
        follow_up="+33 Envoyer un devis",
        follow_up_on="2020-01-02",
    )
    assert saved.status_code == 302
    listed = stand.get(home(exhibitor), query_string={"state": "late", "interest": "urgent"})
    assert "1 contact" in listed.text.replace("\u00a0", " ")
    assert "En retard" in listed.text
    file = stand.get(f"{home(exhibitor)}/csv/follow_up")
    assert file.data.startswith(b"\xef\xbb\xbf")
    assert "contacts-recontacter.csv" in file.headers["Content-Disposition"]
    _, row = csv.reader(io.StringIO(file.text.lstrip("\ufeff")), delimiter=";")
    assert row[4:9] == [NAME, "Gardienne du moulin", COMMUNE, EMAIL, PHONE]
    assert row[11:14] == ["'=1+1", "'+33 Envoyer un devis", "02/01/2020"]
    (line,) = list(
        csv.reader(io.StringIO(stand.get(f"{home(exhibitor)}/csv/news").text), delimiter=";")
    )[1:]
    assert line[4:10] == ["Contact non partagé", "", "", "", "", ""]


def test_no_cell_of_the_workbook_is_a_formula(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    lead = read(exhibitor, badge, note="=HYPERLINK(1)")
    give(lead, {Purpose.NEWS: EMAIL_ALONE})
    book = stand.get(f"{home(exhibitor)}/xlsx/news").data
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        strings = b"".join(parts.read(path) for path in parts.namelist()).decode("utf-8", "replace")
    assert "<f>" not in sheet
    assert "HYPERLINK(1)" in strings
    assert EMAIL in strings


def test_two_of_a_stand_get_both_versions(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    lead = read(exhibitor, badge)
    page = f"{home(exhibitor)}/{lead.id}"
    typed = {"version": str(lead.version), "interest": "project"}
    assert stand.fill(page, **typed, note="<b>Un</b>").status_code == 302
    conflict = stand.fill(page, **typed, note="Deux")
    assert conflict.status_code == 409
    assert "&lt;b&gt;Un&lt;/b&gt;" in conflict.text
    assert "Deux" in conflict.text
    assert fresh(lead.id).note == "<b>Un</b>"
    again = stand.fill(page, **{**typed, "version": str(fresh(lead.id).version)}, note="Deux")
    assert again.status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": ""},
        {"version": "zz"},
        {"interest": "zz"},
        {"note": "x" * 2001},
        {"note": "\x07"},
        {"follow_up": "x" * 201},
        {"follow_up_on": "demain"},
    ],
)
def test_what_is_typed_wrongly_is_told_and_not_kept(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge, wrong: dict[str, str]
) -> None:
    lead = read(exhibitor, badge)
    typed = {"version": str(lead.version), "interest": "curious", "note": "Bien", **wrong}
    answer = stand.fill(f"{home(exhibitor)}/{lead.id}", **typed)
    assert answer.status_code == 400
    assert fresh(lead.id).interest == Interest.UNSAID


def test_another_stand_s_contact_is_nowhere(
    app: Flask, edition: Edition, stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    other_exhibitor = make_exhibitor(edition)
    theirs = read(other_exhibitor, badge)
    for path in (
        home(other_exhibitor),
        f"{home(other_exhibitor)}/{theirs.id}",
        f"{home(exhibitor)}/{theirs.id}",
        f"{home(other_exhibitor)}/affiche",
        f"{home(other_exhibitor)}/csv/news",
        f"{home(other_exhibitor)}/lecture/etat",
        f"{home(exhibitor)}/csv/inconnu",
    ):
        assert stand.get(path).status_code == 404, path
    token = stand.token(home(exhibitor))
    for path in (f"{home(exhibitor)}/{theirs.id}", f"{home(other_exhibitor)}/lecture"):
        assert stand.post(path, data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"readings": []}',
        b'{"readings": [1]}',
        b'{"readings": {"a": 1}}',
        b"[" * 5000,
    ],
)
def test_a_body_that_is_no_reading_is_refused(
    stand: PageClient, exhibitor: Exhibitor, body: bytes
) -> None:
    token = stand.get(f"{home(exhibitor)}/lecture/etat").json["csrf_token"]  # type: ignore[index]
    answer = stand.post(
        f"{home(exhibitor)}/lecture",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"reading_id": "1"},
        {"reading_id": 5},
        {"read_at": "2026-10-01T10:00:00"},
        {"read_at": 3},
        {"code_hash": "A" * 64},
        {"code_hash": "0" * 63},
        {"short_code": "ABCD2345"},
        {"code_hash": "", "short_code": "ABC"},
        {"note": "x" * 501},
        {"note": "\u0007"},
        {"note": 4},
        {"interest": "zz"},
    ],
)
def test_a_wrong_reading_leaves_nothing_of_the_others(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge, wrong: dict[str, object]
) -> None:
    answer = send(stand, exhibitor, reading(badge), reading(badge, **wrong))
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert find_lead(exhibitor.id, badge.attendee_id) is None


def test_a_stand_cannot_try_codes_without_end(
    stand: PageClient, exhibitor: Exhibitor, badge: Badge
) -> None:
    typed = reading(badge, code_hash="", short_code="AAAAAAAA")
    many = [{**typed, "reading_id": new_key()} for _ in range(TYPED_PER_MINUTE)]
    assert send(stand, exhibitor, *many).status_code == 200  # type: ignore[attr-defined]
    assert send(stand, exhibitor, {**typed, "reading_id": new_key()}).status_code == 429  # type: ignore[attr-defined]
    for _ in range(SENDINGS_PER_MINUTE - 2):
        assert send(stand, exhibitor, reading(badge)).status_code == 200  # type: ignore[attr-defined]
    assert send(stand, exhibitor, reading(badge)).status_code == 429  # type: ignore[attr-defined]


def test_the_reading_page_is_whole_and_names_nobody(
    client: PageClient, exhibitor: Exhibitor
) -> None:
    """Anybody may open it: it is the same for all, and asks the server who one is."""
    page = client.get(f"{home(exhibitor)}/lecture")
    assert exhibitor.name not in page.text
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    worker = client.get(f"{home(exhibitor)}/lecture/sw.js").text
    files = json.loads(worker.split("const FILES = ")[1].split(";\n")[0])
    assert any(file.endswith("/js/leads/scan.js") for file in files)
    for file in files:
        answer = client.get(file)
        assert answer.status_code == 200, file
        answer.close()
    assert client.get(f"{home(exhibitor)}/lecture/fichiers/0/js/leads/scan.js").status_code == 404
    manifest = client.get(f"{home(exhibitor)}/lecture/application.webmanifest").json
    assert manifest is not None
    assert manifest["scope"] == f"{home(exhibitor)}/lecture"
    assert client.get(f"{home(exhibitor)}/lecture/etat").status_code == 302


def test_the_poster_s_code_opens_the_choice(
    stand: PageClient, client: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    page = stand.get(f"{home(exhibitor)}/affiche?format=a6").text
    address = f"/stand/{stand_code(exhibitor.private_token)}"
    assert address in page
    full = next(line for line in page.split("<p class=") if "lead-poster__address" in line)
    payload = full.split(">")[1].split("<")[0]
    rows = qr_matrix(payload)
    picture = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if dark else 255)
    (barcode,) = zxingcpp.read_barcodes(picture.resize([side * 6 for side in picture.size]))
    assert barcode.text == payload
    assert client.get(address).status_code == 200
    assert client.get("/stand/AAAAAAAAAAAAAAAA").status_code == 404
    other_exhibitor = make_exhibitor(edition)
    assert stand_code(other_exhibitor.private_token) != stand_code(exhibitor.private_token)


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
    done = client.fill(path, follow_up=["identity", "phone"])
    said = client.get(done.location).text
    assert NAME in said
    assert PHONE in said
    assert EMAIL not in said
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
    (sent,) = posted("lead_link")
    with app.test_request_context():
        subject, words = words_of(sent)
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
    said = client.get(contacts(badge)).text
    assert "ne peut pas rappeler ce fichier" in said
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
    theirs = read(exhibitor, make_witness(edition, first_name="Odile"))
    mine = read(exhibitor, badge)
    token = client.token(f"{contacts(badge)}/{mine.id}")
    for path in ("", "/choix"):
        assert client.get(f"{contacts(badge)}/{theirs.id}{path}").status_code == 404
    for path in ("", "/retirer"):
        answer = client.post(f"{contacts(badge)}/{theirs.id}{path}", data={"csrf_token": token})
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
