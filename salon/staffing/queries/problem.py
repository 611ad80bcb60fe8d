"""Read the rota's problem from the database for the solver."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.fair.engine.walking import METRES_A_MINUTE, hall_spot, metres_between
from salon.fair.models import Edition, PartnerBody
from salon.staffing.engine.excesses import is_lunch
from salon.staffing.engine.half_hours import HALF_HOUR, DayFrame, half_hours
from salon.staffing.engine.solving.problem import FREE, Post, Problem, Rota, Weights, Worker
from salon.staffing.models import Agent, Need, PeriodKind, Shift, ShiftStatus
from salon.staffing.models import Rota as RotaSettings
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.limits import limits_of_agent
from salon.staffing.queries.rota import frames, needs_of, rota_of, shifts_of, stands_of


@dataclass(frozen=True)
class RotaInstance:
    """A problem with the rows behind its indexes, and the draft as it was read.

    `names`: one for each agent, unique.
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
) -> RotaInstance:
    """Return the input of the solver: agents, needs, locked shifts and, with `keeps_draft`, the
    draft.

    What has begun by `now` is decided; `absent` are agents who are not there from then on.
    """
    days, rota = frames(edition), rota_of(edition)
    starts = tuple(start for day in days for start in day.starts)
    agents = agents_of(edition)
    stands = stands_of(edition)
    needs = needs_of(edition)
    draft_shifts = shifts_of(edition, ShiftStatus.DRAFT)
    post_of = {stand_id: number for number, stand_id in enumerate(stands)}
    draft = _row_by_row(agents, draft_shifts, starts, post_of)
    locked_shifts = [shift for shift in draft_shifts if shift.is_locked]
    locked = _row_by_row(agents, locked_shifts, starts, post_of)
    problem = Problem(
        starts=starts,
        days=tuple(number for number, day in enumerate(days) for _ in day.starts),
        lunch=tuple(map(is_lunch, starts)),
        posts=tuple(
            _post(body, needs.get(stand_id, ()), starts) for stand_id, body in stands.items()
        ),
        workers=tuple(
            _worker(agent, rota, starts, post_of, now if agent.id in absent else None)
            for agent in agents
        ),
        themes=_theme_names(agents, needs),
        walking=_walking(stands.values()),
        fixed=_fixed(agents, starts, draft, locked, now, absent),
        previous=draft if keeps_draft else None,
        weights=Weights(**rota.weights),
        least_stint=rota.least_stint,
    )
    versions = {agent.id: agent.rota_version for agent in agents}
    return RotaInstance(problem, agents, _names(agents), stands, draft, versions)


def _theme_names(agents: Sequence[Agent], needs: Mapping[int, Sequence[Need]]) -> dict[int, str]:
    """Return the themes of the agents, and those that stands require."""
    agent_themes = [theme for agent in agents for theme in agent.themes]
    required = [theme for rows in needs.values() for need in rows for theme in need.themes]
    return {theme.id: theme.name for theme in (*agent_themes, *required)}


def _names(agents: Sequence[Agent]) -> list[str]:
    count = Counter(agent.full_name for agent in agents)
    return [
        agent.full_name if count[agent.full_name] == 1 else f"{agent.full_name} ({agent.email})"
        for agent in agents
    ]


def rota_from(instance: RotaInstance, shifts: Sequence[Shift]) -> Rota:
    """Return the rota that some shifts make, in the terms of the problem."""
    post_of = {stand_id: number for number, stand_id in enumerate(instance.stands)}
    return _row_by_row(instance.agents, shifts, instance.starts, post_of)


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
    agent: Agent,
    rota: RotaSettings,
    starts: Sequence[datetime],
    post_of: Mapping[int, int],
    left_at: datetime | None,
) -> Worker:
    absences = _touched(agent, PeriodKind.UNAVAILABLE)
    avoided = _touched(agent, PeriodKind.AVOIDED)
    limits = limits_of_agent(agent, rota)
    return Worker(
        id=agent.id,
        name=agent.polite_name,
        body=agent.body.short_name,
        posts=frozenset(
            post_of[place.stand_id] for place in agent.places if place.stand_id in post_of
        ),
        themes=frozenset(theme.id for theme in agent.themes),
        available=tuple(
            is_there(agent, start)
            and start not in absences
            and not limits.bars(start)
            and (left_at is None or start < left_at)
            for start in starts
        ),
        avoided=frozenset(t for t, start in enumerate(starts) if start in avoided),
        preferred=frozenset(
            post_of[place.stand_id]
            for place in agent.places
            if place.is_wished and place.stand_id in post_of
        ),
        limits=limits,
    )


def is_there(agent: Agent, start: datetime) -> bool:
    """Return whether the half hour that starts then lies between the agent's arrival and
    departure.
    """
    if agent.arrives_at is not None and start < agent.arrives_at:
        return False
    return agent.leaves_at is None or start + HALF_HOUR <= agent.leaves_at


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
    starts: Sequence[datetime],
    draft: Rota,
    locked: Rota,
    now: datetime,
    absent: Collection[int],
) -> dict[tuple[int, int], int]:
    """Return the cells of locked shifts, and all that has begun."""
    fixed = {}
    for w, agent in enumerate(agents):
        for t, start in enumerate(starts):
            if start <= now:
                fixed[w, t] = draft[w][t]
            elif locked[w][t] != FREE and agent.id not in absent:
                fixed[w, t] = locked[w][t]
    return fixed


def _walking(bodies: Collection[PartnerBody]) -> dict[tuple[str, str], int]:
    """Return the minutes from a hall to another, between their centres on the plan of the park."""
    spots = {body.stand.hall.name: hall_spot(body.stand.hall) for body in bodies}
    return {
        (hall, other_hall): max(
            1, round(metres_between(spots[hall], spots[other_hall]) / METRES_A_MINUTE)
        )
        for hall in spots
        for other_hall in spots
        if hall != other_hall
    }


def day_of(days: Sequence[DayFrame], at: datetime) -> DayFrame | None:
    """Return the frame that an instant lies in, or None."""
    return next((frame for frame in days if frame.starts_at <= at < frame.ends_at), None)
