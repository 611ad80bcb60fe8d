"""An agent's appointments as the agenda shows them, sorted by state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from salon.appointments.models import Appointment, AppointmentStatus
from salon.appointments.models.states import AppointmentState, state_of
from salon.platform.database.engagements import Mark
from salon.platform.settings.clock import local
from salon.platform.words.formats import hour
from salon.platform.words.people import agreed


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
    state = state_of(appointment, now)
    kind, icon = LOOKS[state]
    words = state.label
    if state in (AppointmentState.MET, AppointmentState.MISSED, AppointmentState.NOT_YET):
        words += agreed(appointment.attendee.civility)
    since = {
        AppointmentState.AT_STAND: appointment.arrived_at,
        AppointmentState.IN_FAIR: appointment.in_hall_at,
    }.get(state)
    return kind, f"{words} depuis {hour(since)}" if since else words, icon


def visitor_mark_of(appointment: Appointment, now: datetime) -> Mark:
    """Return the badge that the visitor sees."""
    state = state_of(appointment, now)
    kind, icon = VISITOR_LOOKS.get(state, LOOKS[AppointmentState.BOOKED])
    ending = agreed(appointment.attendee.civility)
    words = state.visitor_label
    return kind, words.replace("attendu", f"attendu{ending}"), icon


LOOKS = {
    AppointmentState.BOOKED: ("ok", "check-circle-fill"),
    AppointmentState.NOT_YET: ("warning", "hourglass-split"),
    AppointmentState.IN_FAIR: ("info", "door-open"),
    AppointmentState.AT_STAND: ("ok", "geo-alt-fill"),
    AppointmentState.TO_COMPLETE: ("warning", "pencil-square"),
    AppointmentState.MET: ("info", "person-check-fill"),
    AppointmentState.MISSED: ("neutral", "person-x"),
    AppointmentState.TO_CHOOSE: ("warning", "arrow-repeat"),
    AppointmentState.CANCELLED: ("neutral", "x-lg"),
}
"""(kind of state, icon)."""
VISITOR_LOOKS = {
    state: LOOKS[state]
    for state in (
        AppointmentState.AT_STAND,
        AppointmentState.MET,
        AppointmentState.MISSED,
        AppointmentState.TO_CHOOSE,
        AppointmentState.CANCELLED,
    )
} | {AppointmentState.TO_COMPLETE: ("neutral", "clock-history")}
