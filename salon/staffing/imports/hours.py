"""Hours of a list of agents: « 9 h 30 », « 01/10 9:30 », « 0,375 » of a spreadsheet, « matin »."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from salon.platform.settings.clock import paris
from salon.platform.words.texts import folded
from salon.staffing.rules import agents_import as rules

Hours = Mapping[date, tuple[datetime, datetime]]
"""The opening and the closing of each day of an edition."""

DAY = r"(?:(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?\s+)?"
HOUR = re.compile(DAY + r"(?P<hour>\d{1,2})\s*(?:h|:|heures?)\s*(?P<minute>\d{2})?", re.I)
PART = re.compile(DAY + r"(?P<part>[^\W\d][^\d]*)")
SERIAL = re.compile(r"(?P<day>\d{5}|0)?[.,](?P<fraction>\d{1,17})")
"""A moment as a spreadsheet counts it: days since EPOCH, the hour being a part of a day."""
EPOCH = date(1899, 12, 30)
MORNING = ("matin", "le matin", "matinee", "la matinee")
AFTERNOON = ("apres midi", "l apres midi", "aprem", "pm")
WHOLE_DAY = ("journee", "la journee", "toute la journee", "journee entiere", "journee complete")
NOON = time(13)
NOTE = re.compile(r"\((?P<note>.*)\)\s*$")
PERIODS = re.compile(r"[|\n]\s*(?=\d|matin|apr[eè]s|journ|toute|l[ea]\s|l['’]|$)", re.I)
"""A period begins with a figure or a part of the day: a note may hold the sign that stands between
two."""
LONGEST_NOTE = 120


def arrival_of(cell: str, hours: Hours) -> datetime | None:
    """Return when an agent arrives; None: from the opening. Raises UnknownHour, DayMissing."""
    part = part_of_day(cell, hours)
    if part is None:
        return moment_of(cell, hours) if cell else None
    return None if len(hours) == 1 and part[0] in _ends(hours) else part[0]


def departure_of(cell: str, hours: Hours) -> datetime | None:
    """Return when an agent leaves; None: at the closing. Raises UnknownHour, DayMissing."""
    part = part_of_day(cell, hours)
    if part is None:
        return moment_of(cell, hours) if cell else None
    return None if len(hours) == 1 and part[1] in _ends(hours) else part[1]


def part_of_day(text: str, hours: Hours) -> tuple[datetime, datetime] | None:
    """Return the start and the end of « matin », « 01/10 après-midi », « journée »; None for
    anything else. Raises DayMissing, OtherDay, UnknownHour."""
    match = PART.fullmatch(text.strip())
    words = folded(match["part"]) if match else ""
    if match is None or words not in {*MORNING, *AFTERNOON, *WHOLE_DAY}:
        return None
    day = _day_of(match, text, hours)
    opens_at, closes_at = hours[day]
    noon = paris(day, NOON)
    return (noon if words in AFTERNOON else opens_at, noon if words in MORNING else closes_at)


def moment_of(text: str, hours: Collection[date]) -> datetime:
    """Return the instant of « 9 h 30 », « 9:30 », « 01/10 9:30 », « 0,375 ». Raises UnknownHour,
    DayMissing, OtherDay.
    """
    if serial := SERIAL.fullmatch(text.strip()):
        return _moment_of_serial(serial, text, hours)
    match = HOUR.fullmatch(text.strip())
    if match is None:
        raise rules.UnknownHour(text)
    day = _day_of(match, text, hours)
    try:
        return paris(day, time(int(match["hour"]), int(match["minute"] or 0)))
    except ValueError:
        raise rules.UnknownHour(text) from None


def periods_of(cell: str, hours: Hours) -> list[tuple[datetime, datetime, str]]:
    """Return « 11 h - 12 h 30 (réunion) | après-midi » as (start, end, note)."""
    spans = [span.strip() for span in PERIODS.split(cell)]
    return [_period(span, hours) for span in spans if span]


def _moment_of_serial(serial: re.Match[str], text: str, hours: Collection[date]) -> datetime:
    if serial["day"] not in (None, "0"):
        day = _checked(EPOCH + timedelta(days=int(serial["day"])), text, hours)
    elif len(hours) > 1:
        raise rules.DayMissing(text)
    else:
        day = next(iter(hours))
    minutes = round(float(f"0.{serial['fraction']}") * 24 * 60)
    if minutes >= 24 * 60:
        raise rules.UnknownHour(text)
    return paris(day, time(*divmod(minutes, 60)))


def _day_of(match: re.Match[str], text: str, days: Collection[date]) -> date:
    """Return the day that a text names, or the only one."""
    first = next(iter(days))
    if match["day"] is None:
        if len(days) > 1:
            raise rules.DayMissing(text)
        return first
    try:
        day = date(int(match["year"] or first.year), int(match["month"]), int(match["day"]))
    except ValueError:
        raise rules.UnknownHour(text) from None
    return _checked(day, text, days)


def _checked(day: date, text: str, days: Collection[date]) -> date:
    """Return a day that is one of `days`. Raises OtherDay."""
    if day not in days:
        raise rules.OtherDay(text)
    return day


def _ends(hours: Hours) -> set[datetime]:
    return {end for ends in hours.values() for end in ends}


def _period(text: str, hours: Hours) -> tuple[datetime, datetime, str]:
    note = NOTE.search(text)
    words = NOTE.sub("", text).strip()
    ends = part_of_day(words, hours)
    if ends is None:
        parts = [part for part in re.split(r"\s*(?:-|–|\bà\b)\s*", words) if part]
        if len(parts) != 2:
            raise rules.UnknownHour(text)
        day = HOUR.fullmatch(parts[0].strip())
        same_day = [_day_of(day, text, hours)] if day is not None and day["day"] else hours
        ends = moment_of(parts[0], hours), moment_of(parts[1], same_day)
    return (*ends, (note["note"].strip() if note else "")[:LONGEST_NOTE])
