"""Present the appointments of agents at stake in their shifts."""

from collections.abc import Sequence
from datetime import datetime

from salon.platform.database.engagements import Engagement, engagements_of_agents
from salon.platform.words.formats import day_hour
from salon.staffing.engine.shift_changes import Placed
from salon.staffing.models import Shift


def promised_in(shifts: Sequence[Shift], now: datetime) -> dict[int, int]:
    """Return how many appointments to come each shift holds, by shift; shifts without any are left
    out.
    """
    if not shifts:
        return {}
    engagements = engagements_of_agents({shift.agent_id for shift in shifts})
    counts = {
        shift.id: sum(
            engagement.is_live
            and engagement.is_firm
            and engagement.ends_at > now
            and engagement.stand_id == shift.stand_id
            and shift.starts_at <= engagement.starts_at < shift.ends_at
            for engagement in engagements.get(shift.agent_id, ())
        )
        for shift in shifts
    }
    return {shift_id: count for shift_id, count in counts.items() if count}


def is_held(engagement: Engagement, shifts: Sequence[Placed]) -> bool:
    """Return whether consecutive shifts on its stand hold all of an engagement."""
    at = engagement.starts_at
    for shift in sorted(shifts, key=lambda shift: shift.starts_at):
        if shift.stand_id == engagement.stand_id and shift.starts_at <= at < shift.ends_at:
            at = shift.ends_at
    return at >= engagement.ends_at


def orphan_words(promised: Sequence[Engagement], shifts: Sequence[Placed]) -> list[str]:
    """Return « Un rendez-vous à 10 h 20 perd son agent » for each that these shifts do not hold."""
    return [
        f"Un rendez-vous à {day_hour(engagement.starts_at)} perd son agent"
        for engagement in promised
        if engagement.is_live
        and engagement.is_firm
        and not engagement.is_over
        and not is_held(engagement, shifts)
    ]
