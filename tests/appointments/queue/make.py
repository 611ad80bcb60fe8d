"""A stand whose agents receive who has no appointment."""

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from salon.appointments.models import Ticket
from salon.appointments.queries.queue import Queue, read_queue
from salon.appointments.services.queue import take_ticket
from salon.badges.models import Attendee, Badge
from salon.fair.models import Edition, PartnerBody, Stand
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from salon.staffing.models import Agent
from tests.appointments.make import PUBLIC, Fair, make_visitor
from tests.factories import act_in, counter, new_key, sign_in
from tests.pages import PageClient
from tests.staffing.make import make_agent

DESK = "/planning/file/V0"
PUBLIC_PAGE = "/stand/V0/file"


def body_of(fair: Fair, body: str = "Département") -> PartnerBody:
    return fair.village.bodies[body]


def stand_of(fair: Fair, body: str = "Département") -> Stand:
    return body_of(fair, body).stand


def agents_of(fair: Fair, body: str = "Département") -> list[Agent]:
    return fair.agents[body]


def take(
    fair: Fair, now: datetime, *, attendee: Attendee | None = None, key: str = "", **at: Any
) -> Ticket:
    """Take a number as the public does."""
    attendee_id = attendee.id if attendee else None
    return take_ticket(
        act_in(fair.edition, PUBLIC, now), stand_of(fair, **at), attendee_id, key or new_key()
    )


def queue_at(fair: Fair, now: datetime) -> Queue:
    return read_queue(fair.edition, body_of(fair), now)


def waits(fair: Fair, now: datetime) -> list[int | None]:
    """Return the minutes that each who waits still waits, about, in the order of their turn."""
    queue = queue_at(fair, now)
    return [queue.minutes_until(queue.turns[item.id]) for item in queue.waiting]


def order(fair: Fair, now: datetime) -> list[int]:
    """Return the numbers that wait, in the order of their turn."""
    return [item.number for item in queue_at(fair, now).waiting]


def agent_client(app: Flask, fair: Fair, **values: Any) -> PageClient:
    """Return the browser of a new agent."""
    email = f"file{next(counter)}@herault.example"
    client = sign_in(app, Role.AGENT, email)
    make_agent(fair.village, email=email, account=True, **values)
    return client


def code_of(edition: Edition) -> str:
    """Return the badge code of somebody new."""
    visitor = make_visitor(edition)
    return (
        current_session().scalars(select(Badge.code).where(Badge.attendee_id == visitor.id)).one()
    )


def count() -> int:
    """Return how many numbers were taken."""
    current_session().rollback()
    return current_session().scalar(select(func.count()).select_from(Ticket)) or 0


def text_of(client: PageClient, path: str) -> str:
    """Return a page that opens."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)
