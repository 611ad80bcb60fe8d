"""Rules of the booking settings."""

from collections.abc import Mapping

from salon.platform.errors import BadInput

MINUTES = (15, 20, 30, 45)
"""Durations of a theme, in minutes."""
IN_FIVES = ("notice_minutes", "buffer_minutes")
CHANGEABLE = (
    *IN_FIVES,
    "hold_minutes",
    "offer_minutes",
    "per_visitor",
    "per_commune",
)


class NotInFives(BadInput):
    message = "Le délai et la pause se comptent de cinq en cinq minutes."


class UnknownMinutes(BadInput):
    message = "Un rendez-vous dure 15, 20, 30 ou 45 minutes."


def check_in_fives(values: Mapping[str, int]) -> None:
    """The notice and the buffer are multiples of five minutes. Raises NotInFives."""
    if any(values.get(name, 0) % 5 for name in IN_FIVES):
        raise NotInFives


def check_known_minutes(minutes: int) -> None:
    """The duration of a theme is one of MINUTES. Raises UnknownMinutes."""
    if minutes not in MINUTES:
        raise UnknownMinutes
