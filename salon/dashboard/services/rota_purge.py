"""Steps of the purge that concern agents and their rota: counts stay, people go."""

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from salon.dashboard.services.account_closing import end_agent_accounts
from salon.dashboard.services.purge_steps import (
    ERASED_TOKEN,
    Due,
    Step,
    Where,
    blank,
    blank_rows,
    delete_rows,
    make_step,
    of_editions,
)
from salon.staffing.models import (
    Agent,
    AgentPeriod,
    Exchange,
    Publication,
    RotaRun,
    Shift,
    StandIn,
)


def blank_agents(session: Session, at: datetime, *where: ColumnElement[bool]) -> None:
    """Blank agents: body, stands and themes stay, for the figures; their calendar's address stops
    working. Close the accounts that nobody else uses."""
    account_ids = session.scalars(select(Agent.account_id).where(*where)).all()
    number = cast(Agent.id, String)
    blank_rows(
        session,
        Agent,
        *where,
        email_key=literal(ERASED_TOKEN) + number,
        calendar_token=literal(ERASED_TOKEN + secrets.token_hex(12)) + number,
        removed_at=func.coalesce(Agent.removed_at, at),
        version=Agent.version + 1,
    )
    end_agent_accounts(session, {account_id for account_id in account_ids if account_id}, at)


def _blank_agents(session: Session, due: Due, where: Where) -> None:
    blank_agents(session, due.now, *where)


ROTA_STEPS: dict[str, Step] = {
    "agent_periods": delete_rows(AgentPeriod.starts_at),
    "shifts": blank(Shift.starts_at, Shift.noted_by != ""),
    "publications": blank(
        Publication.published_at,
        or_(Publication.published_by != "", Publication.note != "", Publication.reason != ""),
    ),
    "rota_runs": delete_rows(RotaRun.asked_at),
    "stand_ins": blank(StandIn.opened_at, or_(StandIn.reason != "", StandIn.closed_by != "")),
    "exchanges": blank(Exchange.asked_at, Exchange.words != ""),
    "agents": make_step(
        Agent.created_at,
        lambda due: (of_editions(Agent, due), Agent.email != ""),
        _blank_agents,
    ),
}
