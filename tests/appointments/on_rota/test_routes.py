"""An agent's page shows whom they receive, inside their shifts and outside."""

import pytest
from flask import Flask

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.services.booking import cancel_appointment
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.staffing.models import Agent, ShiftStatus
from tests.appointments.make import PUBLIC, Fair, book, make_fair
from tests.factories import sign_in
from tests.pages import PageClient
from tests.staffing.make import publish, put, shifts
from tests.statements import statements
from tests.village_day.my_rota.pages import words_of


@pytest.fixture
def fair(edition: Edition) -> Fair:
    return make_fair(edition)


@pytest.fixture
def client(app: Flask, fair: Fair) -> PageClient:
    return sign_in(app, Role.AGENT, "agnes@herault.example")


@pytest.fixture
def agnes(client: PageClient, fair: Fair) -> Agent:
    """Return the agent who is signed in; she is on duty from 9 to 12 and from 13 to 17."""
    from salon.accounts.queries import find_account

    agent = fair.agents["Département"][0]
    account = find_account("agnes@herault.example")
    assert account is not None
    with transaction(agent):
        agent.account_id = account.id
    return agent


def list_of(client: PageClient) -> str:
    """Return the list of the day, without the top of the page."""
    return words_of(client).partition('id="ma-liste"')[2].partition('id="rappels"')[0]


def change(appointment: Appointment, **values: object) -> None:
    with transaction(appointment):
        for name, value in values.items():
            setattr(appointment, name, value)


def test_the_day_says_whom_at_what_time_and_why(
    client: PageClient, fair: Fair, agnes: Agent
) -> None:
    first = book(fair, at=fair.at(9, 30), agent=agnes, subject="Le pont <b>du Pioch</b>")
    book(fair, at=fair.at(14), agent=agnes)
    book(fair, at=fair.at(9, 30), agent=fair.agents["Département"][1])
    page = list_of(client)
    assert "2 vacations, 7 h sur les stands, 2 rendez-vous" in page
    morning, _, afternoon = page.partition("Libre de")
    assert morning.count('class="my-meeting"') == 1
    assert afternoon.count('class="my-meeting"') == 1
    assert f'href="/planning/rendez-vous/{first.id}" data-network' in morning
    assert f"{first.attendee.full_name} ({first.attendee.on_behalf_of})" in morning
    assert "9 h 30</time>" in morning
    assert "Soutien aux communes : Le pont du Pioch" in morning.replace("<b>", "")


def test_a_hostile_subject_is_text(client: PageClient, fair: Fair, agnes: Agent) -> None:
    book(fair, at=fair.at(9), agent=agnes, subject="<script>alert(1)</script>")
    answer = client.get("/planning").text
    assert "<script>alert" not in answer
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, ""),
        ({"in_hall_at": True}, "À l’intérieur"),
        ({"in_hall_at": True, "arrived_at": True}, "Au stand"),
        ({"arrived_at": True, "status": AppointmentStatus.MET}, "Reçu"),
        ({"status": AppointmentStatus.MISSED}, "Pas venu"),
    ],
)
def test_where_the_visitor_is_shows(
    client: PageClient, fair: Fair, agnes: Agent, values: dict[str, object], word: str
) -> None:
    appointment = book(fair, at=fair.at(9), agent=agnes)
    change(appointment, **{k: fair.at(8, 55) if v is True else v for k, v in values.items()})
    page = list_of(client)
    shown = [text for text in ("À l’intérieur", "Au stand", "Reçu", "Pas venu") if text in page]
    assert shown == ([word] if word else [])


def test_what_is_cancelled_or_has_no_time_is_not_there(
    client: PageClient, fair: Fair, agnes: Agent
) -> None:
    cancel_appointment(Act(PUBLIC, fair.before), book(fair, at=fair.at(9), agent=agnes))
    change(book(fair, at=fair.at(10), agent=agnes), status=AppointmentStatus.TO_CHOOSE)
    page = words_of(client)
    assert "my-meeting" not in page
    assert "rendez-vous à" not in page


def test_an_appointment_that_no_shift_holds_any_more_is_still_shown(
    client: PageClient, fair: Fair, agnes: Agent
) -> None:
    appointment = book(fair, at=fair.at(14), agent=agnes)
    put(fair.village, agnes, fair.village.wanted("Département", (9, 0), (12, 0)))
    publish(fair.village)
    assert len(shifts(agnes, ShiftStatus.PUBLISHED)) == 1
    page = list_of(client)
    assert "Un rendez-vous hors de vos vacations" in page
    assert appointment.attendee.full_name in page
    put(fair.village, agnes)
    publish(fair.village)
    page = list_of(client)
    assert "Un rendez-vous hors de vos vacations" in page
    assert "0 vacation" in page


def test_the_top_of_the_page_has_one_line_for_each_of_them_in_turn(
    client: PageClient, fair: Fair, agnes: Agent
) -> None:
    """The browser, without network too, shows the one whose time it is."""
    book(fair, at=fair.at(9, 30), agent=agnes)
    book(fair, at=fair.at(11), agent=agnes)
    top = words_of(client).partition('id="maintenant"')[2].partition('id="ma-liste"')[0]
    for moment in top.split("data-moment=")[1:4]:
        first, second = moment.split("data-meeting")[1:]
        assert "2 rendez-vous, le premier à <strong>9 h 30</strong>" in first
        assert f'data-until="{fair.at(9, 50).isoformat()}"' in first
        assert "1 rendez-vous à <strong>11 h</strong>" in second
        assert f'data-from="{fair.at(9, 50).isoformat()}"' in second
    afternoon = top.split("data-moment=")[4:]
    assert not any("data-meeting" in text for text in afternoon)


def test_more_appointments_ask_no_more_of_the_database(
    client: PageClient, fair: Fair, agnes: Agent
) -> None:
    counts = []
    for hours in ((9,), (10, 11, 14)):
        for hour in hours:
            book(fair, at=fair.at(hour), agent=agnes)
        current_session().rollback()
        with statements() as sent_statements:
            client.get("/planning")
        counts.append(len(sent_statements))
    assert counts[0] == counts[1]
