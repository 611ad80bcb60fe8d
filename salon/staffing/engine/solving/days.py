"""Solve the pricing problem of one day: the cheapest day of each agent at given dual prices.

A day is a sequence of free half hours and of blocks: work without a break, as long as the agent's
limits allow. A first dynamic programme prices the blocks of each start and end (state: the stand
held and for how long); a second lays them out (state: the half hours free and the lunch so far).
Many profiles of agents advance together, in numpy, on whole numbers: the result is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salon.staffing.engine.solving.problem import FREE, Problem
from salon.staffing.engine.solving.scoring import AGREED_RUN, LUNCH
from salon.staffing.engine.working_time import WorkLimits

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = 2**40
"""The price of what is forbidden: above any sum of prices."""


@dataclass(frozen=True)
class BatchFacts:
    """What is known of the profiles of a batch. `posts[g]`: the stands of a profile; `decided[g,
    t]`: whether it must work then; `walking[i, j, g]`: the cost of going from one stand to another;
    `limits[g]`: of its working time.
    """

    posts: Sequence[tuple[int, ...]]
    decided: Flags
    walking: Numbers
    limits: Sequence[WorkLimits]


class Day:
    """The two dynamic programmes of one day, for all profiles of a batch.

    `blocks[k][r, j, g, s]`: the cheapest block that starts at `s` and has lasted `k + 1` half
    hours, the last `r + 1` of them on stand `j` (AGREED_RUN or more, for the last `r`).
    `ends[e, s, g]`: the cheapest block from `s` to `e`. `rested[t, m, g, c]`: the cheapest
    beginning of the day up to `t`, with `c` half hours free, `m` of lunch in a row (LUNCH: had
    already), which a block may follow. `worked`: the same when a block just ended.
    """

    def __init__(
        self,
        problem: Problem,
        span: range,
        batch: BatchFacts,
        must_lunch: Sequence[bool],
        scale: int,
    ) -> None:
        """Prepare the tables. `must_lunch[g]`: whether a profile must have lunch that day."""
        posts = batch.posts
        self.span = span
        self.size = len(span)
        self.posts = posts
        self.walking = batch.walking
        self.lunch = [problem.lunch[t] for t in span]
        weights = problem.weights
        self.stint, self.long = weights.stint * scale, weights.long * scale
        cost = weights.lunch * scale if any(self.lunch) else 0
        self.no_lunch = np.where(np.array(must_lunch, dtype=bool), NEVER, cost).astype(np.int64)
        self.lacking = self._lacking_costs(problem, weights.short * scale)
        decided = batch.decided[:, span.start : span.stop]
        self.lengths = np.zeros((len(posts), self.size), dtype=np.int64)
        for t in reversed(range(self.size)):
            after = self.lengths[:, t + 1] if t + 1 < self.size else 0
            self.lengths[:, t] = np.where(decided[:, t], 1 + after, 0)
        self.runs = np.array([limit.run for limit in batch.limits], dtype=np.int64)
        longest = max(self.runs.max(initial=1), self.lengths.max(initial=0))
        self.longest = min(self.size, int(longest))
        self.most = np.maximum([limit.day for limit in batch.limits], decided.sum(axis=1))
        self.blocks: list[Numbers] = []
        shape = (self.size + 1, LUNCH + 1, len(posts), self.size + 1)
        self.rested = np.full(shape, NEVER, dtype=np.int64)
        self.worked = np.full(shape, NEVER, dtype=np.int64)
        self.ends = np.full((self.size + 1, self.size, len(posts)), NEVER, dtype=np.int64)

    def solve(self, work: Numbers, free: Numbers) -> Numbers:
        """Return the value of the cheapest day of each profile and number of half hours worked."""
        self.price = np.ascontiguousarray(
            work[:, :, self.span.start : self.span.stop].transpose(1, 0, 2)
        )
        self.free = free[:, self.span.start : self.span.stop]
        self._price_blocks()
        self._lay_out()
        had = np.minimum(self.rested[self.size], self.worked[self.size])
        had[:LUNCH] += self.no_lunch[None, :, None]
        table: Numbers = np.minimum(had.min(axis=0)[:, ::-1], NEVER)
        table[np.arange(self.size + 1)[None, :] > self.most[:, None]] = NEVER
        return table

    def _price_blocks(self) -> None:
        price, walking = self.price, self.walking[:, :, :, None]
        now = np.full((AGREED_RUN, *price.shape), NEVER, dtype=np.int64)
        now[0] = price + self.stint
        self.blocks = [now]
        self._close(now)
        for k in range(1, self.longest):
            before = now[..., :-1]
            window = price[:, :, k:]
            now = np.empty((AGREED_RUN, *window.shape), dtype=np.int64)
            cheapest = self._ended(before, k)
            np.add((cheapest[:, None] + walking).min(axis=0), window + self.stint, out=now[0])
            for r in range(1, AGREED_RUN):
                np.add(before[r - 1], window, out=now[r])
            np.minimum(now[-1], before[-1] + (window + self.long), out=now[-1])
            np.minimum(now, NEVER, out=now)
            is_too_long = (self.runs <= k)[:, None] & (self.lengths[:, : self.size - k] <= k)
            now[:, :, is_too_long] = NEVER
            self.blocks.append(now)
            self._close(now)

    def _close(self, now: Numbers) -> None:
        length = len(self.blocks)
        starts = np.arange(now.shape[3])
        self.ends[starts + length, starts] = self._ended(now, length).min(axis=0).T

    def _lacking_costs(self, problem: Problem, cost: int) -> Numbers:
        """Return what a stint too short costs, by its half hours (less one), stand and start."""
        lengths = problem.least_stint - 1
        costs = np.zeros((lengths, len(self.walking), len(self.posts), self.size), np.int64)
        for g, posts in enumerate(self.posts):
            for j, post in enumerate(posts):
                least = problem.least_stints[post][self.span.start : self.span.stop]
                for r in range(lengths):
                    costs[r, j, g] = [cost * max(0, half_hours - r - 1) for half_hours in least]
        return costs

    def _ended(self, blocks: Numbers, length: int) -> Numbers:
        """Return the cheapest of the blocks of a length once they end, by their last stand."""
        lasting = len(self.lacking)
        cheapest: Numbers = blocks[lasting:].min(axis=0)
        for r in range(min(lasting, length)):
            first = length - r - 1
            short = blocks[r] + self.lacking[r, :, :, first : first + blocks.shape[3]]
            np.minimum(cheapest, short, out=cheapest)
        return cheapest

    def _lay_out(self) -> None:
        rested, worked = self.rested, self.worked
        rested[0] = NEVER
        rested[0, 0, :, 0] = 0
        eaten = -1
        for t in range(self.size + 1):
            if t:
                first = max(0, t - self.longest)
                self._end_blocks(t, first, min(t, max(first, eaten + 1)))
            if t == self.size:
                break
            had = np.minimum(rested[t], worked[t])[:, :, :-1] + self.free[None, :, t, None]
            np.minimum(had, NEVER, out=had)
            after = rested[t + 1, :, :, 1:]
            if self.lunch[t]:
                after[0] = NEVER
                after[1:] = had[:-1]
                np.minimum(after[LUNCH], had[LUNCH], out=after[LUNCH])
                eaten = t
            else:
                after[:] = had

    def _end_blocks(self, end: int, first: int, cut: int) -> None:
        """Close the blocks that end at `end`; those that start in first…cut take from lunch, those
        in cut…end do not.
        """
        cost = self.ends[end, first:end, :, None]
        done = self.rested[first:end, LUNCH] + cost
        np.minimum(done.min(axis=0), NEVER, out=self.worked[end, LUNCH])
        waiting = self.worked[end, :LUNCH]
        waiting[:] = NEVER
        if cut < end:
            part = self.rested[cut:end, :LUNCH] + cost[cut - first :, None]
            np.minimum(part.min(axis=0), NEVER, out=waiting)
        if first < cut:
            through = self.rested[first:cut, :LUNCH].min(axis=1) + cost[: cut - first]
            np.minimum(waiting[0], through.min(axis=0), out=waiting[0])

    def row(self, g: int, load: int) -> list[int]:
        """Return the cheapest day of profile `g` with that many half hours of work."""
        c, t = self.size - load, self.size
        finals = [
            (int(table[t, m, g, c]) + (int(self.no_lunch[g]) if m < LUNCH else 0), at_work, m)
            for at_work, table in enumerate((self.rested, self.worked))
            for m in range(LUNCH + 1)
        ]
        _, at_work, m = min(finals)
        row = [FREE] * self.size
        while t:
            if at_work:
                start, m = self._block_before(g, t, m, c)
                row[start:t] = self._block(g, start, t)
                t, at_work = start, 0
            else:
                t, c = t - 1, c - 1
                at_work, m = self._before_rest(g, t, m, c, int(self.rested[t + 1, m, g, c + 1]))
        return row

    def _before_rest(self, g: int, t: int, m: int, c: int, value: int) -> tuple[int, int]:
        """Return whether work came before the free half hour `t`, and the lunch state then."""
        counts = [m]
        if self.lunch[t]:
            counts = [m - 1, m] if m == LUNCH else [m - 1]
        free = int(self.free[g, t])
        return next(
            (at_work, before)
            for at_work, table in enumerate((self.rested, self.worked))
            for before in counts
            if int(table[t, before, g, c]) + free == value
        )

    def _block_before(self, g: int, end: int, m: int, c: int) -> tuple[int, int]:
        value = int(self.worked[end, m, g, c])
        for start in range(end - 1, max(0, end - self.longest) - 1, -1):
            cost = int(self.ends[end, start, g])
            counts = range(m, m + 1)
            if m < LUNCH and any(self.lunch[start:end]):
                counts = range(LUNCH if m == 0 else 0)
            for before in counts:
                if int(self.rested[start, before, g, c]) + cost == value:
                    return start, before
        raise AssertionError(end)

    def _block(self, g: int, start: int, end: int) -> list[int]:
        """Return the stands held during the cheapest block."""
        posts = self.posts[g]
        k = end - start - 1
        r, j = divmod(int(self._ended_at(k, g, start).argmin()), len(self.walking))
        posts_held = [posts[j]]
        while k:
            before = self.blocks[k - 1][:, :, g, start]
            remainder = int(self.blocks[k][r, j, g, start]) - int(self.price[j, g, start + k])
            if r:
                stays = r < AGREED_RUN - 1 or int(before[r - 1, j]) == remainder
                r = r - 1 if stays else r
            else:
                steps = self._ended_at(k - 1, g, start) + self.walking[None, :, j, g] + self.stint
                r, j = _first(steps, remainder, j)
            k -= 1
            posts_held.append(posts[j])
        return posts_held[::-1]

    def _ended_at(self, k: int, g: int, start: int) -> Numbers:
        """Return the blocks of `k + 1` half hours from `start` of a profile, once they end."""
        ended: Numbers = self.blocks[k][:, :, g, start].copy()
        for r in range(min(len(self.lacking), k + 1)):
            ended[r] += self.lacking[r, :, g, start + k - r]
        return ended


def _first(steps: Numbers, value: int, barred: int) -> tuple[int, int]:
    for r in range(steps.shape[0]):
        for j in range(steps.shape[1]):
            if j != barred and int(steps[r, j]) == value:
                return r, j
    raise AssertionError(value)
