"""The terms proposed for a fair that has none, from its dates."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

DAY = timedelta(days=1)
APPLICATIONS_END = timedelta(days=60)
"""Before the fair."""
ANSWERS_TAKE = timedelta(days=14)
OPENS, CLOSES = time(0), time(18)


def first_terms(today: date, opens_on: date, organiser: str) -> Mapping[str, object]:
    """Return proposed values; the applications of a fair that is near close two days before it."""
    closes_on = max(opens_on - APPLICATIONS_END, min(today + ANSWERS_TAKE, opens_on - 2 * DAY))
    return {
        "version": 0,
        "applications_open_at": datetime.combine(today, OPENS),
        "applications_close_at": datetime.combine(closes_on, CLOSES),
        "answer_by_on": min(closes_on + ANSWERS_TAKE, opens_on - DAY),
        "minimum_area": 6,
        "maximum_area": 54,
        "offer_days": 7,
        "payment_days": 30,
        "badges_base": 2,
        "badges_base_area": 9,
        "badges_area_step": 9,
        "seller_name": organiser,
    }
