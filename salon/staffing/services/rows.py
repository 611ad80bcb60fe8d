"""Edit the draft rota row by row: the row of an agent holds all their shifts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry
from salon.staffing.actions import StaffingAction
from salon.staffing.engine.excesses import worse_words
from salon.staffing.engine.shift_changes import PlannedShift, match
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries import rota as rota_queries
from salon.staffing.queries.limits import limits_of_agent
from salon.staffing.rules import shifts as rules
from salon.staffing.rules.legal import check_none_worse, past_words
from salon.staffing.services.claims import drop_shifts, put_claims


@dataclass(frozen=True)
class NewRow:
    """All the shifts of an agent's new row; `version`: the row's, as it was read."""

    agent_id: int
    version: int
    shifts: Sequence[PlannedShift]


def set_rows(
    act: FairAct,
    rows: Sequence[NewRow],
    body_ids: Collection[int] | None = None,
    accepted: Collection[str] = (),
) -> list[Agent]:
    """Replace the draft shifts of each of these agents, all or nothing.

    `body_ids`: the bodies whose agents the author may edit; None for all. `accepted`: what the
    author read that these rows make worse. Raises NoResultFound for an unknown agent,
    AgentOfAnotherBody, NoSuchStand, RowsChanged, EndsBeforeStart, NotOnHalfHour, OutsideHours,
    AgentElsewhere, WorseForAgents.
    """
    agents = _agents(act.edition, [row.agent_id for row in rows])
    for agent in agents.values():
        rules.check_own_agent(agent, body_ids)
    _check_rows(act.edition, rows)
    with act.transaction(*agents.values()) as session:
        stale = [
            agents[row.agent_id] for row in rows if agents[row.agent_id].rota_version != row.version
        ]
        if stale:
            raise rules.RowsChanged(
                [agent.id for agent in stale], [agent.polite_name for agent in stale]
            )
        worse = _worse(act.edition, agents, rows)
        check_none_worse(
            [
                past_words(agents[agent_id].polite_name, breach)
                for agent_id, breaches in worse.items()
                for breach in breaches
            ],
            accepted,
        )
        for row in rows:
            put_row(act, session, agents[row.agent_id], row.shifts, ShiftOrigin.BY_HAND)
        for agent_id, breaches in worse.items():
            write_entry(
                session,
                act.actor,
                StaffingAction.ROTA_LIMITS_PASSED,
                f"agent:{agent_id}",
                limits=breaches,
            )
    return [agents[row.agent_id] for row in rows]


def put_row(
    act: Act, session: Session, agent: Agent, after: Sequence[PlannedShift], origin: ShiftOrigin
) -> int:
    """Replace an agent's draft row; return how many shifts changed.

    A shift that stays as it was keeps its origin. The agent's row is locked by the caller.
    """
    before = session.scalars(
        select(Shift).where(Shift.agent_id == agent.id, Shift.status == ShiftStatus.DRAFT)
    ).all()
    matched = match(before, after)
    changed_shifts: list[Shift] = []
    for shift, planned in matched.unchanged:
        shift.is_locked = planned.is_locked
    for shift, planned in matched.moved:
        shift.stand_id, shift.starts_at, shift.ends_at = _where(planned)
        shift.origin, shift.is_locked = origin, planned.is_locked
        changed_shifts.append(shift)
    for planned in matched.added:
        stand_id, starts_at, ends_at = _where(planned)
        changed_shifts.append(
            Shift(
                edition_id=agent.edition_id,
                agent_id=agent.id,
                stand_id=stand_id,
                starts_at=starts_at,
                ends_at=ends_at,
                status=ShiftStatus.DRAFT,
                origin=origin,
                is_locked=planned.is_locked,
            )
        )
    session.add_all(changed_shifts)
    drop_shifts(session, matched.removed)
    put_claims(session, changed_shifts)
    agent.rota_version += 1
    write_entry(
        session,
        act.actor,
        StaffingAction.ROTA_ROW_SET,
        f"agent:{agent.id}",
        shifts=len(after),
        origin=origin,
    )
    return matched.changes


def _agents(edition: Edition, agent_ids: Sequence[int]) -> Mapping[int, Agent]:
    statement = (
        select(Agent)
        .where(Agent.edition_id == edition.id, Agent.id.in_(agent_ids), Agent.removed_at.is_(None))
        .options(joinedload(Agent.body))
    )
    agents = {agent.id: agent for agent in current_session().scalars(statement)}
    for agent_id in agent_ids:
        if agent_id not in agents:
            raise rules.NoSuchAgent
    return agents


def _check_rows(edition: Edition, rows: Sequence[NewRow]) -> None:
    frames = rota_queries.frames(edition)
    stands = rota_queries.stands_of(edition)
    for row in rows:
        for shift in row.shifts:
            rules.check_interval(shift.starts_at, shift.ends_at, frames)
            if shift.stand_id not in stands:
                raise rules.NoSuchStand
        rules.check_apart(row.shifts)


def _worse(
    edition: Edition, agents: Mapping[int, Agent], rows: Sequence[NewRow]
) -> dict[int, list[str]]:
    """Return the limits of working time that the new rows make worse, by agent."""
    rota = rota_queries.rota_of(edition)
    drafts = rota_queries.by_agent(rota_queries.shifts_of(edition, ShiftStatus.DRAFT, list(agents)))
    worse = {
        row.agent_id: worse_words(
            drafts.get(row.agent_id, ()),
            row.shifts,
            limits_of_agent(agents[row.agent_id], rota),
        )
        for row in rows
    }
    return {agent_id: breaches for agent_id, breaches in worse.items() if breaches}


def _where(shift: PlannedShift) -> tuple[int, datetime, datetime]:
    return shift.stand_id, shift.starts_at, shift.ends_at
