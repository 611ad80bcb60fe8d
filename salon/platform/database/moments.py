"""Moments in undo data: a day of the edition, as it was before the act, and a wall-clock time.

Entries of 1.0.0 hold instants with their offset instead; they are read as the same day and time.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from salon.platform.settings.clock import local, paris

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")

GIVEN_UP = " given up"

DayNow = Callable[[date, bool], tuple[date, bool]]
"""Gives the day that a former day of the edition has become, and whether it is given up now, from
the former day and whether it was given up then."""


class OfDayGivenUp(str):
    """A moment of a day that is given up, as undo data hold it until that day comes back."""


def written(facts: object) -> object:
    """Return facts with each instant as its day and wall-clock time, for JSON."""
    if isinstance(facts, datetime):
        return local(facts).replace(tzinfo=None).isoformat()
    return _each(facts, written)


def read(facts: object, day_now: DayNow) -> Any:
    """Return facts with each moment as an instant of its present day, or OfDayGivenUp."""
    if isinstance(facts, str) and MOMENT.match(facts):
        moment = datetime.fromisoformat(facts.removesuffix(GIVEN_UP))
        wall_time = local(moment) if moment.tzinfo else moment
        day, is_given_up = day_now(wall_time.date(), facts.endswith(GIVEN_UP))
        if is_given_up:
            return OfDayGivenUp(f"{datetime.combine(day, wall_time.time()).isoformat()}{GIVEN_UP}")
        return paris(day, wall_time.time())
    return _each(facts, lambda part: read(part, day_now))


def _each(facts: object, convert: Callable[[object], object]) -> object:
    if isinstance(facts, dict):
        return {name: convert(part) for name, part in facts.items()}
    if isinstance(facts, list | tuple):
        return [convert(part) for part in facts]
    return facts
