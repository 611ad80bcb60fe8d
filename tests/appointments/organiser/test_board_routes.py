"""The list of appointments, its files, and what is changed for a visitor who telephones."""

import io
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask

from salon.appointments.models import AppointmentStatus
from salon.appointments.services.booking import Choice, move_appointment
from salon.appointments.services.placing import WaitingChoice
from salon.appointments.services.waiting import join_waiting
from salon.badges.engine.matching import Affiliation
from salon.badges.models import HalfDay
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from tests.appointments.make import (
    PUBLIC,
    Fair,
    book,
    check_invariants,
    make_fair,
    make_visitor,
    messages,
)
from tests.appointments.organiser.pages import (
    BOARD,
    coordinator_of,
    fall_ill,
    go_to,
    hidden,
    organiser_of,
    page_of,
    spaced,
)
from tests.factories import act_in, new_key, sign_in
from tests.pages import PageClient
from tests.tables import each

BODIES = {"Département": 2, "SDIS 34": 1}


@pytest.fixture
def fair(app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Fair:
    fair = make_fair(edition, agents=BODIES)
    go_to(monkeypatch, fair, 9)
    return fair


def test_an_empty_list_says_where_times_come_from(app: Flask, fair: Fair) -> None:
    page = page_of(organiser_of(app), BOARD)
    assert "Aucun rendez-vous pour l’instant" in page
    assert "Ce qui demande quelqu’un maintenant" not in page


def test_the_board_counts_and_says_what_needs_somebody(app: Flask, fair: Fair) -> None:
    ill, _ = fair.agents["Département"]
    book(fair, at=fair.at(10), agent=ill)
    book(fair, at=fair.at(10), body="SDIS 34")
    fall_ill(ill, fair)
    page = page_of(organiser_of(app), BOARD)
    assert "1 rendez-vous sans agent" in page
    assert "2 rendez-vous" in page
    assert "Sans agent</span>" in page


def test_filters_keep_what_they_say_and_show_themselves(app: Flask, fair: Fair) -> None:
    place = Affiliation("Mons", commune_code="34160")
    attendee = make_visitor(fair.edition, last_name="Vézian", place=place)
    book(fair, at=fair.at(10), visitor=attendee, subject="La fuite du captage")
    other_appointment = book(fair, at=fair.at(14), body="SDIS 34")
    client = organiser_of(app)
    body_id = fair.village.bodies["SDIS 34"].id
    hour = fair.at(14).isoformat().replace("+", "%2B")
    for query, is_known in (
        ("q=vezian", True),
        ("q=mons", True),
        ("q=captage", True),
        (f"body={body_id}", False),
        (f"theme={fair.theme_id('SDIS 34')}", False),
        (f"hour={hour}", False),
    ):
        page = page_of(client, f"{BOARD}?{query}")
        assert "1 rendez-vous</p>" in page, query
        assert (attendee.full_name in page) is is_known, query
        assert (other_appointment.attendee.full_name in page) is not is_known, query
        assert "Filtres en cours" in page
    assert "Aucun rendez-vous ne correspond" in page_of(client, f"{BOARD}?status=missed")


def test_a_filter_that_says_nothing_readable_filters_nothing(app: Flask, fair: Fair) -> None:
    book(fair, at=fair.at(10))
    client = organiser_of(app)
    for query in ("theme=x", "hour=2021", "body=99999999999", "status=zzz", "page=-4"):
        assert "1 rendez-vous</p>" in page_of(client, f"{BOARD}?{query}"), query


def test_the_files_hold_the_filtered_list_and_no_formula(app: Flask, fair: Fair) -> None:
    book(fair, at=fair.at(10), subject="=1+1")
    book(fair, at=fair.at(14), body="SDIS 34")
    client = organiser_of(app)
    theme = fair.theme_id()
    text = client.get(f"{BOARD}.csv?theme={theme}").get_data(as_text=True)
    assert len(text.splitlines()) == 2
    assert ";10:00;10:20;" in text
    assert "'=1+1" in text
    content = client.get(f"{BOARD}.xlsx?theme={theme}").get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    (subject,) = [cell for cell in sheet[2] if cell.value == "=1+1"]
    assert subject.data_type == "s"


def test_a_coordinator_reads_their_own_body_alone(app: Flask, fair: Fair) -> None:
    own_appointment, other_appointment = (
        book(fair, at=fair.at(10)),
        book(fair, at=fair.at(10), body="SDIS 34"),
    )
    client = coordinator_of(app, fair, "Département")
    page = page_of(client, BOARD)
    assert own_appointment.attendee.full_name in page
    assert other_appointment.attendee.full_name not in page
    assert other_appointment.attendee.email not in client.get(f"{BOARD}.csv").get_data(as_text=True)
    assert client.get(f"{BOARD}/{own_appointment.id}").status_code == 200
    assert client.get(f"{BOARD}/{other_appointment.id}").status_code == 404
    token = client.token(f"{BOARD}/{own_appointment.id}")
    data = {"csrf_token": token, "version": other_appointment.version}
    assert client.post(f"{BOARD}/{other_appointment.id}/annuler", data=data).status_code == 404
    assert client.get("/organisation/reglages/rendez-vous").status_code == 403


@each("path", ["", ".csv", ".xlsx", "/attente", "/pourquoi", "/1"])
def test_others_are_refused(app: Flask, fair: Fair, path: str) -> None:
    assert sign_in(app, Role.EXHIBITOR).get(BOARD + path).status_code == 403
    agent = coordinator_of(app, fair, "Département", is_coordinator=False)
    assert agent.get(BOARD + path).status_code == 403


def move(client: PageClient, appointment_id: int, slot: str, *accepted: str) -> tuple[int, str]:
    place = f"{BOARD}/{appointment_id}"
    page = page_of(client, place)
    data = {**hidden(page, f"{place}/deplacer"), "slot": slot, "accepted": list(accepted)}
    answer = client.post(f"{place}/deplacer", data=data)
    return answer.status_code, spaced(answer.get_data(as_text=True))


def key_of(fair: Fair, hour: int, minute: int, agent_id: int) -> str:
    return f"{int(fair.at(hour, minute).timestamp()) // 300}-{agent_id}"


def test_a_visitor_who_telephones_is_given_another_time_and_told(app: Flask, fair: Fair) -> None:
    first, second = fair.agents["Département"]
    appointment = book(fair, at=fair.at(10), agent=first)
    status, _ = move(organiser_of(app), appointment.id, key_of(fair, 13, 25, second.id))
    assert status == 302
    current_session().expire_all()
    assert (appointment.starts_at, appointment.agent_id) == (fair.at(13, 25), second.id)
    assert len(messages("appointment_moved")) == 1
    check_invariants(fair.edition)


def test_a_time_that_is_not_offered_is_refused(app: Flask, fair: Fair) -> None:
    appointment = book(fair, at=fair.at(10))
    client = organiser_of(app)
    for slot in ("", "x", "1-1", key_of(fair, 12, 30, appointment.agent_id)):
        assert move(client, appointment.id, slot)[0] == 400, slot
    assert messages("appointment_moved") == []


def test_a_limit_is_passed_only_when_it_is_ticked(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = make_fair(edition, agents={"Département": 1}, kept_free=1)
    go_to(monkeypatch, fair, 9)
    (agent,) = fair.agents["Département"]
    appointment = book(fair, at=fair.at(10), accepted=["cover"])
    client = organiser_of(app)
    slot = key_of(fair, 13, 25, agent.id)
    status, page = move(client, appointment.id, slot)
    assert status == 409
    assert "Pour cette heure, cochez : le stand aura moins d’agents libres" in page
    assert move(client, appointment.id, slot, "cover")[0] == 302
    current_session().expire_all()
    assert appointment.starts_at == fair.at(13, 25)


def test_an_appointment_that_changed_meanwhile_is_shown_again(app: Flask, fair: Fair) -> None:
    appointment = book(fair, at=fair.at(10))
    client = organiser_of(app)
    place = f"{BOARD}/{appointment.id}"
    page = page_of(client, place)
    choice = Choice(fair.theme_id(), fair.at(11))
    move_appointment(Act(PUBLIC, fair.before), appointment, choice)
    slot = key_of(fair, 13, 25, appointment.agent_id)
    for action, more in (("deplacer", {"slot": slot}), ("annuler", {})):
        data = {**hidden(page, f"{place}/{action}"), **more}
        answer = client.post(f"{place}/{action}", data=data)
        assert answer.status_code == 409, action
        assert "vient de modifier" in answer.get_data(as_text=True)
    current_session().expire_all()
    assert (appointment.starts_at, appointment.status) == (fair.at(11), AppointmentStatus.BOOKED)


def test_a_cancelled_appointment_frees_its_time_and_changes_no_more(app: Flask, fair: Fair) -> None:
    appointment = book(fair, at=fair.at(10))
    client = organiser_of(app)
    place = f"{BOARD}/{appointment.id}"
    data = hidden(page_of(client, place), f"{place}/annuler")
    assert client.post(f"{place}/annuler", data=data).status_code == 302
    current_session().expire_all()
    assert appointment.status == AppointmentStatus.CANCELLED
    assert len(messages("appointment_cancelled")) == 1
    assert "Il ne change plus" in page_of(client, place)
    assert client.get(f"{BOARD}/999999").status_code == 404


def test_waiting_lists_are_in_order_and_say_what_is_offered(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    fall_ill(fair.agents["Département"][0], fair)
    go_to(monkeypatch, fair, 9)
    visitors = [make_visitor(edition) for _ in range(2)]
    for number, item in enumerate(visitors):
        at = fair.before + timedelta(minutes=number)
        part = HalfDay.MORNING
        join_waiting(
            act_in(edition, PUBLIC, at),
            WaitingChoice(fair.theme_id(), part, "Voirie"),
            item.id,
            new_key(),
        )
    page = page_of(organiser_of(app), f"{BOARD}/attente")
    assert page.index(visitors[0].full_name) < page.index(visitors[1].full_name)
    assert "2 en attente" in page
    assert "Attend" in page
    other_client = coordinator_of(app, fair, "SDIS 34")
    assert "Personne n’attend" in page_of(other_client, f"{BOARD}/attente")
