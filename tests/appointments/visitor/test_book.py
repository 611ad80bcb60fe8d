"""A time is chosen, kept, and booked."""

import re
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from salon.appointments.models import Appointment, BookingRequest, Hold
from salon.appointments.rules.booking import CONFIRM_WITHIN, REQUEST_LASTS
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.database.db import current_session, transaction
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now
from tests.appointments.make import book, check_invariants, make_fair, make_visitor, messages
from tests.appointments.visitor.browsing import (
    QUESTION,
    WHO,
    choose,
    confirm,
    confirm_address,
    confirmation_path,
    count_appointments,
    expire_holds,
    hidden_of,
    only_appointment,
    open_form,
    show_badge,
    slug_of,
)
from tests.badges.people import all_of, make_person, register
from tests.pages import PageClient


def test_a_stranger_confirms_the_address_books_and_is_registered(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    answer = choose(client, fair, fair.at(9))
    page = client.get(answer.location).text
    assert "gardée pour vous jusqu’à" in page
    assert "Responsable" in page
    facts = {
        "project": "Une route.\r\nDeux ponts.",
        "stage": "Un projet chiffré",
        "amount": "150 000 €",
        "deadline": "avant l’été",
    }
    requested_answer = confirm(client, hidden_of(page), **WHO, **QUESTION, **facts)
    assert requested_answer.location == "/rendez-vous/demande"
    page = client.get(requested_answer.location).text
    assert WHO["email"] in page
    assert "gardée pour vous jusqu’à" in page
    assert count_appointments() == 0
    assert all_of(Attendee) == []
    (mail,) = [message for message in messages() if message.recipient == WHO["email"]]
    assert mail.kind == "booking_to_confirm"
    assert QUESTION["subject"] not in str(mail.context)
    for _ in range(2):  # what reads mail before people do books nothing
        assert "9\u00a0h" in client.get(confirmation_path()).text
    assert count_appointments() == 0
    response = confirm_address(client)
    appointment = only_appointment()
    assert response.location == f"/rendez-vous/{appointment.private_token}"
    assert client.get(confirmation_path()).location == response.location
    assert appointment.starts_at == fair.at(9)
    assert (appointment.amount, appointment.project) == (150_000, "Une route.\nDeux ponts.")
    assert appointment.attendee.full_name == "Paule Rouanet"
    kinds = [message.kind for message in messages() if message.recipient == WHO["email"]]
    assert sorted(kinds) == ["appointment_booked", "booking_to_confirm", "registration"]
    assert "9\u00a0h" in client.get(response.location).text
    check_invariants(edition)


def test_a_time_asked_for_is_kept_half_an_hour_and_no_longer(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    confirm(client, open_form(client, fair, fair.at(9)), **WHO, **QUESTION)
    (hold,) = all_of(Hold)
    assert timedelta(minutes=30) == CONFIRM_WITHIN
    assert now() + timedelta(minutes=29) < hold.expires_at <= now() + CONFIRM_WITHIN
    assert choose(client, fair, fair.at(9)).status_code == 409
    expire_holds(now() - timedelta(minutes=1))
    other_appointment = book(fair, at=fair.at(9), now=now())
    gone = confirm_address(client)
    assert gone.status_code == 409
    assert "vient d’être réservé" in gone.text
    assert QUESTION["subject"] in gone.text
    at = fair.at(9, 25)
    assert f'name="other" value="{at.isoformat()}"' in gone.text
    assert confirm_address(client, other=at.isoformat()).status_code == 302
    mine = next(
        appointment for appointment in all_of(Appointment) if appointment.id != other_appointment.id
    )
    assert mine.starts_at == at


def test_a_link_of_yesterday_confirms_nothing(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    confirm(client, open_form(client, fair, fair.at(9)), **WHO, **QUESTION)
    path, token = confirmation_path(), client.token(confirmation_path())
    with transaction() as session:
        session.scalars(select(BookingRequest)).one().asked_at -= REQUEST_LASTS
    assert client.get(path).status_code == 410
    assert client.post(path, data={"csrf_token": token}).status_code == 410
    assert count_appointments() == 0


def test_a_registered_person_is_recognised_once_they_confirm(
    client: PageClient, edition: Edition
) -> None:
    """Who types their name and address sees nothing of them: not even that they are there."""
    fair = make_fair(edition)
    visitor = make_visitor(
        edition, first_name="Paule", last_name="Rouanet", email=WHO["email"], commune="34032"
    )
    book(fair, at=fair.at(11), visitor=visitor)
    pages = []
    for person in (WHO, {**WHO, "last_name": "Inconnu"}):
        stranger = client.application.test_client()
        assert isinstance(stranger, PageClient)
        answer = confirm(stranger, open_form(stranger, fair, fair.at(9)), **person, **QUESTION)
        page = re.sub(r'value="[^"]+"', "", stranger.get(answer.location).text)
        pages.append((answer.status_code, answer.location, page))
    assert pages[0] == pages[1]
    assert "Espondeilhan" not in pages[0][2]
    first = messages("booking_to_confirm")[0].context["token"]
    response = client.fill(f"/rendez-vous/confirmer/{first}")
    assert response.status_code == 302
    assert {appointment.attendee_id for appointment in all_of(Appointment)} == {visitor.id}
    assert len(all_of(Attendee)) == 1


def test_who_confirms_is_asked_whether_another_registered_them(
    client: PageClient, edition: Edition
) -> None:
    """The badge of the town hall goes again to its address; the pages are the same for all."""
    fair = make_fair(edition)
    town_hall = {"email": "mairie@mons.example", "commune": "34160"}
    make_visitor(edition, first_name="Paule", last_name="Rouanet", **town_hall)
    again = []
    unknown = {"first_name": "Luc", "last_name": "Inconnu", "function": "officer"}
    for hour, other in ((9, {}), (10, unknown)):
        person = {**WHO, **other, "email": f"visitor{hour}@free.example"}
        confirm(client, open_form(client, fair, fair.at(hour)), **person, **QUESTION)
        assert "ma mairie par exemple" in client.get(confirmation_path()).text
        before = len(all_of(Message))
        answer = confirm_address(client, earlier_badge="y")
        assert answer.status_code == 302
        page = client.get(answer.location).text
        assert "son badge vient de repartir" in page
        posted = all_of(Message)[before:]
        again.append([row.recipient for row in posted if row.kind == "badges_of_address"])
    assert again == [[town_hall["email"]], []]


def test_limits_are_said_to_the_owner_of_the_mailbox_alone(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, per_visitor=1)
    visitor = make_visitor(edition, first_name="Paule", last_name="Rouanet", email=WHO["email"])
    book(fair, at=fair.at(11), visitor=visitor)
    answer = confirm(client, open_form(client, fair, fair.at(9)), **WHO, **QUESTION)
    assert answer.location == "/rendez-vous/demande"
    refused = confirm_address(client)
    assert refused.status_code == 409
    assert "au plus 1\u00a0rendez-vous" in refused.text


def test_another_writing_of_an_address_writes_to_the_one_that_was_registered(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    make_visitor(edition, first_name="Paule", last_name="Rouanet", email=WHO["email"])
    typed = {**WHO, "email": WHO["email"].replace("@", "+moi@")}
    confirm(client, open_form(client, fair, fair.at(9)), **typed, **QUESTION)
    assert messages("booking_to_confirm")[-1].recipient == WHO["email"]


def test_the_same_form_twice_is_one_request_and_one_page(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    hidden = open_form(client, fair, fair.at(9))
    pages = {confirm(client, hidden, **WHO, **QUESTION).location for _ in range(2)}
    assert pages == {"/rendez-vous/demande"}
    assert len(messages("booking_to_confirm")) == 1
    other_answer = confirm(client, hidden, **WHO, subject="Autre chose")
    assert other_answer.status_code == 422
    path, token = confirmation_path(), client.token(confirmation_path())
    pages = {client.post(path, data={"csrf_token": token}).location for _ in range(2)}
    assert pages == {f"/rendez-vous/{only_appointment().private_token}"}


def test_nobody_keeps_thirty_times_without_confirming(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    """However many addresses, names and browsers they take."""
    app.config["SALON"] = replace(app.config["SALON"], holds_per_network=3)
    fair = make_fair(edition)
    statuses = []
    for number in range(5):
        stranger = app.test_client()
        assert isinstance(stranger, PageClient)
        stranger.environ_base["REMOTE_ADDR"] = f"2001:db8::{number:x}"
        answer = choose(stranger, fair, fair.at(9 + number // 2, 30 * (number % 2)))
        statuses.append(answer.status_code)
        if answer.status_code == 302:
            hidden = hidden_of(stranger.get(answer.location).text)
            person_fields = {**WHO, "email": f"e{number}@mons.example"}
            confirm(stranger, hidden, **person_fields, **QUESTION)
    assert statuses == [302, 302, 302, 429, 429]
    assert count_appointments() == 0
    confirm_address(client)
    assert choose(client, fair, fair.at(14)).status_code == 302


def test_a_secretary_books_for_her_mayor(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition)
    people = [make_person(email="", last_name=name) for name in ("Sicard", "Tarbouriech")]
    contact = "secretariat@beziers.example"
    secretary, mayor = (
        current_session().get_one(Attendee, row_id)
        for row_id in register(*people, contact=contact).added
    )
    show_badge(client, secretary)
    hidden = open_form(client, fair, fair.at(9))
    page = client.get(f"/rendez-vous/retenu/{hidden['hold']}", query_string=hidden).text
    assert "Ce n’est pas vous" in page
    assert 'name="last_name"' not in page
    confirm(client, hidden, **QUESTION, attendee=str(mayor.id))
    appointment = only_appointment()
    assert (appointment.attendee_id, appointment.contact_email) == (mayor.id, contact)
    assert messages("appointment_booked")[0].recipient == contact


def test_nobody_books_for_who_was_not_registered_with_them(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    show_badge(client, make_visitor(edition))
    hidden = open_form(client, fair, fair.at(9))
    stranger = make_visitor(edition)
    answer = confirm(client, hidden, **QUESTION, attendee=str(stranger.id))
    assert answer.status_code == 400
    assert count_appointments() == 0


def test_who_says_that_it_is_not_them_is_asked_who_they_are(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition)
    show_badge(client, make_visitor(edition))
    hidden = open_form(client, fair, fair.at(9))
    back = f"/rendez-vous/retenu/{hidden['hold']}?theme={slug_of(fair)}"
    fields = {"csrf_token": hidden["csrf_token"], "next": back}
    assert client.post("/rendez-vous/oublier", data=fields).location == back
    page = client.get(f"{back}&starts_at={fair.at(9):%Y-%m-%dT%H:%M}%2B00:00").text
    assert 'name="last_name"' in page
    elsewhere = client.post("/rendez-vous/oublier", data={**fields, "next": "//mal.example"})
    assert elsewhere.location == "/rendez-vous"


def test_a_lost_time_answers_409_with_the_nearest_ones(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    path = f"/rendez-vous/themes/{slug_of(fair)}"
    book(fair, at=fair.at(9, 25))
    answer = choose(client, fair, fair.at(9, 25))
    assert answer.status_code == 409
    lost = answer.text.partition("lost")[2].partition("</section>")[0]
    assert "vient d’être réservé" in lost
    assert lost.count('name="starts_at"') == 3
    assert f'action="{path}/retenir"' in lost
    assert f'value="{fair.at(9).isoformat()}"' in lost


def test_an_expired_choice_still_books_when_the_time_is_free(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    hidden = open_form(client, fair, fair.at(9))
    expire_holds(now() - timedelta(minutes=1))
    page = client.get(f"/rendez-vous/retenu/{hidden['hold']}", query_string=hidden).text
    assert "n’est plus gardée" in page
    assert confirm(client, hidden, **WHO, **QUESTION).status_code == 302
    assert confirm_address(client).status_code == 302
    assert only_appointment().starts_at == fair.at(9)


def test_an_expired_choice_that_was_taken_keeps_what_was_typed(
    client: PageClient, edition: Edition
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    hidden = open_form(client, fair, fair.at(9))
    expire_holds(now() - timedelta(minutes=1))
    book(fair, at=fair.at(9), now=now())
    refused = confirm(client, hidden, **WHO, **QUESTION)
    assert refused.status_code == 409
    assert QUESTION["subject"] in refused.text
    assert WHO["last_name"] in refused.text
    other_moment = fair.at(9, 25)
    assert f'name="other" value="{other_moment.isoformat()}"' in refused.text
    second_answer = confirm(
        client, hidden_of(refused.text), **WHO, **QUESTION, other=other_moment.isoformat()
    )
    assert second_answer.status_code == 200
    assert "gardée pour vous jusqu’à" in second_answer.text
    assert WHO["last_name"] in second_answer.text
    assert confirm(client, hidden_of(second_answer.text), **WHO, **QUESTION).status_code == 302
    assert confirm_address(client).status_code == 302
    current_session().rollback()
    assert count_appointments() == 2
    check_invariants(edition)


def test_choosing_again_gives_the_first_choice_back(client: PageClient, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    open_form(client, fair, fair.at(9))
    open_form(client, fair, fair.at(10))
    assert book(fair, at=fair.at(9), now=now()).starts_at == fair.at(9)
