"""Rules of an organiser's decision on an application."""

from datetime import datetime, time, timedelta

from salon.platform.clock import local, paris
from salon.platform.errors import BadInput

LONGEST_OFFER_DAYS = 60
LAST_MINUTE = time(23, 59)


class OfferDelayOutOfBounds(BadInput):
    message = f"Donnez de 1 à {LONGEST_OFFER_DAYS} jours pour répondre."


def offer_end(now: datetime, days: int) -> datetime:
    """Return the last minute of the day, `days` days from now. Raises OfferDelayOutOfBounds."""
    if not 1 <= days <= LONGEST_OFFER_DAYS:
        raise OfferDelayOutOfBounds
    return paris(local(now).date() + timedelta(days=days), LAST_MINUTE)
