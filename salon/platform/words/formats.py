"""French formats: dates, hours, numbers, plurals. Pure functions, also Jinja filters."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from flask import Flask
from markupsafe import Markup

from salon.platform.settings.clock import Timed, current_zone, local
from salon.platform.settings.edition import has_several_days

NBSP = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"
ORDINAL = re.compile(r"(\d+)(er|re|e)")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def day(value: date) -> str:
    """Return « vendredi 1er octobre 2021 »"""
    number = "1er" if value.day == 1 else str(value.day)
    return f"{DAYS[value.weekday()]} {number}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def days(values: Sequence[date]) -> str:
    """Return « jeudi 7 et vendredi 8 octobre 2027 », « du mercredi 6 au vendredi 8 octobre 2027 »:
    a shared year and month are named once."""
    if _is_long_span(values):
        return _span(values)
    return _list(values)


def on_days(values: Sequence[date]) -> str:
    """Return « le jeudi 7 octobre 2027 », « du jeudi 7 au vendredi 8 octobre 2027 », « les jeudi 7
    et mardi 12 octobre 2027 »."""
    if len(values) == 1:
        return f"le {day(values[0])}"
    return _span(values) if _are_consecutive(values) else f"les {_list(values)}"


def of_days(values: Sequence[date]) -> str:
    """Return days after a noun: « du jeudi 7 octobre 2027 », « du jeudi 7 au vendredi 8 octobre
    2027 », « des jeudi 7 et mardi 12 octobre 2027 »."""
    if len(values) == 1:
        return f"du {day(values[0])}"
    return _span(values) if _are_consecutive(values) else f"des {_list(values)}"


def _are_consecutive(values: Sequence[date]) -> bool:
    return all(later - earlier == timedelta(days=1) for earlier, later in pairwise(values))


def _is_long_span(values: Sequence[date]) -> bool:
    return len(values) > 2 and _are_consecutive(values)


def _span(values: Sequence[date]) -> str:
    first, last = _labels((values[0], values[-1]))
    return f"du {first} au {last}"


def _list(values: Sequence[date]) -> str:
    *earlier, last = _labels(values)
    return " et ".join([*filter(None, [", ".join(earlier)]), last])


def _labels(values: Sequence[date]) -> list[str]:
    """Return each day, without the year, or the month and the year, that it shares with the
    last."""
    last = values[-1]
    labels = []
    for value in values[:-1]:
        label = day(value)
        if value.year == last.year:
            label = label.removesuffix(f" {value.year}")
            if all(shown.month == last.month for shown in values):
                label = label.split(NBSP)[0]
        labels.append(label)
    return [*labels, day(last)]


def short_days(values: Sequence[date]) -> str:
    """Return « jeudi 7 et vendredi 8 octobre », without the year: for the days of one fair."""
    return days(values).removesuffix(f" {values[-1].year}")


def hour(value: datetime) -> str:
    """Return « 9 h 30 », « 10 h », at the fair."""
    read = local(value)
    minutes = f"{NBSP}{read.minute:02d}" if read.minute else ""
    return f"{read.hour}{NBSP}h{minutes}"


def day_hour(value: datetime) -> str:
    """Return « 9 h 30 »; « 9 h 30 le jeudi 14 » where the fair has several days."""
    return hour(value) + _on_day(value)


def span(starts_at: datetime, ends_at: datetime) -> str:
    """Return « de 9 h à 10 h »; « de 9 h à 10 h le jeudi 14 » where the fair has several days."""
    return f"de {hour(starts_at)} à {hour(ends_at)}{_on_day(starts_at)}"


def _on_day(value: datetime) -> str:
    if not has_several_days():
        return ""
    return f" le {day(local(value).date()).split(NBSP)[0]}"


def day_of(value: datetime) -> str:
    """Return « vendredi 1er octobre 2021 », the day of an instant at the fair."""
    return day(local(value).date())


def moment(value: datetime) -> str:
    """Return « vendredi 1er octobre 2021, 8 h 45 »"""
    return f"{day(local(value).date())}, {hour(value)}"


def short_moment(value: datetime) -> str:
    """Return « 01/10/2021 à 8 h 45 »"""
    return f"{local(value):%d/%m/%Y} à {hour(value)}"


def time_context(span: Timed) -> dict[str, str]:
    """Return a time as the context of a message: words, and instants (ISO 8601)."""
    return {
        "day": day(local(span.starts_at).date()),
        "from": hour(span.starts_at),
        "to": hour(span.ends_at),
        "starts_at": span.starts_at.isoformat(),
        "ends_at": span.ends_at.isoformat(),
    }


def duration(length: timedelta) -> str:
    """Return « 45 min », « 2 h », « 2 h 05 »."""
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    if not hours:
        return f"{minutes}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{minutes:02d}" if minutes else "")


def hours_of(half_hours: int) -> str:
    """Return a number of half hours as « 30 min », « 7 h 30 », « 0 h »."""
    return duration(timedelta(minutes=30 * half_hours)) if half_hours else f"0{NBSP}h"


def french(figures: str) -> str:
    """Return « -1,234.5 » as « −1 234,5 »: a minus, narrow no-break spaces, a decimal comma."""
    return figures.replace(",", NARROW).replace(".", ",").replace("-", MINUS)


def number(value: int | float) -> str:
    """Return « 126 348 », « 12,5 »."""
    return french(f"{value:,}" if isinstance(value, int) else f"{value:,.1f}")


def metres(value: float) -> str:
    """Return 12.50 → « 12,5 »."""
    return french(f"{value:.2f}".rstrip("0").rstrip("."))


def euros(value: Decimal) -> str:
    """Return « 1 234,50 € », « −12,00 € »; what rounds to zero has no sign."""
    return f"{french(f'{value:z,.2f}')}{NBSP}€"


def percent(value: Decimal) -> str:
    """Return « 20 % », « 5,5 % »."""
    return f"{french(f'{value.normalize():f}')}{NBSP}%"


def weight(value: int) -> str:
    """Return « 340 ko », « 2,3 Mo », « 10,7 Go » of a number of bytes."""
    if value < 1_000_000:
        return f"{number(max(1, round(value / 1_000)))}{NBSP}ko"
    unit, size = ("Go", 1_000_000_000) if value >= 1_000_000_000 else ("Mo", 1_000_000)
    return f"{number(value / size).removesuffix(',0')}{NBSP}{unit}"


def short_day(value: date) -> str:
    """Return « 01/10/2021 »"""
    return f"{value:%d/%m/%Y}"


def plural(count: int, singular: str, many: str = "") -> str:
    """Return « 1 badge », « 2 badges » ; zero is singular in French."""
    word = singular if count < 2 else (many or f"{singular}s")
    return f"{number(count)}{NBSP}{word}"


def on_one_line(text: str) -> str:
    """Return a visitor's text without unprintable characters, blanks made one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def ordinal(text: object) -> object:
    """Return « 3e », « 1er » with their letters raised; anything else as it is."""
    match = ORDINAL.fullmatch(str(text))
    return Markup("{}<sup>{}</sup>").format(*match.groups()) if match else text


def register_formats(app: Flask) -> None:
    for function in (
        *(day, day_of, hour, day_hour, moment, short_moment, short_day, short_days),
        *(duration, hours_of, number, ordinal, plural, metres, euros, percent, weight),
        on_one_line,
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["time_zone"] = lambda: current_zone().key
