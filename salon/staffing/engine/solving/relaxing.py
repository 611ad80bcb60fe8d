"""Solves the linear programme over rows: prices find rows, rows correct prices, until both agree.

Prices are first moved without the programme, by what the cheapest rows leave too much or too
little of at each half hour; then by the programme itself, held back towards the prices that
proved the best bound.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from salon.staffing.engine.solving.columns import SCALE, Column, Master, Prices
from salon.staffing.engine.solving.days import Numbers

HELD_BACK = 0.7
"""How much of the best prices is kept at each step."""
CLOSE = 1 / 10_000
"""The bound is good enough when it is as near to the programme's value as this share of it."""

FIRST_STEP = 4 * SCALE
PATIENCE = 3
"""Steps without a better bound before the steps get shorter."""
SHORTER = 0.7

Stop = Callable[[], bool]


@dataclass
class Relaxed:
    """The best bound, times SCALE, and the prices that prove it. `is_converged`: no better bound
    is to be had from rows."""

    bound: int
    prices: Prices
    is_converged: bool = False


def first_prices(master: Master, steps: int, stop: Stop) -> Relaxed:
    """Prices found by steps; the rows met in the second half of them become columns."""
    shape = (len(master.problem.posts), master.problem.length)
    full, least = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for need in master.needs:
        full[need.post, need.at] = need.full
        least[need.post, need.at] = need.full - sum(one.most for one in need.short if one.cost)
    unwished = master.problem.weights.unwished * SCALE
    prices = Prices(
        np.where(full > 0, unwished // 2, 0).astype(np.int64),
        np.zeros(len(master.places), dtype=np.int64),
        0,
        0,
    )
    best: Relaxed | None = None
    step, waited = float(FIRST_STEP), 0
    for count in range(steps):
        if best is not None and stop():
            break
        bound, priced = master.price(prices)
        if best is None or bound > best.bound:
            best, waited = Relaxed(bound, prices), 0
        else:
            waited += 1
            if waited == PATIENCE:
                step, waited = step * SHORTER, 0
        here = np.zeros(shape, dtype=np.int64)
        answered = np.zeros(len(master.places), dtype=np.int64)
        for g, one in enumerate(master.profiles):
            row = priced.row(g)
            if 2 * count >= steps:
                master.add(g, row)
            _tally(master, g, row, len(one.workers), here, answered)
        lacks = np.where(prices.needs > unwished, least, full) - here
        needs = prices.needs + step / 2 * np.clip(lacks, -2, 2)
        places = prices.places + step / 2 * (1 - answered) * master.is_open
        prices = Prices(
            np.maximum(0, np.rint(needs)).astype(np.int64),
            np.maximum(0, np.rint(places)).astype(np.int64),
            0,
            0,
        )
    assert best is not None
    return best


def _tally(
    master: Master, profile: int, row: tuple[int, ...], count: int, here: Numbers, answered: Numbers
) -> None:
    for n, k in master.ties(Column(profile, row)):
        if k < 0:
            here[master.needs[n].post, master.needs[n].at] += count
        else:
            answered[k] += count


def converge(
    master: Master,
    relaxed: Relaxed | None,
    most: int,
    stop: Stop,
    limit: float = float("inf"),
    close: float = 0.0,
    profiles: Sequence[int] | None = None,
) -> Relaxed | None:
    """The best bound after at most that many solutions of the programme; sooner when it exceeds
    `limit`, or is `close` to the programme's value. Columns are added to
    `profiles`, or to all. None when nothing could be priced."""
    growing = range(len(master.profiles)) if profiles is None else profiles
    best, misses = relaxed, 0
    for _ in range(most):
        if stop():
            break
        value = master.solve()
        if value is None:
            break
        prices = master.prices()
        if best is not None and not misses:
            prices = prices.towards(best.prices, HELD_BACK)
        bound, priced = master.price(prices)
        if best is None or bound > best.bound:
            best = Relaxed(bound, prices)
        if (
            value * SCALE - best.bound <= max(value * CLOSE, close) * SCALE
            or best.bound > limit * SCALE
        ):
            best.is_converged = True
            break
        added = [master.add(g, priced.row(g)) for g in growing]
        misses = 0 if any(added) else misses + 1
        if misses > 1:
            best.is_converged = True
            break
    return best
