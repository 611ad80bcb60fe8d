"""A visitor's appointments on their e-badge, in its calendar and on its sheet."""

from datetime import timedelta
from html import unescape

from flask import Flask

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.services.booking import cancel_appointment
from salon.badges import queries
from salon.badges.jobs import render_badges
from salon.badges.models.badge_layouts import Layout
from salon.fair.models import Edition, ProgrammeItem, Room
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.engagements import engagements_of_attendees
from salon.platform.words.typography import of_place
from tests.appointments.make import PUBLIC, book, make_fair, make_visitor
from tests.badges.test_qr import PREFIX
from tests.badges.test_sheet import codes_on, pages_of, text_in
from tests.pages import PageClient
from tests.staffing.make import make_agent
from tests.statements import statements

SECTION = "Vos rendez-vous"


def badge_of(appointment: Appointment) -> str:
    return queries.get_valid_badge(appointment.attendee_id).private_token


def page_of(client: PageClient, token: str) -> str:
    """Return the text of the badge's page from its appointments on."""
    answer = client.get(f"/badge/{token}")
    assert answer.status_code == 200
    text = unescape(answer.text).replace("\u00a0", " ")
    return text.partition(SECTION)[2].partition("Votre inscription")[0]


def set_status(appointment: Appointment, status: AppointmentStatus) -> None:
    with transaction(appointment):
        appointment.status = status


def test_a_badge_lists_its_appointments_and_leads_to_each(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    fair = make_fair(edition)
    visitor = make_visitor(edition)
    first = book(fair, at=fair.at(9, 30), visitor=visitor)
    lost_appointment = book(fair, at=fair.at(11), visitor=visitor)
    cancel_appointment(Act(PUBLIC, fair.before), lost_appointment)
    book(fair, at=fair.at(14))
    page = page_of(client, badge_of(first))
    assert "(1)" in page
    assert page.count("/rendez-vous/") == 2
    assert f'href="/rendez-vous/{first.private_token}"' in page
    assert "9 h 30" in page
    assert (
        f"{first.agent.polite_name}, Département, hall 3, stand V0".replace("\u00a0", " ") in page
    )
    assert "Confirmé" in page
    assert "<s>11 h</s>" in page
    assert f"Rendez-vous {of_place(visitor.on_behalf_of)}" in page
    assert "Annulé" in page
    assert "14 h" not in page


def test_an_hour_that_does_not_hold_any_more_is_struck(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    fair = make_fair(edition)
    appointment = book(fair, at=fair.at(9))
    set_status(appointment, AppointmentStatus.TO_CHOOSE)
    page = page_of(client, badge_of(appointment))
    assert "<s>9 h</s>" in page
    assert "À choisir de nouveau" in page
    assert appointment.agent.full_name not in page


def test_a_badge_without_appointment_offers_one_and_the_button_remembers_whose_it_is(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    visitor = make_visitor(edition)
    token = queries.get_valid_badge(visitor.id).private_token
    page = page_of(client, token)
    assert "Aucun rendez-vous pour l’instant" in page
    answer = client.fill(f"/badge/{token}", to=f"/badge/{token}/rendez-vous")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/rendez-vous"


def test_nobody_who_works_there_is_offered_an_appointment(
    app: Flask, edition: Edition, client: PageClient
) -> None:
    visitor = make_visitor(edition)
    with transaction(visitor):
        visitor.category = "exhibitor"
    token = queries.get_valid_badge(visitor.id).private_token
    assert SECTION not in client.get(f"/badge/{token}").text


def test_the_page_kept_on_the_phone_holds_the_programme(
    client: PageClient, edition: Edition
) -> None:
    token = queries.get_valid_badge(make_visitor(edition).id).private_token
    assert "Le programme" not in client.get(f"/badge/{token}").text, "nothing empty is shown"
    with transaction() as session:
        room = Room(edition_id=edition.id, name="Salle Agathe")
        session.add(
            ProgrammeItem(
                edition_id=edition.id,
                title="Financer un projet",
                room=room,
                starts_at=edition.starts_at,
                ends_at=edition.starts_at + timedelta(hours=1),
            )
        )
    page = client.get(f"/badge/{token}").text
    assert "<strong>Financer un projet</strong>, Salle Agathe" in page


def sheet(*appointments: Appointment) -> str:
    """Return the programme panel of a sheet to fold, as a reader of PDF reads it; its code is read
    too.
    """
    badge = queries.get_valid_badge(appointments[0].attendee_id)
    (page,) = pages_of(render_badges([badge.id], Layout.A6, PREFIX))
    ((payload, *_),) = codes_on(page, 3)
    assert payload == PREFIX + badge.code
    width, height = page.get_size()
    return text_in(page, 0, 0, width / 2, height / 2)


def test_a_sheet_that_is_folded_has_the_appointments(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, per_visitor=9)
    visitor = make_visitor(edition)
    appointments = [book(fair, at=fair.at(hour), visitor=visitor) for hour in (9, 10, 11)]
    cancel_appointment(Act(PUBLIC, fair.before), appointments[1])
    words = sheet(*appointments)
    assert "Vos rendez-vous 9 h Soutien aux communes" in words
    assert f"{appointments[0].agent.polite_name}, Département, hall 3, stand V0".replace(
        "\u00a0", " "
    ) in (words.replace("\u00a0", " "))
    assert "11 h Soutien" in words
    assert "10 h Soutien" not in words
    set_status(appointments[2], AppointmentStatus.TO_CHOOSE)
    words = sheet(*appointments)
    assert "À choisir Soutien aux communes Une autre heure est à choisir." in words
    assert "11 h Soutien" not in words


def test_many_appointments_leave_the_sheet_readable(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, per_visitor=9)
    visitor = make_visitor(edition)
    appointments = [
        book(fair, at=fair.at(hour), visitor=visitor) for hour in (9, 10, 11, 13, 14, 15)
    ]
    words = sheet(*appointments)
    assert "13 h Soutien" in words
    assert "14 h Soutien" not in words
    assert "et 2 de plus sur la page de votre badge" in words
    assert "Programme" in words


def test_many_badges_ask_no_more_of_the_database_for_their_appointments(
    app: Flask, edition: Edition
) -> None:
    fair = make_fair(edition)
    ids = [
        queries.get_valid_badge(book(fair, at=fair.at(hour)).attendee_id).id
        for hour in (9, 10, 11, 13, 14, 15)
    ]
    counts = []
    for chosen_ids in (ids[:1], ids):
        current_session().expunge_all()
        current = get_public_edition()
        settings = queries.settings_of(current.id)
        with statements() as sent_statements:
            faces = list(queries.faces_of(chosen_ids, PREFIX, settings, current))
        assert all(len(face.appointments) == 1 for face in faces)
        counts.append(len(sent_statements))
    assert counts[0] == counts[1]
    with statements() as sent_statements:
        list(queries.faces_of(ids, PREFIX, settings))
    assert not any("appointments" in item for item in sent_statements)


def test_what_is_promised_is_read_for_many_at_once(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    make_agent(fair.village)
    first_appointment, other_appointment = book(fair, at=fair.at(9)), book(fair, at=fair.at(10))
    engagements = engagements_of_attendees(
        [first_appointment.attendee_id, other_appointment.attendee_id, 0]
    )
    assert {
        key: [item.id for item in engagement_list] for key, engagement_list in engagements.items()
    } == {
        first_appointment.attendee_id: [first_appointment.id],
        other_appointment.attendee_id: [other_appointment.id],
    }
    assert engagements[first_appointment.attendee_id][
        0
    ].ends_at - first_appointment.starts_at == timedelta(minutes=20)
