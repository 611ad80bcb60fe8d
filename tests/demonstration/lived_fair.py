"""Effects of a change on the demonstration: its dated rows, its messages, its calendars."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select

from salon.appointments.models import AgentClaim, Appointment, VisitorClaim
from salon.badges.models import Badge
from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition, ProgrammeItem
from salon.fair.services import days as services
from salon.fair.services.days import DayHours
from salon.platform.database.consequences import Consequences
from salon.platform.database.db import current_session
from salon.platform.database.identity import SYSTEM
from salon.platform.database.versions import stamp_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import local
from salon.staffing.models import Agent, Need, Shift, ShiftClaim, ShiftStatus
from tests.factories import act_in

WEEK = timedelta(days=7)


def change(edition: Edition, days: timedelta = timedelta(), closes: time | None = None) -> Any:
    new_days = [
        DayHours(day.day_on + days, day.opens, closes or day.closes) for day in edition.days
    ]
    stamp = stamp_of(services.days_of(edition))
    changes = {"days": new_days, "words": "Le parc est pris ce jour-là."}
    return services.change_days(act_in(edition, SYSTEM), changes, stamp)


def figures(consequences: Consequences) -> dict[tuple[str, str], Sequence[str]]:
    return {
        (consequence.fate.value, consequence.label): consequence.names
        for consequence in consequences
        if consequence.count
    }


def dated(edition: Edition) -> dict[str, Any]:
    """Return all that has a date, as it is in the database."""
    session = current_session()
    session.expire_all()
    shifts = select(Shift.id, Shift.starts_at, Shift.ends_at, Shift.status)
    appointments = select(
        Appointment.id, Appointment.starts_at, Appointment.ends_at, Appointment.status
    )
    agent_claims = select(AgentClaim.agent_id, AgentClaim.starts_at, AgentClaim.appointment_id)
    visitor_claims = select(VisitorClaim.attendee_id, VisitorClaim.starts_at)
    return {
        "days": services.days_of(edition),
        "registration": [edition.registration_opens_at, edition.registration_closes_at],
        "deadlines": session.scalar(select(ExhibitorTerms.deadlines)),
        "programme": rows(select(ProgrammeItem.id, ProgrammeItem.starts_at)),
        "needs": rows(select(Need.stand_id, Need.starts_at, Need.minimum)),
        "shifts": rows(shifts.where(Shift.status != ShiftStatus.DRAFT)),
        "draft": rows(
            select(Shift.agent_id, Shift.starts_at, Shift.ends_at, Shift.stand_id).where(
                Shift.status == ShiftStatus.DRAFT
            )
        ),
        "shift claims": rows(select(ShiftClaim.agent_id, ShiftClaim.layer, ShiftClaim.starts_at)),
        "appointments": rows(appointments),
        "agent claims": rows(agent_claims.where(AgentClaim.appointment_id.is_not(None))),
        "visitor claims": rows(visitor_claims.where(VisitorClaim.appointment_id.is_not(None))),
    }


def rows(statement: Any) -> list[Any]:
    return sorted(tuple(map(str, row)) for row in current_session().execute(statement))


def posted_since(message_id: int) -> Counter[str]:
    statement = select(Message.kind).where(Message.id > message_id)
    return Counter(current_session().scalars(statement))


def last_message() -> int:
    return current_session().scalar(select(func.max(Message.id))) or 0


class CalendarEvent(NamedTuple):
    sequence: int
    day_on: date
    status: str


def calendars() -> tuple[str, str]:
    """Return the addresses of an agent's feed and of the calendar of a visitor's badge."""
    session = current_session()
    agent_id = select(Shift.agent_id).where(Shift.status == ShiftStatus.PUBLISHED).limit(1)
    visitor_id = select(Appointment.attendee_id).limit(1)
    feed = session.scalar(
        select(Agent.calendar_token).where(Agent.id == agent_id.scalar_subquery())
    )
    valid = Badge.attendee_id == visitor_id.scalar_subquery(), Badge.revoked_at.is_(None)
    badge = session.scalar(select(Badge.private_token).where(*valid))
    return f"/planning/{feed}.ics", f"/badge/{badge}.ics"


def events_of(app: Flask, path: str) -> dict[str, CalendarEvent]:
    """Return each event of a calendar by UID."""
    calendar = Calendar.from_ical(app.test_client().get(path).data)
    return {
        str(event["uid"]): CalendarEvent(
            int(event["sequence"]), local(event["dtstart"].dt).date(), str(event["status"])
        )
        for event in calendar.walk("VEVENT")
    }
