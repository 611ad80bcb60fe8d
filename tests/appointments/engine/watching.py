"""Invariants of appointments at any moment, read from the rows themselves."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from salon.appointments.models import (
    AgentClaim,
    Appointment,
    AppointmentStatus,
    Hold,
    StandBooking,
    VisitorClaim,
    WaitingEntry,
    WaitingStatus,
)
from salon.appointments.queries.offers import is_in_part
from salon.appointments.queries.rescue import untended_appointments
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.journal import JournalEntry
from salon.platform.mail.outbox import Message
from salon.staffing.models import Shift, ShiftStatus
from tests.appointments.make import check_invariants

TICK = timedelta(minutes=5)
BUFFER = TICK
ACTS_BY_MESSAGE = {
    "appointment_booked": ("booked", "followed", "accepted"),
    "appointment_moved": ("moved",),
    "appointment_cancelled": ("cancelled",),
    "appointment_reassigned": ("rescued kept",),
    "appointment_to_choose": ("rescued proposed", "proposal_withdrawn"),
}
"""Each message to a visitor, and the acts of the journal that it reports."""


@dataclass(frozen=True)
class Seen:
    """The facts of an appointment that its visitor may know."""

    status: str
    agent_id: int
    starts_at: datetime
    attendee_id: int
    stand_id: int


@dataclass
class Moment:
    """The rows that the invariants compare, read at one moment."""

    appointments: dict[int, Seen]
    messages: Counter[tuple[str, str]]
    holds: dict[int, int | None]
    entries: dict[int, tuple[str, datetime, int]]
    withdrawals: Counter[str]
    """Proposed times that were withdrawn, by the subject of the journal."""


def moment() -> Moment:
    current_session().rollback()
    current_session().expire_all()
    statement = select(Message.about, Message.kind, func.count()).group_by(
        Message.about, Message.kind
    )
    withdrawals = select(JournalEntry.subject).where(
        JournalEntry.action == "appointment.proposal_withdrawn"
    )
    return Moment(
        {
            appointment.id: Seen(
                appointment.status,
                appointment.agent_id,
                appointment.starts_at,
                appointment.attendee_id,
                appointment.stand_id,
            )
            for appointment in current_session().scalars(select(Appointment))
        },
        Counter(
            {(about, kind): count for about, kind, count in current_session().execute(statement)}
        ),
        {hold.id: hold.waiting_id for hold in current_session().scalars(select(Hold))},
        {
            waiting_entry.id: (
                waiting_entry.status,
                waiting_entry.queued_at,
                waiting_entry.attendee_id,
            )
            for waiting_entry in current_session().scalars(select(WaitingEntry))
        },
        Counter(current_session().scalars(withdrawals)),
    )


def check_everything(edition: Edition, before: Moment, after: Moment, now: datetime) -> None:
    """Check the invariants, and those of the acts done since `before`."""
    check_invariants(edition)
    _nobody_is_in_two_places()
    _claims_are_those_of_what_is_kept()
    _each_is_held_by_a_shift_or_untended(edition, now)
    _what_was_placed_left_the_minimum(edition, before, after, now)
    _the_list_is_in_order(before, after, now)
    _each_was_told_what_changed(before, after)


def _nobody_is_in_two_places() -> None:
    statement = select(Appointment).where(Appointment.status == AppointmentStatus.BOOKED)
    result = current_session().scalars(statement.order_by(Appointment.starts_at)).all()
    for column_name in ("agent_id", "attendee_id"):
        ends: dict[int, datetime] = {}
        for item in result:
            person = getattr(item, column_name)
            assert item.starts_at >= ends.get(person, item.starts_at), (column_name, item.id)
            ends[person] = item.ends_at + BUFFER


def _claims_are_those_of_what_is_kept() -> None:
    holds = {hold.id: hold for hold in current_session().scalars(select(Hold))}
    live = (AppointmentStatus.BOOKED,)
    booked = set(
        current_session().scalars(select(Appointment.id).where(Appointment.status.in_(live)))
    )
    by_hold: dict[tuple[int, int], list[datetime]] = {}
    for claim in (
        *current_session().scalars(select(AgentClaim)),
        *current_session().scalars(select(VisitorClaim)),
    ):
        assert (claim.hold_id is None) != (claim.appointment_id is None)
        assert claim.hold_id in holds if claim.hold_id else claim.appointment_id in booked
        if claim.hold_id and isinstance(claim, AgentClaim):
            by_hold.setdefault((claim.hold_id, claim.agent_id), []).append(claim.starts_at)
    for other_hold in holds.values():
        expected = list(_ticks(other_hold.starts_at, other_hold.ends_at + BUFFER))
        assert sorted(by_hold[other_hold.id, other_hold.agent_id]) == expected


def _each_is_held_by_a_shift_or_untended(edition: Edition, now: datetime) -> None:
    staffed_times = _staffed_times()
    untended = {
        untended_appointment.id for untended_appointment in untended_appointments(edition, now)
    }
    statement = select(Appointment).where(
        Appointment.status == AppointmentStatus.BOOKED, Appointment.ends_at > now
    )
    for row in current_session().scalars(statement):
        left = _ticks(max(row.starts_at, _floor(now)), row.ends_at)
        is_held = all((row.agent_id, row.stand_id, at) in staffed_times for at in left)
        assert is_held != (row.id in untended), row.id


def _what_was_placed_left_the_minimum(
    edition: Edition, before: Moment, after: Moment, now: datetime
) -> None:
    staffed_times = _staffed_times()
    stored_values = {
        stand_booking.stand_id: stand_booking.kept_free
        for stand_booking in current_session().scalars(select(StandBooking))
    }
    engaged: Counter[tuple[int, datetime]] = Counter()
    placed = [
        *current_session().scalars(select(Appointment)),
        *current_session().scalars(select(Hold)),
    ]
    for item in placed:
        if getattr(item, "status", AppointmentStatus.BOOKED) == AppointmentStatus.BOOKED and (
            not isinstance(item, Hold) or item.expires_at > now
        ):
            engaged.update((item.stand_id, at) for at in _ticks(item.starts_at, item.ends_at))
    staffed = Counter((stand, at) for _, stand, at in staffed_times)
    for item in placed:
        holds = before.holds if isinstance(item, Hold) else before.appointments
        location = None if isinstance(item, Hold) else _place_of(after.appointments[item.id])
        former_location = (
            None if isinstance(item, Hold) else _place_of(before.appointments.get(item.id))
        )
        is_new = item.id not in holds or location != former_location
        if is_new and getattr(item, "status", "booked") == "booked":
            for at in _ticks(item.starts_at, item.ends_at):
                free = staffed[item.stand_id, at] - engaged[item.stand_id, at]
                assert free >= stored_values[item.stand_id], item


def _place_of(seen: Seen | None) -> tuple[str, int, datetime] | None:
    return (seen.status, seen.agent_id, seen.starts_at) if seen else None


def _the_list_is_in_order(before: Moment, after: Moment, now: datetime) -> None:
    """Check that no time was offered past an earlier entry that could have taken it."""
    entries = {
        waiting_entry.id: waiting_entry
        for waiting_entry in current_session().scalars(select(WaitingEntry))
    }
    new_holds = [
        hold
        for hold in current_session().scalars(select(Hold).where(Hold.waiting_id.is_not(None)))
        if hold.id not in before.holds
    ]
    offered = _offered()
    for hold in new_holds:
        assert hold.waiting_id is not None
        assert hold.expires_at > now
        first = entries[hold.waiting_id]
        ticks = set(_ticks(hold.starts_at, hold.ends_at + BUFFER))
        for entry in entries.values():
            earlier = (entry.queued_at, entry.id) < (first.queued_at, first.id)
            waits = entry.status == WaitingStatus.WAITING and entry.theme_id == first.theme_id
            if earlier and waits and is_in_part(hold.starts_at, entry.part, entry.day_on):
                statement = select(VisitorClaim.starts_at).where(
                    VisitorClaim.attendee_id == entry.attendee_id
                )
                elsewhere = ticks.intersection(current_session().scalars(statement))
                assert elsewhere or (entry.id, hold.starts_at) in offered, (entry.id, first.id)


def _offered() -> set[tuple[int, datetime]]:
    statement = select(JournalEntry).where(JournalEntry.action == "waiting.offered")
    return {
        (int(row.subject.partition(":")[2]), datetime.fromisoformat(row.details["starts_at"]))
        for row in current_session().scalars(statement)
    }


def _each_was_told_what_changed(before: Moment, after: Moment) -> None:
    noted: Counter[tuple[str, str]] = Counter()
    for entry in current_session().scalars(select(JournalEntry)):
        feature, _, act = entry.action.partition(".")
        if feature in ("appointment", "waiting"):
            suffix = f" {entry.details['how']}" if act == "rescued" else ""
            noted[entry.subject, act + suffix] += 1
    for number, seen in after.appointments.items():
        about = f"appointment:{number}"
        for kind, acts in ACTS_BY_MESSAGE.items():
            assert after.messages[about, kind] == sum(noted[about, act] for act in acts), kind
        message_count = sum(
            (after.messages - before.messages)[about, kind] for kind in ACTS_BY_MESSAGE
        )
        changes = (seen != before.appointments.get(number)) + (
            after.withdrawals[about] - before.withdrawals[about]
        )
        assert message_count == changes, (number, seen)
    for number in after.entries:
        about = f"waiting:{number}"
        for act in ("joined", "offered"):
            assert after.messages[about, f"waiting_{act}"] == noted[about, act]


def _staffed_times() -> set[tuple[int, int, datetime]]:
    """Return (agent, stand, five minutes) of the published shifts without absence."""
    statement = select(Shift).where(
        Shift.status == ShiftStatus.PUBLISHED, Shift.absent_at.is_(None)
    )
    return {
        (row.agent_id, row.stand_id, at)
        for row in current_session().scalars(statement)
        for at in _ticks(row.starts_at, row.ends_at)
    }


def _ticks(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += TICK


def _floor(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
