"""Badges of the village's agents, kept in line with the rota."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.badges import queries
from salon.badges.actions import BadgeAction
from salon.badges.engine.matching import Affiliation, email_key, name_key
from salon.badges.models import MERGED, Attendee, AttendeeStatus, Badge, Category
from salon.badges.models.labels import Function, Need
from salon.badges.services.changes import cancel_in, revoke_valid
from salon.badges.services.person import Person
from salon.badges.services.registration import add_attendee, new_group
from salon.badges.services.restoring import make_valid
from salon.badges.services.telling import notify_person
from salon.fair.models import Edition, EditionState
from salon.fair.queries import live_editions
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import Values
from salon.staffing.models import Agent, AgentNeed, MergedAgent

NEEDS = {
    AgentNeed.SEAT: Need.SEAT,
    AgentNeed.HEARING: Need.HEARING_LOOP,
    AgentNeed.PARKING: Need.PARKING,
    AgentNeed.STEP_FREE: Need.OTHER,
}


def update_agent_badges(now: datetime) -> int:
    """Bring the badges of the agents of every live edition in line; return how many changed
    (worker).

    Each agent without badge gets one (the former badge after a removal undone), each corrected
    agent has its badge corrected, each removed agent has its badge cancelled. Begins when the
    edition is open, stops at the end of the fair. Idempotent, also with two workers at once.
    """
    return sum(_update_badges(edition, now) for edition in live_editions())


def _update_badges(edition: Edition, now: datetime) -> int:
    if now >= edition.ends_at or edition.state == EditionState.DRAFT:
        return 0
    changed_count = 0
    for agent, attendee in queries.agents_with_badge(edition):
        if attendee is None:
            changed_count += _give(agent, now)
        elif agent.removed_at is not None:
            changed_count += _cancel(agent, attendee, now)
        elif _differences(attendee, facts_of(agent)):
            changed_count += _follow(agent, attendee)
    return changed_count


def facts_of(agent: Agent) -> Values:
    """Return the values of an agent's badge, by the names of an attendee's fields."""
    step_free = AgentNeed.STEP_FREE.label if AgentNeed.STEP_FREE in agent.needs else ""
    return {
        "civility": agent.civility,
        "first_name": agent.first_name,
        "last_name": agent.last_name,
        "function": Function.OTHER if agent.function else Function.OFFICER,
        "function_other": agent.function,
        "organisation": agent.body.name,
        "email": agent.email,
        "phone": agent.phone,
        "needs": [NEEDS[AgentNeed(need)] for need in agent.needs if need in set(AgentNeed)],
        "needs_note": ". ".join(note for note in (step_free, agent.needs_note) if note),
    }


def _give(agent: Agent, now: datetime) -> int:
    with transaction(agent) as session:
        if agent.removed_at is not None:
            return 0
        former = queries.find_badge_of_removed_agent(agent.id)
        if former is not None:
            former.attendee.status = AttendeeStatus.REGISTERED
            session.flush()
            make_valid(Act(SYSTEM), session, former)
            notify_person(session, "agent_badge", former.attendee, body=agent.body.name)
            return 1
        facts = dict(facts_of(agent))
        place = Affiliation(facts.pop("organisation"))
        person = Person(**facts, place=place, category=Category.AGENT, agent_id=agent.id)
        group = new_group(session, agent.edition_id, agent.email, now)
        attendee, is_new = add_attendee(Act(SYSTEM, now), session, group, person)
        if not is_new:
            session.delete(group)
            return 0
        notify_person(session, "agent_badge", attendee, body=agent.body.name)
    return 1


def _follow(agent: Agent, attendee: Attendee) -> int:
    with transaction(agent, attendee) as session:
        facts = dict(facts_of(agent))
        fields = _differences(attendee, facts)
        if attendee.status != AttendeeStatus.REGISTERED or not fields:
            return 0
        former = attendee.email
        for name in fields:
            setattr(attendee, name, facts[name])
        attendee.email_key = email_key(attendee.email)
        attendee.name_key = name_key(attendee.first_name, attendee.last_name)
        subject = f"attendee:{attendee.id}"
        write_entry(session, SYSTEM, BadgeAction.ATTENDEE_CHANGED, subject, fields=fields)
        if "email" in fields:
            notify_person(session, "agent_badge", attendee, body=agent.body.name)
            notify_person(session, "address_changed", attendee, recipient=former)
    return 1


def _cancel(agent: Agent, attendee: Attendee, now: datetime) -> int:
    """Cancel the badge of a removed agent; that of one who was merged leads to the badge of the
    kept one, given first."""
    merge = current_session().get(MergedAgent, agent.id, populate_existing=True)
    kept = queries.find_attendee_of_agent(merge.kept_id) if merge is not None else None
    if merge is not None and kept is None and merge.kept.removed_at is None:
        return 0
    with transaction(*filter(None, (agent, attendee, kept))) as session:
        if agent.removed_at is None or attendee.status != AttendeeStatus.REGISTERED:
            return 0
        badge = queries.find_valid_badge(kept.id) if kept is not None else None
        if merge is None or kept is None or badge is None:
            return int(cancel_in(Act(SYSTEM, now), session, attendee))
        former_badge = revoke_valid(Act(SYSTEM, now), session, attendee, MERGED)
        attendee.status, attendee.replaced_by_id = AttendeeStatus.REPLACED, kept.id
        if former_badge is not None:
            former_badge.attendee_id = kept.id
            merge.gained = {**merge.gained, "badge": former_badge.id}
        subject = f"attendee:{attendee.id}"
        write_entry(session, SYSTEM, BadgeAction.ATTENDEE_MERGED, subject, by_attendee=kept.id)
        words = {"number": queries.short_code(badge.code), "is_agent": True}
        notify_person(session, "merged", kept, recipient=attendee.email, **words)
    return 1


def release_badge(session: Session, agent_id: int, badge_id: int) -> None:
    """Make the badge of an agent who was merged that of a removed agent again, inside the caller's
    transaction, which restores the agent: the worker then makes it valid."""
    former = select(Attendee).where(
        Attendee.agent_id == agent_id, Attendee.status == AttendeeStatus.REPLACED
    )
    attendee, badge = session.scalar(former), session.get(Badge, badge_id)
    if attendee is not None and badge is not None and badge.is_merged:
        attendee.status, attendee.replaced_by_id = AttendeeStatus.CANCELLED, None
        badge.attendee_id, badge.revoked_reason = attendee.id, queries.CANCELLED


def _differences(attendee: Attendee, facts: Values) -> list[str]:
    return [name for name, value in facts.items() if getattr(attendee, name) != value]
