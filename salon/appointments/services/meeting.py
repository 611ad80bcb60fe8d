"""Record a meeting: arrival, absence, outcome, promises.

Under a pessimistic lock on BookingSettings: released time may be booked at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from salon.appointments.actions import AppointmentAction
from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    BookingSettings,
    NextStep,
    Outcome,
    StepKind,
    VisitorClaim,
)
from salon.appointments.rules import meeting as rules
from salon.appointments.rules.booking import SlotNotFree
from salon.appointments.services.claims import delete_expired_holds, save_claims
from salon.appointments.services.offering import process_waiting_lists
from salon.appointments.services.placing import lock_appointments
from salon.appointments.services.settings import get_or_create_settings
from salon.platform.database.act import Act
from salon.platform.database.journal import JournalAction, write_entry
from salon.platform.database.versions import check_version


@dataclass(frozen=True)
class MeetingPromise:
    """A promise of the meeting, its owner and its deadline."""

    kind: StepKind
    words: str
    owner: str
    due_on: date | None = None


@dataclass(frozen=True)
class Funding:
    """The funding of a project, in euros. `funders`: names of the other funders."""

    cost: int | None = None
    others: int | None = None
    aid: int | None = None
    funders: str = ""

    @property
    def content(self) -> dict[str, object]:
        """Return the values to store, those left blank left out."""
        return {name: value for name, value in vars(self).items() if value not in (None, "")}


@dataclass(frozen=True)
class Account:
    """The account of a meeting. `funding` None: the theme is not about a subsidy."""

    outcome: Outcome
    note: str = ""
    steps: Sequence[MeetingPromise] = field(default_factory=tuple)
    funding: Funding | None = None


def note_arrival(act: Act, appointment: Appointment, origin: str, **details: object) -> Appointment:
    """Record the visitor's arrival at the stand; the first arrival stays.

    `origin`: "tap", "badge" or "counter". Raises NotHeld, NotTheDay, AlreadyClosed.
    """
    with act.transaction(appointment) as session:
        rules.check_can_be_noted(appointment, act.now)
        rules.check_is_not_closed(appointment.status)
        if appointment.arrived_at is None:
            appointment.arrived_at = act.now
            _write(act, session, AppointmentAction.ARRIVED, appointment, how=origin, **details)
    return appointment


def note_missed(act: Act, appointment: Appointment) -> Appointment:
    """Record that the visitor did not come, and release the remaining time. Idempotent.

    Raises NotHeld, NotTheDay, TooEarlyToMiss; AlreadyClosed when the visitor was received.
    """
    settings = get_or_create_settings(appointment.edition)
    with act.transaction(settings) as session:
        lock_appointments(session, [appointment.id])
        if appointment.status == AppointmentStatus.MISSED:
            return appointment
        rules.check_can_be_noted(appointment, act.now)
        rules.check_is_not_closed(appointment.status)
        rules.check_can_be_missed(appointment.starts_at, act.now)
        _close(session, appointment, AppointmentStatus.MISSED, settings, act.now)
        _write(act, session, AppointmentAction.MISSED, appointment)
    return appointment


def note_met(act: Act, appointment: Appointment) -> Appointment:
    """Record that the visitor was received, and release the remaining time. Idempotent.

    A visitor noted as missing may have come later. Raises NotHeld, NotTheDay.
    """
    settings = get_or_create_settings(appointment.edition)
    with act.transaction(settings) as session:
        lock_appointments(session, [appointment.id])
        rules.check_can_be_noted(appointment, act.now)
        if appointment.status != AppointmentStatus.MET:
            _close(session, appointment, AppointmentStatus.MET, settings, act.now)
            _write(act, session, AppointmentAction.MET, appointment)
    return appointment


def undo_mark(act: Act, appointment: Appointment) -> Appointment:
    """Undo the latest mark: the end of the meeting, with its released time, else the arrival.

    Raises NotHeld, NotTheDay, NothingNoted, AccountWritten; TimeGivenAway when the released time
    was booked meanwhile.
    """
    settings = get_or_create_settings(appointment.edition)
    with act.transaction(settings) as session:
        lock_appointments(session, [appointment.id])
        rules.check_can_be_noted(appointment, act.now)
        rules.check_can_undo(appointment)
        mark = appointment.status.value
        if appointment.status == AppointmentStatus.BOOKED:
            appointment.arrived_at, mark = None, "arrived"
        else:
            appointment.status, appointment.closed_at = AppointmentStatus.BOOKED, None
            _claim_time_again(session, appointment, settings, act.now)
        _write(act, session, AppointmentAction.MARK_UNDONE, appointment, mark=mark)
    return appointment


def close_meeting(
    act: Act, appointment: Appointment, version: int, account: Account
) -> Appointment:
    """Save the outcome, the promises and the funding of a meeting that took place.

    Replaces the earlier account; `version`: the optimistic lock, as the author read it.
    Raises NotHeld, NotTheDay, StaleVersion, StepTooEarly, BeyondTheCost.
    """
    settings = get_or_create_settings(appointment.edition)
    with act.transaction(settings) as session:
        lock_appointments(session, [appointment.id])
        rules.check_can_be_noted(appointment, act.now)
        check_version(version, appointment.version)
        rules.check_steps([step.due_on for step in account.steps], appointment.starts_at)
        if account.funding is not None:
            money = account.funding
            rules.check_funding(money.cost, money.others, money.aid)
            appointment.funding = money.content
        if appointment.status != AppointmentStatus.MET:
            _close(session, appointment, AppointmentStatus.MET, settings, act.now)
        appointment.outcome, appointment.note = account.outcome, account.note
        _put_steps(session, appointment, account.steps)
        details = {"outcome": account.outcome, "steps": len(account.steps)}
        _write(act, session, AppointmentAction.CLOSED, appointment, **details)
    return appointment


def _put_steps(session: Session, appointment: Appointment, steps: Sequence[MeetingPromise]) -> None:
    former = {_promise(step): step for step in appointment.steps}
    if list(former) != [_promise(step) for step in steps]:
        appointment.agreed_told_at = None  # the visitor is to be sent what is promised now
    kept = [former.get(_promise(step)) for step in steps]
    marks = [
        {"recalled_at": step.recalled_at, "done_at": step.done_at} if step else {} for step in kept
    ]
    session.execute(delete(NextStep).where(NextStep.appointment_id == appointment.id))
    session.expire(appointment, ["steps"])
    for step, mark in zip(steps, marks, strict=True):
        session.add(NextStep(appointment_id=appointment.id, **vars(step), **mark))
    # Increment the version even if only the steps differ (optimistic lock).
    flag_modified(appointment, "note")
    session.flush()
    session.expire(appointment, ["steps"])


def _promise(step: MeetingPromise | NextStep) -> tuple[object, ...]:
    return step.kind, step.words, step.owner, step.due_on


def _close(
    session: Session,
    appointment: Appointment,
    status: AppointmentStatus,
    settings: BookingSettings,
    now: datetime,
) -> None:
    """Close the appointment and release its claims from now on."""
    appointment.status, appointment.closed_at = status, now
    session.flush()
    for table in (AgentClaim, VisitorClaim):
        session.execute(
            delete(table).where(table.appointment_id == appointment.id, table.starts_at >= now)
        )
    process_waiting_lists(session, appointment.edition, settings, now)


def _claim_time_again(
    session: Session, appointment: Appointment, settings: BookingSettings, now: datetime
) -> None:
    delete_expired_holds(session, now)
    try:
        save_claims(session, appointment, settings.buffer_minutes, appointment.attendee_id)
    except SlotNotFree:
        raise rules.TimeGivenAway from None


def _write(
    act: Act, session: Session, action: JournalAction, appointment: Appointment, **details: object
) -> None:
    write_entry(session, act.actor, action, f"appointment:{appointment.id}", **details)
