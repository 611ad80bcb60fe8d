"""The agenda and the sheet of a meeting: who sees what, what is noted."""

from pathlib import Path

import pytest
from flask import Flask

from salon.appointments.models import (
    AppointmentDocument,
    AppointmentStatus,
    ThemeBooking,
)
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.files.uploads import save_file
from salon.platform.storage.folder import FolderStore
from salon.platform.web.access import settings
from tests.appointments.agents.made import (
    AGENDA,
    again,
    as_agent,
    go_to,
    press,
    sheet,
    text,
)
from tests.appointments.make import Fair, book, make_visitor
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import make_agent

OTHER = "SDIS 34"
PDF = b"%PDF-1.4 ce qui a \xc3\xa9t\xc3\xa9 joint"


def test_an_agenda_says_what_waits_what_is_on_and_what_follows(
    client: PageClient, fair: Fair
) -> None:
    assert "Aucun rendez-vous pour l’instant" in text(client, AGENDA)
    book(fair, at=fair.at(9), subject="Un pont à refaire")
    book(fair, at=fair.at(10), subject="La cantine")
    book(fair, at=fair.at(11), subject="Le stade <b>")
    page = text(client, AGENDA)
    places = [page.index(words) for words in ("À compléter", "Maintenant", "Plus tard")]
    assert places == sorted(places)
    assert page.index("Un pont à refaire") < page.index("La cantine") < page.index("Le stade &lt;b")
    assert "Pas encore arrivée" in page


def test_a_coordinator_sees_their_body_and_each_agent_their_own_first(
    app: Flask, client: PageClient, fair: Fair
) -> None:
    book(fair, at=fair.at(11), subject="Pour Anna")
    book(fair, at=fair.at(11), body=OTHER, subject="Pour les pompiers")
    colleague = as_agent(app, make_agent(fair.village))
    assert "Pour Anna" not in text(colleague, AGENDA)
    assert "Pour Anna" in text(colleague, f"{AGENDA}?qui=organisme")
    boss = as_agent(app, make_agent(fair.village, is_coordinator=True))
    agent = fair.agents["Département"][0]
    for address in (AGENDA, f"{AGENDA}?qui={agent.id}", f"{AGENDA}?qui=autre'"):
        page = text(boss, address)
        assert "Pour Anna" in page
        assert "Pour les pompiers" not in page
    organiser = sign_in(app, Role.ORGANISER)
    page = text(organiser, AGENDA)
    assert "Pour Anna" in page
    assert "Pour les pompiers" in page
    body = fair.village.bodies[OTHER].id
    assert "Pour Anna" not in text(organiser, f"{AGENDA}?qui={body}")


def test_an_appointment_is_its_bodys_and_the_organisers(
    app: Flask, client: PageClient, fair: Fair
) -> None:
    own_appointment = book(fair, at=fair.at(10))
    other_appointment = book(fair, at=fair.at(10), body=OTHER)
    colleague = as_agent(app, make_agent(fair.village))
    organiser = sign_in(app, Role.ORGANISER)
    for browser in (client, colleague, organiser):
        assert browser.get(sheet(own_appointment)).status_code == 200
    assert organiser.get(sheet(other_appointment)).status_code == 200
    for address in (
        sheet(other_appointment),
        f"{AGENDA}/99999",
        f"{sheet(other_appointment)}/documents/1",
    ):
        assert client.get(address).status_code == 404
    for act in ("", "/arrivee", "/pas-la", "/recu", "/annuler-la-note", "/pour/1"):
        assert press(client, sheet(other_appointment) + act).status_code == 404, act
    assert again(other_appointment).arrived_at is None
    stranger = as_agent(app, make_agent(fair.village, body="Hérault THD"))
    assert stranger.get(sheet(own_appointment)).status_code == 404


