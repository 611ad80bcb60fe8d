"""Rescue (sauvetage): reassign the appointments that lost their agent. Bipartite matching.

As many as possible keep their time with a colleague who answers the theme: a greedy matching
improved by augmenting paths of one exchange (Berge 1957). The others are proposed the nearest free
time; without one, they wait. The rules of booking hold: competence, one visitor at a time, breaks,
the minimum of the stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from salon.appointments.engine.slots import Demand, Situation, Slot, agents_at, slots

TICKS_TO_ANSWER = 2
"""Least ticks between a proposal and the proposed time, left to answer."""


@dataclass(frozen=True)
class Orphan:
    """An appointment without an agent.

    `others`: ticks at which the visitor is received elsewhere, buffers included, other orphans left
    out.
    """

    id: int
    theme_id: int
    agent_id: int
    stand_id: int
    start: int
    end: int
    attendee_id: int
    others: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Reassignment:
    """The appointment keeps its time, with the agent of `slot`."""

    orphan: Orphan
    slot: Slot


@dataclass(frozen=True)
class Proposal:
    """Another time is proposed; None: nothing is free and the visitor waits."""

    orphan: Orphan
    slot: Slot | None


Move = Reassignment | Proposal


def plan_moves(
    situation: Situation, orphans: Sequence[Orphan], demands: Mapping[int, Demand], now: int
) -> list[Move]:
    """Return the move of each orphan, by time.

    `situation` does not contain their minutes, and is modified. `now`: the present tick; an
    appointment that has begun keeps its time from now on.
    """
    matching = _Matching(situation, demands, now)
    # Orphans with the fewest options are placed first.
    order = sorted(
        orphans, key=lambda orphan: (len(matching.options(orphan)), orphan.start, orphan.id)
    )
    for orphan in order:
        matching.place(orphan)
    reassigned: list[Move] = [
        Reassignment(orphan, slot) for orphan, slot in matching.placements.items()
    ]
    left = sorted(
        set(orphans) - set(matching.placements), key=lambda orphan: (orphan.start, orphan.id)
    )
    proposed = [matching.propose(orphan) for orphan in left]
    return sorted([*reassigned, *proposed], key=lambda move: (move.orphan.start, move.orphan.id))


class _Matching:
    """A matching of orphans with agents at their own time, improved by moving placements."""

    def __init__(self, situation: Situation, demands: Mapping[int, Demand], now: int) -> None:
        self.situation = situation
        self.demands = demands
        self.now = now
        self.placements: dict[Orphan, Slot] = {}
        self.visitors: dict[int, set[int]] = {}

    def options(self, orphan: Orphan) -> list[Slot]:
        """Return the slots that could take an orphan, those on its own stand first."""
        demand = self.demands.get(orphan.theme_id)
        if demand is None:
            return []
        start = max(orphan.start, self.now)
        demand = Demand(max(1, orphan.end - start), demand.agents, demand.lengths)
        candidates = agents_at(self.situation, demand, start, is_now=True)
        candidates = [slot for slot in candidates if self._is_there(orphan, slot)]
        return sorted(candidates, key=lambda slot: slot.stand_id != orphan.stand_id)

    def place(self, orphan: Orphan) -> bool:
        if self._take_first(orphan):
            return True
        for placed, slot in list(self.placements.items()):
            self._give_back(placed)
            if self._take_first(orphan):
                if self._take_first(placed):
                    return True
                self._give_back(orphan)
            self._take(placed, slot)
        return False

    def _take_first(self, orphan: Orphan) -> bool:
        options = self.options(orphan)
        if options:
            self._take(orphan, options[0])
        return bool(options)

    def propose(self, orphan: Orphan) -> Proposal:
        """Propose the nearest free time at which the visitor is not received elsewhere."""
        demand = self.demands.get(orphan.theme_id)
        offered = slots(self.situation, demand) if demand is not None else []
        free_slots = [
            slot
            for slot in offered
            if slot.start >= self.now + TICKS_TO_ANSWER and self._is_there(orphan, slot)
        ]
        best = min(
            free_slots, key=lambda slot: (abs(slot.start - orphan.start), slot.start), default=None
        )
        if best is not None:
            self._take(orphan, best)
        return Proposal(orphan, best)

    def _take(self, orphan: Orphan, slot: Slot) -> None:
        self.situation.take(slot)
        self.placements[orphan] = slot
        self.visitors.setdefault(orphan.attendee_id, set()).update(self._ticks(slot))

    def _give_back(self, orphan: Orphan) -> None:
        slot = self.placements.pop(orphan)
        self.situation.take(slot, -1)
        self.visitors[orphan.attendee_id].difference_update(self._ticks(slot))

    def _is_there(self, orphan: Orphan, slot: Slot) -> bool:
        """Return whether the visitor is free during the slot."""
        elsewhere = orphan.others | self.visitors.get(orphan.attendee_id, set())
        return elsewhere.isdisjoint(self._ticks(slot))

    def _ticks(self, slot: Slot) -> range:
        return range(slot.start, slot.end + self.situation.buffer)
