"""All screens of a drawn day say the same of each thing, quarter hour by quarter hour."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from salon.accounts.queries import find_account
from salon.appointments.models import states
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import Role
from salon.platform.settings import clock
from salon.staffing.models import Agent
from tests.entrance.people import enrolled
from tests.factories import sign_in
from tests.pages import PageClient
from tests.walk.drawn_day import QUARTER, DrawnDay, draw_day
from tests.walk.screens import Pages, read_all
from tests.walk.words import table


def clients_of(app: Flask, day: DrawnDay) -> Pages:
    """Return a browser of each role; the agent and the coordinator are of the Département."""
    first, second = day.agents[:2]
    clients: Pages = {
        "organiser": sign_in(app, Role.ORGANISER),
        "agent": _client_of(app, first, is_coordinator=False),
        "coordinator": _client_of(app, second, is_coordinator=True),
        "host": enrolled(app, day.fair.edition),
        "visitor": PageClient(app, app.response_class),
    }
    for client in clients.values():
        client.is_strict = False  # what the validator says of each page is tested elsewhere
    return clients


def _client_of(app: Flask, agent: Agent, *, is_coordinator: bool) -> PageClient:
    client = sign_in(app, Role.AGENT, agent.email)
    account = find_account(agent.email)
    assert account is not None
    with transaction(agent):
        agent.account_id, agent.is_coordinator = account.id, is_coordinator
    return client


def walk(
    app: Flask, monkeypatch: pytest.MonkeyPatch, seed: int, hours: tuple[int, int] = (8, 18)
) -> Iterator[tuple[datetime, Any]]:
    """Yield each quarter hour of a drawn day with what all screens say at that very instant."""
    day = draw_day(seed)
    clients = clients_of(app, day)
    moment, rank = day.fair.at(8, 30), 0
    while moment <= day.fair.at(hours[1]):
        at = moment
        monkeypatch.setattr(clock, "real_now", lambda at=at: at)
        day.advance(moment)
        current_session().rollback()
        if day.fair.at(hours[0]) <= moment:
            yield moment, read_all(day, clients, moment, rank)
        moment, rank = moment + QUARTER, rank + 1


@pytest.mark.long
def test_no_screen_contradicts_another(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    contradictions: list[str] = []
    seen: set[str] = set()
    for moment, said in walk(app, monkeypatch, seed=7):
        contradictions += [f"{moment:%H:%M} {words}" for words in said.contradictions()]
        rows = [row for screens in said.states.values() for row in screens.values()]
        seen = seen.union(*rows)
    assert not contradictions, "\n".join(contradictions)
    told = {row.state for row in table() if row.about == "rendez-vous"}
    assert told - seen <= {"to_choose"}, "the drawn day meets every state of an appointment"


@pytest.mark.long
def test_a_rule_broken_on_purpose_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An appointment that is past only after its end is still expected at that instant: the list
    of follow-ups, whose query is right, names one that no screen says is over."""
    right = states.state_of

    def wrong(appointment: states.Appointment, now: datetime) -> states.AppointmentState:
        at_its_end = appointment.ends_at == now
        return right(appointment, now - clock.timedelta(seconds=1) if at_its_end else now)

    monkeypatch.setattr("salon.appointments.presenters.agenda.state_of", wrong)
    found = [
        words
        for _, said in walk(app, monkeypatch, seed=7, hours=(10, 11))
        for words in said.contradictions()
    ]
    assert found
