"""Booking at the stand: who is found, which times are offered, what is passed knowingly."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from salon.appointments.engine.slots import tick
from salon.appointments.models import Appointment
from salon.badges.models import Attendee
from salon.badges.services import cancel_attendee
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM, Role
from tests.appointments.agents.made import (
    AGENDA,
    COUNTER,
    as_agent,
    code_of,
    go_to,
    make_day,
    press,
    text,
)
from tests.appointments.make import Fair, book, make_visitor
from tests.factories import make_places, new_key, sign_in
from tests.pages import PageClient


@pytest.fixture
def fair(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Fair:
    """Two agents at the Département, at 10:03 on the day; a commune books once on a theme."""
    make_places()
    fair = make_day(agents={"Département": 2, "SDIS 34": 1}, per_commune=1)
    go_to(monkeypatch, fair, 10, 3)
    return fair


@pytest.fixture
def client(app: Flask, fair: Fair) -> PageClient:
    return as_agent(app, fair.agents["Département"][0])


def slots_in(page: str) -> list[str]:
    return re.findall(r'name="slot" value="([^"]+)"', page)


def booked(attendee: Attendee) -> list[Appointment]:
    current_session().rollback()
    return list(
        current_session().scalars(select(Appointment).where(Appointment.attendee == attendee))
    )


def test_a_visitor_is_found_by_badge_or_by_name(client: PageClient, fair: Fair) -> None:
    mayor = make_visitor(fair.edition, last_name="Bastide-Rey")
    answer = press(client, COUNTER, code=code_of(mayor))
    assert answer.status_code == 302
    assert answer.location.endswith(f"visiteur={mayor.id}")
    assert "Bastide-Rey Mireille" in text(client, f"{COUNTER}?q=espondeilhan bastide")
    assert "Aucune personne de ce nom" in text(client, f"{COUNTER}?q=zzz")
    for wrong in ("", "ZZZZ2222"):
        assert press(client, COUNTER, code=wrong).status_code == 400
    cancel_attendee(Act(SYSTEM, fair.at(10)), mayor.id)
    assert press(client, COUNTER, code=code_of(mayor)).status_code == 400
    for unknown_id in (mayor.id, 99_999, 2**31):
        assert client.get(f"{COUNTER}?visiteur={unknown_id}").status_code == 404


def test_the_present_time_comes_first_and_is_booked_without_notice(
    client: PageClient, fair: Fair
) -> None:
    mayor, agent = make_visitor(fair.edition), fair.agents["Département"][0]
    page = text(client, f"{COUNTER}?visiteur={mayor.id}")
    first = slots_in(page)[0]
    assert first == f"{tick(fair.at(10))}-{agent.id}"
    assert "<strong>Maintenant</strong>" in page
    data = {"slot": first, "subject": "", "submission_key": new_key()}
    for _ in range(2):
        answer = press(client, f"{COUNTER}?visiteur={mayor.id}", **data)
        assert answer.status_code == 302
    (appointment,) = booked(mayor)
    assert answer.location.endswith(f"{AGENDA}/{appointment.id}")
    assert (appointment.subject, appointment.arrived_at) == (
        "Soutien aux communes",
        fair.at(10, 3),
    )


def test_a_limit_is_told_then_passed_when_it_is_ticked(client: PageClient, fair: Fair) -> None:
    mayor, agent = make_visitor(fair.edition), fair.agents["Département"][0]
    book(fair, at=fair.at(15), visitor=mayor)
    address = f"{COUNTER}?visiteur={mayor.id}"
    assert "Il y a déjà 1\u00a0rendez-vous pour Espondeilhan" in text(client, address)
    data = {"slot": f"{tick(fair.at(11))}-{agent.id}", "submission_key": new_key()}
    refused = press(client, address, **data)
    assert refused.status_code == 409
    page = refused.get_data(as_text=True)
    assert "Cochez-la si vous le prenez quand même" in page
    assert 'value="per_commune"' in page
    assert len(booked(mayor)) == 1
    assert press(client, address, **data, accepted=["per_commune"]).status_code == 302
    assert len(booked(mayor)) == 2


def test_a_colleague_taken_without_notice_is_a_limit(client: PageClient, fair: Fair) -> None:
    mayor, colleague = make_visitor(fair.edition), fair.agents["Département"][1]
    address = f"{COUNTER}?visiteur={mayor.id}&agent={colleague.id}"
    first = slots_in(text(client, address))[0]
    data = {"slot": first, "submission_key": new_key()}
    refused = press(client, address, **data)
    assert refused.status_code == 409
    assert "prévenez votre collègue" in refused.get_data(as_text=True)
    assert press(client, address, **data, accepted=["notice"]).status_code == 302
    assert booked(mayor)[0].agent_id == colleague.id


def test_who_is_taken_cannot_be_booked(client: PageClient, fair: Fair) -> None:
    mayor, agent = make_visitor(fair.edition), fair.agents["Département"][0]
    address = f"{COUNTER}?visiteur={mayor.id}"
    data = {"slot": f"{tick(fair.at(11))}-{agent.id}", "accepted": ["per_commune", "cover"]}
    book(fair, at=fair.at(11), agent=agent)
    refused = press(client, address, **data, submission_key=new_key())
    assert refused.status_code == 409
    assert "vient d’être réservé" in refused.get_data(as_text=True)
    assert booked(mayor) == []


def test_a_time_that_is_none_is_refused(client: PageClient, fair: Fair) -> None:
    mayor = make_visitor(fair.edition)
    agent = fair.agents["Département"][0]
    for slot, status in (
        *(("", 400), ("x", 400), ("1-2-3", 400), ("-1-1", 400), (f"{'9' * 9}-1", 400)),
        (f"{'9' * 8}-{agent.id}", 409),
        (f"{tick(fair.at(9))}-{agent.id}", 409),
        (f"{tick(fair.at(11))}-{'9' * 9}", 404),
    ):
        data = {"slot": slot, "submission_key": new_key()}
        answer = press(client, f"{COUNTER}?visiteur={mayor.id}", **data)
        assert answer.status_code == status, slot
    assert booked(mayor) == []


def test_another_bodys_theme_or_agent_is_not_the_stands(client: PageClient, fair: Fair) -> None:
    mayor, stranger = make_visitor(fair.edition), fair.agents["SDIS 34"][0]
    other_theme_id = fair.theme_id("SDIS 34")
    assert client.get(f"{COUNTER}?visiteur={mayor.id}&theme={other_theme_id}").status_code == 404
    data = {"slot": f"{tick(fair.at(11))}-{stranger.id}", "submission_key": new_key()}
    assert press(client, f"{COUNTER}?visiteur={mayor.id}", **data).status_code == 404
    assert booked(mayor) == []


def test_it_is_for_agents(app: Flask, fair: Fair) -> None:
    assert sign_in(app, Role.ORGANISER).get(COUNTER).status_code == 403
