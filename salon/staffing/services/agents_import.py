"""Import agents from a spreadsheet: preview each line, then write all lines or none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from sqlalchemy import select

from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.documents.spreadsheets.reader import SheetLine
from salon.platform.words.errors import RuleBroken
from salon.platform.words.likeness import Identity as Person
from salon.platform.words.likeness import resembling
from salon.staffing.actions import StaffingAction
from salon.staffing.imports.agents import OTHER_AGENT, SAME_AGENT
from salon.staffing.models import Agent
from salon.staffing.queries.agents import agents_of
from salon.staffing.rules import agents_import as rules
from salon.staffing.rules.shifts import check_own_agent
from salon.staffing.services.agent_accounts import accounts_of, check_is_an_agent
from salon.staffing.services.agent_facts import AllowedValues, Facts, allowed_values_of, facts_of
from salon.staffing.services.agents import check_named, create_agents, named_once, update_agent
from salon.staffing.services.agents_lines import Names, ReadLine, read_line


class LineEffect(StrEnum):
    """The effect of an import on a line."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class PlannedLine:
    """A line, its effect, the agent it would change and the fields that change (of Facts)."""

    line: ReadLine
    fate: LineEffect
    agent: Agent | None = None
    changed: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        assert self.line.facts is not None
        return self.line.facts


@dataclass(frozen=True)
class _Comparison:
    """The data that lines are compared with, read once for a whole list."""

    names: Names
    allowed: AllowedValues
    agents: Mapping[str, tuple[Agent, Facts]]
    accounts: Mapping[str, Account]
    body_ids: Collection[int] | None

    @property
    def own_body(self) -> int | None:
        return next(iter(self.body_ids)) if self.body_ids else None


def plan_import(
    edition: Edition, lines: Sequence[SheetLine], body_ids: Collection[int] | None = None
) -> list[PlannedLine]:
    """Return the effect of importing each line now; the same address is the same agent.

    `body_ids`: the bodies for which the author names; None for all. A constant number of SELECTs.
    """
    keys = [email_key_of(line.cells.get("email", "")) for line in lines]
    comparison = _Comparison(
        names=Names.of(edition),
        allowed=allowed_values_of(edition),
        agents={agent.email_key: (agent, facts_of(agent)) for agent in agents_of(edition)},
        accounts=accounts_of(current_session(), [key for key in keys if key]),
        body_ids=body_ids,
    )
    first: dict[str, int] = {}
    planned = []
    for line, key in zip(lines, keys, strict=True):
        planned.append(_plan(line, key, first.get(key) if key else None, comparison))
        first.setdefault(key, line.number)
    return _compared(planned, lines, comparison)


def _compared(
    planned: Sequence[PlannedLine], lines: Sequence[SheetLine], comparison: _Comparison
) -> list[PlannedLine]:
    """Return the lines with those to add that resemble an agent of another address: the author says
    whether it is the same agent, whose line changes them. An agent has one line."""
    named = {entry.agent.id for entry in planned if entry.agent is not None}
    unnamed = {
        agent.id: agent
        for agent, _ in comparison.agents.values()
        if agent.id not in named
        and (comparison.body_ids is None or agent.body_id in comparison.body_ids)
    }
    identities = {agent_id: _identity(facts_of(agent)) for agent_id, agent in unnamed.items()}
    added = [place for place, entry in enumerate(planned) if entry.fate == LineEffect.ADDED]
    matches = resembling([_identity(planned[place].facts) for place in added], identities)
    compared = list(planned)
    for place, likely in zip(added, matches, strict=True):
        line, entry = lines[place], planned[place]
        candidates = [match for match in likely if match[0] in unnamed]
        answer = line.cells.get("likeness", "")
        if not candidates or answer == OTHER_AGENT:
            continue
        agent_id, likeness = candidates[0]
        agent = unnamed[agent_id]
        if answer == SAME_AGENT:
            del unnamed[agent_id]
            compared[place] = _plan_of(line, agent, facts_of(agent), comparison)
        else:
            refusal = rules.ResemblesAgent(agent.full_name, agent.email, likeness.words)
            read = replace(entry.line, facts=None, wrong=(refusal,))
            compared[place] = PlannedLine(read, LineEffect.WRONG)
    return compared


