"""A stand and who is there, and its pages, at an hour of the fair."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from salon.accounts.queries import find_account
from salon.appointments.models import Appointment
from salon.appointments.queries.counter import counter_slots
from salon.appointments.services.counter import book_at_counter
from salon.appointments.services.placing import BookingAttempt, Choice, VisitorQuestion
from salon.badges.models import Attendee
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Identity, Role
from salon.staffing.models import Agent
from tests.appointments.make import Fair, make_fair, make_visitor
from tests.factories import make_edition, new_key, set_time, sign_in
from tests.pages import PageClient

AGENT = Identity(Role.AGENT, 7, "Agnès Roqueblave")
AGENDA = "/planning/rendez-vous"
READER = f"{AGENDA}/badge"
COUNTER = f"{AGENDA}/nouveau"
MODULES = ("agenda", "sheet", "counter")


def make_day(**request: Any) -> Fair:
    """Make a fair whose day is known, so that hours can be said."""
    return make_fair(make_edition(day=datetime(2026, 10, 1, tzinfo=UTC).date()), **request)


def alone(edition: Edition) -> tuple[Fair, Agent]:
    fair = make_fair(edition, agents={"Département": 1})
    return fair, fair.agents["Département"][0]


def here(
    fair: Fair,
    agent: Agent,
    now: datetime,
    visitor: Attendee | None = None,
    key: str = "",
    accepted: tuple[str, ...] = (),
    acting_agent: Agent | None = None,
) -> Appointment:
    """Booked at the stand for who is there: the first time that is offered."""
    first = counter_slots(fair.edition, fair.theme_id(), [agent], now)[0]
    choice = Choice(fair.theme_id(), first.slot.starts_at, agent.id)
    attendee = visitor or make_visitor(fair.edition)
    question = VisitorQuestion("L’école")
    return book_at_counter(
        Act(AGENT, now),
        acting_agent or agent,
        choice,
        attendee,
        question,
        BookingAttempt(key or new_key(), accepted=accepted),
    )


def go_to(monkeypatch: pytest.MonkeyPatch, fair: Fair, hour: int, minute: int = 0) -> datetime:
    moment = fair.at(hour, minute)
    set_time(monkeypatch, moment, *(f"salon.appointments.routes.{module}" for module in MODULES))
    return moment


def as_agent(app: Flask, agent: Agent) -> PageClient:
    """Signed in as an agent, who is given an account."""
    client = sign_in(app, Role.AGENT, agent.email)
    account = find_account(agent.email)
    assert account is not None
    with transaction(agent):
        agent.account_id = account.id
    return client


def text(client: PageClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def press(client: PageClient, path: str, **data: Any) -> TestResponse:
    """Return a button that posts."""
    return client.post(path, data={"csrf_token": client.token(READER), **data})


def code_of(attendee: Attendee) -> str:
    """Return the content of their QR code."""
    return attendee.badges[0].code


def sheet(appointment: Appointment) -> str:
    return f"{AGENDA}/{appointment.id}"


def again(appointment: Appointment) -> Appointment:
    current_session().rollback()
    current_session().refresh(appointment)
    return appointment
