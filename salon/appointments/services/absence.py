"""One act for an agent who is absent: stand-ins asked, appointments moved; and its undoing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import Appointment, BookingSettings
from salon.appointments.queries.rescue import rescue_of, untended_appointments
from salon.appointments.services.claims import delete_expired_holds
from salon.appointments.services.former_appointments import (
    facts_of,
    former_appointment,
    restore_appointments,
)
from salon.appointments.services.placing import lock_appointments
from salon.appointments.services.rearrangement import tell_restored
from salon.appointments.services.rescue import carry_out
from salon.appointments.services.settings import get_or_create_settings
from salon.fair.services.changes import messages_called_off
from salon.platform.database import moments
from salon.platform.database.act import Act
from salon.platform.database.consequences import Change
from salon.platform.database.db import current_session, unit_of_work
from salon.platform.database.journal import JournalEntry, entries, write_entry
from salon.platform.database.undo import facts_to_undo, keep_undo
from salon.platform.mail.outbox import act_key
from salon.platform.settings.clock import local
from salon.staffing.models import Agent, Shift
from salon.village_day.services import absence as village_services
from salon.village_day.services.day import undo_mark

ABSENT, CAME_BACK = AppointmentAction.AGENT_ABSENT, AppointmentAction.AGENT_ABSENCE_UNDONE


@dataclass(frozen=True)
class AbsenceRecord:
    """What the journal holds of an absence: its end (None: all day), shifts and appointments.

    `former`: number, facts before, facts after and body of each appointment that it moved.
    """

    entry: JournalEntry
    until: datetime | None
    shift_ids: Sequence[int]
    cut_at: datetime | None
    former: Sequence[Any]


def declare_absence(act: Act, shift: Shift, until: datetime | None, reason: str) -> Sequence[Shift]:
    """Mark an agent absent from now until an hour (None: all the day of the shift), ask who stands
    in for each shift, and move the appointments that lose their agent. Return these shifts.

    Everything or nothing; idempotent. An absence that lasts longer than one declared before takes
    it in, and both are undone together. Raises NoLongerPublished, ShiftIsOver.
    """
    agent, day_on = shift.agent, local(shift.starts_at).date()
    earlier = find_absence(agent, day_on)
    settings = get_or_create_settings(agent.edition)
    with unit_of_work():
        missed = village_services.note_absence_until(act, shift.id, until, reason)
        with act.transaction(settings) as session:
            former = [*earlier.former] if earlier else []
            former += _move_appointments(act, session, agent, settings)
            undo = {
                "until": until,
                "cut_at": missed.cut_at or (earlier.cut_at if earlier else None),
                "shifts": [missed_shift.id for missed_shift in missed.shifts],
                "appointments": former,
            }
            subject = f"agent:{agent.id}"
            entry = write_entry(session, act.actor, ABSENT, subject, day_on=day_on.isoformat())
            keep_undo(session, entry, agent.edition_id, undo, act_key(session))
    return missed.shifts


def _move_appointments(
    act: Act, session: Session, agent: Agent, settings: BookingSettings
) -> list[Any]:
    """Move the agent's appointments that nobody holds; return what undoing needs."""
    delete_expired_holds(session, act.now)
    lost = [
        appointment
        for appointment in untended_appointments(agent.edition, act.now)
        if appointment.agent_id == agent.id
    ]
    lock_appointments(session, [appointment.id for appointment in lost])
    before = [facts_of(appointment) for appointment in lost]
    carry_out(act, session, rescue_of(agent.edition, lost, act.now), settings)
    session.flush()
    return [
        former_appointment(appointment, facts, facts_of(appointment))[1:]
        for appointment, facts in zip(lost, before, strict=True)
    ]


def find_absence(agent: Agent, day_on: date) -> AbsenceRecord | None:
    """Return the latest absence declared for an agent on a day, None if it was taken back."""
    statement = entries(subject=f"agent:{agent.id}").where(
        JournalEntry.action.in_((ABSENT, CAME_BACK))
    )
    of_day = (
        entry
        for entry in current_session().scalars(statement)
        if entry.details["day_on"] == day_on.isoformat()
    )
    entry = next(of_day, None)
    if entry is None or entry.action == CAME_BACK:
        return None
    undo = moments.read(facts_to_undo(entry), lambda day, _: (day, False))
    return AbsenceRecord(entry, undo["until"], undo["shifts"], undo["cut_at"], undo["appointments"])


def take_back_absence(act: Act, shift: Shift) -> Sequence[Appointment]:
    """Undo an absence: the shifts that nobody took come back, and the appointments with them. The
    messages not sent yet are called off. Return the appointments that stay as they were moved.

    Raises NothingToUndo, ShiftIsOver, NoLongerPublished.
    """
    agent, day_on = shift.agent, local(shift.starts_at).date()
    record = find_absence(agent, day_on)
    if record is None:
        undo_mark(act, shift.id)
        return []
    edition, settings = agent.edition, get_or_create_settings(agent.edition)
    with unit_of_work():
        shifts = village_services.undo_absence(act, agent, record.shift_ids, record.cut_at)
        with act.transaction(settings) as session, messages_called_off(session, record.entry):
            former = [row for row in record.former if _is_held_again(row[1], shifts)]
            change = Change(edition_id=edition.id, actor=act.actor, at=act.now, is_undo=True)
            restore_appointments(session, edition, change, settings, former, tell_restored)
            subject = f"agent:{agent.id}"
            write_entry(session, act.actor, CAME_BACK, subject, day_on=day_on.isoformat())
    moved = [current_session().get(Appointment, row[0]) for row in record.former]
    return [
        appointment for appointment in moved if appointment and not _is_back(appointment, agent)
    ]


def _is_held_again(before: Sequence[Any], shifts: Sequence[Shift]) -> bool:
    """Return whether a shift given back holds an appointment's former time and stand."""
    _, stand_id, starts_at, *_ = before
    return any(
        shift.stand_id == stand_id and shift.starts_at <= starts_at < shift.ends_at
        for shift in shifts
    )


def _is_back(appointment: Appointment, agent: Agent) -> bool:
    return appointment.agent_id == agent.id or not appointment.is_live
