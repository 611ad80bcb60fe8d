"""Exchange shifts between two agents; everything is checked again when the second agrees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import violation_as
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, settle_submission
from salon.staffing.engine.shift_changes import planned_shift_of
from salon.staffing.models import Agent, Exchange, ExchangeStatus, Shift, ShiftOrigin
from salon.staffing.services.messages import message_context, post_to_agent, stand_names
from salon.staffing.services.publication import Given, hand_over, new_publication
from salon.staffing.services.settings import get_or_create_rota
from salon.village_day.actions import VillageDayAction
from salon.village_day.queries import standins as queries
from salon.village_day.queries.standins import Published
from salon.village_day.rules import exchanges as rules
from salon.village_day.services.asking import post_to_coordinators


@dataclass(frozen=True)
class Proposal:
    """A shift offered by its agent, the shift wanted in return, and a few words."""

    offered_shift: Shift
    requested_shift: Shift
    words: str = ""


def ask_exchange(act: FairAct, proposal: Proposal, key: str = "") -> Exchange:
    """Propose an exchange and notify the other agent; nothing moves until they accept.

    Idempotent per `key`. Raises ShiftsChanged, HasBegun, CannotExchange, AlreadyProposed,
    SubmissionDiffers.
    """
    offered, requested = proposal.offered_shift, proposal.requested_shift
    shifts = {"offered_shift": offered.id, "requested_shift": requested.id}
    content: Mapping[str, object] = {**shifts, "words": proposal.words}
    with act.transaction(get_or_create_rota(act.edition), offered, requested) as session:
        if earlier := earlier_row(session, Exchange, key, content):
            return earlier
        _check_possible(act.edition, offered, requested, act.now)
        exchange = _open(session, proposal, act.now)
        subject = f"exchange:{exchange.id}"
        write_entry(session, act.actor, VillageDayAction.EXCHANGE_ASKED, subject, **shifts)
        _notify(session, exchange, exchange.asked_of, exchange.asked_by, "exchange_asked")
        settle_submission(session, key, str(exchange.id))
    return exchange


def accept_exchange(act: Act, exchange: Exchange) -> None:
    """Accept an exchange: both shifts change hands in one publication, and each agent is notified.

    Everything is checked again. Idempotent. Raises ExchangeIsOver, ShiftsChanged, HasBegun,
    CannotExchange.
    """
    edition = exchange.asked_by.edition
    proposer, partner, offered, requested = _parts(exchange)
    with act.transaction(
        get_or_create_rota(edition), proposer, partner, offered, requested
    ) as session:
        # Pessimistic lock on Rota: a publication ends exchanges with that lock alone.
        session.refresh(exchange)
        if exchange.status == ExchangeStatus.ACCEPTED:
            return
        rules.check_waits(exchange.status)
        if (offered.agent_id, requested.agent_id) != (proposer.id, partner.id):
            raise rules.ShiftsChanged
        _check_possible(edition, offered, requested, act.now)
        exchange.status, exchange.answered_at = ExchangeStatus.ACCEPTED, act.now
        session.flush()
        write_entry(
            session, act.actor, VillageDayAction.EXCHANGE_ACCEPTED, f"exchange:{exchange.id}"
        )
        _notify_coordinators(session, exchange)
        at = (offered.starts_at, requested.starts_at)
        note = rules.note_of_exchange(proposer.full_name, partner.full_name, *at)
        version = new_publication(FairAct.of(act, edition), session, note)
        gives = [
            Given(offered, partner, planned_shift_of(offered)),
            Given(requested, proposer, planned_shift_of(requested)),
        ]
        hand_over(act, session, version, gives, ShiftOrigin.EXCHANGE)


def decline_exchange(act: Act, exchange: Exchange) -> None:
    """Decline an exchange and notify the proposer. Raises ExchangeIsOver."""
    _settle(act, exchange, ExchangeStatus.REFUSED)


def withdraw_exchange(act: Act, exchange: Exchange) -> None:
    """Withdraw one's own proposal and notify the other agent. Raises ExchangeIsOver."""
    _settle(act, exchange, ExchangeStatus.WITHDRAWN)


def _settle(act: Act, exchange: Exchange, status: ExchangeStatus) -> None:
    with act.transaction(get_or_create_rota(exchange.asked_by.edition)) as session:
        session.refresh(exchange)
        if exchange.status == status:
            return
        rules.check_waits(exchange.status)
        exchange.status, exchange.answered_at = status, act.now
        write_entry(
            session, act.actor, VillageDayAction(f"exchange.{status}"), f"exchange:{exchange.id}"
        )
        if status == ExchangeStatus.REFUSED:
            _notify(session, exchange, exchange.asked_by, exchange.asked_of, "exchange_refused")
        else:
            _notify(session, exchange, exchange.asked_of, exchange.asked_by, "exchange_withdrawn")


def _open(session: Session, proposal: Proposal, now: datetime) -> Exchange:
    exchange = Exchange(
        offered_shift=proposal.offered_shift,
        requested_shift=proposal.requested_shift,
        asked_by=proposal.offered_shift.agent,
        asked_of=proposal.requested_shift.agent,
        words=proposal.words,
        status=ExchangeStatus.OPEN,
        asked_at=now,
    )
    session.add(exchange)
    columns = "exchanges.offered_shift_id", "exchanges.requested_shift_id"
    with violation_as(rules.AlreadyProposed, "uq_exchanges_open", *columns):
        session.flush()
    return exchange


def _parts(exchange: Exchange) -> tuple[Agent, Agent, Shift, Shift]:
    return exchange.asked_by, exchange.asked_of, exchange.offered_shift, exchange.requested_shift


def _check_possible(edition: Edition, offered: Shift, requested: Shift, now: datetime) -> None:
    for shift in (offered, requested):
        rules.check_can_be_exchanged(shift.status, shift.starts_at, now)
    published: Published = queries.published_of(edition, now)
    duties = published.duty_of(offered), published.duty_of(requested)
    if duties[0] is None or duties[1] is None or not rules.is_a_change(duties[0], duties[1]):
        raise rules.ShiftsChanged
    sides = rules.swap_obstacles(published.problem, published.rota, duties[0], duties[1])
    for shift, obstacles in zip((offered, requested), sides, strict=True):
        if obstacles:
            raise rules.CannotExchange(shift.agent.full_name, obstacles)


def _notify(session: Session, exchange: Exchange, agent: Agent, partner: Agent, kind: str) -> None:
    names = stand_names(agent.edition)
    post_to_agent(
        session,
        kind,
        agent,
        partner=partner.full_name,
        words=exchange.words,
        offered_shift=message_context(exchange.offered_shift, names),
        requested_shift=message_context(exchange.requested_shift, names),
    )


def _notify_coordinators(session: Session, exchange: Exchange) -> None:
    proposer, partner, offered, requested = _parts(exchange)
    names = stand_names(proposer.edition)
    post_to_coordinators(
        session,
        "exchange_done",
        (proposer, partner),
        (proposer.body_id, partner.body_id),
        about=f"exchange:{exchange.id}",
        proposer=proposer.full_name,
        partner=partner.full_name,
        offered_shift=message_context(offered, names),
        requested_shift=message_context(requested, names),
    )
