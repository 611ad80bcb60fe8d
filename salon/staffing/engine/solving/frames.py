"""The half hours an agent may work without a day too wide or a night too short.

Two half hours are rivals when the agent may not work both. Where there are any, the work lies in
one of a few frames, none of which holds two rivals, and which together hold all that is allowed.
"""

from functools import lru_cache

from salon.staffing.engine.solving.limits import Limits

MOST = 32
"""Frames looked at; beyond, some ways to work are left out, and the search is not exact."""

Frame = tuple[bool, ...]
Rivals = tuple[tuple[int, ...], ...]


def frames_of(limits: Limits, worker: int) -> tuple[tuple[Frame, ...], bool]:
    """The frames of an agent, and whether none was left out. What is decided lies in each, and
    its rivals in none."""
    decided = frozenset(t for day in limits.decided[worker] for t in day)
    return _frames(_rivals_of(limits, worker), decided)


def _rivals_of(limits: Limits, worker: int) -> Rivals:
    found: list[list[int]] = [[] for _ in limits.day_of]
    for d, span in enumerate(limits.spans):
        for first in span:
            for last in range(first + limits.widest[worker][d], span.stop):
                found[first].append(last)
                found[last].append(first)
    for before, after in limits.nights:
        shortest = limits.shortest(worker, before, after)
        for last in limits.spans[before]:
            for first in limits.spans[after]:
                if limits.rest(last, first) < shortest:
                    found[last].append(first)
                    found[first].append(last)
    return tuple(map(tuple, found))


@lru_cache(maxsize=64)
def _frames(rivals: Rivals, decided: frozenset[int]) -> tuple[tuple[Frame, ...], bool]:
    barred = {other for t in decided for other in rivals[t]} - decided
    waiting = [frozenset(range(len(rivals))) - barred]
    whole: set[frozenset[int]] = set()
    seen: set[frozenset[int]] = set()
    while waiting and len(seen) < 64 * MOST:
        chosen = waiting.pop()
        if chosen in seen:
            continue
        seen.add(chosen)
        pair = next(
            ((i, j) for i in sorted(chosen - decided) for j in rivals[i] if j in chosen), None
        )
        if pair is None:
            whole.add(chosen)
        else:
            waiting += [chosen - {one} for one in pair]
    largest = [one for one in whole if not any(one < other for other in whole)]
    largest.sort(key=lambda one: (-len(one), sorted(one)))
    kept = tuple(tuple(t in one for t in range(len(rivals))) for one in largest[:MOST])
    return kept, not waiting and len(largest) <= MOST
