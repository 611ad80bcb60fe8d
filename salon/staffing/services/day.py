"""The day: who arrived, who is absent, and who goes where something lacks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.queries import get_current_edition
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.shift_changes import PlannedShift, without
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.day import Day, read_day
from salon.staffing.queries.rota import get_shift, shifts_of
from salon.staffing.rules import day as rules
from salon.staffing.rules import reinforcement
from salon.staffing.rules.shifts import check_own_agent
from salon.staffing.services.publication import new_publication, put_published, wanted_of
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import keep_rota


@dataclass(frozen=True)
class Reinforcement:
    """An agent sent to a stand, in whole half hours."""

    agent_id: int
    stand_id: int
    starts_at: datetime
    ends_at: datetime


def note_arrival(shift_id: int, by: Identity, now: datetime, origin: str) -> Shift:
    """The agent of a published shift is there, for the shifts that directly follow it on the same
    stand too. The first arrival stays; who was said absent came after all.

    `origin`: how it was noted. Raises NoLongerPublished, TooEarlyToArrive, ShiftIsOver;
    NoResultFound for another edition's.
    """
    shift, following = _with_following(shift_id)
    with transaction(shift, *following) as session:
        rules.check_is_published(shift.status)
        rules.check_can_arrive(shift.starts_at, shift.ends_at, now)
        for one in (shift, *rules.follow_on(shift, _still_published(following))):
            if one.arrived_at is None or one.absent_at is not None:
                one.arrived_at = one.arrived_at or now
                one.absent_at = None
                one.noted_by = by.display_name
                subject = f"shift:{one.id}"
                write_entry(session, by, "shift.arrived", subject, how=origin, at=now.isoformat())
    return shift


def note_absence(shift_id: int, by: Identity, now: datetime) -> Shift:
    """The agent of a published shift is not there, nor for the shifts that directly follow it on
    the same stand; who had arrived has left. Twice is as once.

    The shift stays the agent's until somebody takes it. Raises NoLongerPublished, ShiftIsOver;
    NoResultFound for another edition's.
    """
    shift, following = _with_following(shift_id)
    with transaction(shift, *following) as session:
        rules.check_is_published(shift.status)
        rules.check_is_not_over(shift.ends_at, now)
        for one in (shift, *rules.follow_on(shift, _still_published(following))):
            if one.absent_at is None:
                one.absent_at, one.noted_by = now, by.display_name
                write_entry(session, by, "shift.absent", f"shift:{one.id}")
    return shift


def undo_mark(shift_id: int, by: Identity, now: datetime) -> Shift:
    """Takes back the latest mark of a shift, and of those that directly follow it and have the
    same: an absence first, else the arrival.

    Raises NoLongerPublished, ShiftIsOver, NothingToUndo; NoResultFound for another edition's.
    """
    shift, following = _with_following(shift_id)
    with transaction(shift, *following) as session:
        rules.check_is_published(shift.status)
        rules.check_is_not_over(shift.ends_at, now)
        rules.check_something_is_noted(shift.arrived_at, shift.absent_at)
        mark = "absent_at" if shift.absent_at is not None else "arrived_at"
        at = getattr(shift, mark)
        for one in (shift, *rules.follow_on(shift, _still_published(following))):
            if getattr(one, mark) == at:
                setattr(one, mark, None)
                one.noted_by = by.display_name
                write_entry(session, by, "shift.mark_undone", f"shift:{one.id}", mark=mark)
    return shift


def _with_following(shift_id: int) -> tuple[Shift, list[Shift]]:
    edition = get_current_edition()
    shift = get_shift(edition, shift_id)
    others = shifts_of(edition, ShiftStatus.PUBLISHED, [shift.agent_id])
    return shift, rules.follow_on(shift, others)


def _still_published(shifts: Sequence[Shift]) -> list[Shift]:
    return [one for one in shifts if one.status == ShiftStatus.PUBLISHED]


def reinforce(
    edition: Edition,
    asked: Reinforcement,
    note: str,
    body_ids: Collection[int] | None,
    by: Identity,
    now: datetime,
) -> Agent:
    """Sends an agent where something lacks: at once in both layers, and the agent is told.

    `body_ids`: the bodies whose agents the author may send; None for all. An agent who is there
    already stays: twice is as once. Raises NoResultFound for an unknown agent, AgentOfAnotherBody,
    NoLongerPossible.
    """
    agent = get_agent(edition, asked.agent_id)
    check_own_agent(agent, body_ids)
    rota = keep_rota(edition)
    piece = PlannedShift(asked.stand_id, asked.starts_at, asked.ends_at)
    with transaction(rota, agent) as session:
        day = read_day(edition, now)
        worker, post, start, end = _placed(day, asked)
        if all(one == post for one in day.situation.planned[worker][start:end]):
            return agent
        reinforcement.check_can_reinforce(day.situation, worker, post, start, end)
        _give(session, edition, agent, piece, note, by, now)
        subject = f"agent:{agent.id}"
        write_entry(session, by, "rota.reinforced", subject, stand=asked.stand_id, note=note)
    return agent


def _placed(day: Day, asked: Reinforcement) -> tuple[int, int, int, int]:
    """(agent, stand, first half hour, the one after the last) by index."""
    workers = [one.id for one in day.asked.agents]
    posts, starts = list(day.asked.stands), day.asked.starts
    ends = [start + HALF_HOUR for start in starts]
    for value, known in (
        (asked.agent_id, workers),
        (asked.stand_id, posts),
        (asked.starts_at, starts),
        (asked.ends_at, ends),
    ):
        if value not in known:
            raise reinforcement.NoLongerPossible
    start, end = starts.index(asked.starts_at), ends.index(asked.ends_at) + 1
    if end <= start:
        raise reinforcement.NoLongerPossible
    return workers.index(asked.agent_id), posts.index(asked.stand_id), start, end


def _give(
    session: Session,
    edition: Edition,
    agent: Agent,
    piece: PlannedShift,
    note: str,
    by: Identity,
    now: datetime,
) -> None:
    publication = new_publication(session, edition, note, by, now)
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        held = [wanted_of(one) for one in shifts_of(edition, status, [agent.id])]
        after = _joined(without(held, piece), piece)
        if status == ShiftStatus.PUBLISHED:
            put_published(session, publication, agent, after, ShiftOrigin.BY_HAND, edition)
        else:
            put_row(session, agent, after, ShiftOrigin.BY_HAND, by)


def _joined(held: Sequence[PlannedShift], piece: PlannedShift) -> list[PlannedShift]:
    """The shifts with the piece, made one with the shift of the same stand that it prolongs."""
    for one in held:
        if one.stand_id == piece.stand_id and one.ends_at == piece.starts_at:
            return [it for it in held if it is not one] + [replace(one, ends_at=piece.ends_at)]
    return [*held, piece]
