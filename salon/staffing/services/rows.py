"""The draft rota is edited row by row: an agent's row says all the shifts of that agent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.db import current_session, transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.staffing.engine.shift_changes import PlannedShift, match
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries import rota as rota_queries
from salon.staffing.rules import shifts as rules
from salon.staffing.services.claims import drop_shifts, put_claims


@dataclass(frozen=True)
class NewRow:
    """All the shifts that an agent is to have; `version`: the row's, as it was read."""

    agent_id: int
    version: int
    shifts: Sequence[PlannedShift]


def set_rows(
    edition: Edition,
    rows: Sequence[NewRow],
    by: Identity,
    body_ids: Collection[int] | None = None,
) -> list[Agent]:
    """Gives each of these agents the draft shifts of its row, all or nothing.

    `body_ids`: the bodies whose agents the author may edit; None for all. Raises NoResultFound for
    an unknown agent, AgentOfAnotherBody, NoSuchStand, RowsChanged, EndsBeforeStart, NotOnHalfHour,
    OutsideHours, AgentElsewhere.
    """
    agents = _agents(edition, [row.agent_id for row in rows])
    for agent in agents.values():
        rules.check_own_agent(agent, body_ids)
    _check_rows(edition, rows)
    with transaction(*agents.values()) as session:
        stale = [
            agents[row.agent_id] for row in rows if agents[row.agent_id].rota_version != row.version
        ]
        if stale:
            raise rules.RowsChanged([one.id for one in stale], [one.polite_name for one in stale])
        for row in rows:
            put_row(session, agents[row.agent_id], row.shifts, ShiftOrigin.BY_HAND, by)
    return [agents[row.agent_id] for row in rows]


def put_row(
    session: Session,
    agent: Agent,
    wanted: Sequence[PlannedShift],
    origin: ShiftOrigin,
    by: Identity,
) -> int:
    """Makes an agent's draft row what is wanted; answers how many shifts changed.

    A shift that stays as it was keeps its origin. The agent's row is locked by the caller.
    """
    before = session.scalars(
        select(Shift).where(Shift.agent_id == agent.id, Shift.status == ShiftStatus.DRAFT)
    ).all()
    found = match(before, wanted)
    changed: list[Shift] = []
    for shift, asked in found.unchanged:
        shift.is_locked = asked.is_locked
    for shift, asked in found.moved:
        shift.stand_id, shift.starts_at, shift.ends_at = _where(asked)
        shift.origin, shift.is_locked = origin, asked.is_locked
        changed.append(shift)
    for asked in found.added:
        stand_id, starts_at, ends_at = _where(asked)
        changed.append(
            Shift(
                edition_id=agent.edition_id,
                agent_id=agent.id,
                stand_id=stand_id,
                starts_at=starts_at,
                ends_at=ends_at,
                status=ShiftStatus.DRAFT,
                origin=origin,
                is_locked=asked.is_locked,
            )
        )
    session.add_all(changed)
    drop_shifts(session, found.removed)
    put_claims(session, changed)
    agent.rota_version += 1
    write_entry(session, by, "rota.row_set", f"agent:{agent.id}", shifts=len(wanted), origin=origin)
    return found.changes


def _agents(edition: Edition, agent_ids: Sequence[int]) -> Mapping[int, Agent]:
    wanted = select(Agent).where(
        Agent.edition_id == edition.id, Agent.id.in_(agent_ids), Agent.removed_at.is_(None)
    )
    found = {one.id: one for one in current_session().scalars(wanted)}
    for agent_id in agent_ids:
        if agent_id not in found:
            raise rules.NoSuchAgent
    return found


def _check_rows(edition: Edition, rows: Sequence[NewRow]) -> None:
    frames = rota_queries.frames(edition)
    stands = rota_queries.stands_of(edition)
    for row in rows:
        for one in row.shifts:
            rules.check_interval(one.starts_at, one.ends_at, frames)
            if one.stand_id not in stands:
                raise rules.NoSuchStand
        rules.check_apart(row.shifts)


def _where(one: PlannedShift) -> tuple[int, datetime, datetime]:
    return one.stand_id, one.starts_at, one.ends_at
