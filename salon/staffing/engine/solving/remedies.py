"""Find the cheapest changes that would make a shortage smaller, each verified by computing a rota.

In this order of cost, an organiser's trouble and not money:

- EXTEND, 1 for each half hour that an agent stays later or comes earlier;
- UNLOCK, 2 for each half hour taken back from what was decided by hand;
- LOWER or WAIVE, 3 for each half hour and agent (or theme) that the stand goes without;
- ENLARGE, 4 for each place more on the stand;
- ALLOW, 5 for an agent of the stand's own body on the stand, 6 for one of another;
- TEACH, 7 for a theme to learn.

What counts is the cost for each agent or theme and half hour of the shortage no longer missing.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from salon.staffing.engine.solving.changes import apply_remedy
from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.problem import FREE, HALF_HOUR, Problem, Rota, Worker
from salon.staffing.engine.solving.scoring import missing_of
from salon.staffing.engine.solving.shortages import Remedy, RemedyKind, Shortage, weight_at

Stop = Callable[[], bool]
Rows = tuple[tuple[int, tuple[int, ...]], ...]

LONGEST_EXTENSION = 4
"""Half hours: an extension is at most 2 h."""

COSTS = {
    RemedyKind.EXTEND: 1,
    RemedyKind.UNLOCK: 2,
    RemedyKind.LOWER: 3,
    RemedyKind.WAIVE: 3,
    RemedyKind.ENLARGE: 4,
    RemedyKind.ALLOW: 5,
    RemedyKind.TEACH: 7,
}
ON_THE_SPOT = (RemedyKind.LOWER, RemedyKind.WAIVE, RemedyKind.TEACH)
"""Remedies tried on the rota as it is: nobody moves."""

OTHER_BODY = 1
"""The extra cost of an agent of another body."""


def cost_of_remedy(problem: Problem, shortage: Shortage, remedy: Remedy) -> int:
    """Return the cost of the remedy, as the module says."""
    cost = COSTS[remedy.kind]
    if remedy.kind in (RemedyKind.EXTEND, RemedyKind.UNLOCK, RemedyKind.WAIVE):
        return cost * (remedy.end - remedy.start)
    if remedy.kind == RemedyKind.LOWER:
        return cost * remedy.amount * (remedy.end - remedy.start)
    if remedy.kind == RemedyKind.ENLARGE:
        return cost * remedy.amount
    if remedy.kind == RemedyKind.ALLOW and remedy.worker is not None:
        body = problem.workers[remedy.worker].body
        return cost + OTHER_BODY * (body != problem.posts[shortage.post].body)
    return cost


@dataclass
class Budget:
    """How much may still be computed, in half hours of agents to place again, unless told to
    `stop`; `is_spent`: more was needed.
    """

    left: int
    stop: Stop
    is_spent: bool = False

    def allows(self, half_hours: int) -> bool:
        """Return whether that may still be computed, and take it off."""
        if half_hours > self.left or self.stop():
            self.is_spent = True
            return False
        self.left -= half_hours
        return True


class RemedySearch:
    """A shortage, with what may be changed about it. `tied`: the stands that share its agents.

    Unless the rota `is_best`, what placing the same agents again would give without the remedy does
    not count.
    """

    def __init__(
        self,
        problem: Problem,
        rota: Rota,
        shortage: Shortage,
        tied: frozenset[int],
        is_best: bool,
        budget: Budget,
    ) -> None:
        self.problem = problem
        self.rota = rota
        self.shortage = shortage
        self.is_best = is_best
        self.budget = budget
        self.day = next(span for span in problem.spans if shortage.start in span)
        self.times = [at for at in range(shortage.start, shortage.end) if not self._is_over(at)]
        self.near = [worker for worker, agent in enumerate(problem.workers) if agent.posts & tied]
        self.has_resting = any(
            rota[worker][at] == FREE and any(problem.can_hold(worker, post, at) for post in tied)
            for worker in self.near
            for at in self.times
        )

    def remedies(self) -> list[Remedy]:
        """Return the verified remedies, the cheapest first; none for half hours that are wholly
        decided.
        """
        verified_remedies = []
        for kind in sorted(RemedyKind, key=lambda kind: (kind not in ON_THE_SPOT, kind)):
            gains: dict[tuple[int | None, bool], int] = {}
            for remedy in self._candidates(kind):
                side = remedy.worker, remedy.start < self.times[0]
                former = gains.get(side, 0) if kind == RemedyKind.EXTEND else 0
                if former >= self.shortage.weight:
                    continue
                verified = self._verified(remedy)
                if verified and verified.gain > former:
                    verified_remedies.append(verified)
                    gains[side] = verified.gain
        return sorted(verified_remedies, key=self._order)

    def _order(self, remedy: Remedy) -> tuple[Fraction, int, str, int]:
        cost = cost_of_remedy(self.problem, self.shortage, remedy)
        gain = min(remedy.gain, self.shortage.weight)
        worker = -1 if remedy.worker is None else remedy.worker
        return Fraction(cost, gain), -gain, remedy.kind.value, worker

    def _is_over(self, at: int) -> bool:
        """Return whether all is decided then, rest included."""
        workers = range(len(self.problem.workers))
        return bool(workers) and all((worker, at) in self.problem.fixed for worker in workers)

    def _candidates(self, kind: RemedyKind) -> Iterator[Remedy]:
        """Yield changes of a kind that may help, the likeliest and cheapest first."""
        if self.times:
            yield from {
                RemedyKind.EXTEND: self._extensions,
                RemedyKind.UNLOCK: self._unlockings,
                RemedyKind.LOWER: self._lowerings,
                RemedyKind.WAIVE: self._waivers,
                RemedyKind.ENLARGE: self._enlargements,
                RemedyKind.ALLOW: self._permissions,
                RemedyKind.TEACH: self._lessons,
            }[kind]()

    def _over(self, kind: RemedyKind, **targets: Any) -> Remedy:
        return Remedy(kind, self.times[0], self.times[-1] + 1, **targets)

    def _extensions(self) -> Iterator[Remedy]:
        """Yield extensions, those that reach the shortage first: others only move a break."""
        first, last = self.times[0], self.times[-1] + 1
        spans = set()
        for worker in self.near:
            available = [at for at in self.day if self.problem.workers[worker].available[at]]
            if not available:
                continue
            arrives, leaves = available[0], available[-1] + 1
            for length in range(1, LONGEST_EXTENSION + 1):
                spans.add((worker, arrives - length, arrives))
                spans.add((worker, leaves, leaves + length))
        possible = [
            (worker, start, end)
            for worker, start, end in spans
            if self.day.start <= start < end <= self.day.stop
            and not any((worker, at) in self.problem.fixed for at in range(start, end))
            and not any(
                map(self.problem.workers[worker].limits.bars, self.problem.starts[start:end])
            )
        ]
        possible.sort(
            key=lambda span: (span[2] <= first or span[1] >= last, span[2] - span[1], span)
        )
        for worker, start, end in possible:
            minutes = (end - start) * HALF_HOUR
            yield Remedy(RemedyKind.EXTEND, start, end, worker=worker, amount=minutes)

    def _unlockings(self) -> Iterator[Remedy]:
        for worker in self.near:
            decided = [
                at
                for at in self.times
                if self.problem.fixed.get((worker, at), self.shortage.post) != self.shortage.post
            ]
            if decided:
                yield Remedy(RemedyKind.UNLOCK, decided[0], decided[-1] + 1, worker=worker)

    def _lowerings(self) -> Iterator[Remedy]:
        if self.shortage.missing:
            yield self._over(
                RemedyKind.LOWER, post=self.shortage.post, amount=self.shortage.missing
            )

    def _waivers(self) -> Iterator[Remedy]:
        for theme in sorted(self.shortage.themes):
            yield self._over(RemedyKind.WAIVE, post=self.shortage.post, theme=theme)

    def _enlargements(self) -> Iterator[Remedy]:
        post = self.shortage.post
        present = {at: sum(row[at] == post for row in self.rota) for at in self.times}
        if any(count >= self.problem.posts[post].maximum[at] for at, count in present.items()):
            amount = max(1, self.shortage.missing)
            yield self._over(RemedyKind.ENLARGE, post=post, amount=amount)

    def _permissions(self) -> Iterator[Remedy]:
        body = self.problem.posts[self.shortage.post].body
        ranked = []
        for worker, agent in enumerate(self.problem.workers):
            if self.shortage.post in agent.posts or not self._could_help(agent):
                continue
            available = [
                at
                for at in self.times
                if agent.available[at] and (worker, at) not in self.problem.fixed
            ]
            idle = sum(self.rota[worker][at] == FREE for at in available)
            if available:
                ranked.append((agent.body != body, -idle, -len(available), worker))
        for *_, worker in sorted(ranked):
            yield self._over(RemedyKind.ALLOW, worker=worker, post=self.shortage.post)

    def _could_help(self, agent: Worker) -> bool:
        return self.shortage.missing > 0 or bool(agent.themes & self.shortage.themes)

    def _lessons(self) -> Iterator[Remedy]:
        for theme in sorted(self.shortage.themes):
            ranked = [
                (-sum(self.rota[worker][at] == self.shortage.post for at in self.times), worker)
                for worker, agent in enumerate(self.problem.workers)
                if theme not in agent.themes
            ]
            for present, worker in sorted(ranked):
                if present:
                    yield self._over(RemedyKind.TEACH, worker=worker, theme=theme)

    def _verified(self, remedy: Remedy) -> Remedy | None:
        """Return the remedy with the rota that shows how much the missing falls at least, or None.

        Only agents near the shortage, or near the agent of the remedy, move, and only then; over
        all the day when an agent rests, for a break may move.
        """
        changed_problem = apply_remedy(self.problem, remedy)
        if remedy.kind in ON_THE_SPOT:
            gain = self._weight(self.problem) - self._weight(changed_problem)
            return replace(remedy, gain=gain) if gain > 0 else None
        near = self._movers(remedy)
        nearby_times = sorted({*self.times, *range(remedy.start, remedy.end)})
        for times in (nearby_times, self.day)[: 1 + self.has_resting]:
            if not self.budget.allows(len(near) * (1 + len(times))):
                return None
            gain, rows = self._gain_at(changed_problem, near, times)
            if gain > 0:
                return replace(remedy, gain=gain, rows=rows)
        return None

    def _movers(self, remedy: Remedy) -> list[int]:
        """Return the agents near the shortage; and for one of another stand, those who may take
        their place there.
        """
        if remedy.worker is None:
            return self.near
        posts = self.problem.workers[remedy.worker].posts
        held = {self.rota[remedy.worker][at] for at in self.times} & posts
        beside = [
            worker
            for worker, agent in enumerate(self.problem.workers)
            if remedy.kind == RemedyKind.ALLOW and agent.posts & held
        ]
        return sorted({*self.near, remedy.worker, *beside})

    def _weight(self, problem: Problem) -> int:
        return sum(weight_at(problem, self.rota, self.shortage.post, at) for at in self.times)

    def _gain_at(
        self, changed_problem: Problem, near: Sequence[int], times: Container[int]
    ) -> tuple[int, Rows]:
        """Return the gain when these agents are placed again at these half hours, and their new
        schedules, as near to the rota as can be.
        """
        posts = frozenset().union(*(changed_problem.workers[worker].posts for worker in near))
        met = {
            worker
            for worker, row in enumerate(self.rota)
            if any(row[at] in posts for at in self.day)
        }
        chosen = sorted({*near, *met})
        moving = set(near)

        def village(problem: Problem) -> Problem:
            fixed = {}
            for number, worker in enumerate(chosen):
                for at in range(problem.length):
                    if worker not in moving or at not in times:
                        fixed[number, at] = self.rota[worker][at]
                    elif (worker, at) in problem.fixed:
                        fixed[number, at] = problem.fixed[worker, at]
            workers = tuple(problem.workers[worker] for worker in chosen)
            return replace(problem, workers=workers, fixed=fixed, previous=None)

        former = tuple(self.rota[worker] for worker in chosen)
        before = missing_of(village(self.problem), former)
        if not self.is_best:
            before = min(before, cover(village(self.problem)).missing)
        after = village(changed_problem)
        gain = before - cover(after).missing
        if gain <= 0:
            return 0, ()
        rota = cover(replace(after, previous=former)).rota
        changed = [number for number in range(len(chosen)) if rota[number] != former[number]]
        return gain, tuple((chosen[number], rota[number]) for number in changed)
