"""Bodies name their agents, say what they can do and when, and take them off the list."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.accounts.queries import email_key_of
from salon.fair.models import Edition
from salon.platform import formats
from salon.platform.db import transaction, violates
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.submissions import claim_submission, settle_submission
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries.agents import coordinators_of, get_agent, get_removed_agent
from salon.staffing.queries.rota import shifts_of
from salon.staffing.rules import agents as rules
from salon.staffing.rules.shifts import AgentOfAnotherBody, check_own_agent
from salon.staffing.services.agent_accounts import follow_agent, open_accounts
from salon.staffing.services.agent_facts import (
    Facts,
    Known,
    check_facts,
    facts_of,
    known_of,
    put_facts,
)
from salon.staffing.services.publication import new_publication, put_published
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import keep_rota

SALUTATIONS = {"madame": "Madame", "monsieur": "Monsieur"}


def add_agent(
    edition: Edition,
    facts: Facts,
    key: str,
    by: Identity,
    now: datetime,
    body_ids: Collection[int] | None = None,
) -> Agent:
    """Names an agent, opens the account to sign in with, and tells them.

    `body_ids`: the bodies for which the author names; None for all. The same `key` again has no
    effect and gives the same agent. Raises AgentAlreadyNamed, AgentOfAnotherBody,
    AddressOfAnExhibitor, AccountClosed, and what `check_facts` raises.
    """
    known = known_of(edition)
    check_named(facts, known, body_ids)
    try:
        with transaction() as session:
            earlier = claim_submission(session, key, asdict(facts))
            if earlier is not None:
                return session.get_one(Agent, int(earlier))
            (agent,) = put_new(session, edition, [facts], known, by, now)
            settle_submission(session, key, str(agent.id))
    except IntegrityError as error:
        raise_if_named(error)
        raise
    return agent


def change_agent(
    edition: Edition,
    agent_id: int,
    version: int,
    facts: Facts,
    by: Identity,
    now: datetime,
    body_ids: Collection[int] | None = None,
) -> Agent:
    """Says otherwise of an agent. Raises NoResultFound, AgentChanged, and as `add_agent`."""
    agent, known = get_agent(edition, agent_id), known_of(edition)
    check_own_agent(agent, body_ids)
    check_named(facts, known, body_ids, agent.is_coordinator)
    try:
        with transaction(agent) as session:
            rules.check_agent_version(version, agent.version)
            put_changed(session, agent, facts, known, by, now)
    except IntegrityError as error:
        raise_if_named(error)
        raise
    return agent


def change_wishes(agent: Agent, version: int, facts: Facts, by: Identity) -> Sequence[Shift]:
    """An agent says their own wishes, absences and needs; answers the published shifts to look at.

    Only these are taken from `facts`. The coordinators of the body are told when a published shift
    no longer fits. Raises AgentChanged, and what `check_facts` raises.
    """
    edition = agent.edition
    known = known_of(edition)
    with transaction(agent) as session:
        rules.check_agent_version(version, agent.version)
        before = facts_of(agent)
        wished = {one: facts.stands.get(one, False) for one in before.stands}
        said = replace(
            before,
            stands=wished,
            languages=facts.languages,
            needs=facts.needs,
            needs_note=facts.needs_note,
            periods=facts.periods,
        )
        check_facts(said, known)
        put_facts(agent, said, known)
        agent.version += 1
        write_entry(session, by, "agent.wishes_said", f"agent:{agent.id}")
        missed = broken_by(said, shifts_of(edition, ShiftStatus.PUBLISHED, [agent.id]))
        former = broken_by(before, missed)
        if len(missed) > len(former):
            _tell_coordinators(session, edition, agent, missed)
    return missed


def broken_by(facts: Facts, shifts: Sequence[Shift]) -> list[Shift]:
    """The shifts that what is said of an agent no longer allows."""
    away = [one for one in facts.periods if one.kind == "unavailable"]
    return [
        shift
        for shift in shifts
        if shift.stand_id not in facts.stands
        or (facts.arrives_at is not None and shift.starts_at < facts.arrives_at)
        or (facts.leaves_at is not None and shift.ends_at > facts.leaves_at)
        or any(one.starts_at < shift.ends_at and shift.starts_at < one.ends_at for one in away)
    ]


def remove_agent(
    edition: Edition,
    agent_id: int,
    version: int,
    confirmed: bool,
    by: Identity,
    now: datetime,
    body_ids: Collection[int] | None = None,
) -> Agent:
    """Takes an agent off the list: the draft is freed; the account stays.

    `confirmed`: published shifts to come are withdrawn, in a new publication. Raises
    NoResultFound, AgentOfAnotherBody, AgentChanged, ShiftsToCome.
    """
    agent = get_agent(edition, agent_id)
    check_own_agent(agent, body_ids)
    rota = keep_rota(edition)
    with transaction(rota, agent) as session:
        rules.check_agent_version(version, agent.version)
        held = shifts_of(edition, ShiftStatus.PUBLISHED, [agent.id])
        past = [one for one in held if one.ends_at <= now]
        to_come = len(held) - len(past)
        rules.check_may_go(agent.polite_name, to_come, confirmed)
        put_row(session, agent, [], ShiftOrigin.BY_HAND, by)
        if to_come:
            note = f"{agent.polite_name} n’est plus agent du village"
            publication = new_publication(session, edition, note, by, now)
            put_published(session, publication, agent, past, None, edition)
        agent.removed_at = now
        agent.version += 1
        write_entry(session, by, "agent.removed", f"agent:{agent.id}", withdrawn=to_come)
    return agent


def restore_agent(
    edition: Edition, agent_id: int, by: Identity, body_ids: Collection[int] | None = None
) -> Agent:
    """Put a removed agent on the list again; the shifts that were freed stay free. Idempotent.

    Raises NoResultFound, AgentOfAnotherBody, AgentAlreadyNamed.
    """
    agent = get_removed_agent(edition, agent_id)
    check_own_agent(agent, body_ids)
    try:
        with transaction(keep_rota(edition), agent) as session:
            if agent.removed_at is None:
                return agent
            agent.removed_at = None
            agent.version += 1
            session.flush()
            write_entry(session, by, "agent.restored", f"agent:{agent.id}")
    except IntegrityError as error:
        raise_if_named(error)
        raise
    return agent


def check_named(
    facts: Facts, known: Known, body_ids: Collection[int] | None, was_coordinator: bool = False
) -> None:
    """The author may name such an agent. Raises AgentOfAnotherBody, and as `check_facts`."""
    check_facts(facts, known)
    if body_ids is not None and facts.body_id not in body_ids:
        raise AgentOfAnotherBody
    rules.check_coordinator(was_coordinator, facts.is_coordinator, body_ids)


def put_new(
    session: Session,
    edition: Edition,
    named: Sequence[Facts],
    known: Known,
    by: Identity,
    now: datetime,
    urgent: bool = True,
    tell: bool = True,
) -> list[Agent]:
    """New agents with their account, each told, inside the caller's transaction."""
    opened = open_accounts(session, {one.email: one.full_name for one in named}, by, now)
    agents = []
    for facts in named:
        agent = Agent(
            edition_id=edition.id,
            account_id=opened[email_key_of(facts.email)],
            calendar_token=secrets.token_urlsafe(24),
            created_at=now,
            themes=[],
            places=[],
            periods=[],
        )
        put_facts(agent, facts, known)
        agents.append(agent)
    session.add_all(agents)
    session.flush()
    for agent in agents:
        write_entry(session, by, "agent.named", f"agent:{agent.id}", body=agent.body_id)
        if tell:
            tell_agent(session, agent, known, by, urgent)
    return agents


