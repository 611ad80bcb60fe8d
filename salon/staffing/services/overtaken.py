"""Close the requests about a shift that a publication withdraws or moves."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from salon.platform.mail import outbox
from salon.staffing.models import (
    Exchange,
    ExchangeStatus,
    Publication,
    Shift,
    StandIn,
    StandInStatus,
)
from salon.staffing.services.telling import message_context, stand_names


def close_overtaken(session: Session, publication: Publication, shifts: Sequence[Shift]) -> None:
    """Close the open requests about these shifts, and notify their authors and recipients.

    The row of the rota is locked by the caller.
    """
    ids = [shift.id for shift in shifts]
    statement = select(StandIn).where(
        StandIn.shift_id.in_(ids), StandIn.status == StandInStatus.OPEN
    )
    for stand_in in session.scalars(statement.order_by(StandIn.id)).all():
        stand_in.status, stand_in.next_ask_at = StandInStatus.CLOSED, None
        stand_in.closed_at = publication.published_at
        stand_in.closed_by = f"la version {publication.number} du planning"
        _notify_overtaken(session, stand_in)
        notify_waiting(session, stand_in, "standin_withdrawn")
    exchanges = select(Exchange).where(
        or_(Exchange.given_id.in_(ids), Exchange.wanted_id.in_(ids)),
        Exchange.status == ExchangeStatus.OPEN,
    )
    for exchange in session.scalars(exchanges.order_by(Exchange.id)).all():
        exchange.status, exchange.answered_at = ExchangeStatus.OVERTAKEN, publication.published_at
        for agent, partner in (
            (exchange.asked_by, exchange.asked_of),
            (exchange.asked_of, exchange.asked_by),
        ):
            outbox.post(
                session,
                "exchange_overtaken",
                agent.email,
                about=f"agent:{agent.id}",
                event_at=min(exchange.given.starts_at, exchange.wanted.starts_at),
                first_name=agent.first_name,
                other=partner.full_name,
            )


def notify_waiting(session: Session, stand_in: StandIn, kind: str, taker: str = "") -> None:
    """Notify the agents asked without an answer that it is settled, except the taker."""
    names = stand_names(stand_in.agent.edition)
    for ask in stand_in.asks:
        if ask.said_yes is None and ask.agent_id != stand_in.taken_by_id:
            outbox.post(
                session,
                kind,
                ask.agent.email,
                about=f"agent:{ask.agent_id}",
                event_at=stand_in.shift.starts_at,
                first_name=ask.agent.first_name,
                holder=stand_in.agent.full_name,
                taker=taker,
                shift=message_context(stand_in, names),
            )


def _notify_overtaken(session: Session, stand_in: StandIn) -> None:
    outbox.post(
        session,
        "standin_overtaken",
        stand_in.agent.email,
        about=f"agent:{stand_in.agent_id}",
        event_at=stand_in.shift.starts_at,
        first_name=stand_in.agent.first_name,
    )
