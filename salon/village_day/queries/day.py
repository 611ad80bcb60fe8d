"""Reads of the day: published shifts, presences and needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.fair.models import Edition, PartnerBody, Stand
from salon.platform.database.db import current_session
from salon.platform.settings.clock import local
from salon.staffing.engine.half_hours import DayFrame
from salon.staffing.models import Agent, Shift, ShiftStatus, StandIn, StandInStatus
from salon.staffing.queries.problem import RotaInstance, problem_of, rota_from
from salon.staffing.queries.published import WITH_PLACE
from salon.staffing.queries.rota import frames, shifts_of
from salon.village_day.rules.day import HERE, NOT_HERE, Presence, following_shifts, presence_of
from salon.village_day.rules.reinforcement import Situation


@dataclass(frozen=True)
class Day:
    """The published rota at a moment.

    `frame`: the day under way, else the next one, else the last; `shifts`: those of that day, by
    time; `presences`: by shift; `seeking`: the shifts for which a stand-in is looked for.
    """

    edition: Edition
    now: datetime
    frame: DayFrame
    instance: RotaInstance
    shifts: Sequence[Shift]
    presences: dict[int, Presence]
    seeking: set[int]
    situation: Situation

    @property
    def is_today(self) -> bool:
        return self.frame.day_on == local(self.now).date()

    @property
    def bodies(self) -> list[PartnerBody]:
        """Return the bodies by the index of their stand in the situation."""
        return list(self.instance.stands.values())

    def agent(self, worker: int) -> Agent:
        return self.instance.agents[worker]


def read_day(edition: Edition, now: datetime) -> Day:
    """Return the day with all that its board shows, in a constant number of statements."""
    instance = problem_of(edition, now)
    days, today = frames(edition), local(now).date()
    frame = next((day for day in days if day.day_on >= today), days[-1])
    published = shifts_of(edition, ShiftStatus.PUBLISHED)
    shifts = [
        shift
        for shift in published
        if frame.starts_at <= shift.starts_at and shift.ends_at <= frame.ends_at
    ]
    seeking = _seeking(edition)
    presences = {
        shift.id: presence_of(
            shift, now, shift.id in seeking, bool(following_shifts(shift, shifts))
        )
        for shift in shifts
    }
    situation = _situation(instance, published, presences, now)
    return Day(edition, now, frame, instance, shifts, presences, seeking, situation)


def _situation(
    instance: RotaInstance,
    published: Sequence[Shift],
    presences: dict[int, Presence],
    now: datetime,
) -> Situation:
    problem = replace(instance.problem, fixed={}, previous=None)
    missing = {shift_id for shift_id, presence in presences.items() if presence in NOT_HERE}
    present_shifts = [shift for shift in published if shift.id not in missing]
    arrived = [shift for shift in published if presences.get(shift.id) in HERE]
    absent_ids = {shift.agent_id for shift in published if shift.id in missing}
    return Situation(
        problem,
        rota_from(instance, published),
        rota_from(instance, present_shifts),
        rota_from(instance, arrived),
        frozenset(w for w, agent in enumerate(instance.agents) if agent.id in absent_ids),
        now,
    )


def _seeking(edition: Edition) -> set[int]:
    """Return the shifts for which a stand-in is looked for."""
    statement = (
        select(StandIn.shift_id)
        .join(Shift, Shift.id == StandIn.shift_id)
        .where(Shift.edition_id == edition.id, StandIn.status == StandInStatus.OPEN)
    )
    return set(current_session().scalars(statement))


def shifts_today(edition: Edition, agent_id: int, now: datetime) -> list[Shift]:
    """Return an agent's published shifts of the day of `now`, in time, with stand and body."""
    statement = (
        select(Shift)
        .where(
            Shift.edition_id == edition.id,
            Shift.status == ShiftStatus.PUBLISHED,
            Shift.agent_id == agent_id,
        )
        .options(*WITH_PLACE, joinedload(Shift.agent))
        .order_by(Shift.starts_at, Shift.id)
    )
    today = local(now).date()
    return [
        shift
        for shift in current_session().scalars(statement)
        if local(shift.starts_at).date() == today
    ]


def get_body_of_stand(edition: Edition, number: str) -> PartnerBody:
    """Return the body whose stand has this number. Raises NoResultFound."""
    statement = (
        select(PartnerBody)
        .join(PartnerBody.stand)
        .where(
            PartnerBody.edition_id == edition.id,
            PartnerBody.withdrawn_at.is_(None),
            Stand.number == number,
        )
        .options(joinedload(PartnerBody.stand).joinedload(Stand.hall))
    )
    return current_session().scalars(statement).one()
