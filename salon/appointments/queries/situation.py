"""Read the situation from which slots are computed: duties, claims, absences."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from salon.appointments.engine.slots import Demand, Duty, Situation, tick, tick_from
from salon.appointments.models import AgentClaim, Appointment, Hold
from salon.appointments.queries.settings import (
    USUAL_MINUTES,
    agents_by_theme,
    home_stands,
    kept_free_by_stand,
    settings_of,
    theme_bookings,
)
from salon.fair.models import Edition, Stand
from salon.platform.db import current_session
from salon.staffing.models import (
    Agent,
    AgentPeriod,
    Need,
    PeriodKind,
    Shift,
    ShiftStatus,
    StandIn,
    StandInStatus,
)

FAR = timedelta(days=3_650)


@dataclass(frozen=True)
class Offering:
    """The demand of each theme with agents, and the ids of closed themes."""

    demands: Mapping[int, Demand]
    closed: Collection[int]


def offering_of(edition: Edition) -> Offering:
    """Return the demand of every theme that has agents."""
    agents, bookings, homes = (
        agents_by_theme(edition),
        theme_bookings(edition),
        home_stands(edition),
    )

    def length(theme_id: int) -> int:
        booking = bookings.get(theme_id)
        return (booking.minutes if booking else USUAL_MINUTES) // 5

    lengths: dict[int, set[int]] = defaultdict(set)
    for theme_id, ids in agents.items():
        for agent_id in ids:
            lengths[agent_id].add(length(theme_id))
    lengths_by_agent = {
        agent_id: frozenset(agent_lengths) for agent_id, agent_lengths in lengths.items()
    }
    demands = {
        theme_id: Demand(length(theme_id), ids, lengths_by_agent, homes.get(theme_id))
        for theme_id, ids in agents.items()
    }
    closed = {theme_id for theme_id, booking in bookings.items() if not booking.is_open}
    return Offering(demands, closed)


def situation_of(
    edition: Edition,
    now: datetime,
    span: tuple[datetime, datetime] | None = None,
    without: Collection[int] = (),
    with_notice: bool = True,
    whole: Collection[int] = (),
) -> Situation:
    """Return the duties and taken time in `span`, from its start to its end; None: of all the fair.

    `without`: appointments whose time counts as free, because they are about to move. `whole`:
    agents of whom all the fair is read, so that their waste can be computed.
    """
    settings = settings_of(edition)
    notice = timedelta(minutes=settings.notice_minutes if with_notice else 0)
    since, until = span or (edition.starts_at - FAR, edition.ends_at + FAR)
    # The buffer may overlap an appointment that begins just after.
    until += timedelta(minutes=settings.buffer_minutes)
    busy, engaged = _read_claims(edition, now, since, until, without, whole)
    return Situation(
        duties=_duties(edition, since, until, whole),
        busy=busy,
        engaged=engaged,
        reserved=_reserved_agents(edition, since, until),
        away=_absences(edition),
        first=tick_from(now + notice),
        buffer=settings.buffer_minutes // 5,
    )


def duties_by_agent(edition: Edition) -> dict[int, list[Duty]]:
    """Return the duties of all the fair, by agent, in order of time."""
    by_agent: dict[int, list[Duty]] = defaultdict(list)
    for duty in _duties(edition, edition.starts_at - FAR, edition.ends_at + FAR, ()):
        by_agent[duty.agent_id].append(duty)
    return by_agent


def _duties(
    edition: Edition, since: datetime, until: datetime, whole: Collection[int]
) -> list[Duty]:
    """Return the published shifts while the fair is open, absences left out.

    Consecutive shifts on one stand are one duty.
    """
    leaving = select(StandIn.shift_id).where(StandIn.status == StandInStatus.OPEN).scalar_subquery()
    statement = (
        select(
            Shift.agent_id,
            Shift.stand_id,
            Shift.starts_at,
            Shift.ends_at,
            Shift.id.in_(leaving),
        )
        .where(
            Shift.edition_id == edition.id,
            Shift.status == ShiftStatus.PUBLISHED,
            Shift.absent_at.is_(None),
            or_(and_(Shift.starts_at < until, Shift.ends_at > since), Shift.agent_id.in_(whole)),
        )
        .order_by(Shift.agent_id, Shift.starts_at)
    )
    hours = [(tick(day.opens_at), tick(day.closes_at)) for day in edition.days]
    duties: list[Duty] = []
    for agent_id, stand_id, starts_at, ends_at, is_leaving in current_session().execute(statement):
        start, end = _while_open(tick(starts_at), tick(ends_at), hours)
        if start >= end:
            continue
        duty = Duty(agent_id, stand_id, start, end, bool(is_leaving))
        last = duties[-1] if duties else None
        if last and _follows(last, duty):
            duties[-1] = Duty(agent_id, stand_id, last.start, duty.end, duty.is_leaving)
        else:
            duties.append(duty)
    return duties


def _while_open(start: int, end: int, hours: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the part of a shift within the opening hours."""
    for opens, closes in hours:
        if start < closes and opens < end:
            return max(start, opens), min(end, closes)
    return start, start


