"""Seasons of an organiser's year: what the menu and the overview show first."""

from datetime import datetime, time, timedelta

from salon.platform.settings.clock import local
from salon.platform.words.labels import LabelledEnum

WEEKS = timedelta(weeks=8)
"""Before the first day: from then on, visitors and the rota come before what is set up."""


class Season(LabelledEnum):
    PREPARING = "preparing", "Préparer le salon"
    WEEKS_BEFORE = "weeks_before", "Les semaines avant"
    DAY = "day", "Le jour du salon"
    AFTER = "after", "Après le salon"


def season_of(starts_at: datetime, is_over: bool, is_coming: bool, at: datetime) -> Season:
    """Return the season at a time; the day of the fair begins on its eve.

    `is_over`: it was held, or is cancelled. `is_coming`: it is public, on days that hold.
    """
    if is_over:
        return Season.AFTER
    if not is_coming or at < starts_at - WEEKS:
        return Season.PREPARING
    eve = local(starts_at).date() - timedelta(days=1)
    is_near = local(at).replace(tzinfo=None) >= datetime.combine(eve, time())
    return Season.DAY if is_near else Season.WEEKS_BEFORE
