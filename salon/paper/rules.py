"""Rules of typing paper back."""

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta

from salon.platform.settings.clock import local, paris
from salon.platform.words import formats
from salon.platform.words.errors import RuleBroken

MOST_CODES = 200
"""Most codes typed or pasted at once."""

STILL_TRUSTED = timedelta(hours=12)
"""Paper is typed back within this time; an older hour is taken for a misreading."""

AHEAD = timedelta(minutes=2)
NIGHT_UNTIL = time(6)
"""Before it, an hour of the evening is yesterday's."""

HOUR = re.compile(r"([01]?[0-9]|2[0-3])(?:\s*[:hH]\s*|\s+)?([0-5][0-9])?", re.ASCII)


class NothingTyped(RuleBroken):
    status = 400
    message = "Tapez un code, ou cochez au moins une ligne."


class TooManyCodes(RuleBroken):
    status = 400
    message = f"Au plus {MOST_CODES} codes à la fois\u00a0: faites plusieurs envois."


class HourToCome(RuleBroken):
    status = 400
    message = "Cette heure n’est pas encore passée\u00a0: relisez l’heure du pointage."


class HourTooOld(RuleBroken):
    status = 400

    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"{formats.moment(at)[:1].upper()}{formats.moment(at)[1:]}, c’est il y a plus de douze "
            "heures\u00a0: relisez l’heure du pointage."
        )


class UnknownDoor(RuleBroken):
    status = 400
    message = "Cette porte n’existe pas\u00a0: choisissez-la dans la liste."


def hour_in(text: str) -> time | None:
    """Return « 09:15 », « 9 h 15 », « 9h », « 915 » as a wall-clock time; None for another text."""
    words = text.replace("\u00a0", " ").replace("\u202f", " ").strip()
    match = HOUR.fullmatch(words)
    return time(int(match[1]), int(match[2] or 0)) if match else None


def quarter_of(now: datetime) -> time:
    """Return the current quarter of an hour, on a clock of the fair."""
    read = local(now)
    return time(read.hour, read.minute - read.minute % 15)


def moment_of(hour: time, now: datetime) -> datetime:
    """Return the instant of an hour written on paper. Raises HourToCome, HourTooOld."""
    today = local(now).date()
    at = paris(today, hour)
    if at > now + AHEAD and local(now).time() < NIGHT_UNTIL:
        at = paris(today - timedelta(days=1), hour)
    if at > now + AHEAD:
        raise HourToCome
    if at < now - STILL_TRUSTED:
        raise HourTooOld(at)
    return at


def check_codes(count: int) -> None:
    """Raise NothingTyped or TooManyCodes unless the count is within bounds."""
    if not count:
        raise NothingTyped
    if count > MOST_CODES:
        raise TooManyCodes


def check_door(door: str, door_codes: Collection[str]) -> None:
    """Raise UnknownDoor unless the edition has this door."""
    if door not in door_codes:
        raise UnknownDoor
