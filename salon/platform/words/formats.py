"""French formats: dates, hours, numbers, plurals. Pure functions, also Jinja filters."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from flask import Flask

from salon.platform.settings.clock import Timed, current_zone, local

NBSP = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"
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
    """Return « jeudi 7 et vendredi 8 octobre 2027 »: a shared month is named once."""
    *earlier, last = values
    labels = [day(value) for value in earlier]
    if all((value.year, value.month) == (last.year, last.month) for value in earlier):
        labels = [label.split(NBSP)[0] for label in labels]
    return " et ".join([*filter(None, [", ".join(labels)]), day(last)])


def hour(value: datetime) -> str:
    """Return « 9 h 30 », « 10 h », at the fair."""
    read = local(value)
    minutes = f"{NBSP}{read.minute:02d}" if read.minute else ""
    return f"{read.hour}{NBSP}h{minutes}"


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


def register_formats(app: Flask) -> None:
    for function in (
        *(day, hour, moment, short_moment, short_day),
        *(number, plural, metres, euros, percent, weight, on_one_line),
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["time_zone"] = lambda: current_zone().key
