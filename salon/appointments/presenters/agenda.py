"""An agent's appointments as the agenda shows them, sorted by state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from salon.appointments.models import Appointment, AppointmentStatus
from salon.platform.settings.clock import local
from salon.platform.words.formats import hour
from salon.platform.words.people import agreed

Mark = tuple[str, str, str]
"""(kind, word, icon) of a state."""


@dataclass
class Agenda:
    """Appointments by state. `to_complete`: over, without an outcome; `current`: under way.

    `days`: to come, by day; `following`: the first of them; `closed`: with an outcome or an
    absence.
    """

    to_complete: list[Appointment] = field(default_factory=list)
    current: list[Appointment] = field(default_factory=list)
    days: dict[date, list[Appointment]] = field(default_factory=dict)
    closed: list[Appointment] = field(default_factory=list)

    @property
    def following(self) -> Appointment | None:
        return next(
            (appointment for appointments in self.days.values() for appointment in appointments),
            None,
        )

    @property
    def coming(self) -> int:
        return sum(map(len, self.days.values()))

    @property
    def count(self) -> int:
        return len(self.to_complete) + len(self.current) + self.coming + len(self.closed)


def agenda_of(appointments: Sequence[Appointment], now: datetime) -> Agenda:
    """Sort appointments, given by time, into an agenda."""
    agenda = Agenda()
    for appointment in appointments:
        if is_to_complete(appointment, now):
            agenda.to_complete.append(appointment)
        elif appointment.status != AppointmentStatus.BOOKED:
            agenda.closed.append(appointment)
        elif appointment.arrived_at is not None or appointment.starts_at <= now:
            agenda.current.append(appointment)
        else:
            agenda.days.setdefault(local(appointment.starts_at).date(), []).append(appointment)
    return agenda


def is_to_complete(appointment: Appointment, now: datetime) -> bool:
    """Return whether the appointment is over and its outcome is missing."""
    if appointment.status == AppointmentStatus.MET:
        return appointment.outcome is None
    return appointment.status == AppointmentStatus.BOOKED and appointment.ends_at <= now


def mark_of(appointment: Appointment, now: datetime) -> Mark:
    """Return the badge that shows where the visitor is, or how the appointment ended."""
    ending = agreed(appointment.attendee.civility)
    if appointment.status == AppointmentStatus.MET:
        return "ok", f"Reçu{ending}", "check-circle-fill"
    if appointment.status == AppointmentStatus.MISSED:
        return "neutral", f"Pas venu{ending}", "person-x"
    if appointment.status == AppointmentStatus.CANCELLED:
        return "danger", "Annulé", "x-lg"
    if appointment.status == AppointmentStatus.TO_CHOOSE:
        return "warning", "À choisir de nouveau", "hourglass-split"
    if appointment.ends_at <= now:
        return "warning", "À compléter", "pencil-square"
    if appointment.arrived_at is not None:
        return "ok", f"Au stand depuis {hour(appointment.arrived_at)}", "geo-alt-fill"
    if appointment.in_hall_at is not None:
        return "info", f"Dans le salon depuis {hour(appointment.in_hall_at)}", "door-open"
    if appointment.starts_at <= now:
        return "warning", f"Pas encore arrivé{ending}", "hourglass-split"
    return "neutral", f"Attendu{ending}", "clock"
