"""The pages of registration and badges: a happy journey and a refusal for each."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from icalendar import Calendar

from salon.accounts.models import StationKind
from salon.accounts.services import sign_ins, stations
from salon.badges import jobs, services
from salon.badges.documents.attendee_list import COLUMNS
from salon.badges.imports.roster import read_roster
from salon.badges.models import Attendee, Badge, Consent, Group, Printing
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.db import transaction
from salon.platform.identity import SYSTEM, Role
from salon.platform.journal import JournalEntry
from salon.platform.mail.delivery import attachments_of, envelope, words_of
from salon.platform.mail.outbox import Message
from salon.platform.spreadsheets.cells import from_export
from tests.badges.people import all_of, badge_of, kinds_sent, make_person, register, register_one
from tests.factories import new_key, sign_in
from tests.jobs import run as run_jobs
from tests.pages import PageClient
from tests.platform.spreadsheets.files import xlsx
from tests.races import race

NOW = datetime.now(UTC)
HOSTILE = [
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}",
    "<img src=x onerror=alert(1)>",
    "\u202eesrever",
    "<a href=//evil>x</a>",
    "[ici](http://evil)",
    "{x.__class__}",
    "</title><script>x",
]
VISITOR = {
    "civility": "madame",
    "first_name": "Marie-Hélène",
    "last_name": "d’Arçon",
    "function": "mayor",
    "commune": "Saint Martin de l'Arcon",
    "email": "mairie@arcon.example",
    "half_day": "morning",
}


def page_of(response) -> str:  # type: ignore[no-untyped-def]
    return str(response.get_data(as_text=True))


# Registration


def test_a_visitor_registers_and_the_link_of_the_mail_opens_the_badge(
    client: PageClient, edition: Edition
) -> None:
    answer = client.fill(
        "/inscription", **VISITOR, needs=["parking", "seat"], newsletter="y", phone="06 12 34 56 78"
    )
    assert answer.location == "/inscription/merci"
    assert "mairie@arcon.example" in page_of(client.get(answer.location))
    attendee = all_of(Attendee)[0]
    assert attendee.commune_code == "34273"
    assert (attendee.category, attendee.needs) == ("elected", ["parking", "seat"])
    assert [consent.purpose for consent in all_of(Consent)] == ["newsletter"]
    subject, body = words_of(all_of(Message)[0])
    assert subject == "Votre badge pour le salon des maires"
    assert "Madame la Maire," in body
    link = re.search(r"/badge/[\w-]+(?=\n)", body)
    assert link
    badge = page_of(client.get(link[0]))
    assert "Marie-Hélène d’Arçon" in badge
    assert "Saint-Martin-de-l&#39;Arçon" in badge
    assert 'class="qr"' in badge


def test_boxes_are_unticked_and_the_information_block_is_there(
    client: PageClient, edition: Edition
) -> None:
    for path in ("/inscription", "/inscription/commune", "/inscription/commune/liste"):
        page = page_of(client.get(path))
        assert not re.search(r'type="checkbox"[^>]*checked', page)
        for words in ("Responsable", "DPO", "Base légale", "Destinataires", "Durée", "CNIL"):
            assert words in page, (path, words)


def test_the_commune_is_typed_without_javascript(client: PageClient, edition: Edition) -> None:
    page = page_of(client.get("/inscription"))
    assert '<option value="Saint-Gervais-sur-Mare">' in page
    assert 'list="places"' in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first_name": ""}, "Indiquez le prénom."),
        ({"last_name": "x" * 61}, "Au plus 60 caractères."),
        ({"last_name": "x" * 5000}, "Au plus 60 caractères."),
        ({"last_name": "A\x00B"}, "ne s’imprime pas"),
        ({"last_name": "A\r\nBcc: x@evil.example"}, "ne s’imprime pas"),
        ({"first_name": "A =?UTF-8?Q?=0ABcc:_x?="}, "refusée"),
        ({"function": "emperor"}, "choi"),
        ({"function": "other"}, "Précisez la fonction"),
        ({"civility": "docteur"}, "choi"),
        ({"civility": ""}, "Choisissez la civilité."),
        ({"email": "mairie"}, "ne paraît pas complète"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "ne s’imprime pas"),
        ({"phone": "<script>"}, "Ce numéro"),
        ({"half_day": "night"}, "choi"),
        ({"needs": ["helicopter"]}, "choi"),
        ({"needs_note": "x" * 301}, "Au plus 300 caractères."),
        ({"commune": ""}, "Indiquez la commune"),
        ({"commune": "Atlantide"}, "pas dans la liste"),
        ({"commune": "x" * 5000}, "Au plus 120 caractères."),
        ({"organisation": "Université"}, "pas les deux"),
        ({"submission_key": "x"}, "Rechargez la page"),
    ],
)
def test_what_is_typed_wrongly_is_said_and_nothing_is_written(
    client: PageClient, edition: Edition, change: dict[str, str], words: str
) -> None:
    answer = client.fill("/inscription", **{**VISITOR, **change})
    assert answer.status_code == 400
    page = page_of(answer)
    assert words in page
    assert 'role="alert"' in page
    assert all_of(Attendee) == []
    assert kinds_sent() == []


def test_an_unclear_commune_is_chosen_among_the_closest(
    client: PageClient, edition: Edition
) -> None:
    answer = client.fill("/inscription", **{**VISITOR, "commune": "Saint-Gervais"})
    assert answer.status_code == 400
    assert 'value="Saint-Gervais-sur-Mare"' in page_of(answer)
    chosen = {**VISITOR, "commune": "Saint-Gervais", "place_choice": "Saint-Gervais-sur-Mare"}
    assert client.fill("/inscription", **chosen).status_code == 302
    assert all_of(Attendee)[0].commune_code == "34255"


def test_a_commune_typed_anew_wins_over_an_old_choice(client: PageClient, edition: Edition) -> None:
    client.fill("/inscription", **{**VISITOR, "commune": "Mons", "place_choice": "Béziers"})
    assert all_of(Attendee)[0].commune_code == "34160"


def test_an_epci_or_another_organisation_will_do(client: PageClient, edition: Edition) -> None:
    client.fill("/inscription", **{**VISITOR, "commune": "Béziers Méditerranée"})
    other_fields = {
        **VISITOR,
        "commune": "",
        "organisation": "Chambre d’agriculture",
        "last_name": "B",
    }
    client.fill("/inscription", **other_fields)
    first, second = all_of(Attendee)
    assert (first.epci_siren, first.on_behalf_of) == ("243400769", "CA de Béziers-Méditerranée")
    assert second.on_behalf_of == "Chambre d’agriculture"


def test_fields_that_the_form_does_not_have_are_ignored(
    client: PageClient, edition: Edition
) -> None:
    extra = {"category": "organiser", "is_vip": "1", "status": "erased", "registered_by": "x"}
    client.fill("/inscription", **VISITOR, **extra)
    attendee = all_of(Attendee)[0]
    assert (attendee.category, attendee.is_vip, attendee.status) == ("elected", False, "registered")


def test_known_or_unknown_the_page_is_the_same(app: Flask, edition: Edition) -> None:
    seen = []
    for _ in range(2):
        client = app.test_client()
        assert isinstance(client, PageClient)
        answer = client.fill("/inscription", **VISITOR)
        after = page_of(client.get(answer.location))
        seen.append((answer.status_code, answer.location, after))
    assert seen[0] == seen[1]
    assert kinds_sent() == ["registration", "already_registered"]


@pytest.mark.race
def test_one_form_sent_twenty_times_at_once_leads_to_one_page(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    page = page_of(client.get("/inscription"))
    hidden = dict(re.findall(r'name="(csrf_token|submission_key)"[^>]*value="([^"]+)"', page))
    cookie = client.get_cookie("salon")
    assert cookie

    def send() -> tuple[int, str | None]:
        again = app.test_client()
        again.set_cookie("salon", cookie.value)
        answer = again.post("/inscription", data={**hidden, **VISITOR})
        return answer.status_code, answer.location

    assert set(race(app, [send] * 20)) == {(302, "/inscription/merci")}
    assert len(all_of(Attendee)) == len(all_of(Badge)) == 1
    assert kinds_sent() == ["registration"]
    other_answer = client.post("/inscription", data={**hidden, **VISITOR, "last_name": "Autre"})
    assert other_answer.status_code == 422


def test_a_form_without_token_is_refused(client: PageClient, edition: Edition) -> None:
    assert client.post("/inscription", data=VISITOR).status_code == 400
    assert all_of(Attendee) == []


@pytest.mark.parametrize("path", ["/inscription", "/inscription/commune"])
@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(1, 2, "pas encore ouvertes"), (-2, -1, "closes")],
)
def test_out_of_season_the_page_says_when_and_how(
    client: PageClient, edition: Edition, path: str, opens: int, closes: int, words: str
) -> None:
    token = client.token(path)
    with transaction(edition):
        edition.registration_opens_at = NOW + timedelta(days=opens)
        edition.registration_closes_at = NOW + timedelta(days=closes)
    assert words in page_of(client.get(path))
    refused = client.post(path, data={**VISITOR, "csrf_token": token})
    assert refused.status_code == 409
    assert all_of(Attendee) == []


def test_without_an_edition_there_is_nothing_to_register_for(client: PageClient) -> None:
    assert client.get("/inscription").status_code == 404


def test_too_many_registrations_from_one_address_wait(
    client: PageClient, edition: Edition, app: Flask
) -> None:
    app.config["SALON"] = replace(app.config["SALON"], registrations_per_hour=2)
    answers = [
        client.fill("/inscription", **{**VISITOR, "last_name": f"N{n}"}).status_code
        for n in range(3)
    ]
    assert answers == [302, 302, 429]
    assert len(all_of(Attendee)) == 2


def test_communes_are_searched_by_anybody(client: PageClient, edition: Edition) -> None:
    answer = client.get("/communes.json?q=bez")
    assert answer.json == {
        "places": [
            {"name": "Béziers", "kind": "commune", "code": "34032"},
            {"name": "CA de Béziers-Méditerranée", "kind": "epci", "code": "243400769"},
        ]
    }
    assert client.get("/communes.json?q=%00%27").status_code == 200


# What a phone's camera opens


def test_the_address_of_a_code_is_the_same_page_for_every_code(
    client: PageClient, edition: Edition
) -> None:
    attendee = register_one()
    text = page_of(client.get(f"/B/{badge_of(attendee.id).code}"))
    assert text == page_of(client.get(f"/B/{'A' * 26}"))
    assert text == page_of(client.get(f"/b/{'a' * 26}"))
    assert attendee.last_name not in text
    assert client.get("/B/123").status_code == 404
    assert client.get(f"/B/{'1' * 26}").status_code == 404


# Groups


def group_fields(*names: str) -> dict[str, str]:
    fields = {"commune": "Mons", "email": "mairie@mons.example"}
    for number, name in enumerate(names):
        fields |= {
            f"lines-{number}-civility": "monsieur",
            f"lines-{number}-first_name": "Jean",
            f"lines-{number}-last_name": name,
            f"lines-{number}-function": "councillor",
        }
    return fields


def test_a_secretary_registers_her_commune_and_finds_it_again(
    client: PageClient, edition: Edition
) -> None:
    answer = client.fill("/inscription/commune", **group_fields("Un", "Deux", "Trois"))
    assert answer.status_code == 302
    assert [attendee.commune_code for attendee in all_of(Attendee)] == ["34160"] * 3
    assert kinds_sent() == ["group_registered"]
    _, body = words_of(all_of(Message)[0])
    assert "- Jean Deux" in body
    token = all_of(Group)[0].private_token
    assert f"/inscription/dossier/{token}" in body
    page = page_of(client.get(f"/inscription/dossier/{token}"))
    for badge in all_of(Badge):
        assert f"/badge/{badge.private_token}" in page
    pdf = pypdfium2.PdfDocument(client.get(f"/inscription/dossier/{token}.pdf").data)
    assert "Trois" in pdf[0].get_textpage().get_text_range()


def test_a_line_is_added_without_javascript_and_nothing_is_lost(
    client: PageClient, edition: Edition
) -> None:
    page = page_of(client.get("/inscription/commune"))
    assert page.count('class="repeat"') == 3
    more = page_of(client.fill("/inscription/commune", **group_fields("Un"), action="add"))
    assert more.count('class="repeat"') == 4
    assert 'value="Un"' in more
    assert all_of(Attendee) == []


def test_a_wrong_line_is_named_and_nobody_is_registered(
    client: PageClient, edition: Edition
) -> None:
    fields = group_fields("Un", "Deux")
    fields["lines-1-function"] = ""
    answer = client.fill("/inscription/commune", **fields)
    assert answer.status_code == 400
    assert "Personne 2" in page_of(answer)
    empty = client.fill("/inscription/commune", **group_fields())
    assert "Indiquez au moins une personne." in page_of(empty)
    assert all_of(Attendee) == []


LIST = """Civilité;Prénom;Nom;Fonction;Adresse électronique
Mme;Françoise;L’Héritier;Maire;
M.;Noël;=1+1;1er adjoint;noel@mons.example
;;Sansprénom;Maire;
M.;Long;{long};Maire;
M.;Faux;Courriel;Maire;pas une adresse
Mme;FRANCOISE;l'heritier;Maire;
M.;Nul;A\x00B;Maire;
M.;Jean;Sansfonction;;
""".replace("{long}", "x" * 5000)


def test_a_pasted_list_is_read_again_before_anything_is_written(
    client: PageClient, edition: Edition
) -> None:
    fields = {"commune": "Mons", "email": "mairie@mons.example", "roster": LIST}
    preview = client.fill("/inscription/commune/liste", **fields)
    page = page_of(preview)
    assert preview.status_code == 200
    assert "6\u00a0lignes à corriger" in page
    for words in (
        "Indiquez le prénom.",
        "Au plus 60 caractères.",
        "ne paraît pas complète",
        "Même personne qu’à la ligne 2.",
        "suite de caractères refusée",
        "Choisissez la fonction.",
    ):
        assert words in page
    assert all_of(Attendee) == []
    confirmed = client.fill("/inscription/commune/liste", **fields, action="confirm")
    assert confirmed.location == "/inscription/merci"
    assert sorted(attendee.last_name for attendee in all_of(Attendee)) == ["=1+1", "L’Héritier"]
    again = client.fill("/inscription/commune/liste", **fields, action="confirm")
    assert again.status_code == 302
    assert len(all_of(Attendee)) == 2


def test_a_file_of_windows_is_read(client: PageClient, edition: Edition) -> None:
    content = "Prénom;Nom;Fonction\nÉloïse;Œuf;Maire\n".encode("cp1252")
    fields = {"commune": "Mons", "email": "mairie@mons.example"}
    sent = {**fields, "file": (io.BytesIO(content), "é lus.csv")}
    page = page_of(client.fill("/inscription/commune/liste", **sent))
    assert "Éloïse Œuf" in page
    roster = re.search(r'name="roster" value="([^"]*)"', page)
    assert roster
    client.fill("/inscription/commune/liste", **fields, roster=roster[1], action="confirm")
    assert all_of(Attendee)[0].full_name == "Éloïse Œuf"


def test_a_workbook_is_corrected_on_its_preview(client: PageClient, edition: Edition) -> None:
    content = xlsx([["Prénom", "Nom", "Tél"], ["Éloïse", "Œuf", 467000000]])
    fields = {"commune": "Mons", "email": "mairie@mons.example"}
    path = "/inscription/commune/liste"
    page = page_of(client.fill(path, **fields, file=(io.BytesIO(content), "élus.xlsx")))
    assert "Choisissez la fonction." in page
    roster = re.search(r'name="roster" value="([^"]*)"', page)
    assert roster
    sent = {**fields, "roster": roster[1], "cell-2-function": "Maire"}
    again = page_of(client.fill(path, **sent, action="confirm"))
    assert "Inscrire 1\u00a0personne" in again
    assert all_of(Attendee) == []
    roster = re.search(r'name="roster" value="([^"]*)"', again)
    assert roster
    client.fill(path, **fields, roster=roster[1], action="confirm")
    [attendee] = all_of(Attendee)
    assert (attendee.full_name, attendee.phone) == ("Éloïse Œuf", "04 67 00 00 00")


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("", "Collez la liste"),
        ("Prénom;Fonction\nA;Maire", "Il manque : Nom"),
        ("Prénom;Nom", "aucune personne"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(
    client: PageClient, edition: Edition, roster: str, words: str
) -> None:
    fields = {"commune": "Mons", "email": "mairie@mons.example", "roster": roster}
    answer = client.fill("/inscription/commune/liste", **fields)
    assert answer.status_code == 400
    assert words in page_of(answer).replace("\u00a0:", " :")


def test_a_file_that_is_no_text_says_so(client: PageClient, edition: Edition) -> None:
    sent = {
        "commune": "Mons",
        "email": "mairie@mons.example",
        "file": (io.BytesIO(b"\x81\x8d\x00"), "x.csv"),
    }
    answer = client.fill("/inscription/commune/liste", **sent)
    assert answer.status_code == 400
    assert "pas un texte" in page_of(answer)


def test_the_dossier_names_the_commune_and_puts_the_mayor_first(
    client: PageClient, edition: Edition
) -> None:
    fields = group_fields("Un", "Deux", "Trois") | {"lines-2-function": "mayor"}
    client.fill("/inscription/commune", **fields)
    page = page_of(client.get(f"/inscription/dossier/{all_of(Group)[0].private_token}"))
    assert "<h1>Votre dossier d’inscription, Mons</h1>" in page
    names = re.findall(r"Badge&nbsp;: </span>([^<]+)<", page)
    assert names == ["Jean Trois", "Jean Deux", "Jean Un"]


def test_a_person_is_added_to_a_group(client: PageClient, edition: Edition) -> None:
    register(make_person(), make_person(), contact="mairie@mons.example")
    token = all_of(Group)[0].private_token
    path = f"/inscription/dossier/{token}/ajouter"
    assert client.fill(path, first_name="Jean").status_code == 400
    line = {"first_name": "Jean", "last_name": "Neuf", "function": "officer"}
    assert client.fill(path, **line).location == f"/inscription/dossier/{token}"
    added = all_of(Attendee)[-1]
    assert (added.group_id, added.email) == (all_of(Group)[0].id, "mairie@mons.example")


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
    services.change_attendee(attendee.id, 1, values, NOW, SYSTEM)
    second = events_in(client.get(path).data)[0]
    assert (second[0], second[1]) == (first[0], 2)
    assert second[3].astimezone(UTC) == edition.starts_at
    services.cancel_attendee(attendee.id, NOW, SYSTEM)
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
    services.reissue_badge(attendee.id, "lien transféré", new_key(), NOW, SYSTEM)
    page = page_of(client.get(path))
    assert attendee.last_name not in page
    assert badge_of(attendee.id).private_token not in page
    for tail in (".pdf", "/modifier", "/annuler", "/remplacer", "/consentements"):
        assert client.get(path + tail).status_code == 410, tail
    assert client.post(f"{path}/annuler", data={"csrf_token": token}).status_code == 410
    assert all_of(Attendee)[0].status == "registered"


@pytest.mark.parametrize("token", ["1", "x" * 24, "..", "é", "%00", "0" * 5000])
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
    mine, other_attendee = register_one(), register_one(phone="06 99 99 99 99")
    page = page_of(client.get(f"/badge/{badge_of(mine.id).private_token}"))
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
    services.change_attendee(attendee, 1, {"email": "b@mons.example"}, NOW, SYSTEM)
    services.reissue_badge(attendee, "perdu", new_key(), NOW, SYSTEM)
    services.replace_attendee(attendee, make_person(), new_key(), NOW, SYSTEM)
    services.cancel_attendee(all_of(Attendee)[-1].id, NOW, SYSTEM)
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
    with_calendar = [message.kind for message in messages if attachments_of(message)]
    assert set(with_calendar) == {"registration", "badge_reissued", "cancelled"}


def test_a_hostile_name_is_literal_in_a_message(app: Flask, edition: Edition) -> None:
    for name in HOSTILE:
        attendee = register_one(last_name=name)
        message = all_of(Message)[-1]
        assert message.recipient == attendee.email
        subject, body = words_of(message)
        assert subject == "Votre badge pour le salon des maires"
        assert name in body


# The organiser


@pytest.fixture
def organiser(app: Flask, edition: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


PRIVATE = (
    "/organisation/participants",
    "/organisation/participants.csv",
    "/organisation/participants/1",
    "/organisation/badges",
    "/organisation/badges/1",
    "/organisation/badges/1.json",
    "/organisation/badges/1.pdf",
    "/accueil",
)


def test_the_organisers_pages_are_closed_to_others(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    agent = sign_in(app, Role.AGENT)
    for path in PRIVATE:
        assert client.get(path).location.startswith("/connexion"), path
        assert agent.get(path).status_code == 403, path


def test_the_list_is_filtered_and_counted(organiser: PageClient) -> None:
    register_one(last_name="Àrnaud")
    register_one(last_name="Bousquet", function="officer")
    page = page_of(organiser.get("/organisation/participants"))
    assert "2\u00a0personnes" in page
    page = page_of(organiser.get("/organisation/participants?q=arnaud&category=elected&page=9"))
    assert "1\u00a0personne<" in page
    assert "Bousquet" not in page
    assert "Nom, adresse ou commune : arnaud" in page.replace("\u00a0:", " :")
    page = page_of(organiser.get("/organisation/participants?q=personne"))
    assert "Personne ne correspond" in page
    assert organiser.get("/organisation/participants?category=king&page=x").status_code == 200


def test_an_empty_list_says_what_to_do(organiser: PageClient) -> None:
    assert "Aucun inscrit" in page_of(organiser.get("/organisation/participants"))


HEADS = tuple(column.head for column in COLUMNS)
FORMULAS = ["=1+1", "+33612345678", "-2", "@SUM(1)", '=HYPERLINK("x")', "'=1", "'t Hooft", 'A;"B"']


def test_the_export_holds_no_formula_and_comes_back(organiser: PageClient) -> None:
    for value in FORMULAS:
        register_one(last_name=value, phone="+33 6 12 34 56 78")
    answer = organiser.get("/organisation/participants.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == HEADS
    assert not [cell for row in rows[1:] for cell in row if re.match(r"[=+\-@\t\r]", cell)]
    values = [dict(zip(HEADS, map(from_export, row), strict=True)) for row in rows[1:]]
    assert sorted(value["Nom"] for value in values) == sorted(FORMULAS)
    assert {value["Téléphone"] for value in values} == {"+33 6 12 34 56 78"}
    assert "attendees.exported" in [entry.action for entry in all_of(JournalEntry)]


def test_an_export_reads_back_as_a_list(organiser: PageClient) -> None:
    for value in FORMULAS:
        register_one(last_name=value)
    text = organiser.get("/organisation/participants.csv").data.decode("utf-8-sig")
    last_names = [line.cells["last_name"] for line in read_roster(text).lines]
    assert sorted(last_names) == sorted(FORMULAS)


def test_a_person_is_read_and_the_reading_is_kept(organiser: PageClient) -> None:
    attendee = register_one(needs=["parking"], consents=["newsletter"])
    page = page_of(organiser.get(f"/organisation/participants/{attendee.id}"))
    for text in (attendee.email, "Place de stationnement PMR", "Badge émis", "la lettre"):
        assert text in page
    assert all_of(JournalEntry)[-1].action == "attendee.read"
    assert organiser.get("/organisation/participants/999").status_code == 404


def test_hostile_text_is_shown_as_text_everywhere(organiser: PageClient) -> None:
    for value in HOSTILE:
        attendee = register_one(
            last_name=value,
            first_name=value,
            function="other",
            function_other=value,
            needs_note=value,
        )
        shown = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        shown = shown.replace('"', "&#34;").replace("'", "&#39;")
        token = badge_of(attendee.id).private_token
        for path in (
            f"/organisation/participants/{attendee.id}",
            "/organisation/participants",
            f"/badge/{token}",
            f"/badge/{token}/annuler",
            f"/inscription/dossier/{attendee.group.private_token}",
            f"/accueil?pret={attendee.id}",
        ):
            page = page_of(organiser.get(path))
            assert shown in page, path
            assert "<img src=x" not in page
            assert "<svg onload" not in page
        assert organiser.get(f"/badge/{token}.pdf").status_code == 200
        search = organiser.get("/organisation/participants", query_string={"q": value})
        assert search.status_code == 200


def test_the_organiser_changes_category_revokes_and_reissues(organiser: PageClient) -> None:
    attendee = register_one()
    path = f"/organisation/participants/{attendee.id}"
    assert organiser.fill(path, to=f"{path}/categorie", category="king").status_code == 400
    organiser.fill(path, to=f"{path}/categorie", category="guest", is_vip="y")
    assert (all_of(Attendee)[0].category, all_of(Attendee)[0].is_vip) == ("guest", True)
    assert organiser.fill(path, to=f"{path}/revoquer", reason="").status_code == 400
    assert organiser.fill(path, to=f"{path}/revoquer", reason="volé").status_code == 302
    assert organiser.fill(path, to=f"{path}/revoquer", reason="volé").status_code == 404
    assert "Badge révoqué" in page_of(organiser.get(path))
    assert organiser.fill(path, to=f"{path}/reediter", reason="").status_code == 400
    answer = organiser.fill(path, to=f"{path}/reediter", reason="retrouvé")
    assert attendee.full_name in answer.text
    assert "Le courriel qui partira" in answer.text
    assert len(all_of(Badge)) == 1
    assert organiser.confirm(answer).status_code == 302
    assert len(all_of(Badge)) == 2
    assert organiser.fill(path, to=f"{path}/annuler").status_code == 302
    assert all_of(Attendee)[0].status == "cancelled"
    assert "Annulé" in page_of(organiser.get(path))


def test_a_file_is_asked_made_and_fetched(
    app: Flask, organiser: PageClient, tmp_path: Path
) -> None:
    register(*[make_person() for _ in range(12)], contact="x@y.example")
    page = page_of(organiser.get("/organisation/badges?category=elected&printed=no&layout=62mm"))
    assert "12\u00a0badges, Étiquettes de 62" in page
    answer = organiser.fill(
        "/organisation/badges",
        to="/organisation/badges?category=elected&printed=no&layout=62mm&order=epci",
    )
    run = answer.location
    assert re.fullmatch(r"/organisation/badges/\d+", run)
    assert "Badges préparés" in page_of(organiser.get(run))
    assert organiser.get(f"{run}.json").json == {"status": "waiting", "done": 0, "total": 12}
    assert organiser.get(f"{run}.pdf").status_code == 404
    run_jobs(jobs.PRINT_RUNS)
    assert "Télécharger 12" in page_of(organiser.get(run))
    with organiser.get(f"{run}.pdf") as fetched:
        assert fetched.headers["Content-Disposition"].startswith("attachment")
        assert len(pypdfium2.PdfDocument(fetched.data)) == 12
    assert "Tout est imprimé" in page_of(organiser.get("/organisation/badges"))
    nothing = organiser.fill("/organisation/badges", to="/organisation/badges?category=press")
    assert nothing.status_code == 409
    assert organiser.get("/organisation/badges/999").status_code == 404


def test_the_desk_registers_and_prints_in_two_steps(organiser: PageClient) -> None:
    person = {
        "first_name": "Ana",
        "last_name": "Roux",
        "commune": "mons",
        "function": "officer",
        "category": "press",
        "layout": "62mm",
    }
    assert organiser.fill("/accueil", **{**person, "last_name": ""}).status_code == 400
    answer = organiser.fill("/accueil", **person)
    attendee = all_of(Attendee)[0]
    assert answer.location == f"/accueil?pret={attendee.id}&format=62mm"
    assert (attendee.category, attendee.email, attendee.commune_code) == ("press", "", "34160")
    page = page_of(organiser.get(answer.location))
    assert "Ana Roux" in page
    assert '<option selected value="62mm">' in page
    path = f"/accueil/{attendee.id}/badge.pdf"
    token = organiser.token("/accueil")
    pdf = organiser.post(f"{path}?format=62mm", data={"csrf_token": token})
    assert "Roux" in pypdfium2.PdfDocument(pdf.data)[0].get_textpage().get_text_range()
    assert len(all_of(Printing)) == 1
    assert organiser.get(path).status_code == 405
    missing = organiser.post("/accueil/999/badge.pdf", data={"csrf_token": token})
    assert missing.status_code == 404
    again = organiser.fill("/accueil", **person)
    assert "déjà inscrite" in page_of(organiser.get(again.location))
    assert len(all_of(Attendee)) == 1


def test_the_desk_finds_who_is_registered(organiser: PageClient) -> None:
    register_one(last_name="Àrnaud")
    assert "Imprimer le badge" in page_of(organiser.get("/accueil?q=arnaud"))
    assert "Personne de ce nom" in page_of(organiser.get("/accueil?q=zz"))


def test_a_search_is_limited(organiser: PageClient) -> None:
    answers = [organiser.get("/accueil?q=a").status_code for _ in range(61)]
    assert answers[:60] == [200] * 60
    assert answers[60] == 429


def test_a_station_keeps_the_desk(app: Flask, client: PageClient, edition: Edition) -> None:
    station = stations.create_station("Accueil", "A", edition.id, SYSTEM, StationKind.DESK)
    token = sign_ins.open_sign_in(SYSTEM, station_id=station.id)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert client.get("/accueil").status_code == 200
    assert client.get("/organisation/participants").status_code == 403


def test_every_badge_of_a_lot_is_counted_once(organiser: PageClient, tmp_path: Path) -> None:
    register(make_person(), make_person())
    run = jobs.ask_print_run(
        get_public_edition(), AttendeeFilter(), Layout.A4, new_key(), NOW, SYSTEM
    )
    run_jobs(jobs.PRINT_RUNS, data=tmp_path)
    assert [printing.print_run_id for printing in all_of(Printing)] == [run, run]


def test_from_a_dossier_one_comes_back_to_it_and_to_no_other(
    client: PageClient, edition: Edition
) -> None:
    mine, other_attendee = register_one(), register_one()
    token, link = badge_of(mine.id).private_token, mine.group.private_token
    path = f"/badge/{token}/annuler"
    assert client.get(f"{path}?dossier={other_attendee.group.private_token}").status_code == 404
    assert client.get(f"{path}?dossier=inconnu").status_code == 404
    answer = client.fill(f"{path}?dossier={link}")
    assert answer.headers["Location"] == f"/inscription/dossier/{link}"
    assert "est annulée" in page_of(client.get(answer.headers["Location"]))
