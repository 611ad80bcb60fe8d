"""Moments in undo data: a day of the edition, as it was before the act, and a wall-clock time.

Entries of 1.0.0 hold instants with their offset instead; they are read as the same day and time.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from salon.platform.settings.clock import local, paris

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")

DayNow = Callable[[date], date | None]
"""Gives the day that a former day of the edition has become; None for a day given up since."""


def written(facts: Any) -> Any:
    """Return facts with each instant as its day and wall-clock time, for JSON."""
    if isinstance(facts, datetime):
        return local(facts).replace(tzinfo=None).isoformat()
    return _each(facts, written)


def read(facts: Any, day_now: DayNow) -> Any:
    """Return facts with each moment as an instant of its present day; None when that is gone."""
    if isinstance(facts, str) and MOMENT.match(facts):
        moment = datetime.fromisoformat(facts)
        wall_time = local(moment) if moment.tzinfo else moment
        day = day_now(wall_time.date())
        return None if day is None else paris(day, wall_time.time())
    return _each(facts, lambda part: read(part, day_now))


def _each(facts: Any, convert: Callable[[Any], Any]) -> Any:
    if isinstance(facts, dict):
        return {name: convert(part) for name, part in facts.items()}
    if isinstance(facts, list | tuple):
        return [convert(part) for part in facts]
    return facts
