"""Declare an agent absent for the day or until an hour, ask who stands in, and take it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.settings.clock import local
from salon.platform.words.formats import hour
from salon.platform.words.typography import of
from salon.staffing.engine.shift_changes import PlannedShift, planned_shift_of
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus, StandIn, StandInStatus
from salon.staffing.queries.rota import get_shift_of_any_edition, shifts_of
from salon.staffing.services.publication import new_publication, put_published
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import get_or_create_rota
from salon.village_day.actions import VillageDayAction
from salon.village_day.rules import day as rules
from salon.village_day.services.asking import withdraw_requests
from salon.village_day.services.standins import open_request


@dataclass(frozen=True)
class MissedShifts:
    """The shifts of an absence, by time; `cut_at`: the hour at which one was cut in two."""

    shifts: Sequence[Shift]
    cut_at: datetime | None


def note_absence_until(
    act: Act, shift_id: int, until: datetime | None, reason: str
) -> MissedShifts:
    """Mark the agent of a published shift as absent from now until an hour (None: all that day),
    on any stand, and ask who could stand in for each shift missed. Idempotent.

    A shift that goes on after `until` is cut there, in both layers. Raises NoLongerPublished,
    ShiftIsOver; NoResultFound for an unknown shift.
    """
    shift = get_shift_of_any_edition(shift_id)
    agent = shift.agent
    with act.transaction(get_or_create_rota(agent.edition), agent, shift) as session:
        rules.check_is_published(shift.status)
        rules.check_is_not_over(shift.ends_at, act.now)
        day_on = local(shift.starts_at).date()
        cut_at = _cut(act, session, agent, until) if until else None
        missed = [
            shift
            for shift in shifts_of(agent.edition, ShiftStatus.PUBLISHED, [agent.id])
            if local(shift.starts_at).date() == day_on
            and shift.ends_at > act.now
            and (until is None or shift.starts_at < until)
        ]
        for missed_shift in missed:
            if missed_shift.absent_at is None:
                missed_shift.absent_at, missed_shift.noted_by = act.now, act.actor.display_name
                write_entry(
                    session, act.actor, VillageDayAction.SHIFT_ABSENT, f"shift:{missed_shift.id}"
                )
        session.flush()
        ids = [missed_shift.id for missed_shift in missed]
        requested = _requested(session, ids)
        for missed_shift in missed:
            if missed_shift.id not in requested:
                open_request(act, session, missed_shift, reason)
    return MissedShifts(missed, cut_at)


def undo_absence(
    act: Act, agent: Agent, shift_ids: Collection[int], cut_at: datetime | None
) -> list[Shift]:
    """Take back an absence: its shifts that nobody took are the agent's again, and the requests
    that it opened are withdrawn. Return these shifts.

    Raises NothingToUndo when none is left.
    """
    with act.transaction(get_or_create_rota(agent.edition), agent) as session:
        shifts = [
            shift
            for shift in shifts_of(agent.edition, ShiftStatus.PUBLISHED, [agent.id])
            if shift.id in shift_ids and shift.absent_at is not None and shift.ends_at > act.now
        ]
        if not shifts:
            raise rules.NothingToUndo
        withdraw_requests(act, session, shifts)
        for shift in shifts:
            shift.absent_at, shift.noted_by = None, act.actor.display_name
            subject = f"shift:{shift.id}"
            write_entry(
                session, act.actor, VillageDayAction.SHIFT_MARK_UNDONE, subject, mark="absent_at"
            )
        session.flush()
        if cut_at is not None:
            _join(act, session, agent, cut_at)
    return shifts


def _requested(session: Session, shift_ids: Sequence[int]) -> set[int]:
    statement = select(StandIn.shift_id).where(
        StandIn.shift_id.in_(shift_ids), StandIn.status == StandInStatus.OPEN
    )
    return set(session.scalars(statement))


def _cut(act: Act, session: Session, agent: Agent, at: datetime) -> datetime | None:
    """Cut the agent's published shift that goes on at this hour; return the hour if there is one.

    An arrival already marked stays with the first part.
    """
    whole = next(
        (
            shift
            for shift in shifts_of(agent.edition, ShiftStatus.PUBLISHED, [agent.id])
            if shift.starts_at < at < shift.ends_at
        ),
        None,
    )
    if whole is None:
        return None
    planned, arrived_at = planned_shift_of(whole), whole.arrived_at
    parts = [replace(planned, ends_at=at), replace(planned, starts_at=at)]
    note = f"Absence {of(agent.full_name)} jusqu’à {hour(at)}"
    _replace(act, session, agent, [planned], parts, note)
    for part in shifts_of(agent.edition, ShiftStatus.PUBLISHED, [agent.id]):
        if part.ends_at == at:
            part.arrived_at = arrived_at
    return at


def _join(act: Act, session: Session, agent: Agent, at: datetime) -> None:
    """Join the two parts of a shift cut at this hour, where the agent still has both."""
    planned = [
        planned_shift_of(shift)
        for shift in shifts_of(agent.edition, ShiftStatus.PUBLISHED, [agent.id])
    ]
    first = next((shift for shift in planned if shift.ends_at == at), None)
    last = next((shift for shift in planned if shift.starts_at == at), None)
    if first is not None and last is not None and first.stand_id == last.stand_id:
        note = f"Absence {of(agent.full_name)} annulée"
        joined = [replace(first, ends_at=last.ends_at)]
        _replace(act, session, agent, [first, last], joined, note)


def _replace(
    act: Act,
    session: Session,
    agent: Agent,
    before: Sequence[PlannedShift],
    after: Sequence[PlannedShift],
    note: str,
) -> None:
    """Replace some of the agent's shifts in the published layer, and in the draft that has them."""
    publication = new_publication(FairAct.of(act, agent.edition), session, note)
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        planned = [
            planned_shift_of(shift) for shift in shifts_of(agent.edition, status, [agent.id])
        ]
        left = [shift for shift in planned if _key(shift) not in map(_key, before)]
        if len(left) + len(before) != len(planned):
            continue
        if status == ShiftStatus.PUBLISHED:
            put_published(session, publication, agent, [*left, *after], ShiftOrigin.BY_HAND)
        else:
            put_row(act, session, agent, [*left, *after], ShiftOrigin.BY_HAND)
    session.flush()


def _key(shift: PlannedShift) -> tuple[int, datetime, datetime]:
    return shift.stand_id, shift.starts_at, shift.ends_at
