"""Slots (créneaux): what the published rota leaves free for appointments. A pure algorithm.

Time is cut in ticks of five minutes, counted since 1970. `reason_against` is the one function that
decides whether an agent may receive somebody at a time: pages, bookings, rescues and explanations
all call it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from salon.platform.words.labels import LabelledEnum

TICK = timedelta(minutes=5)
TICKS_IN_HALF_HOUR = 6
SECONDS = 300


def tick(at: datetime) -> int:
    """Return the tick that contains an instant."""
    return int(at.timestamp()) // SECONDS


def tick_from(at: datetime) -> int:
    """Return the first tick that begins at an instant or later."""
    return -(-int(at.timestamp()) // SECONDS)


def instant(number: int) -> datetime:
    """Return the instant (UTC) at which a tick begins."""
    return datetime.fromtimestamp(number * SECONDS, UTC)


class Reason(LabelledEnum):
    """Why an agent is not offered at a time, in the order of the checks."""

    NOT_COMPETENT = "not_competent", "ne traite pas ce thème"
    NOT_ON_DUTY = "not_on_duty", "n’est pas sur un stand pendant tout ce temps"
    LEAVING = "leaving", "cherche quelqu’un pour tenir cette vacation"
    AWAY = "away", "n’est pas disponible à cette heure"
    TOO_SOON = "too_soon", "l’heure est passée, ou trop proche"
    TAKEN = "taken", "a déjà un rendez-vous, ou sort d’un autre"
    COVER = "cover", "doit rester libre pour ceux qui viennent sans rendez-vous"


@dataclass(frozen=True)
class Duty:
    """An agent on duty at a stand, without a break, from tick `start` to `end` (excluded).

    `is_leaving`: the agent is looking for a stand-in.
    """

    agent_id: int
    stand_id: int
    start: int
    end: int
    is_leaving: bool = False


@dataclass(frozen=True)
class Slot:
    """A time at which an agent may receive a visitor, from tick `start` to `end` (excluded)."""

    agent_id: int
    stand_id: int
    start: int
    end: int

    @property
    def starts_at(self) -> datetime:
        return instant(self.start)

    @property
    def ends_at(self) -> datetime:
        return instant(self.end)


@dataclass(frozen=True)
class Demand:
    """An appointment to place: `length` ticks with one of `agents`.

    `lengths`: for each agent, the lengths of all their themes, which the remaining time should
    still fit. `home`: the stand of the theme, preferred.
    """

    length: int
    agents: frozenset[int]
    lengths: Mapping[int, frozenset[int]] = field(default_factory=dict)
    home: int | None = None


class Staffing:
    """The duties of the agents, by agent, and how many agents are present by (stand, tick)."""

    def __init__(
        self, duties: Iterable[Duty], away: Mapping[int, Sequence[tuple[int, int]]]
    ) -> None:
        self.duties: dict[int, list[Duty]] = {}
        self.present: dict[tuple[int, int], int] = {}
        for duty in duties:
            self.duties.setdefault(duty.agent_id, []).append(duty)
            ranges = away.get(duty.agent_id, ())
            for at in range(duty.start, duty.end):
                if not _overlaps(ranges, at, at + 1):
                    key = duty.stand_id, at
                    self.present[key] = self.present.get(key, 0) + 1


def reserved_by_default(minimum: int, present: int) -> int:
    """Return how many of the present agents of a stand stay free for the public where nobody said:
    the minimum of the needs, but never all of them, so that one receives by appointment."""
    return max(0, min(minimum, present - 1))


def _overlaps(ranges: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in ranges)


@dataclass
class Situation:
    """The duties and the taken time from which slots are computed.

    `busy`: ticks by agent, buffers included. `engaged`: number of agents in an appointment by
    (stand, tick), without buffers. `reserved`: number of agents kept free for the public by (stand,
    tick of the half hour's start). `away`: ranges of ticks by agent. `first`: the first tick that
    may be offered. `buffer`: ticks after each appointment. `staffing`: of these duties, where it
    was computed before.
    """

    duties: Sequence[Duty]
    busy: dict[int, set[int]]
    engaged: dict[tuple[int, int], int]
    reserved: Mapping[tuple[int, int], int]
    away: Mapping[int, Sequence[tuple[int, int]]]
    first: int
    buffer: int
    staffing: Staffing | None = None

    def __post_init__(self) -> None:
        staffing = self.staffing or Staffing(self.duties, self.away)
        self._duties, self._present = staffing.duties, staffing.present

    def duties_of(self, agent_id: int) -> Sequence[Duty]:
        return self._duties.get(agent_id, ())

    def duty_during(self, agent_id: int, start: int, end: int) -> Duty | None:
        """Return the agent's duty that covers the whole time, or None."""
        for duty in self.duties_of(agent_id):
            if duty.start <= start and end <= duty.end:
                return duty
        return None

    def is_away(self, agent_id: int, start: int, end: int) -> bool:
        ranges = self.away.get(agent_id)
        return ranges is not None and _overlaps(ranges, start, end)

    def is_busy(self, agent_id: int, start: int, end: int) -> bool:
        busy = self.busy.get(agent_id)
        return busy is not None and not busy.isdisjoint(range(start, end))

    def spare(self, stand_id: int, at: int) -> int:
        """Return how many more agents of a stand an appointment may take at a tick."""
        key = stand_id, at
        free = self._present.get(key, 0) - self.engaged.get(key, 0)
        return free - self.reserved.get((stand_id, at - at % TICKS_IN_HALF_HOUR), 0)

    def is_short(self, stand_id: int, start: int, end: int) -> bool:
        """Return whether a stand can spare no agent for an appointment at one of the ticks."""
        return any(self.spare(stand_id, at) < 1 for at in range(start, end))

    def load(self, agent_id: int) -> int:
        return len(self.busy.get(agent_id, ()))

    def take(self, slot: Slot, sign: int = 1) -> None:
        """Take the slot; with `sign` -1, release it."""
        busy = self.busy.setdefault(slot.agent_id, set())
        ticks = range(slot.start, slot.end + self.buffer)
        busy.update(ticks) if sign > 0 else busy.difference_update(ticks)
        for at in range(slot.start, slot.end):
            key = slot.stand_id, at
            self.engaged[key] = self.engaged.get(key, 0) + sign


def reason_against(
    situation: Situation, demand: Demand, agent_id: int, start: int, is_now: bool = False
) -> Reason | None:
    """Return why an agent cannot receive from tick `start`, or None when they can.

    `is_now`: the visitor is at the stand; the notice of bookings does not apply.
    """
    if agent_id not in demand.agents:
        return Reason.NOT_COMPETENT
    end = start + demand.length
    duty = situation.duty_during(agent_id, start, end)
    if duty is None:
        return Reason.NOT_ON_DUTY
    if duty.is_leaving:
        return Reason.LEAVING
    if situation.is_away(agent_id, start, end):
        return Reason.AWAY
    if start < situation.first and not is_now:
        return Reason.TOO_SOON
    if situation.is_busy(agent_id, start, end + situation.buffer):
        return Reason.TAKEN
    if situation.is_short(duty.stand_id, start, end):
        return Reason.COVER
    return None


def closing_reason(situation: Situation, demand: Demand) -> Reason:
    """Return why a demand without slots has none: what closes the time that comes nearest to being
    offered, in the order of the checks."""
    if not demand.agents:
        return Reason.NOT_COMPETENT
    reasons = {
        reason_against(situation, demand, agent_id, start)
        for agent_id in demand.agents
        for duty in situation.duties_of(agent_id)
        for start in range(duty.start, duty.end)
    }
    return next((reason for reason in reversed(Reason) if reason in reasons), Reason.NOT_ON_DUTY)


def slots(situation: Situation, demand: Demand) -> list[Slot]:
    """Return the slots to offer, by time then agent: the possible starts that waste least.

    A start wastes the ticks before and after it, between two taken times, that no appointment of
    the agent could fill. The starts offered in one gap do not overlap.
    """
    offered: list[Slot] = []
    unspared_ticks: dict[tuple[int, int, int], frozenset[int]] = {}
    for agent_id in demand.agents:
        busy = frozenset(situation.busy.get(agent_id, ()))
        away = tuple(situation.away.get(agent_id, ()))
        lengths = demand.lengths.get(agent_id, frozenset())
        for duty in situation.duties_of(agent_id):
            place = duty.stand_id, duty.start, duty.end
            if place not in unspared_ticks:
                ticks = range(duty.start, duty.end)
                unspared_ticks[place] = frozenset(
                    at for at in ticks if situation.spare(place[0], at) < 1
                )
            offered += _slots_of(
                duty,
                busy,
                unspared_ticks[place],
                away,
                (demand.length, lengths),
                (situation.first, situation.buffer),
            )
    return sorted(offered, key=lambda slot: (slot.start, slot.agent_id))


def agents_at(situation: Situation, demand: Demand, start: int, is_now: bool = False) -> list[Slot]:
    """Return the slots of the agents who can receive from a tick, the best first.

    In order: on the theme's own stand; among the starts that `slots` may show; the least waste; the
    least load.
    """
    ranked = []
    for agent_id in demand.agents:
        if reason_against(situation, demand, agent_id, start, is_now) is None:
            duty = situation.duty_during(agent_id, start, start + demand.length)
            assert duty is not None
            gap = _gap(situation, duty, start)
            waste = _waste(situation, demand, duty, gap, start)
            is_shown = not waste or waste == _least_in(situation, demand, duty, gap, waste)
            is_elsewhere = demand.home is not None and duty.stand_id != demand.home
            order = is_elsewhere, not is_shown, waste, situation.load(agent_id), agent_id
            ranked.append((order, Slot(agent_id, duty.stand_id, start, start + demand.length)))
    return [slot for _, slot in sorted(ranked, key=lambda ranking: ranking[0])]


@lru_cache(maxsize=1024)
def _slots_of(
    duty: Duty,
    busy: frozenset[int],
    unspared_ticks: frozenset[int],
    away: tuple[tuple[int, int], ...],
    lengths: tuple[int, frozenset[int]],
    limits: tuple[int, int],
) -> Sequence[Slot]:
    """Return the slots to offer in one duty: a booking changes those of few duties.

    `busy`, `away`: of the agent; `unspared_ticks`: those at which the stand can spare nobody;
    `lengths`: of the appointment, and of all the themes of the agent; `limits`: `first` and
    `buffer`.
    """
    agent_id, (length, agent_lengths) = duty.agent_id, lengths
    demand = Demand(length, frozenset({agent_id}), {agent_id: agent_lengths})
    engaged = {(duty.stand_id, at): 1 for at in unspared_ticks}
    situation = Situation([duty], {agent_id: set(busy)}, engaged, {}, {agent_id: away}, *limits)
    wastes = _wastes(situation, demand, duty)
    least: dict[tuple[int, int], int] = {}
    for gap, waste in wastes.values():
        least[gap] = min(least.get(gap, waste), waste)
    ends: dict[tuple[int, int], int] = {}
    offered = []
    for start, (gap, waste) in wastes.items():
        if waste == least[gap] and start >= ends.get(gap, start):
            ends[gap] = start + length + situation.buffer
            offered.append(Slot(agent_id, duty.stand_id, start, start + length))
    return tuple(offered)


def _wastes(
    situation: Situation, demand: Demand, duty: Duty
) -> Mapping[int, tuple[tuple[int, int], int]]:
    """Return (gap around it, waste) of each possible start, in time."""
    wastes = {}
    gap = 0, 0
    for start in range(duty.start, duty.end - demand.length + 1):
        if reason_against(situation, demand, duty.agent_id, start) is None:
            if not gap[0] <= start < gap[1]:
                gap = _gap(situation, duty, start)
            wastes[start] = gap, _waste(situation, demand, duty, gap, start)
    return wastes


def _least_in(
    situation: Situation, demand: Demand, duty: Duty, gap: tuple[int, int], most: int
) -> int:
    """Return the least waste of the possible starts of a gap, `most` if none wastes less."""
    return min(
        (
            _waste(situation, demand, duty, gap, start)
            for start in range(*gap)
            if reason_against(situation, demand, duty.agent_id, start) is None
        ),
        default=most,
    )


def _gap(situation: Situation, duty: Duty, start: int) -> tuple[int, int]:
    """Return the free ticks around a tick, within a duty."""
    busy = situation.busy.get(duty.agent_id, set())
    first, last = start, start
    earliest = max(duty.start, situation.first)
    while first > earliest and first - 1 not in busy:
        first -= 1
    while last < duty.end and last not in busy:
        last += 1
    return first, last


def _waste(
    situation: Situation, demand: Demand, duty: Duty, gap: tuple[int, int], start: int
) -> int:
    """Return how many free ticks no appointment could fill after booking at `start`."""
    first, last = gap
    lengths = demand.lengths.get(duty.agent_id, frozenset())
    pieces = _pieces(lengths, demand.length, situation.buffer)
    before = start - first
    after = max(0, last - (start + demand.length + situation.buffer))
    room = 0
    if last == duty.end:
        # The buffer of the last appointment may end after the duty.
        while room < situation.buffer and not situation.is_busy(
            duty.agent_id, last, last + room + 1
        ):
            room += 1
    return (before - _filled(before, pieces)) + max(0, after - _filled(after + room, pieces))


@lru_cache(maxsize=4096)
def _pieces(lengths: frozenset[int], length: int, buffer: int) -> tuple[int, ...]:
    """Return the ticks that appointments of these lengths take, buffers included."""
    return tuple(sorted(ticks + buffer for ticks in lengths | {length}))


@lru_cache(maxsize=4096)
def _filled(ticks: int, pieces: tuple[int, ...]) -> int:
    """Return the most ticks that appointments of these lengths can fill."""
    reach = [True] + [False] * ticks
    for at in range(1, ticks + 1):
        reach[at] = any(piece <= at and reach[at - piece] for piece in pieces)
    return max(at for at in range(ticks + 1) if reach[at])
