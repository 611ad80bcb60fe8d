"""Find the half hours an agent may work without a day too wide or a night too short.

Two half hours conflict when the agent may not work both. Where some do, the work lies in one of a
few frames (maximal sets of half hours without conflict), which together hold all that is allowed.
"""

from functools import lru_cache

from salon.staffing.engine.solving.limits import Limits

MOST = 32
"""Frames kept; beyond, some schedules are left out and the search is no longer exact."""

Frame = tuple[bool, ...]
Conflicts = tuple[tuple[int, ...], ...]


def frames_of(limits: Limits, worker: int) -> tuple[tuple[Frame, ...], bool]:
    """Return the frames of an agent, and whether none was left out.

    Decided half hours lie in each frame, half hours in conflict with them or of the weekly rest in
    none.
    """
    decided = frozenset(at for day in limits.decided[worker] for at in day)
    return _frames(_conflicts_of(limits, worker), decided, limits.resting[worker])


def _conflicts_of(limits: Limits, worker: int) -> Conflicts:
    conflicts: list[list[int]] = [[] for _ in limits.day_of]
    for day, span in enumerate(limits.spans):
        for first in span:
            for last in range(first + limits.widest[worker][day], span.stop):
                conflicts[first].append(last)
                conflicts[last].append(first)
    for before, after in limits.nights:
        shortest = limits.shortest(worker, before, after)
        for last in limits.spans[before]:
            for first in limits.spans[after]:
                if limits.rest(last, first) < shortest:
                    conflicts[last].append(first)
                    conflicts[first].append(last)
    return tuple(map(tuple, conflicts))


@lru_cache(maxsize=64)
def _frames(
    conflicts: Conflicts, decided: frozenset[int], resting: frozenset[int]
) -> tuple[tuple[Frame, ...], bool]:
    barred = {conflict for at in decided for conflict in conflicts[at]} - decided | resting
    waiting = [frozenset(range(len(conflicts))) - barred]
    whole: set[frozenset[int]] = set()
    seen: set[frozenset[int]] = set()
    while waiting and len(seen) < 64 * MOST:
        chosen = waiting.pop()
        if chosen in seen:
            continue
        seen.add(chosen)
        pair = next(
            (
                (first, second)
                for first in sorted(chosen - decided)
                for second in conflicts[first]
                if second in chosen
            ),
            None,
        )
        if pair is None:
            whole.add(chosen)
        else:
            waiting += [chosen - {half_hour} for half_hour in pair]
    largest = [frame for frame in whole if not any(frame < larger for larger in whole)]
    largest.sort(key=lambda frame: (-len(frame), sorted(frame)))
    frames = tuple(tuple(at in frame for at in range(len(conflicts))) for frame in largest[:MOST])
    return frames, not waiting and len(largest) <= MOST
