"""The list of appointments as a file: one table of columns for CSV and XLSX."""

from salon.appointments.models import Appointment
from salon.badges.models.labels import printed_function
from salon.platform.clock import local
from salon.platform.spreadsheets.cells import clock_time
from salon.platform.spreadsheets.writer import Column


def _function(appointment: Appointment) -> str:
    attendee = appointment.attendee
    return printed_function(attendee.function, attendee.function_other, attendee.civility)


COLUMNS = (
    Column("Jour", lambda appointment: local(appointment.starts_at).date(), 12),
    Column("De", lambda appointment: clock_time(appointment.starts_at), 8),
    Column("À", lambda appointment: clock_time(appointment.ends_at), 8),
    Column("État", lambda appointment: appointment.status.label, 18),
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
    Column(
        "Issue", lambda appointment: appointment.outcome.label if appointment.outcome else "", 24
    ),
)
