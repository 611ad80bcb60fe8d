"""Spreadsheets of appointments: the organiser's list, and the follow-ups."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from salon.appointments.models import Appointment, NextStep
from salon.appointments.models.states import state_of
from salon.appointments.presenters.meeting import function_of
from salon.badges.models.labels import printed_function
from salon.platform.documents.spreadsheets.cells import Cell, clock_time
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.settings.clock import local
from salon.platform.words.people import civility_label

HEADS = (
    *("Date", "Heure", "Organisme", "Stand", "Agent", "Thème"),
    *("Commune, EPCI ou organisme", "Code INSEE", "EPCI", "Civilité", "Prénom", "Nom"),
    *("Fonction", "Adresse électronique", "Téléphone", "Question", "Projet", "Échéance annoncée"),
    *("État", "Arrivée", "Issue", "Note", "Coût du projet (€)", "Autres financements (€)"),
    *("Autres financeurs", "Aide demandée (€)"),
    *("Suite promise", "Précision", "Qui s’en charge", "Pour le"),
)
WIDE = ("Question", "Projet", "Note", "Précision", "Thème")


def rows_of(appointments: Iterable[Appointment], now: datetime) -> list[list[Cell]]:
    """Return a row for each next step, and one for an appointment without any."""
    rows = []
    for appointment in appointments:
        promised: list[NextStep | None] = [*appointment.steps]
        rows += [_row(appointment, step, now) for step in promised or [None]]
    return rows


def _row(appointment: Appointment, step: NextStep | None, now: datetime) -> list[Cell]:
    attendee, money = appointment.attendee, appointment.funding
    epci = attendee.commune.epci if attendee.commune else attendee.epci
    civility = civility_label(attendee.civility)
    promised: list[Cell] = ["", "", "", ""]
    if step is not None:
        promised = [step.kind.label, step.words, step.owner, step.due_on or ""]
    return [
        local(appointment.starts_at).date(),
        clock_time(appointment.starts_at),
        appointment.agent.body.short_name,
        appointment.stand.number,
        appointment.agent.full_name,
        appointment.theme.name,
        attendee.on_behalf_of,
        appointment.commune_code or "",
        epci.name if epci else "",
        civility,
        attendee.first_name,
        attendee.last_name,
        function_of(attendee),
        attendee.email,
        attendee.phone,
        appointment.subject,
        appointment.project,
        appointment.deadline,
        state_of(appointment, now).label,
        clock_time(appointment.arrived_at) if appointment.arrived_at else "",
        appointment.outcome.label if appointment.outcome else "",
        appointment.note,
        *(money.get(name, "") for name in ("cost", "others", "funders", "aid")),
        *promised,
    ]


def table_of(rows: Sequence[Sequence[Cell]]) -> Table:
    """Return a table whose amounts are numbers."""
    columns = [
        Column(head, width=36 if head in WIDE else 16, number="#,##0" if "(€)" in head else "")
        for head in HEADS
    ]
    return Table("Suites", columns, rows, frozen_columns=2)


def _function(appointment: Appointment) -> str:
    attendee = appointment.attendee
    return printed_function(attendee.function, attendee.function_other, attendee.civility)


def _outcome(appointment: Appointment) -> str:
    return appointment.outcome.label if appointment.outcome else ""


def columns(now: datetime) -> tuple[Column, ...]:
    """Return the columns of the list of appointments, with their states at `now`."""
    return (
        Column("Jour", lambda appointment: local(appointment.starts_at).date(), 12),
        Column("De", lambda appointment: clock_time(appointment.starts_at), 8),
        Column("À", lambda appointment: clock_time(appointment.ends_at), 8),
        Column("État", lambda appointment: state_of(appointment, now).label, 18),
        Column("Thème", lambda appointment: appointment.theme.name, 30),
        Column("Organisme", lambda appointment: appointment.agent.body.short_name, 20),
        Column("Agent", lambda appointment: appointment.agent.full_name, 24),
        Column("Hall", lambda appointment: appointment.stand.hall.name, 8),
        Column("Stand", lambda appointment: appointment.stand.number, 8),
        Column("Nom", lambda appointment: appointment.attendee.last_name, 20),
        Column("Prénom", lambda appointment: appointment.attendee.first_name),
        Column("Fonction", _function, 22),
        Column("Pour", lambda appointment: appointment.attendee.on_behalf_of, 26),
        Column("Courriel", lambda appointment: appointment.attendee.email, 30),
        Column("Téléphone", lambda appointment: appointment.attendee.phone),
        Column("Objet", lambda appointment: appointment.subject, 40),
        Column("Issue", _outcome, 24),
    )
