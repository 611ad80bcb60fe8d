"""The days on which a person comes, as stored: ISO 8601, parted by spaces; "" for all of them."""

from collections.abc import Iterable, Sequence
from datetime import date

from salon.badges.models.labels import HalfDay
from salon.platform.words import formats


def days_visited(visit_days: str, days: Iterable[date]) -> list[date]:
    """Return those of the days of the fair that were chosen; all when none is left of them."""
    fair_days = list(days)
    return [day for day in fair_days if day.isoformat() in visit_days.split()] or fair_days


def written_days(chosen: Iterable[date], days: Sequence[date]) -> str:
    """Return chosen days as stored, "" for all the days of the fair, or none of them."""
    kept = set(chosen) & set(days)
    return " ".join(day.isoformat() for day in days if day in kept and len(kept) < len(days))


def visit_words(half_day: str, visit_days: str, days: Sequence[date]) -> str:
    """Return « Toute la journée », or « Jeudi 14 octobre, matin » for a fair of several days."""
    part = HalfDay(half_day)
    if len(days) < 2:
        return part.label
    words = formats.short_days(days_visited(visit_days, days))
    words = f"{words[:1].upper()}{words[1:]}"
    return words if part == HalfDay.WHOLE_DAY else f"{words}, {part.label.lower()}"
