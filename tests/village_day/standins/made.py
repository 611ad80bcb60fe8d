"""A published shift that its agent cannot hold, and those who could."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity, Role
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn, StandInAsk
from salon.village_day.services.standins import ask_stand_in
from tests.factories import act_in
from tests.staffing.make import Village, make_agent, make_village, publish, put, shifts

Hours = tuple[tuple[int, int], tuple[int, int]]
MORNING: Hours = ((9, 0), (11, 0))
AFTERNOON: Hours = ((14, 0), (16, 0))


def as_agent(agent: Agent) -> Identity:
    return Identity(Role.AGENT, agent.account_id, agent.full_name, "192.0.2.20")


def at(village: Village, hour: int, minute: int = 0, *, before: int = 0) -> datetime:
    """Return a time on the day; `before`: so many hours earlier."""
    return village.at(hour, minute) - timedelta(hours=before)


def make_team(edition: Edition, *names: str, **overrides: Any) -> tuple[Village, list[Agent]]:
    """Agents of the Département, who may hold its stand."""
    village = make_village(edition)
    return village, [make_agent(village, name=name, **overrides) for name in names]


def give(village: Village, agent: Agent, *hours: Hours, body: str = "Département") -> list[Shift]:
    """Publish an agent's whole row; return the published shifts, in time."""
    put(village, agent, *(village.wanted(body, start, end) for start, end in hours))
    publish(village)
    return published(agent)


def published(agent: Agent) -> list[Shift]:
    return shifts(agent, ShiftStatus.PUBLISHED)


def hours_of(agent: Agent, status: ShiftStatus = ShiftStatus.PUBLISHED) -> list[tuple[str, str]]:
    """(start, end) of an agent's shifts, by the clocks of Béziers."""
    return [(clock(shift.starts_at), clock(shift.ends_at)) for shift in shifts(agent, status)]


def clock(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"


def open_for(village: Village, shift: Shift, now: datetime, reason: str = "") -> StandIn:
    return ask_stand_in(act_in(village.edition, as_agent(shift.agent), now), shift, reason)


def asks_of(stand_in: StandIn) -> list[StandInAsk]:
    """Return the agents who were asked, in order, from the database."""
    current_session().rollback()
    statement = select(StandInAsk).where(StandInAsk.stand_in_id == stand_in.id)
    return list(current_session().scalars(statement.order_by(StandInAsk.rank)))


def names_of(stand_in: StandIn) -> list[str]:
    return [ask.agent.first_name for ask in asks_of(stand_in)]


def mails(kind: str) -> list[str]:
    """Return the addresses that a kind of message was sent to, in order."""
    current_session().rollback()
    statement = select(Message.recipient).where(Message.kind == kind).order_by(Message.id)
    return list(current_session().scalars(statement))


def fresh(row: Any) -> Any:
    current_session().rollback()
    current_session().refresh(row)
    return row
