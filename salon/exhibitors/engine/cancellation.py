"""Fees of an exhibitor who withdraws after an order, by the days left before the fair. Pure."""

import re
from collections.abc import Iterable, Sequence

from salon.platform.words.formats import plural

Steps = Sequence[Sequence[int]]
"""[days, percent]: the share of the order due by who withdraws so many days before, or more."""
MOST_STEPS = 6
LONGEST_DAYS = 730
STEP = re.compile(r"^\s*(\d{1,3})\s*(?:j|jours?)?\s*(?:avant)?\s*[:=,;]\s*(\d{1,3})\s*%?\s*$", re.I)


def read_steps(text: str) -> list[list[int]]:
    """Return the steps of lines such as « 60 jours : 30 % », the earliest first.

    Raises ValueError for a line that is none, a day written twice, a fee that goes down.
    """
    steps = []
    for line in filter(str.strip, text.splitlines()):
        match = STEP.match(line)
        if match is None:
            raise ValueError(line)
        steps.append([int(match[1]), int(match[2])])
    steps.sort(reverse=True)
    check_steps(steps)
    return steps


def check_steps(steps: Steps) -> None:
    """Raise ValueError unless fees grow, from 0 to 100, as the fair comes nearer."""
    days, percents = [day for day, _ in steps], [percent for _, percent in steps]
    are_days = days == sorted(set(days), reverse=True) and all(
        0 <= day <= LONGEST_DAYS for day in days
    )
    are_percents = percents == sorted(percents) and all(0 <= fee <= 100 for fee in percents)
    if not (are_days and are_percents and len(steps) <= MOST_STEPS):
        raise ValueError(steps)


def typed_steps(steps: Steps) -> str:
    """Return the lines that `read_steps` reads."""
    return "\n".join(f"{days} jours : {percent} %" for days, percent in steps)


def fee_percent(steps: Steps, days_before: int) -> int | None:
    """Return the share due of who withdraws so many days before the fair; None: no step says it."""
    return next((percent for days, percent in steps if days_before >= days), None)


def step_words(steps: Steps) -> Iterable[str]:
    """Return each step in words, the earliest first."""
    for days, percent in steps:
        when = f"{plural(days, 'jour')} avant ou plus tôt" if days else "plus tard"
        yield f"{when}\u00a0: {percent}\u00a0%"
