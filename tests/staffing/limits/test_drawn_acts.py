"""Whatever is drawn: no act takes an agent further past the law, by a reading of it apart.

DRAWN_VILLAGES=60 DRAWN_ACTS=500 draws more of them.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from bench.rota_villages import limits_of_person
from salon.staffing.engine.solving.cover import cover
from salon.staffing.engine.solving.greedy import greedy
from salon.staffing.engine.solving.problem import FREE, Problem, Rota
from salon.staffing.engine.solving.scoring import row_excesses, row_stints, worse_limits
from salon.staffing.engine.solving.solve import solve
from salon.staffing.engine.working_time import Bound
from salon.staffing.models.effort import Effort
from salon.village_day.rules.exchanges import is_a_change, swap_obstacles
from salon.village_day.rules.reinforcement import (
    NoLongerPossible,
    PastLimits,
    Situation,
    check_can_reinforce,
)
from salon.village_day.rules.replacing import Duty, PastLimit, rank
from tests.staffing.limits.law import Person, breaches, worse
from tests.staffing.solving.instances import make_post, make_problem, make_worker

VILLAGES = int(os.environ.get("DRAWN_VILLAGES", "4"))
ACTS = int(os.environ.get("DRAWN_ACTS", "40"))
LAYOUTS = (
    ((1, "7:00", 28),),
    ((1, "9:00", 28), (2, "6:00", 26)),
    ((1, "8:00", 24), (2, "8:00", 20), (5, "8:00", 20)),
    tuple((day, "8:00", 20) for day in range(4, 11)),
)


class VillageActs:
    """A village with its rota, what the law reads of each agent, and what is done there by chance.

    `asked` counts what was refused or asked for a limit, `done` the acts.
    """

    def __init__(
        self, draw: Random, people: Sequence[Person], problem: Problem, rota: Rota
    ) -> None:
        self.draw, self.people, self.problem, self.rota = draw, people, problem, rota
        self.asked = self.done = 0

    def act(self) -> None:
        acts = (
            *(self.hand, self.hand, self.stand_in, self.exchange),
            *(self.reinforcement, self.absence, self.publication),
        )
        self.draw.choice(acts)()
        self.done += 1

    def worked(self, row: tuple[int, ...]) -> list[datetime]:
        return [self.problem.starts[at] for at, post in enumerate(row) if post != FREE]

    def worse(self, worker: int, row: tuple[int, ...], before: Rota | None = None) -> set[str]:
        """Return what the law says of a new row of an agent."""
        former = (before or self.rota)[worker]
        return worse(self.people[worker], self.worked(former), self.worked(row))

    def put(self, worker: int, span: range, post: int) -> tuple[int, ...]:
        return tuple(post if at in span else old for at, old in enumerate(self.rota[worker]))

    def keep(self, worker: int, row: tuple[int, ...]) -> None:
        self.rota = tuple(row if w == worker else old for w, old in enumerate(self.rota))

    def duty(self) -> Duty | None:
        worker = self.draw.randrange(len(self.people))
        stints = list(row_stints(self.problem, worker, self.rota[worker]))
        if not stints:
            return None
        stint = self.draw.choice(stints)
        return Duty(worker, stint.post, range(stint.start, stint.end))

    def hand(self) -> None:
        """What is asked is what gets worse, no more and no less; then it is done or not."""
        worker, start = (
            self.draw.randrange(len(self.people)),
            self.draw.randrange(self.problem.length),
        )
        span = range(start, min(self.problem.length, start + self.draw.choice((1, 4, 12))))
        row = self.put(worker, span, self.draw.choice((FREE, 0, 1)))
        asked = worse_limits(self.problem, worker, self.rota[worker], row)
        self.asked += bool(asked)
        assert {bound.limit for bound in asked} == self.worse(worker, row)
        assert all(map(_names_its_source, asked))
        if not asked or self.draw.random() < 0.3:
            self.keep(worker, row)

    def stand_in(self) -> None:
        duty = self.duty()
        if duty is None:
            return
        for candidate in rank(self.problem, self.rota, duty):
            row = self.put(candidate.worker, duty.span, duty.post)
            past = [item for item in candidate.obstacles if isinstance(item, PastLimit)]
            self.asked += bool(past)
            assert {item.bound.limit for item in past} == self.worse(candidate.worker, row)
            assert not (past and candidate.may_be_assigned)
            assert all(_names_its_source(item.bound) for item in past)

    def exchange(self) -> None:
        offered, requested = self.duty(), self.duty()
        if offered is None or requested is None or not is_a_change(offered, requested):
            return
        if any(swap_obstacles(self.problem, self.rota, offered, requested)):
            return
        before = self.rota
        for given, taken in ((offered, requested), (requested, offered)):
            self.keep(given.holder, self.put(given.holder, given.span, FREE))
            self.keep(given.holder, self.put(given.holder, taken.span, taken.post))
            assert not self.worse(given.holder, self.rota[given.holder], before)

    def reinforcement(self) -> None:
        worker, post = (
            self.draw.randrange(len(self.people)),
            self.draw.randrange(len(self.problem.posts)),
        )
        start = self.draw.randrange(self.problem.length)
        end = min(self.problem.length, start + self.draw.choice((1, 2, 4)))
        long_ago = datetime(2021, 1, 1, tzinfo=UTC)
        situation = Situation(self.problem, self.rota, self.rota, self.rota, frozenset(), long_ago)
        row = self.put(worker, range(start, end), post)
        refusal: NoLongerPossible | None = None
        try:
            check_can_reinforce(situation, worker, post, start, end)
        except NoLongerPossible as error:
            refusal = error
        if isinstance(refusal, PastLimits):
            assert self.worse(worker, row)
            self.asked += 1
            assert _is_sourced(refusal.message)
        if refusal is None:
            assert not self.worse(worker, row)
            self.keep(worker, row)

    def absence(self) -> None:
        worker = self.draw.randrange(len(self.people))
        row = self.put(worker, range(self.draw.randrange(self.problem.length), 999), FREE)
        assert not self.worse(worker, row)
        self.keep(worker, row)

    def publication(self) -> None:
        for worker, row in enumerate(self.rota):
            said = {bound.limit for bound, _ in row_excesses(self.problem, worker, row)}
            assert said == {limit for limit, _ in breaches(self.people[worker], self.worked(row))}


def _names_its_source(bound: Bound) -> bool:
    return _is_sourced(bound.breach)


def _is_sourced(words: str) -> bool:
    return any(source in words for source in ("art.", "limite personnelle", "règle du village"))


def drawn_village(draw: Random, number: int) -> VillageActs:
    """Return a village whose rota passes limits here and there."""
    days = LAYOUTS[number % len(LAYOUTS)]
    length = sum(half_hours for _, _, half_hours in days)
    lunch = draw.random() < 0.5
    people = [
        Person(
            draw.choice((None, None, 18, 16)), draw.random() < 0.3, draw.choice((None, 6)), lunch
        )
        for _ in range(6)
    ]
    workers = [
        replace(
            make_worker(f"Agent {w}", (0, 1, 2), id=w, length=length),
            limits=limits_of_person(person),
        )
        for w, person in enumerate(people)
    ]
    posts = [make_post(f"Stand {p}", 2, 4, (), length, id=p) for p in range(3)]
    problem = make_problem(posts, workers, days)
    return VillageActs(draw, people, problem, tuple(_row(draw, problem) for _ in workers))


def _row(draw: Random, problem: Problem) -> tuple[int, ...]:
    row = [FREE] * problem.length
    for day in problem.spans:
        for _ in range(draw.choice((0, 1, 2, 3))):
            start = draw.randrange(day.start, day.stop)
            end = min(day.stop, start + draw.choice((2, 4, 8, 14)))
            row[start:end] = [draw.randrange(3)] * (end - start)
    return tuple(row)


def test_no_drawn_act_takes_an_agent_further_past_the_law() -> None:
    for number in range(VILLAGES):
        draw = Random(number)
        village = drawn_village(draw, number)
        for _ in range(ACTS):
            village.act()


def test_the_search_takes_no_agent_past_the_law_beyond_what_is_decided() -> None:
    for number in range(VILLAGES):
        draw = Random(100 + number)
        village = drawn_village(draw, number)
        fixed = {
            (worker, at): post
            for worker, row in enumerate(village.rota)
            for at, post in enumerate(row)
            if post != FREE and worker < 2
        }
        available = [
            tuple(not worker.limits.bars(start) for start in village.problem.starts)
            for worker in village.problem.workers
        ]
        workers = tuple(
            replace(worker, available=hours)
            for worker, hours in zip(village.problem.workers, available, strict=True)
        )
        problem = replace(village.problem, fixed=fixed, workers=workers)
        decided: Rota = tuple(
            tuple(fixed.get((w, at), FREE) for at in range(problem.length)) for w in range(6)
        )
        rotas = [greedy(problem), cover(problem).rota]
        if number < 1 or VILLAGES > 4:
            rotas.append(solve(problem, Effort.QUICK).rota)
        for rota in rotas:
            for worker, row in enumerate(rota):
                assert village.worse(worker, row, decided) == set(), (number, worker)
