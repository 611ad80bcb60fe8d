"""The list of appointments as a file: one table of columns for CSV and XLSX."""

from collections.abc import Callable
from typing import NamedTuple

from salon.appointments.models import Appointment
from salon.badges.models.labels import printed_function
from salon.platform.clock import local
from salon.platform.spreadsheets import Cell, clock_time


class Column(NamedTuple):
    """`width` in signs."""

    head: str
    value: Callable[[Appointment], Cell]
    width: int = 16


def _function(one: Appointment) -> str:
    who = one.attendee
    return printed_function(who.function, who.function_other, who.civility)


COLUMNS = (
    Column("Jour", lambda one: local(one.starts_at).date(), 12),
    Column("De", lambda one: clock_time(one.starts_at), 8),
    Column("À", lambda one: clock_time(one.ends_at), 8),
    Column("État", lambda one: one.status.label, 18),
    Column("Thème", lambda one: one.theme.name, 30),
    Column("Organisme", lambda one: one.agent.body.short_name, 20),
    Column("Agent", lambda one: one.agent.full_name, 24),
    Column("Hall", lambda one: one.stand.hall.name, 8),
    Column("Stand", lambda one: one.stand.number, 8),
    Column("Nom", lambda one: one.attendee.last_name, 20),
    Column("Prénom", lambda one: one.attendee.first_name),
    Column("Fonction", _function, 22),
    Column("Pour", lambda one: one.attendee.on_behalf_of, 26),
    Column("Courriel", lambda one: one.attendee.email, 30),
    Column("Téléphone", lambda one: one.attendee.phone),
    Column("Objet", lambda one: one.subject, 40),
    Column("Issue", lambda one: one.outcome.label if one.outcome else "", 24),
)


def cells_of(one: Appointment) -> list[Cell]:
    return [column.value(one) for column in COLUMNS]
