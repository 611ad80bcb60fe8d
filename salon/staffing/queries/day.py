"""Reads of the day: the published shifts, who came, and what is needed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.fair.models import Edition, PartnerBody, Stand
from salon.platform.clock import local
from salon.platform.db import current_session
from salon.staffing.engine.half_hours import DayFrame
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn, StandInStatus
from salon.staffing.queries.problem import Asked, problem_of, rota_from
from salon.staffing.queries.rota import frames, shifts_of
from salon.staffing.rules.day import HERE, NOT_HERE, Presence, follow_on, presence_of
from salon.staffing.rules.reinforcement import Situation


@dataclass(frozen=True)
class Day:
    """The published rota at a moment. `frame`: the day that is going on, else the next one, else
    the last; `shifts`: those of that day, by time; `presences`: by shift; `seeking`: the shifts
    for which a stand-in is looked for."""

    edition: Edition
    now: datetime
    frame: DayFrame
    asked: Asked
    shifts: Sequence[Shift]
    presences: dict[int, Presence]
    seeking: set[int]
    situation: Situation

    @property
    def is_today(self) -> bool:
        return self.frame.day_on == local(self.now).date()

    @property
    def bodies(self) -> list[PartnerBody]:
        """By the index of their stand in the situation."""
        return list(self.asked.stands.values())

    def agent(self, worker: int) -> Agent:
        return self.asked.agents[worker]


def read_day(edition: Edition, now: datetime) -> Day:
    """The day with all that its board shows, in a constant number of statements."""
    asked = problem_of(edition, now)
    frame = _frame_of(frames(edition), now)
    published = shifts_of(edition, ShiftStatus.PUBLISHED)
    shifts = [
        one
        for one in published
        if frame.starts_at <= one.starts_at and one.ends_at <= frame.ends_at
    ]
    seeking = _seeking(edition)
    presences = {
        one.id: presence_of(one, now, one.id in seeking, bool(follow_on(one, shifts)))
        for one in shifts
    }
    situation = _situation(asked, published, presences, now)
    return Day(edition, now, frame, asked, shifts, presences, seeking, situation)


def _frame_of(days: Sequence[DayFrame], now: datetime) -> DayFrame:
    today = local(now).date()
    return next((one for one in days if one.day_on >= today), days[-1])


def _situation(
    asked: Asked, published: Sequence[Shift], presences: dict[int, Presence], now: datetime
) -> Situation:
    problem = replace(asked.problem, fixed={}, previous=None)
    missing = {shift_id for shift_id, one in presences.items() if one in NOT_HERE}
    counted = [shift for shift in published if shift.id not in missing]
    arrived = [shift for shift in published if presences.get(shift.id) in HERE]
    away = {one.agent_id for one in published if one.id in missing}
    return Situation(
        problem,
        rota_from(asked, published),
        rota_from(asked, counted),
        rota_from(asked, arrived),
        frozenset(w for w, agent in enumerate(asked.agents) if agent.id in away),
        now,
    )


def _seeking(edition: Edition) -> set[int]:
    """The shifts for which a stand-in is looked for."""
    wanted = (
        select(StandIn.shift_id)
        .join(Shift, Shift.id == StandIn.shift_id)
        .where(Shift.edition_id == edition.id, StandIn.status == StandInStatus.OPEN)
    )
    return set(current_session().scalars(wanted))


def shifts_today(edition: Edition, agent_id: int, now: datetime) -> list[Shift]:
    """An agent's published shifts of the day of `now`, in time, with stand and body."""
    wanted = (
        select(Shift)
        .where(
            Shift.edition_id == edition.id,
            Shift.status == ShiftStatus.PUBLISHED,
            Shift.agent_id == agent_id,
        )
        .options(
            joinedload(Shift.stand).joinedload(Stand.body),
            joinedload(Shift.stand).joinedload(Stand.hall),
            joinedload(Shift.agent),
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    today = local(now).date()
    return [
        one for one in current_session().scalars(wanted) if local(one.starts_at).date() == today
    ]


def get_body_of_stand(edition: Edition, number: str) -> PartnerBody:
    """The body whose stand has this number. Raises NoResultFound."""
    wanted = (
        select(PartnerBody)
        .join(PartnerBody.stand)
        .where(PartnerBody.edition_id == edition.id, Stand.number == number)
        .options(joinedload(PartnerBody.stand).joinedload(Stand.hall))
    )
    return current_session().scalars(wanted).one()
