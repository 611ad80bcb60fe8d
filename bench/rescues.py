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
    single, pairs = _rescued(village, pairs=False), _rescued(village, pairs=True)
    for words, figures in (("any one agent absent", single), ("any two neighbours absent", pairs)):
        total, kept_times, proposed, best, greedy, seconds = figures
        print_table(
            f"Rescue, {len(village.agents)} agents, {len(village.booked)} appointments, {words}",
            [
                Line("appointments without an agent", [total]),
                Line("keep their time", [kept_times], [best], exactly(best)),
                Line("  by a greedy without re-matching", [greedy], [best]),
                Line("are proposed another", [proposed]),
                Line("wait, no time being free", [total - kept_times - proposed]),
                Line("plan, median ms", [median(seconds) * 1000], digits=1),
                Line("plan, longest ms", [max(seconds) * 1000], target=below(1000, "ms"), digits=1),
            ],
            f"{len(seconds)} absences; floor: the most that can keep theirs, proven (CP-SAT).",
        )


def _rescued(village: Village, pairs: bool) -> tuple[int, int, int, int, int, list[float]]:
    total = kept_times = proposed = best = greedy = 0
    seconds = []
    for (first, second), at in itertools.product(_absences(village, pairs), ABSENCES):
        situation, lost = absent(village, first, at, second)
        best += exact_kept(situation, lost, village.asks, at)
        begin = time.perf_counter()
        moves = plan_moves(situation, lost, village.asks, at)
        seconds.append(time.perf_counter() - begin)
        total += len(moves)
        kept_times += sum(isinstance(move, Reassignment) for move in moves)
        proposed += sum(
            not isinstance(move, Reassignment) and move.slot is not None for move in moves
        )
        greedy += _greedy(village)
    return total, kept_times, proposed, best, greedy, seconds


def _absences(village: Village, pairs: bool) -> list[tuple[int, int]]:
    agents = village.agents
    return list(itertools.pairwise(agents)) if pairs else [(agent, 0) for agent in agents]


def _greedy(village: Village) -> int:
    """Return how many keep their time when each in turn takes the first who can, for good."""
    situation, lost = absent(village, *village.last)
    kept_times = 0
    for orphan in sorted(lost, key=lambda lost_one: (lost_one.start, lost_one.id)):
        start = max(orphan.start, village.last[1])
        ask = village.asks[orphan.theme_id]
        ask = Demand(orphan.end - start, ask.agents, ask.lengths)
        free_agents = agents_at(situation, ask, start, is_now=True)
        if free_agents:
            situation.take(free_agents[0])
            kept_times += 1
    return kept_times
