"""Rules of the booking settings."""

from collections.abc import Mapping

from salon.platform.errors import BadInput, RuleBroken

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


class SettingsChanged(RuleBroken):
    message = (
        "Quelqu’un d’autre vient de modifier ces réglages. Les voici à jour\u00a0: "
        "refaites vos changements s’ils tiennent toujours."
    )


class NotInFives(BadInput):
    message = "Le délai et la pause se comptent de cinq en cinq minutes."


class UnknownMinutes(BadInput):
    message = "Un rendez-vous dure 15, 20, 30 ou 45 minutes."


def check_settings_version(read: int, current: int) -> None:
    """The optimistic lock holds: nobody changed the settings since they were read.

    Raises SettingsChanged.
    """
    if read != current:
        raise SettingsChanged


def check_in_fives(values: Mapping[str, int]) -> None:
    """The notice and the buffer are multiples of five minutes. Raises NotInFives."""
    if any(values.get(name, 0) % 5 for name in IN_FIVES):
        raise NotInFives


def check_known_minutes(minutes: int) -> None:
    """The duration of a theme is one of MINUTES. Raises UnknownMinutes."""
    if minutes not in MINUTES:
        raise UnknownMinutes
