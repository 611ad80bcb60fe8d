"""What the file of a person says of their appointments (RGPD art. 15)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from salon.appointments.models import (
    Appointment,
    AppointmentDocument,
    NextStep,
    Ticket,
    WaitingEntry,
)
from salon.appointments.queries.appointments import WITH_ALL
from salon.appointments.queries.waiting import WITH_ALL as WAITING_WITH_ALL
from salon.dashboard.presenters import COLUMNS
from salon.dashboard.queries.persons import Person
from salon.platform.db import current_session

Facts = dict[str, str]
OTHERS = ("subject", "project", "stage", "amount", "deadline", "funding")
"""What an agent's appointments hold that is the visitors' to say."""


def meetings_of(person: Person, facts_of: Callable[[Any], Facts]) -> dict[str, list[Facts]]:
    """Title → rows: what they asked as a visitor, and when they received as an agent."""
    ids = person.appointment_ids
    agents = [one.id for one in person.agents]
    asked = select(Appointment).where(Appointment.id.in_(ids))
    held = select(Appointment).where(Appointment.agent_id.in_(agents))
    waits = select(WaitingEntry).where(WaitingEntry.id.in_(person.waiting_ids))
    tickets = select(Ticket).where(Ticket.id.in_(person.ticket_ids)).order_by(Ticket.id)
    return {
        "Rendez-vous": [_asked(one, facts_of) for one in _appointments(asked)],
        "Documents joints": _of(AppointmentDocument, ids, facts_of),
        "Suites promises": [
            {**facts_of(one), COLUMNS["kind"]: one.kind.label}
            for one in current_session().scalars(
                select(NextStep).where(NextStep.appointment_id.in_(ids)).order_by(NextStep.id)
            )
        ],
        "Listes d’attente": [
            {COLUMNS["theme"]: one.theme.name, **facts_of(one)}
            for one in current_session().scalars(
                waits.options(*WAITING_WITH_ALL).order_by(WaitingEntry.id)
            )
        ],
        "Files des stands": [
            {COLUMNS["stand"]: one.stand.number, **facts_of(one)}
            for one in current_session().scalars(tickets)
        ],
        "Rendez-vous reçus": [_held(one, facts_of) for one in _appointments(held)],
    }


def _appointments(wanted: Any) -> Any:
    found = wanted.options(*WITH_ALL).order_by(Appointment.starts_at, Appointment.id)
    return current_session().scalars(found)


def _asked(one: Appointment, facts_of: Callable[[Any], Facts]) -> Facts:
    where = {
        COLUMNS["theme"]: one.theme.name,
        COLUMNS["agent"]: one.agent.polite_name,
        COLUMNS["stand"]: one.stand.number,
    }
    return {**where, **facts_of(one)}


def _held(one: Appointment, facts_of: Callable[[Any], Facts]) -> Facts:
    """When, where, and what the agent wrote; not who came, who is a person too."""
    hidden = {COLUMNS[name] for name in (*OTHERS, "contact_email", "organisation")}
    facts = {name: text for name, text in facts_of(one).items() if name not in hidden}
    return {COLUMNS["theme"]: one.theme.name, COLUMNS["stand"]: one.stand.number, **facts}


def _of(table: Any, ids: Any, facts_of: Callable[[Any], Facts]) -> list[Facts]:
    wanted = select(table).where(table.appointment_id.in_(ids)).order_by(table.id)
    return [facts_of(one) for one in current_session().scalars(wanted)]
