"""Give each agent in turn the best schedule beside the others, until none can be improved."""

from collections.abc import Callable

import numpy as np

from salon.staffing.engine.solving.days import NEVER, Numbers
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.pricing import PricingProblem, Profile, profiles_of
from salon.staffing.engine.solving.problem import Problem, Rota

MISSING = 2**28
"""The cost of a unit that lacks: above all soft costs together."""
CHANGED = 2**20
SWEEPS = 8


def descend(problem: Problem, rota: Rota, stop: Callable[[], bool]) -> Rota:
    """Return a rota where no single schedule can be improved, unless it takes too many sweeps."""
    rows = list(rota)
    presence = Presence(problem).with_rows(enumerate(rows))
    profiles = profiles_of(problem, range(len(rows)))
    pricing_problems = {
        worker: (profile, pricing)
        for profile in profiles
        for pricing in [PricingProblem(problem, [profile])]
        for worker in profile.workers
    }
    waiting = set(range(len(rows)))
    for _ in range(SWEEPS):
        if not waiting:
            break
        touched: set[int] = set()
        for worker in sorted(waiting):
            if stop():
                return tuple(rows)
            profile, pricing = pricing_problems[worker]
            presence.add(worker, rows[worker], -1)
            row = pricing.best(_beside(problem, presence, profile), changed=CHANGED).row(0)
            presence.add(worker, row)
            if row != rows[worker]:
                touched |= {post for post in (*row, *rows[worker]) if post >= 0}
                rows[worker] = row
        waiting = {
            worker
            for worker in waiting | set(pricing_problems)
            if touched & set(pricing_problems[worker][0].posts)
        }
    return tuple(rows)


def _beside(problem: Problem, presence: Presence, profile: Profile) -> Numbers:
    """Return the value of the agent's presence on each of their stands at each half hour."""
    prices = np.zeros((len(problem.posts), problem.length), dtype=np.int64)
    for post in profile.posts:
        stand = problem.posts[post]
        for at, present in enumerate(presence.here[post]):
            if present >= presence.room[post][at]:
                prices[post, at] = NEVER
                continue
            lacks = int(present < stand.minimum[at])
            if stand.minimum[at]:
                lacks += sum(
                    not presence.answers(post, at, theme)
                    for theme in stand.required[at] & profile.themes
                )
            prices[post, at] = (
                -problem.weights.unwished * (present < stand.wished[at]) - MISSING * lacks
            )
    return prices
