"""Read the situation from which slots are computed: duties, claims, absences."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import and_, case, func, or_, select

from salon.appointments.engine.slots import (
    TICKS_IN_HALF_HOUR,
    Demand,
    Duty,
    Situation,
    Staffing,
    reserved_by_default,
    tick,
    tick_from,
)
from salon.appointments.models import AgentClaim, Appointment, Hold
from salon.appointments.queries.revisions import ENDED_HOLDS, OF_FACTS, OF_TIMES
from salon.appointments.queries.settings import (
    USUAL_MINUTES,
    agents_by_theme,
    home_stands,
    kept_free_by_stand,
    settings_of,
    theme_bookings,
)
from salon.fair.models import Edition, Stand
from salon.platform.database.db import current_session
from salon.platform.pages.stored_reads import StoredRead
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

Value = TypeVar("Value")


@dataclass(frozen=True)
class Offering:
    """The demand of each theme with agents, and the ids of closed themes."""

    demands: Mapping[int, Demand]
    closed: Collection[int]


@dataclass(frozen=True)
class StandingFacts:
    """The inputs of the slots that no booking changes, stored until one of their tables is written.

    `reserved`, `away`: as in `Situation`. `notice` and `buffer`: minutes of the settings.
    """

    offering: Offering
    duties: Sequence[Duty]
    staffing: Staffing
    reserved: Mapping[tuple[int, int], int]
    away: Mapping[int, Sequence[tuple[int, int]]]
    notice: int
    buffer: int


def standing_facts(edition: Edition) -> StandingFacts:
    """Return the offering, the duties and the settings of an edition."""
    return StoredRead(("standing", edition.id), OF_FACTS, lambda: _read_facts(edition)).get()


def drafted_facts(edition: Edition) -> StandingFacts:
    """Return the facts as they would be once the draft of the rota is published."""
    return _read_facts(edition, ShiftStatus.DRAFT)


def _read_facts(edition: Edition, status: ShiftStatus = ShiftStatus.PUBLISHED) -> StandingFacts:
    settings, duties, away = settings_of(edition), _duties(edition, status), _absences(edition)
    staffing = Staffing(duties, away)
    return StandingFacts(
        offering=_read_offering(edition),
        duties=duties,
        staffing=staffing,
        reserved=_reserved_agents(edition, staffing),
        away=away,
        notice=settings.notice_minutes,
        buffer=settings.buffer_minutes,
    )


def offering_of(edition: Edition) -> Offering:
    """Return the demand of every theme that has agents."""
    return standing_facts(edition).offering


def _read_offering(edition: Edition) -> Offering:
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


@dataclass(frozen=True)
class Window:
    """The time whose bookings are read, from its start to its end.

    `whole`: agents of whom all the taken time is read, so that their waste can be computed.
    """

    starts_at: datetime
    ends_at: datetime
    whole: Collection[int] = ()


def situation_of(
    edition: Edition,
    now: datetime,
    window: Window | None = None,
    without: Collection[int] = (),
    with_notice: bool = True,
    facts: StandingFacts | None = None,
) -> Situation:
    """Return the duties of all the fair, and the taken time in `window`; None: of all the fair.

    `without`: appointments whose time counts as free, because they are about to move. `facts`: of
    the edition, where they were read.
    """
    facts = facts or standing_facts(edition)
    if window is not None:
        # The buffer may overlap an appointment that begins just after.
        window = replace(window, ends_at=window.ends_at + timedelta(minutes=facts.buffer))
    busy, engaged = _read_claims(edition, now, window, without)
    return Situation(
        duties=facts.duties,
        busy=busy,
        engaged=engaged,
        reserved=facts.reserved,
        away=facts.away,
        first=tick_from(now + timedelta(minutes=facts.notice if with_notice else 0)),
        buffer=facts.buffer // 5,
        staffing=facts.staffing,
    )


def stored_situation(edition: Edition, now: datetime) -> StoredRead[Situation]:
    """Return the situation of all the fair as the public may book, stored while it is the same."""
    return stored_times("situation", edition, now, lambda: situation_of(edition, now))


def stored_times(
    key: Hashable, edition: Edition, now: datetime, read: Callable[[], Value]
) -> StoredRead[Value]:
    """Return what is computed from the times that may be booked, stored while they are the same."""
    # The notice is a multiple of five minutes: the first time offered turns with this tick.
    return StoredRead(
        (key, edition.id),
        OF_TIMES,
        read,
        varies=tick_from(now),
        counted=ENDED_HOLDS,
        parameters={"present": now},
    )


def duties_by_agent(edition: Edition) -> Mapping[int, Sequence[Duty]]:
    """Return the duties of all the fair, by agent, in order of time."""
    return standing_facts(edition).staffing.duties


def _duties(edition: Edition, status: ShiftStatus) -> list[Duty]:
    """Return the shifts of this status while the fair is open, absences left out.

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
            Shift.status == status,
            Shift.absent_at.is_(None),
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
    place = (last.agent_id, last.stand_id, last.is_leaving)
    return place == (duty.agent_id, duty.stand_id, duty.is_leaving) and last.end == duty.start


