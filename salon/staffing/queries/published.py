"""Reads of the published layer, and of what was withdrawn from it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from salon.fair.models import Edition, Stand
from salon.platform.database.db import current_session
from salon.staffing.models import Agent, Shift, ShiftStatus

WITH_PLACE = (
    joinedload(Shift.stand).joinedload(Stand.hall),
    joinedload(Shift.stand).joinedload(Stand.body),
)


def calendar_shifts(agent: Agent, uids: Collection[str] | None = None) -> Sequence[Shift]:
    """Return the shifts ever published to an agent, withdrawn ones too; `uids`: only these."""
    statement = select(Shift).where(
        Shift.agent_id == agent.id, Shift.status.in_((ShiftStatus.PUBLISHED, ShiftStatus.WITHDRAWN))
    )
    if uids is not None:
        statement = statement.where(Shift.uid.in_(uids))
    statement = statement.options(*WITH_PLACE, joinedload(Shift.publication))
    return current_session().scalars(statement.order_by(Shift.starts_at, Shift.uid)).all()


def shifts_of_colleagues(agent: Agent, shifts: Collection[Shift]) -> Sequence[Shift]:
    """Return the published shifts of other agents on the stands of these shifts, by time, then
    name.
    """
    statement = (
        select(Shift)
        .join(Shift.agent)
        .where(
            Shift.edition_id == agent.edition_id,
            Shift.status == ShiftStatus.PUBLISHED,
            Shift.agent_id != agent.id,
            Shift.stand_id.in_({shift.stand_id for shift in shifts}),
        )
        .options(joinedload(Shift.agent))
        .order_by(Shift.starts_at, Agent.name_key, Shift.id)
    )
    return current_session().scalars(statement).all()


def shifts_to_remind(edition: Edition, after: datetime, until: datetime) -> Sequence[Shift]:
    """Return the published shifts that begin after `after` and at `until` at the latest, without a
    reminder yet, and whose agent is marked neither arrived nor absent.
    """
    statement = select(Shift).where(
        Shift.edition_id == edition.id,
        Shift.status == ShiftStatus.PUBLISHED,
        after < Shift.starts_at,
        Shift.starts_at <= until,
        Shift.told_at.is_(None),
        Shift.arrived_at.is_(None),
        Shift.absent_at.is_(None),
    )
    statement = statement.options(joinedload(Shift.agent)).order_by(Shift.starts_at, Shift.id)
    return current_session().scalars(statement).all()


def agents_between(edition: Edition, start: datetime, end: datetime) -> Sequence[Agent]:
    """Return the agents with published shifts that begin from `start` on and before `end`."""
    statement = (
        select(Agent)
        .where(
            Agent.edition_id == edition.id,
            Agent.removed_at.is_(None),
            Agent.id.in_(
                select(Shift.agent_id).where(
                    Shift.edition_id == edition.id,
                    Shift.status == ShiftStatus.PUBLISHED,
                    start <= Shift.starts_at,
                    Shift.starts_at < end,
                )
            ),
        )
        .order_by(Agent.id)
    )
    return current_session().scalars(statement).all()
