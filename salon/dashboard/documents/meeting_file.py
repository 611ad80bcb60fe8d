"""Appointments in the file of a person (RGPD art. 15)."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Select, select

from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    NextStep,
    Ticket,
    WaitingEntry,
)
from salon.appointments.queries.appointments import WITH_ALL
from salon.appointments.queries.waiting import WITH_ALL as WAITING_WITH_ALL
from salon.dashboard.presenters.fields import COLUMNS
from salon.dashboard.queries.persons import Person
from salon.platform.database.db import Model, current_session

Facts = dict[str, str]
OTHERS = ("subject", "project", "stage", "amount", "deadline", "funding")
"""Columns of an agent's appointments that belong to the visitor's file."""


def meetings_of(person: Person, facts_of: Callable[[Model], Facts]) -> dict[str, list[Facts]]:
    """Return title → rows: requests as a visitor, and appointments received as an agent."""
    ids = person.appointment_ids
    agents = [agent.id for agent in person.agents]
    visits = select(Appointment).where(Appointment.id.in_(ids))
    receptions = select(Appointment).where(Appointment.agent_id.in_(agents))
    waits = select(WaitingEntry).where(WaitingEntry.id.in_(person.waiting_ids))
    tickets = select(Ticket).where(Ticket.id.in_(person.ticket_ids)).order_by(Ticket.id)
    return {
        "Rendez-vous": [_visit(appointment, facts_of) for appointment in _appointments(visits)],
        "Documents joints": _of(AppointmentDocument, ids, facts_of),
        "Suites promises": [
            {**facts_of(next_step), COLUMNS["kind"]: next_step.kind.label}
            for next_step in current_session().scalars(
                select(NextStep).where(NextStep.appointment_id.in_(ids)).order_by(NextStep.id)
            )
        ],
        "Listes d’attente": [
            {COLUMNS["theme"]: entry.theme.name, **facts_of(entry)}
            for entry in current_session().scalars(
                waits.options(*WAITING_WITH_ALL).order_by(WaitingEntry.id)
            )
        ],
        "Files des stands": [
            {COLUMNS["stand"]: ticket.stand.number, **facts_of(ticket)}
            for ticket in current_session().scalars(tickets)
        ],
        "Rendez-vous reçus": [
            _reception(appointment, facts_of) for appointment in _appointments(receptions)
        ],
    }


def _appointments(statement: Select[Appointment]) -> Iterable[Appointment]:
    ordered = statement.options(*WITH_ALL).order_by(Appointment.starts_at, Appointment.id)
    return current_session().scalars(ordered)


def _visit(appointment: Appointment, facts_of: Callable[[Model], Facts]) -> Facts:
    location = {
        COLUMNS["theme"]: appointment.theme.name,
        COLUMNS["agent"]: appointment.agent.polite_name,
        COLUMNS["stand"]: appointment.stand.number,
    }
    return {**location, **facts_of(appointment)}


def _reception(appointment: Appointment, facts_of: Callable[[Model], Facts]) -> Facts:
    """Return the time, the place and the agent's notes, without the visitor, another person."""
    hidden = {COLUMNS[name] for name in (*OTHERS, "contact_email", "organisation")}
    facts = {name: text for name, text in facts_of(appointment).items() if name not in hidden}
    return {
        COLUMNS["theme"]: appointment.theme.name,
        COLUMNS["stand"]: appointment.stand.number,
        **facts,
    }


def _of(table: Any, ids: object, facts_of: Callable[[Model], Facts]) -> list[Facts]:
    statement = select(table).where(table.appointment_id.in_(ids)).order_by(table.id)
    return [facts_of(row) for row in current_session().scalars(statement)]
