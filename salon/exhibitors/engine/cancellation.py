"""Fees of an exhibitor who withdraws after an order, by the days left before the fair. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from salon.platform.words.formats import plural

Steps = Sequence[Sequence[int]]
"""[days, percent], the earliest first: the share of the order due by who withdraws so many days
before the fair, or more."""
STEP = re.compile(
    r"\s*(\d{1,3})\s*(?:j|jours?)?\s*(?:avant)?\s*[:=,;]\s*(\d{1,3})\s*%?\s*", re.IGNORECASE
)


def read_steps(text: str) -> list[list[int]]:
    """Return the steps of lines such as « 60 jours : 30 % ». Raises ValueError for another line."""
    steps = []
    for line in filter(str.strip, text.splitlines()):
        match = STEP.fullmatch(line)
        if match is None:
            raise ValueError(line)
        steps.append([int(match[1]), int(match[2])])
    return sorted(steps, reverse=True)


def typed_steps(steps: Steps) -> str:
    """Return the lines that `read_steps` reads."""
    return "\n".join(f"{plural(days, 'jour')} : {percent} %" for days, percent in steps)


def fee_percent(steps: Steps, withdrawn_on: date, fair_on: date) -> int | None:
    """Return the share due of who withdraws on a day; None: no step says it."""
    days_left = (fair_on - withdrawn_on).days
    return next((percent for days, percent in steps if days_left >= days), None)


def step_words(steps: Steps) -> Iterable[str]:
    """Return each step in words, the earliest first: « 10 % jusqu’à 60 jours avant le salon »."""
    for days, percent in steps:
        when = f"jusqu’à {plural(days, 'jour')} avant le salon" if days else "ensuite"
        yield f"{percent}\u00a0% {when}"
