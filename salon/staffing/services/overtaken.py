"""Close the requests about a shift that a publication withdraws or moves."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from salon.staffing.models import (
    Exchange,
    ExchangeStatus,
    Publication,
    Shift,
    StandIn,
    StandInStatus,
)
from salon.staffing.services.messages import message_context, post_to_agent, stand_names


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
        event_at = stand_in.shift.starts_at
        post_to_agent(session, "standin_overtaken", stand_in.agent, event_at=event_at)
        notify_waiting(session, stand_in, "standin_withdrawn")
    exchanges = select(Exchange).where(
        or_(Exchange.offered_shift_id.in_(ids), Exchange.requested_shift_id.in_(ids)),
        Exchange.status == ExchangeStatus.OPEN,
    )
    for exchange in session.scalars(exchanges.order_by(Exchange.id)).all():
        exchange.status, exchange.answered_at = ExchangeStatus.OVERTAKEN, publication.published_at
        for agent, partner in (
            (exchange.asked_by, exchange.asked_of),
            (exchange.asked_of, exchange.asked_by),
        ):
            event_at = min(exchange.offered_shift.starts_at, exchange.requested_shift.starts_at)
            context = {"partner": partner.full_name}
            post_to_agent(session, "exchange_overtaken", agent, event_at=event_at, **context)


def notify_waiting(session: Session, stand_in: StandIn, kind: str, taker: str = "") -> None:
    """Notify the agents asked without an answer that it is settled, except the taker."""
    names = stand_names(stand_in.agent.edition)
    for ask in stand_in.asks:
        if ask.said_yes is None and ask.agent_id != stand_in.taken_by_id:
            post_to_agent(
                session,
                kind,
                ask.agent,
                event_at=stand_in.shift.starts_at,
                holder=stand_in.agent.full_name,
                taker=taker,
                shift=message_context(stand_in, names),
            )
