"""Exchange shifts between two agents; everything is checked again when the second agrees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.db import transaction, violation_as
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.submissions import earlier_row, settle_submission
from salon.staffing.engine.shift_changes import planned_shift_of
from salon.staffing.models import Agent, Exchange, ExchangeStatus, Shift, ShiftOrigin
from salon.staffing.services.messages import message_context, post_to_agent, stand_names
from salon.staffing.services.publication import Given, hand_over, new_publication
from salon.staffing.services.settings import get_or_create_rota
from salon.village_day.queries import standins as queries
from salon.village_day.queries.standins import Published
from salon.village_day.rules import exchanges as rules
from salon.village_day.services.asking import post_to_coordinators


@dataclass(frozen=True)
class Proposal:
    """A shift offered by its agent, the shift wanted in return, and a few words."""

    given: Shift
    wanted: Shift
    words: str = ""


def ask_exchange(
    edition: Edition, proposal: Proposal, actor: Identity, now: datetime, key: str = ""
) -> Exchange:
    """Propose an exchange and notify the other agent; nothing moves until they accept.

    Idempotent per `key`. Raises ShiftsChanged, HasBegun, CannotExchange, AlreadyProposed,
    SubmissionDiffers.
    """
    given_shift, wanted_shift = proposal.given, proposal.wanted
    content: Mapping[str, Any] = {
        "given": given_shift.id,
        "wanted": wanted_shift.id,
        "words": proposal.words,
    }
    with transaction(get_or_create_rota(edition), given_shift, wanted_shift) as session:
        if earlier := earlier_row(session, Exchange, key, content):
            return earlier
        _check_possible(edition, given_shift, wanted_shift, now)
        exchange = _open(session, proposal, now)
        subject = f"exchange:{exchange.id}"
        write_entry(
            session, actor, "exchange.asked", subject, given=given_shift.id, wanted=wanted_shift.id
        )
        _notify(session, exchange, exchange.asked_of, exchange.asked_by, "exchange_asked")
        settle_submission(session, key, str(exchange.id))
    return exchange


def accept_exchange(exchange: Exchange, actor: Identity, now: datetime) -> None:
    """Accept an exchange: both shifts change hands in one publication, and each agent is notified.

    Everything is checked again. Idempotent. Raises ExchangeIsOver, ShiftsChanged, HasBegun,
    CannotExchange.
    """
    edition = exchange.asked_by.edition
    proposer, partner, given_shift, wanted_shift = _parts(exchange)
    with transaction(
        get_or_create_rota(edition), proposer, partner, given_shift, wanted_shift
    ) as session:
        # Pessimistic lock on Rota: a publication ends exchanges with that lock alone.
        session.refresh(exchange)
        if exchange.status == ExchangeStatus.ACCEPTED:
            return
        rules.check_waits(exchange.status)
        if (given_shift.agent_id, wanted_shift.agent_id) != (proposer.id, partner.id):
            raise rules.ShiftsChanged
        _check_possible(edition, given_shift, wanted_shift, now)
        exchange.status, exchange.answered_at = ExchangeStatus.ACCEPTED, now
        session.flush()
        write_entry(session, actor, "exchange.accepted", f"exchange:{exchange.id}")
        _notify_coordinators(session, exchange)
        at = (given_shift.starts_at, wanted_shift.starts_at)
        note = rules.note_of_exchange(proposer.full_name, partner.full_name, *at)
        version = new_publication(session, edition, note, actor, now)
        gives = [
            Given(given_shift, partner, planned_shift_of(given_shift)),
            Given(wanted_shift, proposer, planned_shift_of(wanted_shift)),
        ]
        hand_over(session, version, gives, ShiftOrigin.EXCHANGE, actor)


def decline_exchange(exchange: Exchange, actor: Identity, now: datetime) -> None:
    """Decline an exchange and notify the proposer. Raises ExchangeIsOver."""
    _settle(exchange, ExchangeStatus.REFUSED, actor, now)


def withdraw_exchange(exchange: Exchange, actor: Identity, now: datetime) -> None:
    """Withdraw one's own proposal and notify the other agent. Raises ExchangeIsOver."""
    _settle(exchange, ExchangeStatus.WITHDRAWN, actor, now)


def _settle(exchange: Exchange, status: ExchangeStatus, actor: Identity, now: datetime) -> None:
    with transaction(get_or_create_rota(exchange.asked_by.edition)) as session:
        session.refresh(exchange)
        if exchange.status == status:
            return
        rules.check_waits(exchange.status)
        exchange.status, exchange.answered_at = status, now
        write_entry(session, actor, f"exchange.{status}", f"exchange:{exchange.id}")
        if status == ExchangeStatus.REFUSED:
            _notify(session, exchange, exchange.asked_by, exchange.asked_of, "exchange_refused")
        else:
            _notify(session, exchange, exchange.asked_of, exchange.asked_by, "exchange_withdrawn")


def _open(session: Session, proposal: Proposal, now: datetime) -> Exchange:
    exchange = Exchange(
        given=proposal.given,
        wanted=proposal.wanted,
        asked_by=proposal.given.agent,
        asked_of=proposal.wanted.agent,
        words=proposal.words,
        status=ExchangeStatus.OPEN,
        asked_at=now,
    )
    session.add(exchange)
    columns = "exchanges.given_id", "exchanges.wanted_id"
    with violation_as(rules.AlreadyProposed, "uq_exchanges_open", *columns):
        session.flush()
    return exchange


def _parts(exchange: Exchange) -> tuple[Agent, Agent, Shift, Shift]:
    return exchange.asked_by, exchange.asked_of, exchange.given, exchange.wanted


def _check_possible(
    edition: Edition, given_shift: Shift, wanted_shift: Shift, now: datetime
) -> None:
    for shift in (given_shift, wanted_shift):
        rules.check_can_be_exchanged(shift.status, shift.starts_at, now)
    published: Published = queries.published_of(edition, now)
    given_duty, wanted_duty = published.duty_of(given_shift), published.duty_of(wanted_shift)
    if given_duty is None or wanted_duty is None or not rules.is_a_change(given_duty, wanted_duty):
        raise rules.ShiftsChanged
    sides = rules.swap_obstacles(published.problem, published.rota, given_duty, wanted_duty)
    for shift, obstacles in zip((given_shift, wanted_shift), sides, strict=True):
        if obstacles:
            raise rules.CannotExchange(shift.agent.full_name, obstacles)


def _notify(session: Session, exchange: Exchange, agent: Agent, partner: Agent, kind: str) -> None:
    names = stand_names(agent.edition)
    post_to_agent(
        session,
        kind,
        agent,
        other=partner.full_name,
        words=exchange.words,
        given=message_context(exchange.given, names),
        wanted=message_context(exchange.wanted, names),
    )


def _notify_coordinators(session: Session, exchange: Exchange) -> None:
    proposer, partner, given_shift, wanted_shift = _parts(exchange)
    names = stand_names(proposer.edition)
    post_to_coordinators(
        session,
        "exchange_done",
        (proposer, partner),
        (proposer.body_id, partner.body_id),
        about=f"exchange:{exchange.id}",
        one=proposer.full_name,
        other=partner.full_name,
        given=message_context(given_shift, names),
        wanted=message_context(wanted_shift, names),
    )
