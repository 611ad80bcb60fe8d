"""An agent's appointments as the page shows them: what waits, now, next, then the list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from salon.appointments.models import Appointment, AppointmentStatus
from salon.platform.clock import local
from salon.platform.formats import hour

Mark = tuple[str, str, str]
"""(kind, word, icon) of a state."""


@dataclass
class Agenda:
    """`to_complete`: over, and nobody said how; `current`: going on, or the visitor is there;
    `following`: the next one; `days`: what is to come, by day, that one included; `closed`."""

    to_complete: list[Appointment] = field(default_factory=list)
    current: list[Appointment] = field(default_factory=list)
    days: dict[date, list[Appointment]] = field(default_factory=dict)
    closed: list[Appointment] = field(default_factory=list)

    @property
    def following(self) -> Appointment | None:
        return next((one for found in self.days.values() for one in found), None)

    @property
    def coming(self) -> int:
        return sum(map(len, self.days.values()))

    @property
    def count(self) -> int:
        return len(self.to_complete) + len(self.current) + self.coming + len(self.closed)


def agenda_of(found: Sequence[Appointment], now: datetime) -> Agenda:
    """Sorts appointments, given in time, by what they wait for."""
    agenda = Agenda()
    for one in found:
        if is_to_complete(one, now):
            agenda.to_complete.append(one)
        elif one.status != AppointmentStatus.BOOKED:
            agenda.closed.append(one)
        elif one.arrived_at is not None or one.starts_at <= now:
            agenda.current.append(one)
        else:
            agenda.days.setdefault(local(one.starts_at).date(), []).append(one)
    return agenda


def is_to_complete(one: Appointment, now: datetime) -> bool:
    """It is over, and nobody said how it ended."""
    if one.status == AppointmentStatus.MET:
        return one.outcome is None
    return one.status == AppointmentStatus.BOOKED and one.ends_at <= now


def mark_of(one: Appointment, now: datetime) -> Mark:
    """Where its visitor is, or how it ended."""
    agreed = {"madame": "e", "monsieur": ""}.get(one.attendee.civility, "(e)")
    if one.status == AppointmentStatus.MET:
        return "ok", f"Reçu{agreed}", "check-circle-fill"
    if one.status == AppointmentStatus.MISSED:
        return "neutral", f"Pas venu{agreed}", "person-x"
    if one.status == AppointmentStatus.CANCELLED:
        return "danger", "Annulé", "x-lg"
    if one.status == AppointmentStatus.TO_CHOOSE:
        return "warning", "À choisir de nouveau", "hourglass-split"
    if one.ends_at <= now:
        return "warning", "À compléter", "pencil-square"
    if one.arrived_at is not None:
        return "ok", f"Au stand depuis {hour(one.arrived_at)}", "geo-alt-fill"
    if one.in_hall_at is not None:
        return "info", f"Dans le salon depuis {hour(one.in_hall_at)}", "door-open"
    if one.starts_at <= now:
        return "warning", f"Pas encore arrivé{agreed}", "hourglass-split"
    return "neutral", f"Attendu{agreed}", "clock"
