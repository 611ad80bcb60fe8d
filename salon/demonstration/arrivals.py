"""Arrivals of the demonstration's agents at their stands, by the current moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.identity import SYSTEM
from salon.staffing.models import Shift, ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.village_day.services.day import note_absence, note_arrival, undo_mark

RECENT = timedelta(hours=1)
SETTLED = timedelta(minutes=10)


def play_arrivals(edition: Edition, at: datetime) -> None:
    """Set again the arrivals by `at`: of the shifts begun within the hour, one agent is late and
    one absent."""
    shifts = shifts_of(edition, ShiftStatus.PUBLISHED)
    present_shifts = _here_by(shifts, at)
    first = [
        shift
        for shift in present_shifts
        if (shift.agent_id, shift.stand_id, shift.starts_at) not in _ends(present_shifts)
    ]
    recent = [
        shift for shift in first if at - RECENT < shift.starts_at <= at - SETTLED < shift.ends_at
    ]
    late, absent = _exceptions(recent)
    for shift in shifts:
        if shift is late or shift is absent or shift not in present_shifts:
            _forget(shift)
    for shift in present_shifts:
        if shift is absent:
            note_absence(Act(SYSTEM, shift.starts_at), shift.id)
        elif shift is not late and (shift.arrived_at is None or shift.absent_at is not None):
            note_arrival(Act(SYSTEM, min(at, _comes_at(shift))), shift.id, "badge")


def _here_by(shifts: Sequence[Shift], at: datetime) -> list[Shift]:
    """Return the shifts, by time, whose agent is on the stand by then, with the shifts that follow
    on."""
    present_shifts: list[Shift] = []
    for shift in shifts:
        follows = (shift.agent_id, shift.stand_id, shift.starts_at) in _ends(present_shifts)
        if _comes_at(shift) <= at or follows:
            present_shifts.append(shift)
    return present_shifts


def _ends(shifts: Sequence[Shift]) -> set[tuple[int, int, datetime]]:
    return {
        (other_shift.agent_id, other_shift.stand_id, other_shift.ends_at) for other_shift in shifts
    }


def _comes_at(shift: Shift) -> datetime:
    """Return an arrival a few minutes early, which differs between agents."""
    return shift.starts_at - timedelta(minutes=1 + shift.agent_id * 7 % 11)


def _exceptions(shifts: Sequence[Shift]) -> tuple[Shift | None, Shift | None]:
    """Return the (late, absent) shifts, on two stands."""
    by_stand: dict[int, Shift] = {}
    for shift in sorted(shifts, key=lambda shift: (shift.stand_id, shift.agent_id)):
        by_stand[shift.stand_id] = shift
    last = list(by_stand.values())
    return last[0] if last else None, last[-1] if len(last) > 1 else None


def _forget(shift: Shift) -> None:
    while shift.arrived_at is not None or shift.absent_at is not None:
        undo_mark(Act(SYSTEM, shift.starts_at), shift.id)
