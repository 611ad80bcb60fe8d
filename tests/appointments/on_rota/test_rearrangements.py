"""Appointments follow a body that withdraws or changes stands, on both databases."""

import pytest
from flask import Flask

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.services.booking import cancel_appointment
from salon.fair.models import Edition, Theme
from salon.fair.services import halls, village
from salon.platform.database.act import Act
from salon.platform.database.consequences import Consequences, Fate
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import stamp_of
from salon.staffing.models import Agent
from tests.appointments.make import Fair, book, check_invariants, make_fair, messages
from tests.factories import act_in

pytestmark = pytest.mark.on_both

TAKEN_OVER = Fate.RELOCATED, "Rendez-vous confiés à un autre agent"
ASKED = Fate.ASKED, "Rendez-vous à choisir de nouveau"
CANCELLED = Fate.REMOVED, "Rendez-vous"


@pytest.fixture
def fair(app: Flask, edition: Edition) -> Fair:
    return make_fair(edition, agents={"Département": 1, "Hérault THD": 1})


def knows(fair: Fair, body: str, theme: str) -> None:
    """Let the agents of a body answer the theme of another."""
    with transaction() as session:
        for agent in fair.agents[body]:
            row = session.get_one(Agent, agent.id)
            row.themes.append(session.get_one(Theme, fair.theme_id(theme)))


def counts(consequences: Consequences) -> dict[tuple[Fate, str], int]:
    current_session().expire_all()
    return {
        (consequence.fate, consequence.label): consequence.count
        for consequence in consequences
        if consequence.count
    }


def withdraw(fair: Fair, name: str = "Département") -> dict[tuple[Fate, str], int]:
    body = fair.village.bodies[name]
    stamp = stamp_of(village.body_values(body))
    return counts(village.withdraw(act_in(fair.edition, SYSTEM), body, "", stamp))


def restore(fair: Fair, name: str = "Département") -> dict[tuple[Fate, str], int]:
    body = fair.village.bodies[name]
    stamp = stamp_of(village.body_values(body))
    return counts(village.restore(act_in(fair.edition, SYSTEM), body, "", stamp))


def test_a_colleague_of_another_body_takes_over_and_gives_back(fair: Fair) -> None:
    knows(fair, "Hérault THD", "Département")
    booked = book(fair, at=fair.at(10))
    before, sequence = place_of(booked), booked.sequence
    consequences = withdraw(fair)
    assert consequences[TAKEN_OVER] == 1
    assert consequences[Fate.RELOCATED, "Thèmes confiés à un autre organisme"] == 1
    assert booked.agent_id == fair.agents["Hérault THD"][0].id
    assert booked.theme.body.short_name == "Hérault THD"
    assert booked.sequence == sequence + 1
    check_invariants(fair.edition)
    assert restore(fair)[Fate.RESTORED, "Rendez-vous"] == 1
    assert place_of(booked) == before
    assert booked.theme.body.short_name == "Département"
    check_invariants(fair.edition)


def test_who_no_longer_has_a_time_is_asked_and_a_choice_made_since_stays(fair: Fair) -> None:
    knows(fair, "Hérault THD", "Département")
    book(fair, at=fair.at(10), body="Hérault THD")
    booked, later = book(fair, at=fair.at(10)), book(fair, at=fair.at(11))
    consequences = withdraw(fair)
    assert (consequences[TAKEN_OVER], consequences[ASKED]) == (1, 1)
    assert booked.status == AppointmentStatus.TO_CHOOSE
    cancel_appointment(Act(SYSTEM, fair.before), booked)
    assert restore(fair)[Fate.RESTORED, "Rendez-vous"] == 1
    assert booked.status == AppointmentStatus.CANCELLED
    assert later.agent_id == fair.agents["Département"][0].id
    check_invariants(fair.edition)


def test_a_theme_that_nobody_answers_cancels_with_a_message_and_comes_back(fair: Fair) -> None:
    booked = book(fair, at=fair.at(10))
    before = place_of(booked)
    consequences = withdraw(fair)
    assert consequences[CANCELLED] == 1
    assert booked.status == AppointmentStatus.CANCELLED
    message = messages("appointment_cancelled")[-1]
    assert message.context["words"] == "Département ne participe plus au salon."
    check_invariants(fair.edition)
    restore(fair)
    assert place_of(booked) == before
    assert messages("appointment_restored")[-1].recipient == message.recipient
    check_invariants(fair.edition)


def test_a_hall_that_closes_takes_its_bodies_along_or_not(fair: Fair) -> None:
    booked = book(fair, at=fair.at(10))
    before = place_of(booked)
    hall = fair.village.bodies["Département"].stand.hall
    stamp = stamp_of(halls.closing_values(hall))
    changes = {"stands": {}, "words": ""}
    done = counts(halls.close_hall(act_in(fair.edition, SYSTEM), hall, changes, stamp))
    assert done[Fate.REMOVED, "Organismes"] == len(fair.village.bodies)
    assert booked.status == AppointmentStatus.CANCELLED
    stamp = stamp_of(halls.closing_values(hall))
    halls.reopen_hall(act_in(fair.edition, SYSTEM), hall, "", stamp)
    current_session().expire_all()
    assert place_of(booked) == before
    check_invariants(fair.edition)


def place_of(appointment: Appointment) -> tuple[int, int, object, object]:
    return (
        appointment.agent_id,
        appointment.stand_id,
        appointment.starts_at,
        appointment.status,
    )
