"""Rules of an organiser's decision on an application."""

from datetime import datetime, time, timedelta

from salon.platform.settings.clock import local, paris
from salon.platform.words.errors import BadInput, RuleBroken

LONGEST_OFFER_DAYS = 60
LAST_MINUTE = time(23, 59)


class OfferDelayOutOfBounds(BadInput):
    message = f"Donnez de 1 à {LONGEST_OFFER_DAYS} jours pour répondre."


class AreaContradictsPlace(RuleBroken):
    """The area would make a pavilion of an exhibitor that has a place, or the reverse."""


def check_area_fits_place(area: int, stand: str, is_member: bool, members: int) -> None:
    """A pavilion (0 m²) has no stand and is in no pavilion; nothing else has members.

    `stand`: « stand 12 », "" without. Raises AreaContradictsPlace.
    """
    if area == 0 and stand:
        raise AreaContradictsPlace(
            f"Un pavillon (0\u00a0m²) n’a pas de stand à lui\u00a0: libérez d’abord le {stand}."
        )
    if area == 0 and is_member:
        raise AreaContradictsPlace(
            "Un pavillon (0\u00a0m²) n’est pas dans un autre\u00a0: retirez-le d’abord du sien."
        )
    if area > 0 and members:
        raise AreaContradictsPlace(
            "Des exposants sont membres de ce pavillon\u00a0: retirez-les-en d’abord."
        )


def offer_end(now: datetime, days: int) -> datetime:
    """Return the last minute of the day, `days` days from now. Raises OfferDelayOutOfBounds."""
    if not 1 <= days <= LONGEST_OFFER_DAYS:
        raise OfferDelayOutOfBounds
    return paris(local(now).date() + timedelta(days=days), LAST_MINUTE)
