"""Rescues: whoever is absent, at any time; beside a greedy and the proven best."""

import itertools
import time
from statistics import median

from bench.report import Line, below, exactly, print_table, step
from salon.appointments.engine.rescue import Reassignment, plan_moves
from salon.appointments.engine.slots import Demand, agents_at
from tests.appointments.engine.villages import Village, absent, exact_kept, made_village

ABSENCES = (0, 20, 45, 70)
"""Ticks after the opening at which the absence is known."""


def run() -> None:
    step("rescues")
    village = made_village()
    one, two = _rescued(village, pairs=False), _rescued(village, pairs=True)
    for words, found in (("any one agent absent", one), ("any two neighbours absent", two)):
        total, kept, proposed, best, greedy, seconds = found
        print_table(
            f"Rescue, {len(village.agents)} agents, {len(village.booked)} appointments, {words}",
            [
                Line("appointments without an agent", [total]),
                Line("keep their time", [kept], [best], exactly(best)),
                Line("  by a greedy without re-matching", [greedy], [best]),
                Line("are proposed another", [proposed]),
                Line("wait, no time being free", [total - kept - proposed]),
                Line("plan, median ms", [median(seconds) * 1000], digits=1),
                Line("plan, longest ms", [max(seconds) * 1000], target=below(1000, "ms"), digits=1),
            ],
            f"{len(seconds)} absences; floor: the most that can keep theirs, proven (CP-SAT).",
        )


def _rescued(village: Village, pairs: bool) -> tuple[int, int, int, int, int, list[float]]:
    total = kept = proposed = best = greedy = 0
    seconds = []
    for (first, other), at in itertools.product(_absences(village, pairs), ABSENCES):
        there, lost = absent(village, first, at, other)
        best += exact_kept(there, lost, village.asks, at)
        begin = time.perf_counter()
        moves = plan_moves(there, lost, village.asks, at)
        seconds.append(time.perf_counter() - begin)
        total += len(moves)
        kept += sum(isinstance(move, Reassignment) for move in moves)
        proposed += sum(
            not isinstance(move, Reassignment) and move.slot is not None for move in moves
        )
        greedy += _greedy(village)
    return total, kept, proposed, best, greedy, seconds


def _absences(village: Village, pairs: bool) -> list[tuple[int, int]]:
    agents = village.agents
    return list(itertools.pairwise(agents)) if pairs else [(agent, 0) for agent in agents]


def _greedy(village: Village) -> int:
    """How many keep their time when each in turn takes the first who can, for good."""
    there, lost = absent(village, *village.last)
    kept = 0
    for one in sorted(lost, key=lambda it: (it.start, it.id)):
        start = max(one.start, village.last[1])
        ask = village.asks[one.theme_id]
        ask = Demand(one.end - start, ask.agents, ask.lengths)
        found = agents_at(there, ask, start, is_now=True)
        if found:
            there.take(found[0])
            kept += 1
    return kept
