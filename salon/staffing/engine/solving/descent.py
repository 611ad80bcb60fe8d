"""Gives each agent in turn the best row beside the others, until nobody's can be bettered."""

from collections.abc import Callable

import numpy as np

from salon.staffing.engine.solving.days import NEVER, Numbers
from salon.staffing.engine.solving.presence import Presence
from salon.staffing.engine.solving.pricing import Pricer, Profile, profiles_of
from salon.staffing.engine.solving.problem import Problem, Rota

MISSING = 2**28
"""What one that lacks costs: above all soft costs together."""
CHANGED = 2**20
SWEEPS = 8


def descend(problem: Problem, rota: Rota, stop: Callable[[], bool]) -> Rota:
    """A rota where no agent's row alone can be bettered, unless it takes too many sweeps."""
    rows = list(rota)
    presence = Presence(problem).with_rows(enumerate(rows))
    profiles = profiles_of(problem, range(len(rows)))
    pricers = {
        w: (one, pricer)
        for one in profiles
        for pricer in [Pricer(problem, [one])]
        for w in one.workers
    }
    waiting = set(range(len(rows)))
    for _ in range(SWEEPS):
        if not waiting:
            break
        touched: set[int] = set()
        for w in sorted(waiting):
            if stop():
                return tuple(rows)
            profile, pricer = pricers[w]
            presence.add(w, rows[w], -1)
            row = pricer.best(_beside(problem, presence, profile), changed=CHANGED).row(0)
            presence.add(w, row)
            if row != rows[w]:
                touched |= {p for p in (*row, *rows[w]) if p >= 0}
                rows[w] = row
        waiting = {w for w in waiting | set(pricers) if touched & set(pricers[w][0].posts)}
    return tuple(rows)


def _beside(problem: Problem, presence: Presence, profile: Profile) -> Numbers:
    """What it is worth that the agent comes, on each of their stands at each half hour."""
    prices = np.zeros((len(problem.posts), problem.length), dtype=np.int64)
    for p in profile.posts:
        post = problem.posts[p]
        for t, here in enumerate(presence.here[p]):
            if here >= presence.room[p][t]:
                prices[p, t] = NEVER
                continue
            lacks = int(here < post.minimum[t])
            if post.minimum[t]:
                lacks += sum(
                    not presence.answers(p, t, theme) for theme in post.required[t] & profile.themes
                )
            prices[p, t] = -problem.weights.unwished * (here < post.wished[t]) - MISSING * lacks
    return prices
