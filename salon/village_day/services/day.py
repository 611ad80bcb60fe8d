"""Mark arrivals and absences on the day, and send reinforcements."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.staffing.actions import StaffingAction
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.shift_changes import PlannedShift, planned_shift_of, shifts_outside
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.rota import get_shift_of_any_edition, shifts_of
from salon.staffing.services.agents import refuse_agent_of_another_body
from salon.staffing.services.publication import new_publication, put_published
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import get_or_create_rota
from salon.village_day.actions import VillageDayAction
from salon.village_day.queries.day import Day, read_day
from salon.village_day.rules import day as rules
from salon.village_day.rules import reinforcement
from salon.village_day.services.asking import withdraw_requests


@dataclass(frozen=True)
class Reinforcement:
    """An agent sent to a stand, in whole half hours."""

    agent_id: int
    stand_id: int
    starts_at: datetime
    ends_at: datetime


def note_arrival(act: Act, shift_id: int, origin: str) -> Shift:
    """Mark the agent of a published shift as arrived, also for the shifts that directly follow it
    on the same stand.

    The first arrival stays; an absence is cleared, and its requests withdrawn. `origin`: how it
    was noted. Raises NoLongerPublished, TooEarlyToArrive, ShiftIsOver; NoResultFound for an unknown
    shift.
    """
    with _marked_shifts(act, shift_id) as (session, shift, following):
        rules.check_can_arrive(shift.starts_at, shift.ends_at, act.now)
        withdraw_requests(act, session, (shift, *following))
        for marked in (shift, *following):
            if marked.arrived_at is None or marked.absent_at is not None:
                marked.arrived_at = marked.arrived_at or act.now
                marked.absent_at = None
                marked.noted_by = act.actor.display_name
                subject = f"shift:{marked.id}"
                write_entry(
                    session,
                    act.actor,
                    VillageDayAction.SHIFT_ARRIVED,
                    subject,
                    how=origin,
                    at=act.now.isoformat(),
                )
    return shift


def note_absence(act: Act, shift_id: int) -> Shift:
    """Mark the agent of a published shift as absent, also for the shifts that directly follow it on
    the same stand. Idempotent.

    An arrival already noted then means the agent left. The shift stays the agent's until it is
    taken. Raises NoLongerPublished, ShiftIsOver; NoResultFound for an unknown shift.
    """
    with _marked_shifts(act, shift_id) as (session, shift, following):
        rules.check_is_not_over(shift.ends_at, act.now)
        for marked in (shift, *following):
            if marked.absent_at is None:
                marked.absent_at, marked.noted_by = act.now, act.actor.display_name
                write_entry(session, act.actor, VillageDayAction.SHIFT_ABSENT, f"shift:{marked.id}")
    return shift


def undo_mark(act: Act, shift_id: int) -> Shift:
    """Undo the latest mark of a shift, and of those that directly follow it with the same mark: an
    absence first, whose requests are withdrawn, else the arrival.

    Raises NoLongerPublished, ShiftIsOver, NothingToUndo; NoResultFound for an unknown shift.
    """
    with _marked_shifts(act, shift_id) as (session, shift, following):
        rules.check_is_not_over(shift.ends_at, act.now)
        rules.check_something_is_noted(shift.arrived_at, shift.absent_at)
        mark = "absent_at" if shift.absent_at is not None else "arrived_at"
        at = getattr(shift, mark)
        same_marks = [marked for marked in (shift, *following) if getattr(marked, mark) == at]
        withdraw_requests(act, session, same_marks)
        for marked in same_marks:
            setattr(marked, mark, None)
            marked.noted_by = act.actor.display_name
            write_entry(
                session,
                act.actor,
                VillageDayAction.SHIFT_MARK_UNDONE,
                f"shift:{marked.id}",
                mark=mark,
            )
    return shift


@contextmanager
def _marked_shifts(act: Act, shift_id: int) -> Iterator[tuple[Session, Shift, list[Shift]]]:
    """Lock the rota, a published shift and those that directly follow it. Raises
    NoLongerPublished.
    """
    shift = get_shift_of_any_edition(shift_id)
    shifts = shifts_of(shift.agent.edition, ShiftStatus.PUBLISHED, [shift.agent_id])
    following = rules.following_shifts(shift, shifts)
    rota = get_or_create_rota(shift.agent.edition)
    with act.transaction(rota, shift, *following) as session:
        rules.check_is_published(shift.status)
        published = [later for later in following if later.status == ShiftStatus.PUBLISHED]
        yield session, shift, rules.following_shifts(shift, published)


def reinforce(
    act: FairAct, request: Reinforcement, note: str, body_ids: Collection[int] | None
) -> Agent:
    """Send an agent where something lacks: at once in both layers, and notify the agent.
    Idempotent.

    `body_ids`: the bodies whose agents the author may send; None for all. Raises NoResultFound for
    an unknown agent, AgentOfAnotherBody, NoLongerPossible.
    """
    agent = get_agent(act.edition, request.agent_id)
    refuse_agent_of_another_body(agent, body_ids)
    rota = get_or_create_rota(act.edition)
    piece = PlannedShift(request.stand_id, request.starts_at, request.ends_at)
    with act.transaction(rota, agent) as session:
        day = read_day(act.edition, act.now)
        worker, post, start, end = _placed(day, request)
        if all(planned == post for planned in day.situation.planned[worker][start:end]):
            return agent
        reinforcement.check_can_reinforce(day.situation, worker, post, start, end)
        _give(act, session, agent, piece, note)
        subject = f"agent:{agent.id}"
        write_entry(
            session,
            act.actor,
            StaffingAction.ROTA_REINFORCED,
            subject,
            stand=request.stand_id,
            note=note,
        )
    return agent


def _placed(day: Day, request: Reinforcement) -> tuple[int, int, int, int]:
    """Return (agent, stand, first half hour, the one after the last) by index."""
    workers = [agent.id for agent in day.instance.agents]
    posts, starts = list(day.instance.stands), day.instance.starts
    ends = [start + HALF_HOUR for start in starts]
    for value, allowed in (
        (request.agent_id, workers),
        (request.stand_id, posts),
        (request.starts_at, starts),
        (request.ends_at, ends),
    ):
        if value not in allowed:
            raise reinforcement.NoLongerPossible
    start, end = starts.index(request.starts_at), ends.index(request.ends_at) + 1
    if end <= start:
        raise reinforcement.NoLongerPossible
    return workers.index(request.agent_id), posts.index(request.stand_id), start, end


def _give(act: Act, session: Session, agent: Agent, piece: PlannedShift, note: str) -> None:
    edition = agent.edition
    publication = new_publication(FairAct.of(act, edition), session, note)
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        planned = [planned_shift_of(shift) for shift in shifts_of(edition, status, [agent.id])]
        after = _joined(shifts_outside(planned, piece), piece)
        if status == ShiftStatus.PUBLISHED:
            put_published(session, publication, agent, after, ShiftOrigin.BY_HAND)
        else:
            put_row(act, session, agent, after, ShiftOrigin.BY_HAND)


def _joined(shifts: Sequence[PlannedShift], piece: PlannedShift) -> list[PlannedShift]:
    """Return the shifts with the piece, merged with the shift of the same stand that it
    prolongs.
    """
    for shift in shifts:
        if shift.stand_id == piece.stand_id and shift.ends_at == piece.starts_at:
            others = [planned for planned in shifts if planned is not shift]
            return [*others, replace(shift, ends_at=piece.ends_at)]
    return [*shifts, piece]
