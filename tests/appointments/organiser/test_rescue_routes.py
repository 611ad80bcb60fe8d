"""The page of the rescue: the plan, one button, who has still to answer."""

import pytest
from flask import Flask

from salon.appointments.models import AppointmentStatus
from salon.appointments.services.booking import cancel_appointment
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
    RESCUE,
    coordinator_of,
    fall_ill,
    go_to,
    hidden,
    organiser_of,
    page_of,
    spaced,
)
from tests.factories import sign_in
from tests.staffing.make import make_agent
from tests.statements import statements

BODIES = {"Département": 2, "SDIS 34": 1}


@pytest.fixture
def fair(app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Fair:
    """At 9:00, two agents at the Département and one at the SDIS; nobody is kept free."""
    fair = make_fair(edition, agents=BODIES)
    go_to(monkeypatch, fair, 9)
    return fair


def test_with_every_agent_there_the_page_says_so(app: Flask, fair: Fair) -> None:
    book(fair, at=fair.at(10))
    page = page_of(organiser_of(app), RESCUE)
    assert "Chaque rendez-vous a son agent" in page
    assert "Rien à sauver" in page
    assert "Confirmer et prévenir" not in page


def test_the_plan_says_who_why_and_what_becomes_of_it(app: Flask, fair: Fair) -> None:
    ill, present_agent = fair.agents["Département"]
    book(fair, at=fair.at(10), agent=ill)
    book(fair, at=fair.at(11), agent=ill)
    book(fair, at=fair.at(11), agent=present_agent)
    fall_ill(ill, fair)
    page = page_of(organiser_of(app), RESCUE)
    assert "2 rendez-vous sans agent" in page
    assert f"{spaced(ill.polite_name)} est absente, notée à 8 h 50" in page
    assert f"{spaced(present_agent.polite_name)}, à la même heure, même stand" in page
    assert (
        f"Autre heure proposée :</strong> 11 h 25, avec {spaced(present_agent.polite_name)}" in page
    )
    assert "Confirmer et prévenir les 2 visiteurs" in page


def test_one_button_does_the_plan_and_tells_each_visitor_once(app: Flask, fair: Fair) -> None:
    ill, present_agent = fair.agents["Département"]
    appointment = book(fair, at=fair.at(10), agent=ill)
    moved = book(fair, at=fair.at(11), agent=ill)
    book(fair, at=fair.at(11), agent=present_agent)
    fall_ill(ill, fair)
    client = organiser_of(app)
    answer = client.post(RESCUE, data=hidden(page_of(client, RESCUE)))
    assert (answer.status_code, answer.location) == (302, RESCUE)
    current_session().expire_all()
    assert (appointment.agent_id, appointment.status) == (
        present_agent.id,
        AppointmentStatus.BOOKED,
    )
    assert moved.status == AppointmentStatus.TO_CHOOSE
    assert [len(messages("appointment_reassigned")), len(messages("appointment_to_choose"))] == [
        1,
        1,
    ]
    page = page_of(client, RESCUE)
    assert "2 visiteurs prévenus" in page
    assert "1 visiteur doit encore répondre" in page
    assert 'href="tel:0400000000"' in page
    assert "Prévenu il y a 0 min" in page
    assert f"11 h 25, avec {spaced(present_agent.polite_name)}" in page
    check_invariants(fair.edition)


def test_who_has_no_time_left_is_to_call(app: Flask, fair: Fair) -> None:
    (ill,) = fair.agents["SDIS 34"]
    visitor = make_visitor(fair.edition, phone="", email="mairie@mons.example")
    book(fair, at=fair.at(10), body="SDIS 34", visitor=visitor)
    fall_ill(ill, fair)
    client = organiser_of(app)
    page = page_of(client, RESCUE)
    assert "Liste d’attente : plus aucune heure n’est libre" in page
    assert "mailto:mairie@mons.example" in page
    client.post(RESCUE, data=hidden(page))
    assert "en tête de son thème" in page_of(client, RESCUE)


def test_a_plan_that_changed_is_shown_again_and_nothing_is_done(app: Flask, fair: Fair) -> None:
    ill, _ = fair.agents["Département"]
    first = book(fair, at=fair.at(10), agent=ill)
    book(fair, at=fair.at(11), agent=ill)
    fall_ill(ill, fair)
    client = organiser_of(app)
    read = hidden(page_of(client, RESCUE))
    cancel_appointment(Act(PUBLIC, fair.at(9)), first)
    answer = client.post(RESCUE, data=read)
    page = spaced(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "La situation a changé pendant votre lecture" in page
    assert "Confirmer et prévenir le visiteur" in page
    assert messages("appointment_reassigned") == []
    assert client.post(RESCUE, data=hidden(page)).status_code == 302
    assert client.post(RESCUE, data=hidden(page)).status_code == 409
    assert len(messages("appointment_reassigned")) == 1


def test_a_stamp_that_is_none_is_refused(app: Flask, fair: Fair) -> None:
    client = organiser_of(app)
    token = client.token("/organisation/reglages/rendez-vous")
    for stamp in ("", "x", "0" * 17, "é" * 16):
        answer = client.post(RESCUE, data={"csrf_token": token, "stamp": stamp})
        assert answer.status_code == 400, stamp


def test_a_coordinator_sees_and_confirms_their_own_agents_only(app: Flask, fair: Fair) -> None:
    own_agents, (other_agent,) = fair.agents["Département"], fair.agents["SDIS 34"]
    own_appointment = book(fair, at=fair.at(10), agent=own_agents[0])
    other_appointment = book(fair, at=fair.at(10), body="SDIS 34")
    fall_ill(own_agents[0], fair)
    fall_ill(other_agent, fair)
    client = coordinator_of(app, fair, "Département")
    page = page_of(client, RESCUE)
    assert own_appointment.attendee.full_name in page
    assert other_appointment.attendee.full_name not in page
    assert client.post(RESCUE, data=hidden(page)).status_code == 302
    current_session().expire_all()
    assert own_appointment.agent_id == own_agents[1].id
    assert (other_appointment.agent_id, other_appointment.status) == (
        other_agent.id,
        AppointmentStatus.BOOKED,
    )


def test_only_those_who_coordinate_may_open_it(app: Flask, fair: Fair) -> None:
    agent = coordinator_of(app, fair, "Département", is_coordinator=False)
    assert agent.get(RESCUE).status_code == 403
    assert sign_in(app, Role.EXHIBITOR).get(RESCUE).status_code == 403
    assert app.test_client().get(RESCUE).status_code == 302


def test_the_page_reads_as_much_whatever_is_lost(app: Flask, fair: Fair, minute: object) -> None:
    ill, _ = fair.agents["Département"]
    make_agent(fair.village)
    client = organiser_of(app)

    def read() -> int:
        with statements() as sent_statements:
            page_of(client, RESCUE)
        return len(sent_statements)

    book(fair, at=fair.at(10), agent=ill)
    fall_ill(ill, fair)
    read()  # what stands whatever is booked is read once
    number = read()
    for shift in (11, 14, 15, 16):
        appointment = book(fair, at=fair.at(shift))
        if appointment.agent_id != ill.id:
            cancel_appointment(Act(PUBLIC, fair.at(9)), appointment)
    assert read() == number