def _read_claims(
    edition: Edition,
    now: datetime,
    window: Window | None,
    without: Collection[int],
) -> tuple[dict[int, set[int]], dict[tuple[int, int], int]]:
    """Return (claimed ticks by agent, number of engaged agents by stand and tick).

    Claims of expired holds are left out.
    """
    stand_id = func.coalesce(Appointment.stand_id, Hold.stand_id)
    buffers = func.sum(case((AgentClaim.is_buffer, 1), else_=0))
    statement = (
        # The claims of an appointment or hold follow each other, buffers last.
        select(AgentClaim.agent_id, func.min(AgentClaim.starts_at), func.count(), buffers, stand_id)
        .join(Agent, Agent.id == AgentClaim.agent_id)
        .outerjoin(Appointment, Appointment.id == AgentClaim.appointment_id)
        .outerjoin(Hold, Hold.id == AgentClaim.hold_id)
        .where(
            Agent.edition_id == edition.id,
            or_(AgentClaim.hold_id.is_(None), Hold.expires_at > now),
        )
    )
    if window is not None:
        is_inside = and_(
            window.starts_at <= AgentClaim.starts_at, AgentClaim.starts_at < window.ends_at
        )
        statement = statement.where(or_(is_inside, AgentClaim.agent_id.in_(window.whole)))
    if without:
        counts = or_(AgentClaim.appointment_id.is_(None), AgentClaim.appointment_id.not_in(without))
        statement = statement.where(counts)
    busy: dict[int, set[int]] = defaultdict(set)
    engaged: dict[tuple[int, int], int] = defaultdict(int)
    owner = AgentClaim.agent_id, AgentClaim.appointment_id, AgentClaim.hold_id, stand_id
    for agent_id, starts_at, claims, buffer, stand in current_session().execute(
        statement.group_by(*owner)
    ):
        start = tick(starts_at)
        busy[agent_id].update(range(start, start + claims))
        for at in range(start, start + claims - buffer):
            engaged[stand, at] += 1
    return busy, engaged


def _reserved_agents(edition: Edition, staffing: Staffing) -> dict[tuple[int, int], int]:
    """Return how many agents stay free for the public, by stand and first tick of a half hour."""
    kept_free = kept_free_by_stand(edition)
    statement = (
        select(Need.stand_id, Need.starts_at, Need.minimum)
        .join(Stand, Stand.id == Need.stand_id)
        .where(Stand.edition_id == edition.id)
    )
    reserved = {}
    for stand_id, starts_at, minimum in current_session().execute(statement):
        first = tick(starts_at)
        counts = [
            staffing.present.get((stand_id, at), 0)
            for at in range(first, first + TICKS_IN_HALF_HOUR)
        ]
        present = min(filter(None, counts), default=0)
        least = reserved_by_default(minimum, present)
        reserved[stand_id, first] = kept_free.get(stand_id, least)
    return reserved


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
