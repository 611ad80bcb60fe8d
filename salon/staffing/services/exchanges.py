"""Two agents exchange their shifts: both agree, and all is checked again when the second does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.db import transaction, violates
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.submissions import claim_submission, settle_submission
from salon.staffing.models import Agent, Exchange, ExchangeStatus, Shift, ShiftOrigin
from salon.staffing.queries import standins as queries
from salon.staffing.queries.standins import Published
from salon.staffing.rules import exchanges as rules
from salon.staffing.services.publication import hand_over, new_publication
from salon.staffing.services.settings import keep_rota
from salon.staffing.services.telling import stand_names, told


@dataclass(frozen=True)
class Proposal:
    """A shift that its agent gives, another's that they would have, and a few words."""

    given: Shift
    wanted: Shift
    words: str = ""


def ask_exchange(
    edition: Edition, asked: Proposal, by: Identity, now: datetime, key: str = ""
) -> Exchange:
    """An agent proposes an exchange: the other is told, and nothing moves until they say yes.

    A `key` that comes back gives the exchange of its first sending. Raises ShiftsChanged, HasBegun,
    CannotExchange, AlreadyProposed, SubmissionDiffers.
    """
    given, wanted = asked.given, asked.wanted
    content: Mapping[str, Any] = {"given": given.id, "wanted": wanted.id, "words": asked.words}
    with transaction(keep_rota(edition), given, wanted) as session:
        earlier = claim_submission(session, key, content) if key else None
        if earlier is not None:
            return session.get_one(Exchange, int(earlier))
        _check_possible(edition, given, wanted, now)
        exchange = _open(session, asked, now)
        subject = f"exchange:{exchange.id}"
        write_entry(session, by, "exchange.asked", subject, given=given.id, wanted=wanted.id)
        _tell(session, exchange, exchange.asked_of, exchange.asked_by, "exchange_asked")
        if key:
            settle_submission(session, key, str(exchange.id))
    return exchange


def accept_exchange(exchange: Exchange, by: Identity, now: datetime) -> None:
    """The other agrees: both shifts change hands in one publication, and each is told.

    Everything is checked again. Their second yes is as one. Raises ExchangeIsOver, ShiftsChanged,
    HasBegun, CannotExchange.
    """
    edition = exchange.asked_by.edition
    one, other, given, wanted = _parts(exchange)
    with transaction(keep_rota(edition), one, other, given, wanted) as session:
        # The row of the rota is its lock: a publication ends exchanges with that lock alone.
        session.refresh(exchange)
        if exchange.status == ExchangeStatus.ACCEPTED:
            return
        rules.check_waits(exchange.status)
        if (given.agent_id, wanted.agent_id) != (one.id, other.id):
            raise rules.ShiftsChanged
        _check_possible(edition, given, wanted, now)
        exchange.status, exchange.answered_at = ExchangeStatus.ACCEPTED, now
        session.flush()
        write_entry(session, by, "exchange.accepted", f"exchange:{exchange.id}")
        _tell_coordinators(session, edition, exchange)
        at = (given.starts_at, wanted.starts_at)
        note = rules.note_of_exchange(one.full_name, other.full_name, *at)
        version = new_publication(session, edition, note, by, now)
        gives = [(given, other), (wanted, one)]
        hand_over(session, edition, version, gives, ShiftOrigin.EXCHANGE, by)


def decline_exchange(exchange: Exchange, by: Identity, now: datetime) -> None:
    """The other would rather not; who proposed it is told. Raises ExchangeIsOver."""
    _settle(exchange, ExchangeStatus.REFUSED, by, now)


def withdraw_exchange(exchange: Exchange, by: Identity, now: datetime) -> None:
    """Who proposed it takes it back; the other is told. Raises ExchangeIsOver."""
    _settle(exchange, ExchangeStatus.WITHDRAWN, by, now)


def _settle(exchange: Exchange, status: ExchangeStatus, by: Identity, now: datetime) -> None:
    with transaction(keep_rota(exchange.asked_by.edition)) as session:
        session.refresh(exchange)
        if exchange.status == status:
            return
        rules.check_waits(exchange.status)
        exchange.status, exchange.answered_at = status, now
        write_entry(session, by, f"exchange.{status}", f"exchange:{exchange.id}")
        if status == ExchangeStatus.REFUSED:
            _tell(session, exchange, exchange.asked_by, exchange.asked_of, "exchange_refused")
        else:
            _tell(session, exchange, exchange.asked_of, exchange.asked_by, "exchange_withdrawn")


def _open(session: Session, asked: Proposal, now: datetime) -> Exchange:
    exchange = Exchange(
        given=asked.given,
        wanted=asked.wanted,
        asked_by=asked.given.agent,
        asked_of=asked.wanted.agent,
        words=asked.words,
        status=ExchangeStatus.OPEN,
        asked_at=now,
    )
    session.add(exchange)
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, "uq_exchanges_open", "exchanges.given_id", "exchanges.wanted_id"):
            raise rules.AlreadyProposed from None
        raise
    return exchange


def _parts(exchange: Exchange) -> tuple[Agent, Agent, Shift, Shift]:
    return exchange.asked_by, exchange.asked_of, exchange.given, exchange.wanted


def _check_possible(edition: Edition, given: Shift, wanted: Shift, now: datetime) -> None:
    for shift in (given, wanted):
        rules.check_can_be_exchanged(shift.status, shift.starts_at, now)
    known: Published = queries.published_of(edition, now)
    one, other = known.duty_of(given), known.duty_of(wanted)
    if one is None or other is None or not rules.is_a_change(one, other):
        raise rules.ShiftsChanged
    sides = rules.swap_obstacles(known.problem, known.rota, one, other)
    for shift, obstacles in zip((given, wanted), sides, strict=True):
        if obstacles:
            raise rules.CannotExchange(shift.agent.full_name, obstacles)


def _tell(session: Session, exchange: Exchange, agent: Agent, other: Agent, kind: str) -> None:
    names = stand_names(agent.edition)
    outbox.post(
        session,
        kind,
        agent.email,
        about=f"agent:{agent.id}",
        first_name=agent.first_name,
        other=other.full_name,
        words=exchange.words,
        given=told(exchange.given, names),
        wanted=told(exchange.wanted, names),
    )


def _tell_coordinators(session: Session, edition: Edition, exchange: Exchange) -> None:
    """Who coordinates the bodies of the two agents, but for these two."""
    one, other, given, wanted = _parts(exchange)
    names = stand_names(edition)
    for email, first_name in queries.those_who_coordinate(edition, one.body_id, other.body_id):
        if email not in (one.email, other.email):
            outbox.post(
                session,
                "exchange_done",
                email,
                about=f"exchange:{exchange.id}",
                first_name=first_name,
                one=one.full_name,
                other=other.full_name,
                given=told(given, names),
                wanted=told(wanted, names),
            )