def _identity(facts: Facts) -> Person:
    """Return an agent as they are compared; a body is no sign, since agents move."""
    return Person(
        facts.first_name, facts.last_name, facts.civility, facts.function, facts.email, facts.phone
    )


def _plan(line: SheetLine, key: str, earlier: int | None, comparison: _Comparison) -> PlannedLine:
    agent, former = comparison.agents.get(key, (None, None))
    return _plan_of(line, agent, former, comparison, earlier)


def _plan_of(
    line: SheetLine,
    agent: Agent | None,
    former: Facts | None,
    comparison: _Comparison,
    earlier: int | None = None,
) -> PlannedLine:
    """Return the effect of a line on an agent, None for a new one."""
    read = read_line(line, former, comparison.names, comparison.own_body)
    key = email_key_of(line.cells.get("email", ""))
    refusal = _refusal(read.facts, key, agent, comparison) if read.facts else None
    if earlier is not None:
        refusal = rules.LineRepeated(earlier)
    if refusal is not None:
        read = replace(read, facts=None, wrong=(*read.wrong, refusal))
    if read.facts is None:
        return PlannedLine(read, LineEffect.WRONG, agent)
    if agent is None or former is None:
        return PlannedLine(read, LineEffect.ADDED)
    changed = _changed(read.facts, former)
    return PlannedLine(read, LineEffect.CHANGED if changed else LineEffect.SAME, agent, changed)


def _refusal(
    facts: Facts, key: str, agent: Agent | None, comparison: _Comparison
) -> RuleBroken | None:
    """Return the rule that forbids naming this agent, or None."""
    try:
        if agent is not None:
            check_own_agent(agent, comparison.body_ids)
        was_coordinator = agent is not None and agent.is_coordinator
        check_named(facts, comparison.allowed, comparison.body_ids, was_coordinator)
        if key in comparison.accounts:
            check_is_an_agent(comparison.accounts[key])
    except RuleBroken as refusal:
        return refusal
    return None


def _changed(facts: Facts, former: Facts) -> tuple[str, ...]:
    """Return the fields that differ, in whatever order their values are."""
    new, old = _in_order(facts), _in_order(former)
    return tuple(
        field.name
        for field in fields(Facts)
        if getattr(new, field.name) != getattr(old, field.name)
    )


def _in_order(facts: Facts) -> Facts:
    return replace(
        facts,
        languages=tuple(sorted(facts.languages)),
        needs=tuple(sorted(facts.needs)),
        periods=tuple(sorted(facts.periods, key=lambda period: (period.starts_at, period.ends_at))),
    )


def import_agents(
    act: FairAct,
    lines: Sequence[SheetLine],
    key: str,
    body_ids: Collection[int] | None = None,
    notify: bool = True,
) -> tuple[int, int]:
    """Name and change the agents of a list, all or nothing; return how many of each.

    Idempotent per `key`: the first answer is returned. Raises ImportRefused when a line is wrong,
    AgentAlreadyNamed, SubmissionDiffers.
    """
    content = {"lines": [dict(line.cells) for line in lines]}
    with named_once(), act.transaction() as session:
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            added, changed = earlier.split("/")
            return int(added), int(changed)
        # Lock: no agent changes between the plan and its writing.
        of_edition = select(Agent.id).where(Agent.edition_id == act.edition.id)
        session.execute(of_edition.order_by(Agent.id).with_for_update())
        planned = plan_import(act.edition, lines, body_ids)
        rules.check_all_lines(
            entry.line.number for entry in planned if entry.fate == LineEffect.WRONG
        )
        allowed = allowed_values_of(act.edition)
        new_facts = [entry.facts for entry in planned if entry.fate == LineEffect.ADDED]
        create_agents(act, session, new_facts, allowed, urgent=False if notify else None)
        changed_entries = [entry for entry in planned if entry.fate == LineEffect.CHANGED]
        for entry in changed_entries:
            assert entry.agent is not None
            update_agent(act, session, entry.agent, entry.facts, allowed)
        counts = len(new_facts), len(changed_entries)
        write_entry(
            session,
            act.actor,
            StaffingAction.AGENTS_IMPORTED,
            f"edition:{act.edition.id}",
            added=counts[0],
            changed=counts[1],
        )
        settle_submission(session, key, f"{counts[0]}/{counts[1]}")
    return counts
