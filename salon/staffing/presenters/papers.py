"""Lines of the printed rota: hours of a stand, shifts of an agent, cover."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from salon.platform.words.formats import duration, hour
from salon.staffing.engine.colleagues import colleagues_of
from salon.staffing.engine.half_hours import HALF_HOUR, DayFrame
from salon.staffing.engine.shift_changes import total
from salon.staffing.models import Agent, Shift
from salon.staffing.queries.papers import PublishedRota

TO_FILL = "à pourvoir"


@dataclass(frozen=True)
class StandLine:
    """Consecutive half hours with the same agents on a stand, and the same number missing."""

    starts_at: datetime
    ends_at: datetime
    agents: tuple[Agent, ...]
    missing: int

    @property
    def hours(self) -> str:
        return f"{hour(self.starts_at)} – {hour(self.ends_at)}"


@dataclass(frozen=True)
class AgentLine:
    """A shift of an agent, with the names of the colleagues there."""

    shift: Shift
    colleagues: list[str]

    @property
    def hours(self) -> str:
        return f"{hour(self.shift.starts_at)} – {hour(self.shift.ends_at)}"


@dataclass(frozen=True)
class Cover:
    """How many agents are on a stand at a half hour, and its minimum."""

    present: int
    minimum: int

    @property
    def is_short(self) -> bool:
        return self.present < self.minimum


def stand_lines(rota: PublishedRota, stand_id: int, day: DayFrame) -> list[StandLine]:
    """Return a stand's day; the half hours with nobody there nor needed are left out."""
    shifts = [shift for shift in rota.shifts if shift.stand_id == stand_id]
    minimum = {need.starts_at: need.minimum for need in rota.needs.get(stand_id, ())}
    lines: list[StandLine] = []
    for start in day.starts:
        agents = sorted(
            (shift.agent for shift in shifts if shift.starts_at <= start < shift.ends_at),
            key=lambda agent: (agent.name_key, agent.id),
        )
        missing = max(0, minimum.get(start, 0) - len(agents))
        if not agents and not missing:
            continue
        line = StandLine(start, start + HALF_HOUR, tuple(agents), missing)
        last = lines[-1] if lines else None
        if last and (last.ends_at, last.agents, last.missing) == (start, line.agents, missing):
            lines[-1] = StandLine(last.starts_at, line.ends_at, line.agents, missing)
        else:
            lines.append(line)
    return lines


def agent_lines(rota: PublishedRota, agent: Agent, day: DayFrame) -> list[AgentLine]:
    """Return an agent's shifts of a day, in time."""
    other_shifts = [shift for shift in rota.shifts if shift.agent_id != agent.id]
    return [
        AgentLine(shift, [colleague.label for colleague in colleagues_of(shift, other_shifts)])
        for shift in shifts_on(rota, day)
        if shift.agent_id == agent.id
    ]


def shifts_on(rota: PublishedRota, day: DayFrame) -> Sequence[Shift]:
    """Return the published shifts that begin within a day's frame, in time."""
    return [shift for shift in rota.shifts if day.starts_at <= shift.starts_at < day.ends_at]


def covers(rota: PublishedRota, stand_id: int, day: DayFrame) -> Iterator[Cover]:
    """Yield the cover of a stand at each half hour of a day."""
    minimum = {need.starts_at: need.minimum for need in rota.needs.get(stand_id, ())}
    shifts = [shift for shift in rota.shifts if shift.stand_id == stand_id]
    for start in day.starts:
        present = sum(shift.starts_at <= start < shift.ends_at for shift in shifts)
        yield Cover(present, minimum.get(start, 0))


def staffed_agents(rota: PublishedRota) -> list[Agent]:
    """Return the requested agents who have a published shift, by body then name."""
    staffed_ids = {shift.agent_id for shift in rota.shifts}
    return [agent for agent in rota.agents if agent.id in staffed_ids]


def length_of(shifts: Sequence[Shift]) -> str:
    """Return « 4 h 30 » for the total time worked."""
    return duration(total(shifts))
