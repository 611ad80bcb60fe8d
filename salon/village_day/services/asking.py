"""Ask agents to take a shift, a few at a time, and escalate when none accepts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.queries import confirmed_editions
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import transaction
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.mail import outbox
from salon.staffing.models import Agent, Shift, StandIn, StandInAsk, StandInStatus
from salon.staffing.services.messages import message_context, post_to_agent, stand_names
from salon.staffing.services.overtaken import notify_waiting
from salon.staffing.services.publication import rest_from
from salon.staffing.services.settings import get_or_create_rota
from salon.village_day.actions import VillageDayAction
from salon.village_day.queries import standins as queries
from salon.village_day.queries.standins import Published
from salon.village_day.rules import standins as rules
from salon.village_day.rules.replacing import Candidate, remedies


def process_stand_ins(now: datetime) -> int:
    """Ask the next wave, escalate where it is time, close what is over; return how many requests
    changed.

    Safe with several workers.
    """
    due = [
        (edition, request)
        for edition in confirmed_editions()
        for request in queries.open_stand_ins(edition)
        if _is_due(request, now)
    ]
    return sum(_process_in_transaction(edition, request, now) for edition, request in due)


def _is_due(stand_in: StandIn, now: datetime) -> bool:
    shift = stand_in.shift
    asks = stand_in.next_ask_at is not None and stand_in.next_ask_at <= now
    over = shift.ends_at <= now
    return asks or over or rules.is_alarm_due(now, shift.starts_at, stand_in.escalated_at)


def _process_in_transaction(edition: Edition, stand_in: StandIn, now: datetime) -> bool:
    with transaction(get_or_create_rota(edition), stand_in) as session:
        if stand_in.status != StandInStatus.OPEN or not _is_due(stand_in, now):
            return False
        process_stand_in(session, edition, stand_in, now)
    return True


def process_stand_in(session: Session, edition: Edition, stand_in: StandIn, now: datetime) -> int:
    """Ask the next wave; escalate when nobody is left or the hour is near. Return how many were
    asked.

    The request is open; its row and that of the rota are locked by the caller.
    """
    if stand_in.shift.ends_at <= now:
        close_request(session, stand_in, StandInStatus.CLOSED, "la fin de la vacation", now)
        notify_waiting(session, stand_in, "standin_withdrawn")
        return 0
    published = queries.published_of(edition, now)
    candidates = published.candidates(stand_in.shift, queries.refused_by(stand_in))
    asked_before = {ask.agent_id for ask in stand_in.asks}
    left = [
        candidate
        for candidate in candidates
        if candidate.can and published.agent(candidate).id not in asked_before
    ]
    starts_at = stand_in.shift.starts_at
    wave = left[: rules.wave_size(now, starts_at)]
    _ask(session, edition, stand_in, published, wave, now)
    is_exhausted = not wave and stand_in.next_ask_at is not None
    stand_in.next_ask_at = rules.next_wave_at(now, starts_at) if wave else None
    if is_exhausted or rules.is_alarm_due(now, starts_at, stand_in.escalated_at):
        _escalate(session, edition, stand_in, published, candidates, now)
    return len(wave)


def close_request(
    session: Session, stand_in: StandIn, status: StandInStatus, author: str, now: datetime
) -> None:
    """Close a request with this status."""
    stand_in.status, stand_in.next_ask_at = status, None
    stand_in.closed_at, stand_in.closed_by = now, author
    session.flush()


def withdraw_requests(act: Act, session: Session, shifts: Sequence[Shift]) -> None:
    """Withdraw the open requests that an absence from these shifts led to; tell who was asked.

    A request older than the absence is the agent's own, and stays.
    """
    absent_at = {shift.id: shift.absent_at for shift in shifts}
    statement = select(StandIn).where(
        StandIn.shift_id.in_(absent_at), StandIn.status == StandInStatus.OPEN
    )
    for stand_in in session.scalars(statement.order_by(StandIn.id)).all():
        since = absent_at[stand_in.shift_id]
        if since is not None and stand_in.opened_at >= since:
            close_request(
                session, stand_in, StandInStatus.WITHDRAWN, act.actor.display_name, act.now
            )
            write_entry(
                session, act.actor, VillageDayAction.STAND_IN_WITHDRAWN, f"stand_in:{stand_in.id}"
            )
            notify_waiting(session, stand_in, "standin_withdrawn")


def _ask(
    session: Session,
    edition: Edition,
    stand_in: StandIn,
    published: Published,
    wave: Sequence[Candidate],
    now: datetime,
) -> None:
    names, holder = stand_names(edition), stand_in.agent
    time_left = rest_from(stand_in.shift, now)
    for candidate in wave:
        agent = published.agent(candidate)
        stand_in.asks.append(
            StandInAsk(agent_id=agent.id, agent=agent, rank=len(stand_in.asks) + 1, asked_at=now)
        )
        post_to_agent(
            session,
            "standin_asked",
            agent,
            event_at=time_left.starts_at,
            holder=holder.full_name,
            shift=message_context(time_left, names),
            load=candidate.load,
        )
        subject = f"stand_in:{stand_in.id}"
        write_entry(session, SYSTEM, VillageDayAction.STAND_IN_ASKED, subject, agent=agent.id)
    session.flush()


def _escalate(
    session: Session,
    edition: Edition,
    stand_in: StandIn,
    published: Published,
    candidates: Sequence[Candidate],
    now: datetime,
) -> None:
    """Notify the coordinators and the organisers, with the smallest remedies."""
    stand_in.escalated_at = now
    shift = stand_in.shift
    silent = [ask.agent for ask in stand_in.asks if ask.said_yes is None]
    people = {
        **dict(queries.organisers()),
        **dict(queries.coordinators_or_organisers(edition, *bodies_of(stand_in))),
    }
    for email, first_name in people.items():
        outbox.post(
            session,
            "standin_escalated",
            email,
            about=f"stand_in:{stand_in.id}",
            first_name=first_name,
            stand_in_id=stand_in.id,
            holder=stand_in.agent.full_name,
            shift=message_context(shift, stand_names(edition)),
            minutes=max(0, int((shift.starts_at - now).total_seconds() // 60)),
            silent=[{"who": agent.full_name, "phone": agent.phone} for agent in silent],
            remedies=[
                {
                    "who": published.agent(candidate).full_name,
                    "phone": published.agent(candidate).phone,
                    "why": [
                        *(obstacle.label for obstacle in candidate.obstacles),
                        *(bend.label for bend in candidate.bends),
                    ],
                }
                for candidate in remedies(candidates)
                if published.agent(candidate) not in silent
            ],
        )
    write_entry(session, SYSTEM, VillageDayAction.STAND_IN_ESCALATED, f"stand_in:{stand_in.id}")


def bodies_of(stand_in: StandIn) -> list[int]:
    """Return the bodies concerned: the agent's, and the stand's."""
    body = stand_in.shift.stand.body
    return [stand_in.agent.body_id, *([body.id] if body else [])]


def post_to_coordinators(
    session: Session, kind: str, agents: Sequence[Agent], body_ids: Sequence[int], **message: Any
) -> None:
    """Post a message to the coordinators of these bodies, except `agents`, whom it is about."""
    agent_emails = [agent.email for agent in agents]
    people = queries.coordinators_or_organisers(agents[0].edition, *body_ids)
    for email, first_name in people:
        if email not in agent_emails:
            outbox.post(session, kind, email, first_name=first_name, **message)


def ask_next(act: FairAct, stand_in: StandIn, key: str = "") -> int:
    """Ask the next wave at once, for a coordinator; return how many agents were asked.

    Idempotent per `key`. Raises AlreadyTaken, NoLongerLooking, SubmissionDiffers.
    """
    with act.transaction(get_or_create_rota(act.edition), stand_in) as session:
        earlier = claim_submission(session, key, {"ask_next": stand_in.id})
        if earlier is not None:
            return int(earlier)
        rules.check_still_looking(stand_in)
        write_entry(
            session, act.actor, VillageDayAction.STAND_IN_HASTENED, f"stand_in:{stand_in.id}"
        )
        count = process_stand_in(session, act.edition, stand_in, act.now)
        settle_submission(session, key, str(count))
    return count
