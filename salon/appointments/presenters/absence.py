"""The page of an absence: the shifts and appointments at stake, then what the act made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.appointments.models import Appointment, AppointmentStatus, Hold
from salon.appointments.queries.appointments import appointments_of_ids, proposals_of
from salon.appointments.services.absence import AbsenceRecord, find_absence
from salon.fair.models import Edition
from salon.platform.settings.clock import local
from salon.platform.words.formats import hour, plural
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.models import Shift, StandIn, StandInStatus
from salon.staffing.presenters.promised_appointments import promised_in
from salon.village_day.queries.day import shifts_today
from salon.village_day.queries.standins import stand_ins_of


@dataclass(frozen=True)
class MissedLine:
    """A shift of the absence, and who stands in. `state`: kind of state and words."""

    shift: Shift | StandIn
    state: tuple[str, str]
    stand_in: StandIn | None


@dataclass(frozen=True)
class MovedLine:
    """An appointment that lost its agent. `kind`: `kept`, `proposed` or `waits`."""

    appointment: Appointment
    was_at: datetime
    kind: str
    words: str


class AbsenceView:
    """An agent's absence on the day of a shift, as it stands now."""

    def __init__(self, shift: Shift, now: datetime) -> None:
        self.shift, self.agent = shift, shift.agent
        day_on = local(shift.starts_at).date()
        self.record = find_absence(self.agent, day_on)
        own_shifts = shifts_today(self.agent.edition, self.agent.id, shift.starts_at)
        self.left = [own_shift for own_shift in own_shifts if own_shift.ends_at > now]
        self.promised = promised_in(self.left, now)
        self.missed = _missed(self.left, self.record) if self.record else []
        self.moved = _moved(self.agent.edition, self.record) if self.record else []
        self.can_undo = any(own_shift.absent_at is not None for own_shift in self.left)

    @property
    def is_declared(self) -> bool:
        """Return whether this very shift is of the absence, and somebody else has to hold it."""
        return (
            self.record is not None and self.shift.id in self.record.shift_ids and bool(self.missed)
        )

    @property
    def span(self) -> str:
        """Return « toute la journée » or « jusqu’à 11 h »."""
        until = self.record.until if self.record else None
        return f"jusqu’à {hour(until)}" if until else "toute la journée"

    @property
    def hours(self) -> list[tuple[str, str]]:
        """Return the hours until which the agent may be absent: all day first, then each half hour
        in which a shift goes on.
        """
        if not self.left:
            return [("", "Toute la journée")]
        ends = [
            (at.isoformat(), f"Jusqu’à {hour(at)}")
            for shift in self.left
            for at in _half_hours_within(max(shift.starts_at, self.shift.starts_at), shift.ends_at)
        ]
        return [("", "Toute la journée"), *dict(ends[:-1]).items()]


def _half_hours_within(start: datetime, end: datetime) -> Sequence[datetime]:
    count = (end - start) // HALF_HOUR
    return [start + HALF_HOUR * index for index in range(1, count + 1)]


def _missed(left: Sequence[Shift], record: AbsenceRecord) -> list[MissedLine]:
    absent = {shift.id: shift for shift in left if shift.absent_at is not None}
    latest = stand_ins_of(record.shift_ids)
    lines = [
        MissedLine(stand_in, _state(stand_in), stand_in)
        for stand_in in latest.values()
        if stand_in.shift_id in absent or stand_in.status == StandInStatus.TAKEN
    ]
    lines += [
        MissedLine(shift, ("warning", "Personne n’est sollicité"), None)
        for shift in absent.values()
        if shift.id not in latest
    ]
    return sorted(lines, key=lambda line: line.shift.starts_at)


def _state(stand_in: StandIn) -> tuple[str, str]:
    if stand_in.taken_by is not None:
        return "ok", f"{stand_in.taken_by.polite_name} remplace"
    if not stand_in.is_open:
        return "warning", "Personne n’est sollicité"
    if not stand_in.asks:
        return "danger", "Aucun collègue ne peut la prendre"
    asked = plural(len(stand_in.asks), "collègue sollicité", "collègues sollicités")
    refused = sum(ask.said_yes is False for ask in stand_in.asks)
    return "info", f"{asked}, {refused}\u00a0non" if refused else asked


def _moved(edition: Edition, record: AbsenceRecord) -> list[MovedLine]:
    before = {row[0]: row[1] for row in record.former}
    if not before:
        return []
    appointments = appointments_of_ids(edition, before)
    proposals = proposals_of(list(before))
    return [
        MovedLine(
            appointment,
            before[appointment.id][2],
            *_outcome(appointment, before[appointment.id][2], proposals.get(appointment.id)),
        )
        for appointment in appointments
    ]


def _outcome(appointment: Appointment, was_at: datetime, proposal: Hold | None) -> tuple[str, str]:
    if appointment.status == AppointmentStatus.TO_CHOOSE:
        if proposal is None:
            return "waits", "Liste d’attente\u00a0: plus aucune heure n’est libre"
        return "proposed", f"{hour(proposal.starts_at)}, avec {proposal.agent.polite_name}"
    if appointment.status == AppointmentStatus.CANCELLED:
        return "waits", appointment.status.label
    at = "à la même heure" if appointment.starts_at == was_at else hour(appointment.starts_at)
    return "kept", f"{appointment.agent.polite_name}, {at}"
