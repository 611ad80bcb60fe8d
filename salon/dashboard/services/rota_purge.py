"""Steps of the purge that concern agents and their rota: counts stay, people go."""

import secrets
from typing import Any

from sqlalchemy import String, cast, delete, func, literal, or_, select, update
from sqlalchemy.orm import Session

from salon.accounts.models import Account, SignIn, SingleUseCode
from salon.dashboard.services.exhibitor_purge import account_blank
from salon.dashboard.services.purge_steps import QUIETLY, Due, Step, Volume, blank, volume_of
from salon.platform.identity import Role
from salon.staffing.models import (
    Agent,
    AgentPeriod,
    Exchange,
    Publication,
    RotaRun,
    Shift,
    StandIn,
)

ERASED_TOKEN = "erased:"


def agent_blank(at: Any) -> dict[str, Any]:
    """Return the values of a blanked agent: body, stands and themes stay, for the figures.

    The address of the calendar stops working.
    """
    return {
        "account_id": None,
        "first_name": "Personne",
        "last_name": "effacée",
        "name_key": "",
        "function": "",
        "email": "",
        "email_key": literal(ERASED_TOKEN) + cast(Agent.id, String),
        "phone": "",
        "languages": [],
        "needs": [],
        "needs_note": "",
        "is_coordinator": False,
        "calendar_token": literal(ERASED_TOKEN + secrets.token_hex(12)) + cast(Agent.id, String),
        "removed_at": func.coalesce(Agent.removed_at, at),
        "version": Agent.version + 1,
    }


def end_agent_accounts(session: Session, ids: set[int], at: Any) -> None:
    """Close and blank these accounts, but those that an agent of any edition still has."""
    still = select(Agent.account_id).where(Agent.account_id.in_(ids))
    ended = ids - set(session.scalars(still))
    for model in (SignIn, SingleUseCode):
        session.execute(delete(model).where(model.account_id.in_(ended)), execution_options=QUIETLY)
    values = {"disabled_at": func.coalesce(Account.disabled_at, at), **account_blank()}
    conditions = (Account.id.in_(ended), Account.role == Role.AGENT)
    session.execute(update(Account).where(*conditions).values(values), execution_options=QUIETLY)


def _blank_agents(session: Session, due: Due) -> Volume:
    left = (Agent.edition_id.in_(due.editions), Agent.email != "")
    volume = volume_of(session, Agent.created_at, *left)
    if due.dry_run:
        return volume
    ids = {
        account_id
        for account_id in session.scalars(select(Agent.account_id).where(*left))
        if account_id
    }
    session.execute(
        update(Agent).where(*left).values(agent_blank(due.now)), execution_options=QUIETLY
    )
    end_agent_accounts(session, ids, due.now)
    return volume


def _delete_periods(session: Session, due: Due) -> Volume:
    agents = select(Agent.id).where(Agent.edition_id.in_(due.editions))
    old = AgentPeriod.agent_id.in_(agents)
    volume = volume_of(session, AgentPeriod.starts_at, old)
    if due.dry_run:
        return volume
    session.execute(delete(AgentPeriod).where(old), execution_options=QUIETLY)
    return volume


def _delete_runs(session: Session, due: Due) -> Volume:
    old = RotaRun.edition_id.in_(due.editions)
    volume = volume_of(session, RotaRun.asked_at, old)
    if due.dry_run:
        return volume
    session.execute(delete(RotaRun).where(old), execution_options=QUIETLY)
    return volume


def _shifts_of(column: Any) -> Any:
    return lambda editions: column.in_(select(Shift.id).where(Shift.edition_id.in_(editions)))


ROTA_STEPS: dict[str, Step] = {
    "agent_periods": _delete_periods,
    "shifts": blank(
        Shift, Shift.edition_id.in_, Shift.starts_at, Shift.noted_by != "", noted_by=""
    ),
    "publications": blank(
        Publication,
        Publication.edition_id.in_,
        Publication.published_at,
        or_(Publication.published_by != "", Publication.note != ""),
        published_by="",
        note="",
    ),
    "rota_runs": _delete_runs,
    "stand_ins": blank(
        StandIn,
        _shifts_of(StandIn.shift_id),
        StandIn.opened_at,
        or_(StandIn.reason != "", StandIn.closed_by != ""),
        reason="",
        closed_by="",
    ),
    "exchanges": blank(
        Exchange, _shifts_of(Exchange.given_id), Exchange.asked_at, Exchange.words != "", words=""
    ),
    "agents": _blank_agents,
}
