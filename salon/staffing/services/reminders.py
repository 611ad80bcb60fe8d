"""Remind agents of the shifts of the next day, the evening before; then of each shift a quarter of
an hour before it begins. Once each, and never late.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from salon.fair.models import Edition
from salon.fair.queries import awaited_editions
from salon.platform.database.db import transaction
from salon.platform.database.engagements import engagements_of_agents
from salon.platform.mail.outbox import LAPSES_AT
from salon.platform.settings.clock import in_zone, local, paris
from salon.platform.words.formats import time_context
from salon.staffing.models import Agent, Shift, ShiftStatus
from salon.staffing.queries.published import agents_between, shifts_to_remind
from salon.staffing.services.messages import message_context, post_to_agent, stand_names

EVE_FROM_HOUR = 18
"""The hour (local time) from which the shifts of the next day are recalled."""
SOON = timedelta(minutes=15)


def post_rota_reminders(now: datetime) -> int:
    """Post the reminders due now; return how many. Idempotent."""
    count = 0
    for edition in awaited_editions():
        with in_zone(edition.time_zone):
            count += _remind_of_tomorrow(edition, now) + _remind_of_next(edition, now)
    return count


def _remind_of_tomorrow(edition: Edition, now: datetime) -> int:
    if local(now).hour < EVE_FROM_HOUR:
        return 0
    tomorrow = local(now).date() + timedelta(days=1)
    start = paris(tomorrow, time())
    end = paris(tomorrow + timedelta(days=1), time())
    waiting = [
        agent for agent in agents_between(edition, start, end) if not _was_reminded(agent, tomorrow)
    ]
    names = stand_names(edition) if waiting else {}
    return sum(_post_eve_reminder(agent, tomorrow, start, end, names) for agent in waiting)


def _was_reminded(agent: Agent, day_on: date) -> bool:
    return agent.eve_told_on is not None and agent.eve_told_on >= day_on


def _post_eve_reminder(
    agent: Agent, day_on: date, start: datetime, end: datetime, names: dict[int, str]
) -> bool:
    """Post the message, unless another worker did or the agent has no shift any more."""
    with transaction(agent) as session:
        if _was_reminded(agent, day_on) or agent.removed_at is not None:
            return False
        shifts = session.scalars(
            select(Shift)
            .where(
                Shift.agent_id == agent.id,
                Shift.status == ShiftStatus.PUBLISHED,
                start <= Shift.starts_at,
                Shift.starts_at < end,
            )
            .order_by(Shift.starts_at)
        ).all()
        if not shifts:
            return False
        agent.eve_told_on = day_on
        engagements = engagements_of_agents([agent.id]).get(agent.id, ())
        post_to_agent(
            session,
            "shift_tomorrow",
            agent,
            urgent=False,
            shifts=[message_context(shift, names) for shift in shifts],
            appointments=[
                {**time_context(engagement), "name": engagement.party, "theme": engagement.theme}
                for engagement in engagements
                if start <= engagement.starts_at < end and engagement.is_live and engagement.is_firm
            ],
            **_badge_of(agent),
            **{LAPSES_AT: start.isoformat()},
        )
    return True


def _badge_of(agent: Agent) -> dict[str, object]:
    """Return the registration and the private link of an agent's badge, {} without one."""
    for attendee in agent.attendees:
        for badge in attendee.badges:
            if badge.revoked_at is None:
                return {"attendee_id": attendee.id, "token": badge.private_token}
    return {}


def _remind_of_next(edition: Edition, now: datetime) -> int:
    waiting = shifts_to_remind(edition, now, now + SOON)
    names = stand_names(edition) if waiting else {}
    return sum(_post_soon_reminder(shift, now, names) for shift in waiting)


def _post_soon_reminder(shift: Shift, now: datetime, names: dict[int, str]) -> bool:
    """Post the message, unless another worker did or the shift is no longer to come."""
    with transaction(shift) as session:
        settled = shift.told_at or shift.arrived_at or shift.absent_at
        is_near = now < shift.starts_at <= now + SOON
        if settled or shift.status != ShiftStatus.PUBLISHED or not is_near:
            return False
        agent = shift.agent
        if agent.removed_at is not None:
            return False
        shift.told_at = now
        lapse = {LAPSES_AT: shift.starts_at.isoformat()}
        post_to_agent(session, "shift_soon", agent, shift=message_context(shift, names), **lapse)
    return True
