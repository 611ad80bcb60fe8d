"""Finds the cheapest row of each agent, exactly, when each half hour on each stand has a price.

A day is a sequence of free half hours and of blocks: work without a break, at most LONGEST_RUN
half hours long. A first dynamic programme prices the blocks of each start and end (over the
stand held and how long it has been held); a second lays them out (over the half hours that are
free and what is known of lunch). Agents whom nothing tells apart share one profile; the profiles
of a batch advance together, in numpy, on whole numbers: what is found is exact.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salon.staffing.rules import legal
from salon.staffing.solving.frames import Frame, frames_of
from salon.staffing.solving.limits import Limits
from salon.staffing.solving.problem import FREE, Problem
from salon.staffing.solving.scoring import AGREED_RUN, LUNCH, TOLERANCE

Numbers = NDArray[np.int64]
Row = tuple[int, ...]
Place = tuple[int, int, int]
"""A stand, a half hour, a theme that must be answered there."""

NEVER = 2**40
"""The price of what is forbidden: above any sum of prices."""
BATCH = 48
"""Profiles that advance together: enough to feed numpy, few enough to stay in cache."""


@dataclass(frozen=True)
class Profile:
    """Agents that cost and count the same whatever they are given. `posts`: in order."""

    workers: tuple[int, ...]
    posts: tuple[int, ...]
    themes: frozenset[int]

    @property
    def model(self) -> int:
        return self.workers[0]


def profiles_of(problem: Problem, workers: Sequence[int]) -> tuple[Profile, ...]:
    """The agents, grouped by all that the rules read of them; in the order of their first."""
    alike: dict[object, list[int]] = {}
    seen: dict[object, tuple[tuple[int, ...], frozenset[int]]] = {}
    for w in workers:
        who = problem.workers[w]
        posts = tuple(
            p
            for p in range(len(problem.posts))
            if any(problem.can_hold(w, p, t) for t in range(problem.length))
        )
        asked: frozenset[int] = frozenset().union(
            *(themes for p in posts for themes in problem.posts[p].required)
        )
        key = (
            posts,
            who.themes & asked,
            tuple(tuple(problem.can_hold(w, p, t) for t in range(problem.length)) for p in posts),
            tuple(problem.fixed.get((w, t)) for t in range(problem.length)),
            who.avoided,
            who.preferred & frozenset(posts) if who.preferred else None,
            problem.previous[w] if problem.previous is not None else None,
            problem.shares[w],
        )
        alike.setdefault(key, []).append(w)
        seen[key] = (posts, who.themes & asked)
    return tuple(Profile(tuple(same), *seen[key]) for key, same in alike.items())


def places_of(problem: Problem) -> tuple[Place, ...]:
    """Where and when each theme must be answered."""
    return tuple(
        (p, t, theme)
        for p, post in enumerate(problem.posts)
        for t in range(problem.length)
        if post.minimum[t]
        for theme in sorted(post.required[t])
    )


class Pricer:
    """Prices rows. `scale` multiplies the costs of the rules, so that prices have fractions."""

    def __init__(self, problem: Problem, profiles: Sequence[Profile], scale: int = 1) -> None:
        self.profiles = profiles
        limits = Limits(problem)
        framed = [frames_of(limits, one.model) for one in profiles]
        self.is_exact = all(is_exact for _, is_exact in framed)
        frames = [found for found, _ in framed]
        places = {place: k for k, place in enumerate(places_of(problem))}
        order = sorted(range(len(profiles)), key=lambda g: (len(profiles[g].posts), g))
        self._batches = [
            _Batch(problem, profiles, order[i : i + BATCH], places, frames, scale)
            for i in range(0, len(order), BATCH)
        ]

    def best(
        self,
        prices: Numbers,
        of_places: Numbers | None = None,
        changed: int = 0,
    ) -> "Priced":
        """The cheapest row of each profile.

        To the cost of the rules, `prices[p, t]` is added for who is on stand `p` at `t`;
        `of_places[k]` for who answers the theme of `places_of(problem)[k]` there; `changed` for
        each half hour that differs from the previous rota.
        """
        values = np.zeros(len(self.profiles), dtype=np.int64)
        found: dict[int, tuple[_Batch, int]] = {}
        for batch in self._batches:
            values[batch.numbers] = batch.solve(prices, of_places, changed)
            found |= {g: (batch, position) for position, g in enumerate(batch.numbers)}
        return Priced(values, found)


class Priced:
    """The value of each profile's cheapest row. The rows are read back on demand, until the next
    call of `Pricer.best`."""

    def __init__(self, values: Numbers, found: Mapping[int, tuple["_Batch", int]]) -> None:
        self.values = values
        self._found = found

    def row(self, profile: int) -> Row:
        batch, position = self._found[profile]
        return batch.row(position)

    def rows_by_load(self, profile: int) -> Iterator[tuple[int, Row]]:
        """The cheapest row of each number of half hours worked, with its value."""
        batch, position = self._found[profile]
        return batch.rows_by_load(position)


class _Batch:
    """Profiles padded to the same number of stands."""

    def __init__(
        self,
        problem: Problem,
        profiles: Sequence[Profile],
        numbers: Sequence[int],
        places: Mapping[Place, int],
        frames: Sequence[Sequence[Frame]],
        scale: int,
    ) -> None:
        self.problem = problem
        self.numbers = list(numbers)
        self.profiles = [profiles[g] for g in numbers]
        self.width = max(1, *(len(one.posts) for one in self.profiles), 1)
        self.scale = scale
        count, length = len(numbers), problem.length
        self.index = np.zeros((count, self.width), dtype=np.int64)
        self.base = np.full((count, self.width, length), NEVER, dtype=np.int64)
        self.differs = np.zeros((count, self.width, length), dtype=np.int64)
        self.free = np.zeros((count, length), dtype=np.int64)
        self.free_differs = np.zeros((count, length), dtype=np.int64)
        self.decided = np.zeros((count, length), dtype=bool)
        self.walking = np.full((self.width, self.width, count), NEVER, dtype=np.int64)
        for position in range(count):
            self._describe(position)
        self._place(places)
        self.frames = self._closed([frames[g] for g in numbers])
        self.days = [[_Day(self, span) for span in problem.spans] for _ in range(len(self.frames))]
        shares = np.array([problem.shares[one.model] for one in self.profiles])
        off = np.abs(np.arange(length + 1)[None, :] - shares[:, None]) - TOLERANCE
        self.uneven = np.maximum(0, off) * problem.weights.uneven * scale
        self.tables: list[list[Numbers]] = []
        self.totals: Numbers = np.zeros((0, 0, 0), dtype=np.int64)

    def _describe(self, position: int) -> None:
        problem, weights, one = self.problem, self.problem.weights, self.profiles[position]
        who = problem.workers[one.model]
        before = problem.previous[one.model] if problem.previous is not None else None
        for t in range(problem.length):
            decided = problem.fixed.get((one.model, t), FREE)
            self.decided[position, t] = decided != FREE
            self.free[position, t] = NEVER if decided != FREE else 0
            self.free_differs[position, t] = before is not None and before[t] != FREE
        for j, p in enumerate(one.posts):
            self.index[position, j] = p
            foreign = bool(who.preferred) and p not in who.preferred
            for t in range(problem.length):
                self.differs[position, j, t] = before is not None and before[t] != p
                if problem.can_hold(one.model, p, t):
                    cost = weights.avoided * (t in who.avoided) + weights.elsewhere * foreign
                    self.base[position, j, t] = cost * self.scale
            for i, q in enumerate(one.posts):
                if q != p:
                    halls = (problem.posts[q].hall, problem.posts[p].hall)
                    minutes = problem.walking.get(halls, 0)
                    self.walking[i, j, position] = weights.walking * minutes * self.scale

    def _place(self, places: Mapping[Place, int]) -> None:
        """Where each price of a theme goes."""
        entries = [
            (position, j, t, places[p, t, theme])
            for position, one in enumerate(self.profiles)
            for j, p in enumerate(one.posts)
            for t in range(self.problem.length)
            if self.problem.posts[p].minimum[t]
            for theme in sorted(self.problem.posts[p].required[t] & one.themes)
        ]
        columns = np.array(entries, dtype=np.int64).reshape(-1, 4).T
        self.at = (columns[0], columns[1], columns[2])
        self.place = columns[3]

    def _closed(self, frames: Sequence[Sequence[Frame]]) -> list[Numbers]:
        """NEVER where a frame keeps a profile from working; who has fewer frames has the last
        of them several times."""
        return [
            np.array(
                [
                    [0 if is_open else NEVER for is_open in own[min(f, len(own) - 1)]]
                    for own in frames
                ],
                dtype=np.int64,
            )
            for f in range(max(len(own) for own in frames))
        ]

    def solve(self, prices: Numbers, of_places: Numbers | None, changed: int) -> Numbers:
        """The value of the cheapest row of each profile."""
        each = changed + self.problem.weights.changed * self.scale
        work = self.base + prices[self.index] + each * self.differs
        if of_places is not None:
            np.add.at(work, self.at, of_places[self.place])
        free = self.free + each * self.free_differs
        self.tables = []
        totals = []
        for closed, days in zip(self.frames, self.days, strict=True):
            open_work = work + closed[:, None, :]
            tables = [day.solve(open_work, free) for day in days]
            self.tables.append(tables)
            total = tables[0]
            for table in tables[1:]:
                total = _summed(total, table)
            totals.append(total + self.uneven)
        self.totals = np.stack(totals)
        values: Numbers = self.totals.min(axis=(0, 2))
        return values

    def row(self, position: int) -> Row:
        frame, load = np.unravel_index(
            int(self.totals[:, position].argmin()), self.totals[:, position].shape
        )
        return self._row(int(frame), position, int(load))

    def rows_by_load(self, position: int) -> Iterator[tuple[int, Row]]:
        for load in range(self.totals.shape[2]):
            frame = int(self.totals[:, position, load].argmin())
            value = int(self.totals[frame, position, load])
            if value < NEVER // 2:
                yield value, self._row(frame, position, load)

    def _row(self, frame: int, position: int, load: int) -> Row:
        """The half hours of the last day are chosen first, then those of the days before."""
        tables = [table[position] for table in self.tables[frame]]
        loads: list[int] = []
        for last in range(len(tables) - 1, 0, -1):
            before = tables[0]
            for table in tables[1:last]:
                before = _summed(before[None], table[None])[0]
            most = min(load, len(tables[last]) - 1)
            here = min(
                (h for h in range(most + 1) if load - h < len(before)),
                key=lambda h: (int(tables[last][h] + before[load - h]), h),
            )
            loads.insert(0, here)
            load -= here
        loads.insert(0, load)
        row: list[int] = []
        for day, hours in zip(self.days[frame], loads, strict=True):
            row += day.row(position, hours)
        return tuple(row)


def _summed(one: Numbers, other: Numbers) -> Numbers:
    """The cheapest way to share out each number of half hours between two tables."""
    width = one.shape[1] + other.shape[1] - 1
    total = np.full((one.shape[0], width), 2 * NEVER, dtype=np.int64)
    for hours in range(other.shape[1]):
        part = total[:, hours : hours + one.shape[1]]
        np.minimum(part, one + other[:, hours : hours + 1], out=part)
    return total


class _Day:
    """The two dynamic programmes of one day, for all profiles of a batch.

    `blocks[k][r, j, g, s]`: the cheapest block that starts at `s` and has lasted `k + 1` half
    hours, the last `r + 1` of them on stand `j` (AGREED_RUN or more, for the last `r`).
    `ends[e, s, g]`: the cheapest block from `s` to `e`. `rested[t, m, g, c]`: the cheapest
    beginning of the day up to `t`, with `c` half hours free, `m` of lunch in a row (LUNCH: had
    already), which a block may follow. `worked`: the same when a block just ended.
    """

    def __init__(self, batch: _Batch, span: range) -> None:
        self.batch = batch
        self.span = span
        self.size = len(span)
        problem = batch.problem
        count = len(batch.profiles)
        self.lunch = [problem.lunch[t] for t in span]
        weights, scale = problem.weights, batch.scale
        self.stint, self.long = weights.stint * scale, weights.long * scale
        self.no_lunch = weights.lunch * scale if any(self.lunch) else 0
        decided = batch.decided[:, span.start : span.stop]
        self.lengths = np.zeros((count, self.size), dtype=np.int64)
        for t in reversed(range(self.size)):
            after = self.lengths[:, t + 1] if t + 1 < self.size else 0
            self.lengths[:, t] = np.where(decided[:, t], 1 + after, 0)
        self.longest = min(self.size, max(legal.LONGEST_RUN, int(self.lengths.max(initial=0))))
        self.most = np.maximum(legal.LONGEST_DAY, decided.sum(axis=1))
        self.blocks: list[Numbers] = []
        shape = (self.size + 1, LUNCH + 1, count, self.size + 1)
        self.rested = np.full(shape, NEVER, dtype=np.int64)
        self.worked = np.full(shape, NEVER, dtype=np.int64)
        self.ends = np.full((self.size + 1, self.size, count), NEVER, dtype=np.int64)

    def solve(self, work: Numbers, free: Numbers) -> Numbers:
        """The value of the cheapest day of each profile and number of half hours worked."""
        self.price = np.ascontiguousarray(
            work[:, :, self.span.start : self.span.stop].transpose(1, 0, 2)
        )
        self.free = free[:, self.span.start : self.span.stop]
        self._price_blocks()
        self._lay_out()
        had = np.minimum(self.rested[self.size], self.worked[self.size])
        had[:LUNCH] += self.no_lunch
        table: Numbers = np.minimum(had.min(axis=0)[:, ::-1], NEVER)
        table[np.arange(self.size + 1)[None, :] > self.most[:, None]] = NEVER
        return table

    def _price_blocks(self) -> None:
        price, walking = self.price, self.batch.walking[:, :, :, None]
        now = np.full((AGREED_RUN, *price.shape), NEVER, dtype=np.int64)
        now[0] = price + self.stint
        self.blocks = [now]
        self._close(now)
        for k in range(1, self.longest):
            before = now[..., :-1]
            here = price[:, :, k:]
            now = np.empty((AGREED_RUN, *here.shape), dtype=np.int64)
            cheapest = before.min(axis=0)
            np.add((cheapest[:, None] + walking).min(axis=0), here + self.stint, out=now[0])
            for r in range(1, AGREED_RUN):
                np.add(before[r - 1], here, out=now[r])
            np.minimum(now[-1], before[-1] + (here + self.long), out=now[-1])
            np.minimum(now, NEVER, out=now)
            if k >= legal.LONGEST_RUN:
                now[:, :, self.lengths[:, : self.size - k] <= k] = NEVER
            self.blocks.append(now)
            self._close(now)

    def _close(self, now: Numbers) -> None:
        length = len(self.blocks)
        starts = np.arange(now.shape[3])
        self.ends[starts + length, starts] = now.min(axis=(0, 1)).T

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
        """Blocks that start in first…cut take from lunch, those in cut…end do not."""
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
        """The cheapest day of profile `g` with that many half hours of work."""
        c, t = self.size - load, self.size
        finals = [
            (int(table[t, m, g, c]) + (self.no_lunch if m < LUNCH else 0), at_work, m)
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
        """Whether work came before the free half hour `t`, and what was known of lunch."""
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
        """The stands held during the cheapest block."""
        posts = self.batch.profiles[g].posts
        k = end - start - 1
        r, j = divmod(int(self.blocks[k][:, :, g, start].argmin()), self.batch.width)
        held = [posts[j]]
        while k:
            before = self.blocks[k - 1][:, :, g, start]
            rest = int(self.blocks[k][r, j, g, start]) - int(self.price[j, g, start + k])
            if r:
                stays = r < AGREED_RUN - 1 or int(before[r - 1, j]) == rest
                r = r - 1 if stays else r
            else:
                steps = before + self.batch.walking[None, :, j, g] + self.stint
                r, j = _first(steps, rest, j)
            k -= 1
            held.append(posts[j])
        return held[::-1]


def _first(steps: Numbers, value: int, barred: int) -> tuple[int, int]:
    for r in range(steps.shape[0]):
        for j in range(steps.shape[1]):
            if j != barred and int(steps[r, j]) == value:
                return r, j
    raise AssertionError(value)
