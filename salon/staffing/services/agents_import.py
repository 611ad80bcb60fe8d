"""Agents come from a spreadsheet: what each line would do is said first; all lines or none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.fair.models import Edition
from salon.platform.db import current_session, transaction
from salon.platform.errors import RuleBroken
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import claim_submission, settle_submission
from salon.staffing.imports.agents import AgentsLine
from salon.staffing.models import Agent
from salon.staffing.queries.agents import agents_of
from salon.staffing.rules import agents_import as rules
from salon.staffing.rules.shifts import AgentOfAnotherBody
from salon.staffing.services.agent_accounts import accounts_of, check_is_an_agent
from salon.staffing.services.agent_facts import Facts, Known, facts_of, known_of
from salon.staffing.services.agents import check_named, put_changed, put_new, raise_if_named
from salon.staffing.services.agents_lines import Names, ReadLine, read_line


class Fate(StrEnum):
    """What an import does with a line."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class Planned:
    """A line, what it would do, the agent it would change and what of them (fields of Facts)."""

    line: ReadLine
    fate: Fate
    agent: Agent | None = None
    changed: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        assert self.line.facts is not None
        return self.line.facts


@dataclass(frozen=True)
class _Ground:
    """What lines are compared with: read once for a whole list."""

    names: Names
    known: Known
    agents: Mapping[str, tuple[Agent, Facts]]
    accounts: Mapping[str, Account]
    body_ids: Collection[int] | None

    @property
    def own_body(self) -> int | None:
        return next(iter(self.body_ids)) if self.body_ids else None


def plan_import(
    edition: Edition, lines: Sequence[AgentsLine], body_ids: Collection[int] | None = None
) -> list[Planned]:
    """What importing these lines would do now; the same address is the same agent.

    `body_ids`: the bodies for which the author names; None for all. A constant number of SELECTs.
    """
    keys = [email_key_of(line.cells.get("email", "")) for line in lines]
    ground = _Ground(
        names=Names.of(edition),
        known=known_of(edition),
        agents={one.email_key: (one, facts_of(one)) for one in agents_of(edition)},
        accounts=accounts_of(current_session(), [key for key in keys if key]),
        body_ids=body_ids,
    )
    first: dict[str, int] = {}
    planned = []
    for line, key in zip(lines, keys, strict=True):
        planned.append(_plan(line, key, first.get(key) if key else None, ground))
        first.setdefault(key, line.number)
    return planned


def _plan(line: AgentsLine, key: str, earlier: int | None, ground: _Ground) -> Planned:
    agent, former = ground.agents.get(key, (None, None))
    read = read_line(line, former, ground.names, ground.own_body)
    refusal = _refusal(read.facts, key, agent, ground) if read.facts else None
    if earlier is not None:
        refusal = rules.LineRepeated(earlier)
    if refusal is not None:
        read = replace(read, facts=None, wrong=(*read.wrong, refusal))
    if read.facts is None:
        return Planned(read, Fate.WRONG, agent)
    if agent is None or former is None:
        return Planned(read, Fate.ADDED)
    changed = _changed(read.facts, former)
    return Planned(read, Fate.CHANGED if changed else Fate.SAME, agent, changed)


def _refusal(facts: Facts, key: str, agent: Agent | None, ground: _Ground) -> RuleBroken | None:
    """The rule that forbids to name this agent so, if any."""
    try:
        if agent is not None and ground.body_ids is not None:
            _check_theirs(agent, ground.body_ids)
        was_coordinator = agent is not None and agent.is_coordinator
        check_named(facts, ground.known, ground.body_ids, was_coordinator)
        if key in ground.accounts:
            check_is_an_agent(ground.accounts[key])
    except RuleBroken as refusal:
        return refusal
    return None


def _check_theirs(agent: Agent, body_ids: Collection[int]) -> None:
    if agent.body_id not in body_ids:
        raise AgentOfAnotherBody


def _changed(facts: Facts, former: Facts) -> tuple[str, ...]:
    """What two do not say the same of, in whatever order they say it."""
    new, old = _in_order(facts), _in_order(former)
    return tuple(
        one.name for one in fields(Facts) if getattr(new, one.name) != getattr(old, one.name)
    )


def _in_order(facts: Facts) -> Facts:
    return replace(
        facts,
        languages=tuple(sorted(facts.languages)),
        needs=tuple(sorted(facts.needs)),
        periods=tuple(sorted(facts.periods, key=lambda one: (one.starts_at, one.ends_at))),
    )


def import_agents(
    edition: Edition,
    lines: Sequence[AgentsLine],
    key: str,
    by: Identity,
    now: datetime,
    body_ids: Collection[int] | None = None,
    tell: bool = True,
) -> tuple[int, int]:
    """Names and changes the agents of a list, all or nothing; answers how many of each.

    The same `key` again has no effect and gives the first answer. Raises ImportRefused when a line
    is wrong, AgentAlreadyNamed, SubmissionDiffers.
    """
    content = {"lines": [dict(one.cells) for one in lines]}
    try:
        with transaction() as session:
            earlier = claim_submission(session, key, content)
            if earlier is not None:
                added, changed = earlier.split("/")
                return int(added), int(changed)
            # Nobody changes an agent between the plan and its writing.
            of_edition = select(Agent.id).where(Agent.edition_id == edition.id)
            session.execute(of_edition.order_by(Agent.id).with_for_update())
            planned = plan_import(edition, lines, body_ids)
            rules.check_all_lines(one.line.number for one in planned if one.fate == Fate.WRONG)
            known = known_of(edition)
            new = [one.facts for one in planned if one.fate == Fate.ADDED]
            put_new(session, edition, new, known, by, now, urgent=False, tell=tell)
            changed_ones = [one for one in planned if one.fate == Fate.CHANGED]
            for one in changed_ones:
                assert one.agent is not None
                put_changed(session, one.agent, one.facts, known, by, now)
            counts = len(new), len(changed_ones)
            write_entry(
                session,
                by,
                "agents.imported",
                f"edition:{edition.id}",
                added=counts[0],
                changed=counts[1],
            )
            settle_submission(session, key, f"{counts[0]}/{counts[1]}")
    except IntegrityError as error:
        raise_if_named(error)
        raise
    return counts