def put_changed(
    session: Session, agent: Agent, facts: Facts, known: Known, by: Identity, now: datetime
) -> None:
    """An agent, whose row the caller locked, becomes what is said; a new address is told."""
    moved = email_key_of(facts.email) != agent.email_key
    renamed = facts.full_name != agent.full_name
    put_facts(agent, facts, known)
    agent.version += 1
    session.flush()
    if moved or renamed or agent.account_id is None:
        follow_agent(session, agent, by, now)
    write_entry(session, by, "agent.changed", f"agent:{agent.id}", moved=moved)
    if moved:
        tell_agent(session, agent, known, by)


def tell_agent(
    session: Session, agent: Agent, known: Known, by: Identity, urgent: bool = True
) -> None:
    """Posts who named the agent, for which body, and how to sign in."""
    outbox.post(
        session,
        "agent_named",
        agent.email,
        about=f"agent:{agent.id}",
        urgent=urgent,
        salutation=SALUTATIONS.get(agent.civility, "Bonjour"),
        body=known.bodies[agent.body_id],
        named_by=by.display_name,
        is_coordinator=agent.is_coordinator,
    )


def _tell_coordinators(
    session: Session, edition: Edition, agent: Agent, missed: Sequence[Shift]
) -> None:
    for one in coordinators_of(edition, agent.body_id):
        if one.id == agent.id:
            continue
        outbox.post(
            session,
            "agent_wishes",
            one.email,
            about=f"agent:{agent.id}",
            first_name=one.first_name,
            agent=agent.polite_name,
            agent_id=agent.id,
            shifts=[
                f"{formats.moment(it.starts_at)} – {formats.hour(it.ends_at)}" for it in missed
            ],
        )


def raise_if_named(error: IntegrityError) -> None:
    """Says a broken constraint as the rule that it breaks. Raises AgentAlreadyNamed."""
    if violates(error, "uq_agents_email", "agents.edition_id", "agents.email_key"):
        raise rules.AgentAlreadyNamed from None
