"""The rota's problem, read from the database for the solver."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from salon.fair.engine.walking import METRES_A_MINUTE, hall_spot, metres_between
from salon.fair.models import Edition, PartnerBody
from salon.platform.clock import local
from salon.staffing.engine.half_hours import DayFrame, half_hours
from salon.staffing.engine.solving.problem import FREE, Post, Problem, Rota, Weights, Worker
from salon.staffing.models import Agent, Need, PeriodKind, Shift, ShiftStatus
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.rota import frames, needs_of, rota_of, shifts_of, stands_of

LUNCH_FROM, LUNCH_TO = time(11, 30), time(14, 30)


@dataclass(frozen=True)
class Asked:
    """A problem with what its indexes stand for, and the draft as it was read.

    `names`: one for each agent, that no other has.
    """

    problem: Problem
    agents: Sequence[Agent]
    names: Sequence[str]
    stands: Mapping[int, PartnerBody]
    draft: Rota
    versions: Mapping[int, int]

    @property
    def starts(self) -> tuple[datetime, ...]:
        return self.problem.starts


def problem_of(
    edition: Edition,
    now: datetime,
    keeps_draft: bool = False,
    absent: Collection[int] = (),
) -> Asked:
    """What the solver needs: agents, needs, locked shifts and, with `keeps_draft`, the draft.

    What has begun by `now` is decided; `absent` are agents who are not there from then on.
    """
    days = frames(edition)
    starts = tuple(start for day in days for start in day.starts)
    agents = agents_of(edition)
    stands = stands_of(edition)
    needs = needs_of(edition)
    draft_shifts = shifts_of(edition, ShiftStatus.DRAFT)
    post_of = {stand_id: number for number, stand_id in enumerate(stands)}
    draft = _row_by_row(agents, draft_shifts, starts, post_of)
    problem = Problem(
        starts=starts,
        days=tuple(number for number, day in enumerate(days) for _ in day.starts),
        lunch=tuple(LUNCH_FROM <= local(start).time() < LUNCH_TO for start in starts),
        posts=tuple(
            _post(body, needs.get(stand_id, ()), starts) for stand_id, body in stands.items()
        ),
        workers=tuple(
            _worker(agent, starts, post_of, now if agent.id in absent else None) for agent in agents
        ),
        themes=_theme_names(agents, needs),
        walking=_walking(stands.values()),
        fixed=_fixed(agents, draft_shifts, starts, post_of, draft, now, absent),
        previous=draft if keeps_draft else None,
        weights=Weights(**rota_of(edition).weights),
    )
    versions = {one.id: one.rota_version for one in agents}
    return Asked(problem, agents, _names(agents), stands, draft, versions)


def _theme_names(agents: Sequence[Agent], needs: Mapping[int, Sequence[Need]]) -> dict[int, str]:
    """The themes that agents know, and those that stands require."""
    known = [theme for agent in agents for theme in agent.themes]
    required = [theme for rows in needs.values() for need in rows for theme in need.themes]
    return {theme.id: theme.name for theme in (*known, *required)}


def _names(agents: Sequence[Agent]) -> list[str]:
    count = Counter(one.full_name for one in agents)
    return [
        one.full_name if count[one.full_name] == 1 else f"{one.full_name} ({one.email})"
        for one in agents
    ]


def rota_from(asked: Asked, shifts: Sequence[Shift]) -> Rota:
    """The rota that some shifts make, in the terms of the problem."""
    post_of = {stand_id: number for number, stand_id in enumerate(asked.stands)}
    return _row_by_row(asked.agents, shifts, asked.starts, post_of)


def _post(body: PartnerBody, needs: Sequence[Need], starts: Sequence[datetime]) -> Post:
    by_start = {need.starts_at: need for need in needs}
    rows = [by_start.get(start) for start in starts]
    return Post(
        id=body.stand_id,
        name=body.short_name,
        body=body.short_name,
        hall=body.stand.hall.name,
        minimum=tuple(need.minimum if need else 0 for need in rows),
        wished=tuple(need.wished if need else 0 for need in rows),
        maximum=tuple(need.maximum if need else 0 for need in rows),
        required=tuple(
            frozenset(theme.id for theme in need.themes) if need else frozenset() for need in rows
        ),
    )


def _worker(
    agent: Agent, starts: Sequence[datetime], post_of: Mapping[int, int], gone: datetime | None
) -> Worker:
    away = _touched(agent, PeriodKind.UNAVAILABLE)
    avoided = _touched(agent, PeriodKind.AVOIDED)
    return Worker(
        id=agent.id,
        name=agent.polite_name,
        body=agent.body.short_name,
        posts=frozenset(
            post_of[place.stand_id] for place in agent.places if place.stand_id in post_of
        ),
        themes=frozenset(theme.id for theme in agent.themes),
        available=tuple(
            is_there(agent, start) and start not in away and (gone is None or start < gone)
            for start in starts
        ),
        avoided=frozenset(t for t, start in enumerate(starts) if start in avoided),
        preferred=frozenset(
            post_of[place.stand_id]
            for place in agent.places
            if place.is_wished and place.stand_id in post_of
        ),
    )


def is_there(agent: Agent, start: datetime) -> bool:
    """Whether the half hour that starts then lies between the agent's arrival and departure."""
    if agent.arrives_at is not None and start < agent.arrives_at:
        return False
    return agent.leaves_at is None or start + timedelta(minutes=30) <= agent.leaves_at


def _touched(agent: Agent, kind: PeriodKind) -> set[datetime]:
    return {
        start
        for period in agent.periods
        if period.kind == kind
        for start in half_hours(period.starts_at, period.ends_at)
    }


def _row_by_row(
    agents: Sequence[Agent],
    shifts: Sequence[Shift],
    starts: Sequence[datetime],
    post_of: Mapping[int, int],
) -> Rota:
    number = {start: t for t, start in enumerate(starts)}
    rows = {agent.id: [FREE] * len(starts) for agent in agents}
    for shift in shifts:
        for start in half_hours(shift.starts_at, shift.ends_at):
            if shift.agent_id in rows and start in number and shift.stand_id in post_of:
                rows[shift.agent_id][number[start]] = post_of[shift.stand_id]
    return tuple(tuple(rows[agent.id]) for agent in agents)


def _fixed(
    agents: Sequence[Agent],
    shifts: Sequence[Shift],
    starts: Sequence[datetime],
    post_of: Mapping[int, int],
    draft: Rota,
    now: datetime,
    absent: Collection[int],
) -> dict[tuple[int, int], int]:
    """Locked shifts, and all that has begun."""
    locked = _row_by_row(agents, [one for one in shifts if one.is_locked], starts, post_of)
    found = {}
    for w, agent in enumerate(agents):
        for t, start in enumerate(starts):
            if start <= now:
                found[w, t] = draft[w][t]
            elif locked[w][t] != FREE and agent.id not in absent:
                found[w, t] = locked[w][t]
    return found


def _walking(bodies: Collection[PartnerBody]) -> dict[tuple[str, str], int]:
    """Minutes from a hall to another, between their centres on the plan of the park."""
    spots = {body.stand.hall.name: hall_spot(body.stand.hall) for body in bodies}
    return {
        (one, other): max(1, round(metres_between(spots[one], spots[other]) / METRES_A_MINUTE))
        for one in spots
        for other in spots
        if one != other
    }


def day_of(days: Sequence[DayFrame], at: datetime) -> DayFrame | None:
    """The frame that an instant lies in."""
    return next((one for one in days if one.starts_at <= at < one.ends_at), None)
