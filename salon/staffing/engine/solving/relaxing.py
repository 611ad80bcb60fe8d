"""Solve the linear relaxation of the master problem by column generation.

Dual prices are first moved by subgradient steps, towards what the cheapest schedules leave too much
or too little of at each half hour; then by the restricted master problem itself, smoothed towards
the dual prices of the best lower bound (Wentges, 1997).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from salon.staffing.engine.solving.columns import SCALE, Column, DualPrices, RestrictedMaster
from salon.staffing.engine.solving.days import Numbers

SMOOTHING = 0.7
"""The share of the best dual prices in each step."""
CLOSE = 1 / 10_000
"""The lower bound is good enough within this share of the programme's value."""

FIRST_STEP = 4 * SCALE
PATIENCE = 3
"""Steps without a better bound before the steps get shorter."""
SHORTER = 0.7

Stop = Callable[[], bool]


@dataclass
class Relaxation:
    """The best lower bound, times SCALE, and the dual prices that prove it.

    `is_converged`: no schedule can improve the bound.
    """

    lower_bound: int
    prices: DualPrices
    is_converged: bool = False


def subgradient_bound(master: RestrictedMaster, steps: int, stop: Stop) -> Relaxation:
    """Return the bound of subgradient steps.

    The schedules met in the second half of the steps become columns.
    """
    shape = (len(master.problem.posts), master.problem.length)
    full, least = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for need in master.needs:
        full[need.post, need.at] = need.full
        least[need.post, need.at] = need.full - sum(
            shortfall.most for shortfall in need.short if shortfall.cost
        )
    unwished = master.problem.weights.unwished * SCALE
    prices = DualPrices(
        np.where(full > 0, unwished // 2, 0).astype(np.int64),
        np.zeros(len(master.places), dtype=np.int64),
        0,
        0,
    )
    best: Relaxation | None = None
    step, waited = float(FIRST_STEP), 0
    for count in range(steps):
        if best is not None and stop():
            break
        bound, priced = master.solve_pricing(prices)
        if best is None or bound > best.lower_bound:
            best, waited = Relaxation(bound, prices), 0
        else:
            waited += 1
            if waited == PATIENCE:
                step, waited = step * SHORTER, 0
        present = np.zeros(shape, dtype=np.int64)
        answered = np.zeros(len(master.places), dtype=np.int64)
        for profile_number, profile in enumerate(master.profiles):
            row = priced.row(profile_number)
            if 2 * count >= steps:
                master.add(profile_number, row)
            _tally(master, profile_number, row, len(profile.workers), present, answered)
        lacks = np.where(prices.needs > unwished, least, full) - present
        needs = prices.needs + step / 2 * np.clip(lacks, -2, 2)
        places = prices.places + step / 2 * (1 - answered) * master.is_open
        prices = DualPrices(
            np.maximum(0, np.rint(needs)).astype(np.int64),
            np.maximum(0, np.rint(places)).astype(np.int64),
            0,
            0,
        )
    assert best is not None
    return best


def _tally(
    master: RestrictedMaster,
    profile: int,
    row: tuple[int, ...],
    count: int,
    present: Numbers,
    answered: Numbers,
) -> None:
    for need_number, place_number in master.ties(Column(profile, row)):
        if place_number < 0:
            present[master.needs[need_number].post, master.needs[need_number].at] += count
        else:
            answered[place_number] += count


@dataclass(frozen=True)
class Ending:
    """When column generation ends: after `most` solutions of the master problem, or sooner, when
    the bound exceeds `limit` or is `close` to the programme's value.
    """

    most: int
    limit: float = float("inf")
    close: float = 0.0


def converge(
    master: RestrictedMaster,
    relaxation: Relaxation | None,
    ending: Ending,
    stop: Stop,
    profiles: Sequence[int] | None = None,
) -> Relaxation | None:
    """Return the best lower bound when column generation ends.

    Columns are added to `profiles`, or to all. None when nothing could be priced.
    """
    growing = range(len(master.profiles)) if profiles is None else profiles
    best, misses = relaxation, 0
    for _ in range(ending.most):
        if stop():
            break
        value = master.solve()
        if value is None:
            break
        prices = master.dual_prices()
        if best is not None and not misses:
            prices = prices.towards(best.prices, SMOOTHING)
        bound, priced = master.solve_pricing(prices)
        if best is None or bound > best.lower_bound:
            best = Relaxation(bound, prices)
        if (
            value * SCALE - best.lower_bound <= max(value * CLOSE, ending.close) * SCALE
            or best.lower_bound > ending.limit * SCALE
        ):
            best.is_converged = True
            break
        added = [
            master.add(profile_number, priced.row(profile_number)) for profile_number in growing
        ]
        misses = 0 if any(added) else misses + 1
        if misses > 1:
            best.is_converged = True
            break
    return best