def test_a_sheet_tells_the_commune_the_question_and_what_came_before(
    client: PageClient, fair: Fair
) -> None:
    mayor = make_visitor(fair.edition, needs=["hearing_loop"], needs_note="Au calme")
    make_visitor(fair.edition, first_name="Paul", last_name="Azam", function="deputy_mayor")
    make_visitor(fair.edition, commune="34032", last_name="Ailleurs")
    earlier = book(fair, at=fair.at(9), visitor=mayor, body=OTHER)
    press(client, f"{sheet(earlier)}/recu")
    appointment = book(fair, at=fair.at(10), visitor=mayor, subject="Un toit <script>")
    page = text(client, sheet(appointment))
    for words in (
        "Un toit &lt;script&gt;",
        "CA de Béziers-Méditerranée",
        "1\u202f000\u00a0habitants",
        "Paul Azam, Adjointe au maire",
        "Boucle magnétique",
        "Au calme",
        "Défense incendie",
    ):
        assert words in page, words
    assert "Ailleurs" not in page


def test_what_a_person_notes_is_said_and_can_be_taken_back(
    client: PageClient, fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    appointment = book(fair, at=fair.at(10))
    for act, words in (
        ("arrivee", "Au stand depuis 10\u00a0h\u00a010"),
        ("pas-la", "Pas venue"),
        ("annuler-la-note", "Au stand depuis"),
        ("recu", "Reçue"),
        ("annuler-la-note", "Au stand depuis"),
        ("annuler-la-note", "Pas encore arrivée"),
    ):
        assert press(client, f"{sheet(appointment)}/{act}").status_code == 302, act
        assert words in text(client, sheet(appointment)), act
    go_to(monkeypatch, fair, 9, 50)
    refused = press(client, f"{sheet(appointment)}/pas-la")
    assert refused.status_code == 409
    assert "à partir de 10\u00a0h, l’heure du rendez-vous" in refused.get_data(as_text=True)
    early = text(client, sheet(appointment))
    assert "Pas là" not in early
    assert "«&nbsp;Reçu(e)&nbsp;» laisse à d’autres le temps qui reste." in early


def test_an_account_is_written_with_its_lines_one_by_one(client: PageClient, fair: Fair) -> None:
    appointment = book(fair, at=fair.at(10))
    version = again(appointment).version
    typed = {
        "version": version,
        "outcome": "follow_up",
        "note": "On se revoit.\r\n\r\nÀ la mairie.",
        "steps-0-kind": "visit",
        "steps-0-words": "Le pont",
        "steps-0-owner": "Anna",
        "steps-0-due_on": "2026-11-02",
    }
    more = press(client, sheet(appointment), **typed, action="add")
    assert more.status_code == 200
    page = more.get_data(as_text=True)
    assert 'name="steps-1-kind"' in page
    assert "On se revoit." in page
    assert again(appointment).status == AppointmentStatus.BOOKED
    blank = {"steps-2-kind": "", "steps-2-words": "", "steps-2-owner": "A", "steps-2-due_on": ""}
    second = {"steps-1-kind": "call", "steps-1-owner": "Bruno", "steps-1-due_on": "", **blank}
    assert press(client, sheet(appointment), **typed, **second).status_code == 302
    page = text(client, sheet(appointment))
    assert "Le compte rendu est enregistré." in page
    assert [step.owner for step in again(appointment).steps] == ["Anna", "Bruno"]
    assert appointment.note == "On se revoit.\n\nÀ la mairie."


WRONG = (
    ({"outcome": ""}, "Dites comment l’entretien s’est terminé."),
    ({"outcome": "x"}, "Il reste 1&nbsp;point à corriger"),
    ({"steps-0-words": "Le pont"}, "Dites ce qui est promis."),
    ({"steps-0-kind": "visit", "steps-0-owner": ""}, "Dites qui s’en charge."),
    ({"steps-0-due_on": "demain"}, "Indiquez un jour"),
    ({"steps-0-due_on": "2026-11-02"}, "Dites ce qui est promis."),
    ({"note": "a" * 2_001}, "Au plus 2000 caractères."),
    ({"version": "x"}, "à corriger"),
    ({"cost": "mille"}, "Indiquez un nombre entier d’euros."),
    ({"cost": "1000", "aid": "900", "others": "200"}, "dépassent le coût"),
)


def test_an_account_that_cannot_be_read_is_shown_again(client: PageClient, fair: Fair) -> None:
    fund(fair)
    appointment = book(fair, at=fair.at(10))
    typed = {"version": again(appointment).version, "outcome": "answered", "note": "Gardé"}
    for wrong, words in WRONG:
        answer = press(client, sheet(appointment), **{**typed, **wrong})
        assert answer.status_code == 400, wrong
        page = answer.get_data(as_text=True)
        assert words in page, wrong
        assert ("Gardé" in page) == ("note" not in wrong)
    assert again(appointment).status == AppointmentStatus.BOOKED


def fund(fair: Fair) -> None:
    """The Département's theme is about an aid."""
    with transaction() as session:
        session.get_one(ThemeBooking, fair.theme_id()).is_funding = True


def test_the_money_of_a_project_is_asked_where_the_theme_is_an_aid(
    client: PageClient, fair: Fair
) -> None:
    appointment = book(fair, at=fair.at(10))
    assert "Coût du projet" not in text(client, sheet(appointment))
    fund(fair)
    page = text(client, sheet(appointment))
    for words in ("80&nbsp;%", "40&nbsp;%", "pas des promesses"):
        assert words in page
    typed = {"version": again(appointment).version, "outcome": "answered"}
    money = {"cost": "120 000 €", "aid": "60000", "others": "24 000", "funders": "la Région"}
    assert press(client, sheet(appointment), **typed, **money).status_code == 302
    page = text(client, sheet(appointment))
    assert "<strong>50&nbsp;%</strong> du coût est demandé" in page
    assert "36\u202f000&nbsp;€" in page
    assert again(appointment).funding["funders"] == "la Région"


def test_two_people_write_and_neither_loses_a_word(
    app: Flask, client: PageClient, fair: Fair
) -> None:
    appointment = book(fair, at=fair.at(10))
    colleague = as_agent(app, make_agent(fair.village))
    read = again(appointment).version
    own_fields = {"version": read, "outcome": "answered", "note": "De ma main"}
    other_fields = {"version": read, "outcome": "redirected", "note": "De la sienne"}
    assert press(colleague, sheet(appointment), **other_fields).status_code == 302
    answer = press(client, sheet(appointment), **own_fields)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "De ma main" in page
    assert "De la sienne" in page
    assert again(appointment).note == "De la sienne"
    own_fields["version"] = appointment.version
    assert f'value="{appointment.version}"' in page
    assert press(client, sheet(appointment), **own_fields).status_code == 302
    assert again(appointment).note == "De ma main"


def test_a_joined_document_is_an_attachment_of_its_own_appointment(
    app: Flask, client: PageClient, fair: Fair
) -> None:
    appointment, other_appointment = book(fair, at=fair.at(10)), book(fair, at=fair.at(11))
    stored = save_file(FolderStore(settings_data(app)), PDF, ".pdf")
    with transaction() as session:
        document = AppointmentDocument(
            appointment_id=appointment.id,
            name="Devis été.pdf",
            stored_name=stored,
            media_type="application/pdf",
            size=len(PDF),
            sha256="0" * 64,
            uploaded_at=fair.before,
        )
        session.add(document)
    page = text(client, sheet(appointment))
    assert "Devis été.pdf" in page
    address = f"{sheet(appointment)}/documents/{document.id}"
    answer = client.get(address)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert client.get(f"{sheet(other_appointment)}/documents/{document.id}").status_code == 404
    (settings_data(app) / "uploads" / stored).unlink()
    assert client.get(address).status_code == 404


def settings_data(app: Flask) -> Path:
    with app.app_context():
        return settings().data


def test_what_a_visitor_needs_is_read_by_who_receives_them_and_by_organisers(
    app: Flask, fair: Fair
) -> None:
    """The form that asks it says so."""
    mayor = make_visitor(fair.edition, needs=["hearing_loop"], needs_note="Au calme")
    receiving, colleague = fair.agents["Département"][0], make_agent(fair.village)
    appointment = book(fair, at=fair.at(10), visitor=mayor, agent=receiving)
    for reader, reads in (
        (as_agent(app, receiving), True),
        (as_agent(app, colleague), False),
        (sign_in(app, Role.ORGANISER), True),
    ):
        page = reader.get(sheet(appointment)).text
        assert ("Boucle magnétique" in page, "Au calme" in page) == (reads, reads)
    hint = app.test_client().get("/inscription").text
    assert "l’agent qui vous reçoit en rendez-vous" in hint
    privacy = app.test_client().get("/confidentialite").text
    assert "30\u00a0jours" in privacy.replace("&nbsp;", "\u00a0")
