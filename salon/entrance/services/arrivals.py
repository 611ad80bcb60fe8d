"""Check-in of an agent by a badge read at a stand of the village."""

from dataclasses import dataclass
from enum import StrEnum

from salon.badges.models import AttendeeStatus
from salon.badges.queries import find_scanned_badge
from salon.fair.models import PartnerBody
from salon.fair.services.acts import FairAct
from salon.staffing.models import Agent, Shift
from salon.staffing.queries.agents import find_agent
from salon.village_day.engine import Where, expected_at
from salon.village_day.queries.day import shifts_today
from salon.village_day.services.day import note_arrival


class Answer(StrEnum):
    """Answer to the person at the stand."""

    ARRIVED = "arrived"
    ALREADY = "already"
    LATER_HERE = "later_here"
    ELSEWHERE = "elsewhere"
    OVER = "over"
    NOT_TODAY = "not_today"
    REVOKED = "revoked"
    NOT_AN_AGENT = "not_an_agent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CheckIn:
    """Result of a reading; `shift`: the shift concerned, if any."""

    answer: Answer
    agent: Agent | None = None
    shift: Shift | None = None


def check_in(act: FairAct, body: PartnerBody, reading: str) -> CheckIn:
    """Record the arrival of an agent expected at the stand of a body. Idempotent.

    `reading`: a QR, or the first eight characters of the code.
    """
    badge = find_scanned_badge(act.edition, reading)
    if badge is None:
        return CheckIn(Answer.UNKNOWN)
    holder = badge.attendee
    agent = find_agent(holder.agent_id) if holder.agent_id is not None else None
    if agent is None:
        return CheckIn(Answer.NOT_AN_AGENT)
    if not badge.is_valid or holder.status != AttendeeStatus.REGISTERED:
        return CheckIn(Answer.REVOKED, agent)
    expected = expected_at(body.stand_id, shifts_today(act.edition, agent.id, act.now), act.now)
    if expected.where != Where.HERE or expected.shift is None:
        return CheckIn(Answer(expected.where.value), agent, expected.shift)
    has_arrived = expected.shift.arrived_at is not None and expected.shift.absent_at is None
    shift = note_arrival(act, expected.shift.id, "badge")
    return CheckIn(Answer.ALREADY if has_arrived else Answer.ARRIVED, agent, shift)
