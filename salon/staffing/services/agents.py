"""Name, change, remove and restore agents."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace

from sqlalchemy.orm import Session

from salon.accounts.queries import email_key_of
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import violation_as
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, settle_submission
from salon.platform.database.versions import check_version
from salon.platform.mail import outbox
from salon.platform.words import formats
from salon.platform.words.people import salutation
from salon.staffing.actions import StaffingAction
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries.agents import coordinators_of, get_removed_agent
from salon.staffing.queries.rota import shifts_of
from salon.staffing.rules import agents as rules
from salon.staffing.rules.shifts import AgentOfAnotherBody, check_own_agent
from salon.staffing.services.agent_accounts import (
    new_calendar_token,
    open_accounts,
    update_account_of,
)
from salon.staffing.services.agent_facts import (
    AllowedValues,
    Facts,
    allowed_values_of,
    check_facts,
    facts_of,
    put_facts,
)
from salon.staffing.services.publication import new_publication, put_published
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import get_or_create_rota


def add_agent(
    act: FairAct, facts: Facts, key: str, body_ids: Collection[int] | None = None
) -> Agent:
    """Name an agent, open their account and notify them.

    `body_ids`: the bodies for which the author names; None for all. Idempotent per `key`: the same
    agent is returned. Raises AgentAlreadyNamed, AgentOfAnotherBody, AddressOfAnExhibitor,
    AccountClosed, and what `check_facts` raises.
    """
    allowed = allowed_values_of(act.edition)
    check_named(facts, allowed, body_ids)
    with named_once(), act.transaction() as session:
        if earlier := earlier_row(session, Agent, key, asdict(facts)):
            return earlier
        (agent,) = create_agents(act, session, [facts], allowed)
        settle_submission(session, key, str(agent.id))
    return agent


def change_agent(
    act: Act, agent: Agent, version: int, facts: Facts, body_ids: Collection[int] | None = None
) -> Agent:
    """Replace the facts of an agent. Raises StaleVersion, and as `add_agent`."""
    allowed = allowed_values_of(agent.edition)
    check_own_agent(agent, body_ids)
    check_named(facts, allowed, body_ids, agent.is_coordinator)
    with named_once(), act.transaction(agent) as session:
        check_version(version, agent.version)
        update_agent(act, session, agent, facts, allowed)
    return agent


def change_wishes(act: Act, agent: Agent, version: int, facts: Facts) -> Sequence[Shift]:
    """Save an agent's own wishes, absences and needs; return the published shifts that no longer
    fit.

    Nothing else is taken from `facts`. The body's coordinators are notified when a published shift
    no longer fits. Raises StaleVersion, and what `check_facts` raises.
    """
    edition = agent.edition
    allowed = allowed_values_of(edition)
    with act.transaction(agent) as session:
        check_version(version, agent.version)
        before = facts_of(agent)
        wished = {stand_id: facts.stands.get(stand_id, False) for stand_id in before.stands}
        changed = replace(
            before,
            stands=wished,
            languages=facts.languages,
            needs=facts.needs,
            needs_note=facts.needs_note,
            periods=facts.periods,
        )
        check_facts(changed, allowed)
        put_facts(agent, changed, allowed)
        agent.version += 1
        write_entry(session, act.actor, StaffingAction.AGENT_WISHES_SAID, f"agent:{agent.id}")
        missed = shifts_not_allowed(changed, shifts_of(edition, ShiftStatus.PUBLISHED, [agent.id]))
        former = shifts_not_allowed(before, missed)
        if len(missed) > len(former):
            _notify_coordinators(session, edition, agent, missed)
    return missed


def shifts_not_allowed(facts: Facts, shifts: Sequence[Shift]) -> list[Shift]:
    absences = [period for period in facts.periods if period.kind == "unavailable"]
    return [
        shift
        for shift in shifts
        if shift.stand_id not in facts.stands
        or (facts.arrives_at is not None and shift.starts_at < facts.arrives_at)
        or (facts.leaves_at is not None and shift.ends_at > facts.leaves_at)
        or any(
            period.starts_at < shift.ends_at and shift.starts_at < period.ends_at
            for period in absences
        )
    ]


def remove_agent(
    act: Act, agent: Agent, version: int, confirmed: bool, body_ids: Collection[int] | None = None
) -> Agent:
    """Remove an agent from the list and free their draft shifts; the account stays.

    `confirmed`: published shifts to come are withdrawn, in a new publication. Raises
    AgentOfAnotherBody, StaleVersion, ShiftsToCome.
    """
    check_own_agent(agent, body_ids)
    edition = agent.edition
    rota = get_or_create_rota(edition)
    with act.transaction(rota, agent) as session:
        check_version(version, agent.version)
        shifts = shifts_of(edition, ShiftStatus.PUBLISHED, [agent.id])
        past_shifts = [shift for shift in shifts if shift.ends_at <= act.now]
        to_come = len(shifts) - len(past_shifts)
        rules.check_may_go(agent.polite_name, to_come, confirmed)
        put_row(act, session, agent, [], ShiftOrigin.BY_HAND)
        if to_come:
            note = f"{agent.polite_name} n’est plus agent du village"
            publication = new_publication(FairAct.of(act, edition), session, note)
            put_published(session, publication, agent, past_shifts, None)
        agent.removed_at = act.now
        agent.version += 1
        write_entry(
            session, act.actor, StaffingAction.AGENT_REMOVED, f"agent:{agent.id}", withdrawn=to_come
        )
    return agent


def restore_agent(act: FairAct, agent_id: int, body_ids: Collection[int] | None = None) -> Agent:
    """Put a removed agent on the list again; the shifts that were freed stay free. Idempotent.

    Raises NoResultFound, AgentOfAnotherBody, AgentAlreadyNamed.
    """
    agent = get_removed_agent(act.edition, agent_id)
    check_own_agent(agent, body_ids)
    with named_once(), act.transaction(get_or_create_rota(act.edition), agent) as session:
        if agent.removed_at is None:
            return agent
        agent.removed_at = None
        agent.version += 1
        session.flush()
        write_entry(session, act.actor, StaffingAction.AGENT_RESTORED, f"agent:{agent.id}")
    return agent


def check_named(
    facts: Facts,
    allowed: AllowedValues,
    body_ids: Collection[int] | None,
    was_coordinator: bool = False,
) -> None:
    """Check that the author may name this agent. Raises AgentOfAnotherBody, and as
    `check_facts`.
    """
    check_facts(facts, allowed)
    if body_ids is not None and facts.body_id not in body_ids:
        raise AgentOfAnotherBody
    rules.check_coordinator(was_coordinator, facts.is_coordinator, body_ids)


def create_agents(
    act: Act,
    session: Session,
    agent_facts: Sequence[Facts],
    allowed: AllowedValues,
    urgent: bool | None = True,
) -> list[Agent]:
    """Create agents with their account, inside the caller's transaction.

    `urgent`: whether their messages are; None: they are not notified.
    """
    opened_accounts = open_accounts(
        act, session, {facts.email: facts.full_name for facts in agent_facts}
    )
    agents = []
    for facts in agent_facts:
        agent = Agent(
            edition_id=allowed.edition_id,
            account_id=opened_accounts[email_key_of(facts.email)],
            calendar_token=new_calendar_token(),
            created_at=act.now,
            themes=[],
            places=[],
            periods=[],
        )
        put_facts(agent, facts, allowed)
        agents.append(agent)
    session.add_all(agents)
    session.flush()
    for agent in agents:
        write_entry(
            session, act.actor, StaffingAction.AGENT_NAMED, f"agent:{agent.id}", body=agent.body_id
        )
        if urgent is not None:
            notify_named_agent(act, session, agent, allowed, urgent)
    return agents


def update_agent(
    act: Act, session: Session, agent: Agent, facts: Facts, allowed: AllowedValues
) -> None:
    """Write the facts to an agent locked by the caller; notify a new address."""
    moved = email_key_of(facts.email) != agent.email_key
    renamed = facts.full_name != agent.full_name
    put_facts(agent, facts, allowed)
    agent.version += 1
    session.flush()
    if moved or renamed or agent.account_id is None:
        update_account_of(act, session, agent)
    write_entry(session, act.actor, StaffingAction.AGENT_CHANGED, f"agent:{agent.id}", moved=moved)
    if moved:
        notify_named_agent(act, session, agent, allowed)


def notify_named_agent(
    act: Act, session: Session, agent: Agent, allowed: AllowedValues, urgent: bool = True
) -> None:
    """Post to the agent the name of their author, their body, and how to sign in."""
    outbox.post(
        session,
        "agent_named",
        agent.email,
        about=f"agent:{agent.id}",
        urgent=urgent,
        salutation=salutation(agent.civility),
        body=allowed.bodies[agent.body_id],
        named_by=act.actor.display_name,
        is_coordinator=agent.is_coordinator,
    )


def _notify_coordinators(
    session: Session, edition: Edition, agent: Agent, missed: Sequence[Shift]
) -> None:
    for coordinator in coordinators_of(edition, agent.body_id):
        if coordinator.id == agent.id:
            continue
        outbox.post(
            session,
            "agent_wishes",
            coordinator.email,
            about=f"agent:{agent.id}",
            first_name=coordinator.first_name,
            agent=agent.polite_name,
            agent_id=agent.id,
            shifts=[
                f"{formats.moment(shift.starts_at)} – {formats.hour(shift.ends_at)}"
                for shift in missed
            ],
        )


def named_once() -> AbstractContextManager[None]:
    """Raise AgentAlreadyNamed for an address that an agent of the edition has."""
    columns = "agents.edition_id", "agents.email_key"
    return violation_as(rules.AgentAlreadyNamed, "uq_agents_email", *columns)


def refuse_agent_of_another_body(agent: Agent, body_ids: Collection[int] | None) -> None:
    """Raise AgentOfAnotherBody unless the agent is of one of these bodies; None: of any."""
    check_own_agent(agent, body_ids)