def _follows(last: Duty, duty: Duty) -> bool:
    same = (last.agent_id, last.stand_id, last.is_leaving)
    return same == (duty.agent_id, duty.stand_id, duty.is_leaving) and last.end == duty.start


def _read_claims(
    edition: Edition,
    now: datetime,
    since: datetime,
    until: datetime,
    without: Collection[int],
    whole: Collection[int],
) -> tuple[dict[int, set[int]], dict[tuple[int, int], int]]:
    """Return (claimed ticks by agent, number of engaged agents by stand and tick).

    Claims of expired holds are left out.
    """
    stand = Appointment.stand_id, Hold.stand_id
    statement = (
        select(AgentClaim.agent_id, AgentClaim.starts_at, AgentClaim.is_buffer, *stand)
        .join(Agent, Agent.id == AgentClaim.agent_id)
        .outerjoin(Appointment, Appointment.id == AgentClaim.appointment_id)
        .outerjoin(Hold, Hold.id == AgentClaim.hold_id)
        .where(
            Agent.edition_id == edition.id,
            or_(
                and_(since <= AgentClaim.starts_at, AgentClaim.starts_at < until),
                AgentClaim.agent_id.in_(whole),
            ),
            or_(AgentClaim.hold_id.is_(None), Hold.expires_at > now),
        )
    )
    if without:
        counts = or_(AgentClaim.appointment_id.is_(None), AgentClaim.appointment_id.not_in(without))
        statement = statement.where(counts)
    busy: dict[int, set[int]] = defaultdict(set)
    engaged: dict[tuple[int, int], int] = defaultdict(int)
    for agent_id, starts_at, is_buffer, booked_at_stand, held_at_stand in current_session().execute(
        statement
    ):
        at = tick(starts_at)
        busy[agent_id].add(at)
        if not is_buffer:
            engaged[booked_at_stand or held_at_stand, at] += 1
    return busy, engaged


def _reserved_agents(
    edition: Edition, since: datetime, until: datetime
) -> dict[tuple[int, int], int]:
    kept_free = kept_free_by_stand(edition)
    statement = (
        select(Need.stand_id, Need.starts_at, Need.minimum)
        .join(Stand, Stand.id == Need.stand_id)
        .where(
            Stand.edition_id == edition.id,
            since - timedelta(minutes=30) < Need.starts_at,
            Need.starts_at < until,
        )
    )
    return {
        (stand_id, tick(starts_at)): kept_free.get(stand_id, minimum)
        for stand_id, starts_at, minimum in current_session().execute(statement)
    }


def _absences(edition: Edition) -> dict[int, list[tuple[int, int]]]:
    """Return the ranges of ticks at which agents are unavailable."""
    away: dict[int, list[tuple[int, int]]] = defaultdict(list)
    periods = (
        select(AgentPeriod.agent_id, AgentPeriod.starts_at, AgentPeriod.ends_at)
        .join(Agent, Agent.id == AgentPeriod.agent_id)
        .where(Agent.edition_id == edition.id, AgentPeriod.kind == PeriodKind.UNAVAILABLE)
    )
    for agent_id, starts_at, ends_at in current_session().execute(periods):
        away[agent_id].append((tick(starts_at), tick_from(ends_at)))
    bounds = select(Agent.id, Agent.arrives_at, Agent.leaves_at).where(
        Agent.edition_id == edition.id,
        or_(Agent.arrives_at.is_not(None), Agent.leaves_at.is_not(None)),
    )
    for agent_id, arrives_at, leaves_at in current_session().execute(bounds):
        if arrives_at is not None:
            away[agent_id].append((0, tick_from(arrives_at)))
        if leaves_at is not None:
            away[agent_id].append((tick(leaves_at), 2**40))
    return away
