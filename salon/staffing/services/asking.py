"""Others are asked to take a shift, a few at a time; those who coordinate know when nobody does."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.queries import find_current_edition
from salon.platform.db import transaction
from salon.platform.identity import SYSTEM, Identity
from salon.platform.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.submissions import claim_submission, settle_submission
from salon.staffing.models import StandIn, StandInAsk, StandInStatus
from salon.staffing.queries import standins as queries
from salon.staffing.queries.standins import Published
from salon.staffing.rules import standins as rules
from salon.staffing.rules.replacing import Candidate, remedies
from salon.staffing.services.overtaken import tell_waiting
from salon.staffing.services.publication import rest_from
from salon.staffing.services.settings import keep_rota
from salon.staffing.services.telling import stand_names, told


def run_stand_ins(now: datetime) -> int:
    """Asks the next ones, and tells those who coordinate, where it is time; ends what is over.

    Answers how many requests moved. Two workers do it once.
    """
    edition = find_current_edition()
    if edition is None:
        return 0
    due = [one for one in queries.open_stand_ins(edition) if _is_due(one, now)]
    return sum(_advance_alone(edition, one, now) for one in due)


def _is_due(stand_in: StandIn, now: datetime) -> bool:
    shift = stand_in.shift
    asks = stand_in.next_ask_at is not None and stand_in.next_ask_at <= now
    over = shift.ends_at <= now
    return asks or over or rules.is_alarm_due(now, shift.starts_at, stand_in.escalated_at)


def _advance_alone(edition: Edition, stand_in: StandIn, now: datetime) -> bool:
    with transaction(keep_rota(edition), stand_in) as session:
        if stand_in.status != StandInStatus.OPEN or not _is_due(stand_in, now):
            return False
        advance(session, edition, stand_in, now)
    return True


def advance(session: Session, edition: Edition, stand_in: StandIn, now: datetime) -> int:
    """Asks the next ones; tells those who coordinate when nobody is left or the hour is near.

    Answers how many were asked. The request is open; its row and that of the rota are locked.
    """
    if stand_in.shift.ends_at <= now:
        end(session, stand_in, StandInStatus.CLOSED, "la fin de la vacation", now)
        tell_waiting(session, stand_in, "standin_withdrawn")
        return 0
    known = queries.published_of(edition, now)
    candidates = known.candidates(stand_in.shift, queries.refused_by(stand_in))
    asked_before = {one.agent_id for one in stand_in.asks}
    left = [one for one in candidates if one.can and known.agent(one).id not in asked_before]
    starts_at = stand_in.shift.starts_at
    wave = left[: rules.wave_size(now, starts_at)]
    _ask(session, edition, stand_in, known, wave, now)
    is_exhausted = not wave and stand_in.next_ask_at is not None
    stand_in.next_ask_at = rules.next_wave_at(now, starts_at) if wave else None
    if is_exhausted or rules.is_alarm_due(now, starts_at, stand_in.escalated_at):
        _escalate(session, edition, stand_in, known, candidates, now)
    return len(wave)


def end(
    session: Session, stand_in: StandIn, status: StandInStatus, by_whom: str, now: datetime
) -> None:
    """A request is settled."""
    stand_in.status, stand_in.next_ask_at = status, None
    stand_in.closed_at, stand_in.closed_by = now, by_whom
    session.flush()


def _ask(
    session: Session,
    edition: Edition,
    stand_in: StandIn,
    known: Published,
    wave: Sequence[Candidate],
    now: datetime,
) -> None:
    names, holder = stand_names(edition), stand_in.agent
    rest = rest_from(stand_in.shift, now)
    for candidate in wave:
        agent = known.agent(candidate)
        stand_in.asks.append(
            StandInAsk(agent_id=agent.id, agent=agent, rank=len(stand_in.asks) + 1, asked_at=now)
        )
        outbox.post(
            session,
            "standin_asked",
            agent.email,
            about=f"agent:{agent.id}",
            event_at=rest.starts_at,
            first_name=agent.first_name,
            holder=holder.full_name,
            shift=told(rest, names),
            load=candidate.load,
        )
        subject = f"stand_in:{stand_in.id}"
        write_entry(session, SYSTEM, "stand_in.asked", subject, agent=agent.id)
    session.flush()


def _escalate(
    session: Session,
    edition: Edition,
    stand_in: StandIn,
    known: Published,
    candidates: Sequence[Candidate],
    now: datetime,
) -> None:
    """Tells the coordinators and the organisers, with the smallest remedies there are."""
    stand_in.escalated_at = now
    shift, body = stand_in.shift, stand_in.shift.stand.body
    bodies = (stand_in.agent.body_id, *([body.id] if body else []))
    silent = [one.agent for one in stand_in.asks if one.said_yes is None]
    people = {**dict(queries.organisers()), **dict(queries.those_who_coordinate(edition, *bodies))}
    for email, first_name in people.items():
        outbox.post(
            session,
            "standin_escalated",
            email,
            about=f"stand_in:{stand_in.id}",
            first_name=first_name,
            stand_in_id=stand_in.id,
            holder=stand_in.agent.full_name,
            shift=told(shift, stand_names(edition)),
            minutes=max(0, int((shift.starts_at - now).total_seconds() // 60)),
            silent=[{"who": one.full_name, "phone": one.phone} for one in silent],
            remedies=[
                {
                    "who": known.agent(one).full_name,
                    "phone": known.agent(one).phone,
                    "why": [*(it.label for it in one.obstacles), *(it.label for it in one.bends)],
                }
                for one in remedies(candidates)
                if known.agent(one) not in silent
            ],
        )
    write_entry(session, SYSTEM, "stand_in.escalated", f"stand_in:{stand_in.id}")


def ask_next(
    edition: Edition, stand_in: StandIn, by: Identity, now: datetime, key: str = ""
) -> int:
    """A coordinator has the next ones asked at once; answers how many were.

    A `key` that comes back asks nobody and answers as the first time. Raises AlreadyTaken,
    NoLongerLooking, SubmissionDiffers.
    """
    with transaction(keep_rota(edition), stand_in) as session:
        earlier = claim_submission(session, key, {"ask_next": stand_in.id}) if key else None
        if earlier is not None:
            return int(earlier)
        rules.check_still_looking(stand_in)
        write_entry(session, by, "stand_in.hastened", f"stand_in:{stand_in.id}")
        count = advance(session, edition, stand_in, now)
        if key:
            settle_submission(session, key, str(count))
    return count
