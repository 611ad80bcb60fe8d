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
        w: (profile, pricing)
        for profile in profiles
        for pricing in [PricingProblem(problem, [profile])]
        for w in profile.workers
    }
    waiting = set(range(len(rows)))
    for _ in range(SWEEPS):
        if not waiting:
            break
        touched: set[int] = set()
        for w in sorted(waiting):
            if stop():
                return tuple(rows)
            profile, pricing = pricing_problems[w]
            presence.add(w, rows[w], -1)
            row = pricing.best(_beside(problem, presence, profile), changed=CHANGED).row(0)
            presence.add(w, row)
            if row != rows[w]:
                touched |= {p for p in (*row, *rows[w]) if p >= 0}
                rows[w] = row
        waiting = {
            w
            for w in waiting | set(pricing_problems)
            if touched & set(pricing_problems[w][0].posts)
        }
    return tuple(rows)


def _beside(problem: Problem, presence: Presence, profile: Profile) -> Numbers:
    """Return the value of the agent's presence on each of their stands at each half hour."""
    prices = np.zeros((len(problem.posts), problem.length), dtype=np.int64)
    for p in profile.posts:
        post = problem.posts[p]
        for t, present in enumerate(presence.here[p]):
            if present >= presence.room[p][t]:
                prices[p, t] = NEVER
                continue
            lacks = int(present < post.minimum[t])
            if post.minimum[t]:
                lacks += sum(
                    not presence.answers(p, t, theme) for theme in post.required[t] & profile.themes
                )
            prices[p, t] = -problem.weights.unwished * (present < post.wished[t]) - MISSING * lacks
    return prices
