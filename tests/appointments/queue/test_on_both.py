"""At the same moment: fifty people take a number, agents call the next, one person is placed."""

import secrets
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from salon.appointments.models import Appointment, Ticket, TicketStatus
from salon.appointments.rules.queue import NumberChanged
from salon.appointments.services.queue import place_late_visitor, take_ticket
from salon.appointments.services.queue_calls import call_next, miss_ticket, serve_ticket
from salon.fair.models import Edition, Stand
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.settings.clock import local
from salon.staffing.models import Agent
from tests.appointments.make import PUBLIC, Fair, book, make_fair, make_visitor
from tests.appointments.queue.make import agents_of, order, stand_of, take
from tests.factories import act_in, new_key
from tests.races import ROUNDS, race

PEOPLE = 20
AGENTS = 4


def taking(fair: Fair, count: int, attendee_id: int | None = None) -> list[Callable[[], int]]:
    edition_id, stand_id, now = fair.edition.id, fair.stand_id(), fair.at(9, 30)

    def one(key: str) -> int:
        edition = current_session().get_one(Edition, edition_id)
        stand = current_session().get_one(Stand, stand_id)
        return take_ticket(act_in(edition, PUBLIC, now), stand, attendee_id, key).number

    return [lambda key=key: one(key) for key in (new_key() for _ in range(count))]  # type: ignore[misc]


@pytest.mark.race
def test_twenty_people_take_twenty_numbers(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    assert sorted(race(app, taking(fair, PEOPLE))) == list(range(1, PEOPLE + 1))
    assert order(fair, fair.at(9, 30)) != []


@pytest.mark.race
def test_without_the_lock_two_people_are_given_one_number(app: Flask, edition: Edition) -> None:
    """The control: the last number is read, then the next one is written."""
    fair = make_fair(edition)
    stand_id, now = fair.stand_id(), fair.at(9, 30)

    def take_unguarded() -> bool:
        last = select(func.max(Ticket.number)).where(Ticket.stand_id == stand_id)
        number = (current_session().scalar(last) or 0) + 1
        current_session().rollback()
        all_have_read.wait()
        try:
            with transaction() as session:
                session.add(
                    Ticket(
                        edition_id=edition_id,
                        stand_id=stand_id,
                        day_on=local(now).date(),
                        number=number,
                        private_token=secrets.token_urlsafe(24),
                        status=TicketStatus.WAITING,
                        taken_at=now,
                        queued_from=now,
                    )
                )
        except IntegrityError:
            return False
        return True

    edition_id, all_have_read = edition.id, threading.Barrier(PEOPLE)
    assert sum(race(app, [take_unguarded] * PEOPLE)) == 1


@pytest.mark.race
def test_one_person_who_asks_twice_at_once_has_one_number(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    for _ in range(ROUNDS):
        visitor = make_visitor(edition)
        numbers = race(app, taking(fair, 3, visitor.id))
        assert len(set(numbers)) == 1


@pytest.mark.race
def test_agents_who_call_at_once_call_different_numbers(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": AGENTS})
    now, agents = fair.at(9, 30), agents_of(fair)
    ids, stand_id = [agent.id for agent in agents], fair.stand_id()

    def call(agent_id: int) -> int:
        agent = current_session().get_one(Agent, agent_id)
        return call_next(Act(PUBLIC, now), current_session().get_one(Stand, stand_id), agent).id

    for _ in range(ROUNDS):
        expected = [take(fair, now).id for _ in agents]
        outcomes = race(app, [lambda item=row_id: call(item) for row_id in ids])
        assert sorted(outcomes) == expected
        for ticket_id in outcomes:
            serve_ticket(Act(PUBLIC, now), current_session().get_one(Ticket, ticket_id), None)


@pytest.mark.race
def test_without_the_lock_two_agents_call_one_number(app: Flask, edition: Edition) -> None:
    """The control: who is next is read, then written as called."""
    fair = make_fair(edition, agents={"Département": AGENTS})
    now = fair.at(9, 30)
    ids = [agent.id for agent in agents_of(fair)]
    all_have_read = threading.Barrier(len(ids))

    def call_unguarded(agent_id: int) -> int:
        statement = select(Ticket.id).where(Ticket.status == TicketStatus.WAITING)
        result = current_session().scalars(statement.order_by(Ticket.number)).first()
        current_session().rollback()
        assert result is not None
        all_have_read.wait()
        with transaction() as session:
            ticket = session.get_one(Ticket, result)
            ticket.status, ticket.called_by_id = TicketStatus.CALLED, agent_id
        return result

    for _ in ids:
        take(fair, now)
    numbers = race(app, [lambda agent_id=agent_id: call_unguarded(agent_id) for agent_id in ids])
    assert len(set(numbers)) == 1


@pytest.mark.race
def test_of_two_words_on_one_number_the_first_holds(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition, agents={"Département": 1})
    (agent,), now = agents_of(fair), fair.at(9, 30)

    def say(act: Callable[[Ticket], Any], ticket_id: int) -> bool:
        try:
            act(current_session().get_one(Ticket, ticket_id))
        except NumberChanged:
            return False
        return True

    for _ in range(ROUNDS):
        take(fair, now)
        ticket = call_next(Act(PUBLIC, now), stand_of(fair), agent)
        acts: list[Callable[[Ticket], Any]] = [
            lambda item: miss_ticket(Act(PUBLIC, now), item),
            lambda item: serve_ticket(Act(PUBLIC, now), item, None),
        ]
        outcomes = race(app, [lambda act=act, key=ticket.id: say(act, key) for act in acts])
        assert sorted(outcomes) == [False, True]


@pytest.mark.race
def test_a_late_visitor_placed_by_two_agents_has_one_number(app: Flask, edition: Edition) -> None:
    fair = make_fair(edition)
    late = book(fair, at=fair.at(9))
    late_id, now = late.id, fair.at(9, 30)

    def place() -> int:
        return place_late_visitor(
            Act(PUBLIC, now), current_session().get_one(Appointment, late_id)
        ).id

    assert len(set(race(app, [place] * 4))) == 1
    assert order(fair, now) == [1]
