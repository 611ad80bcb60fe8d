"""What agents have promised to be at during their shifts: the appointments at stake."""

from collections.abc import Sequence
from datetime import datetime

from salon.platform.engagements import Engagement, engagements_of_agents
from salon.platform.formats import hour, plural
from salon.staffing.engine.shift_changes import Placed
from salon.staffing.models import Shift


def promised_in(shifts: Sequence[Shift], now: datetime) -> dict[int, int]:
    """How many appointments to come each shift holds, by shift; only those that hold some."""
    if not shifts:
        return {}
    found = engagements_of_agents({one.agent_id for one in shifts})
    counts = {
        shift.id: sum(
            one.is_live
            and one.is_firm
            and one.ends_at > now
            and one.stand_id == shift.stand_id
            and shift.starts_at <= one.starts_at < shift.ends_at
            for one in found.get(shift.agent_id, ())
        )
        for shift in shifts
    }
    return {shift_id: count for shift_id, count in counts.items() if count}


def lost_words(count: int) -> str:
    """« 2 rendez-vous n’ont plus d’agent », empty for none."""
    if not count:
        return ""
    verb = "n’a" if count == 1 else "n’ont"
    return f"{plural(count, 'rendez-vous', 'rendez-vous')} {verb} plus d’agent"


def is_held(engagement: Engagement, shifts: Sequence[Placed]) -> bool:
    """Whether shifts that follow one another on its stand hold all of an engagement."""
    at = engagement.starts_at
    for one in sorted(shifts, key=lambda one: one.starts_at):
        if one.stand_id == engagement.stand_id and one.starts_at <= at < one.ends_at:
            at = one.ends_at
    return at >= engagement.ends_at


def orphan_words(promised: Sequence[Engagement], shifts: Sequence[Placed]) -> list[str]:
    """« Un rendez-vous à 10 h 20 perd son agent » for each that these shifts do not hold."""
    return [
        f"Un rendez-vous à {hour(one.starts_at)} perd son agent"
        for one in promised
        if one.is_live and one.is_firm and not one.is_over and not is_held(one, shifts)
    ]
