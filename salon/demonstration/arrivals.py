"""The demonstration's agents come to their stands, nearly all of them, by the moment one looks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from salon.fair.models import Edition
from salon.platform.identity import SYSTEM
from salon.staffing.models import Shift, ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.staffing.services.day import note_absence, note_arrival, undo_mark

RECENT = timedelta(hours=1)
SETTLED = timedelta(minutes=10)


def play_arrivals(edition: Edition, at: datetime) -> None:
    """Notes again who has come by `at`: of those who began within the hour, one agent is late and
    one does not come."""
    shifts = shifts_of(edition, ShiftStatus.PUBLISHED)
    here = _here_by(shifts, at)
    first = [one for one in here if (one.agent_id, one.stand_id, one.starts_at) not in _ends(here)]
    recent = [one for one in first if at - RECENT < one.starts_at <= at - SETTLED < one.ends_at]
    late, absent = _exceptions(recent)
    for one in shifts:
        if one is late or one is absent or one not in here:
            _forget(one)
    for one in here:
        if one is absent:
            note_absence(one.id, SYSTEM, one.starts_at)
        elif one is not late and (one.arrived_at is None or one.absent_at is not None):
            note_arrival(one.id, SYSTEM, min(at, _comes_at(one)), "badge")


def _here_by(shifts: Sequence[Shift], at: datetime) -> list[Shift]:
    """The shifts, in time, whose agent is on the stand by then: those that follow on too."""
    found: list[Shift] = []
    for one in shifts:
        follows = (one.agent_id, one.stand_id, one.starts_at) in _ends(found)
        if _comes_at(one) <= at or follows:
            found.append(one)
    return found


def _ends(shifts: Sequence[Shift]) -> set[tuple[int, int, datetime]]:
    return {(one.agent_id, one.stand_id, one.ends_at) for one in shifts}


def _comes_at(shift: Shift) -> datetime:
    """A few minutes before, not the same for all."""
    return shift.starts_at - timedelta(minutes=1 + shift.agent_id * 7 % 11)


def _exceptions(shifts: Sequence[Shift]) -> tuple[Shift | None, Shift | None]:
    """(late, absent), on two stands."""
    by_stand: dict[int, Shift] = {}
    for one in sorted(shifts, key=lambda it: (it.stand_id, it.agent_id)):
        by_stand[one.stand_id] = one
    last = list(by_stand.values())
    return last[0] if last else None, last[-1] if len(last) > 1 else None


def _forget(shift: Shift) -> None:
    while shift.arrived_at is not None or shift.absent_at is not None:
        undo_mark(shift.id, SYSTEM, shift.starts_at)
