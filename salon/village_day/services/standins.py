"""Replace an agent who cannot come: the first to accept takes the shift, a coordinator may assign
it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, violation_as
from salon.platform.database.identity import Role
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, settle_submission
from salon.staffing.models import Agent, Shift, ShiftOrigin, StandIn, StandInAsk, StandInStatus
from salon.staffing.services.agents import refuse_agent_of_another_body
from salon.staffing.services.messages import message_context, post_to_agent, stand_names
from salon.staffing.services.overtaken import notify_waiting
from salon.staffing.services.publication import Given, hand_over, new_publication, rest_from
from salon.staffing.services.settings import get_or_create_rota
from salon.village_day.actions import VillageDayAction
from salon.village_day.queries import standins as queries
from salon.village_day.rules import standins as rules
from salon.village_day.rules.replacing import Candidate
from salon.village_day.services.asking import (
    bodies_of,
    close_request,
    post_to_coordinators,
    process_stand_in,
)


def ask_stand_in(act: FairAct, shift: Shift, reason: str, key: str = "") -> StandIn:
    """Open a request to replace the agent of a published shift, and ask the first wave at once.

    The agent stays expected until the shift is taken. Idempotent per `key`. Raises
    ShiftNotPublished, ShiftIsOver, AlreadyLooking, SubmissionDiffers.
    """
    content: Mapping[str, object] = {"stand_in": shift.id, "reason": reason}
    with act.transaction(get_or_create_rota(act.edition), shift) as session:
        if earlier := earlier_row(session, StandIn, key, content):
            return earlier
        stand_in = open_request(act, session, shift, reason)
        settle_submission(session, key, str(stand_in.id))
    return stand_in


def open_request(act: Act, session: Session, shift: Shift, reason: str) -> StandIn:
    """Open a request and ask the first wave; the row of the rota is locked by the caller.

    Raises ShiftNotPublished, ShiftIsOver, AlreadyLooking.
    """
    rules.check_can_be_given_up(shift.status, shift.ends_at, act.now)
    stand_in = _open(session, shift, reason, act.now)
    details = {"agent": shift.agent_id, "shift": shift.id}
    write_entry(
        session, act.actor, VillageDayAction.STAND_IN_OPENED, f"stand_in:{stand_in.id}", **details
    )
    process_stand_in(session, shift.agent.edition, stand_in, act.now)
    if act.actor.role != Role.AGENT or act.actor.id != shift.agent.account_id:
        _notify_agent(act, session, stand_in, "standin_opened")
    return stand_in


def _open(session: Session, shift: Shift, reason: str, now: datetime) -> StandIn:
    stand_in = StandIn(
        shift=shift,
        agent=shift.agent,
        reason=reason,
        status=StandInStatus.OPEN,
        opened_at=now,
        next_ask_at=now,
    )
    session.add(stand_in)
    with violation_as(rules.AlreadyLooking, "uq_stand_ins_open", "stand_ins.shift_id"):
        session.flush()
    return stand_in


def withdraw_stand_in(act: FairAct, stand_in: StandIn) -> None:
    """Withdraw a request because the agent comes after all; notify the agents asked. Idempotent.

    Raises AlreadyTaken, NoLongerLooking.
    """
    with act.transaction(get_or_create_rota(act.edition), stand_in) as session:
        if stand_in.status == StandInStatus.WITHDRAWN:
            return
        rules.check_still_looking(stand_in)
        close_request(session, stand_in, StandInStatus.WITHDRAWN, act.actor.display_name, act.now)
        write_entry(
            session, act.actor, VillageDayAction.STAND_IN_WITHDRAWN, f"stand_in:{stand_in.id}"
        )
        notify_waiting(session, stand_in, "standin_withdrawn")


def close_stand_in(act: FairAct, stand_in: StandIn) -> None:
    """Close a request: the shift stays the agent's, who is notified.

    Raises AlreadyTaken, NoLongerLooking.
    """
    with act.transaction(get_or_create_rota(act.edition), stand_in) as session:
        rules.check_still_looking(stand_in)
        close_request(session, stand_in, StandInStatus.CLOSED, act.actor.display_name, act.now)
        write_entry(session, act.actor, VillageDayAction.STAND_IN_CLOSED, f"stand_in:{stand_in.id}")
        notify_waiting(session, stand_in, "standin_withdrawn")
        _notify_agent(act, session, stand_in, "standin_closed")


def decline_shift(act: Act, ask_id: int) -> StandInAsk:
    """Record an agent's refusal; when no answer is awaited any more, ask the next wave at once."""
    ask = current_session().get_one(StandInAsk, ask_id)
    edition, stand_in = ask.agent.edition, ask.stand_in
    with act.transaction(get_or_create_rota(edition), ask, stand_in) as session:
        if ask.said_yes is None:
            ask.said_yes, ask.answered_at = False, act.now
            subject = f"stand_in:{stand_in.id}"
            write_entry(
                session, act.actor, VillageDayAction.STAND_IN_DECLINED, subject, agent=ask.agent_id
            )
            waits = any(other_ask.said_yes is None for other_ask in stand_in.asks)
            if stand_in.status == StandInStatus.OPEN and not waits and stand_in.next_ask_at:
                process_stand_in(session, edition, stand_in, act.now)
    return ask


def take_shift(act: Act, ask_id: int) -> StandIn:
    """Give the shift to the first agent who accepts, in both layers; notify the others.

    Idempotent for that agent. Raises AlreadyTaken, NoLongerLooking, CannotTake.
    """
    ask = current_session().get_one(StandInAsk, ask_id)
    return _give(act, ask.stand_in, ask.agent, None)


def assign_shift(
    act: Act,
    stand_in: StandIn,
    agent: Agent,
    accepted: Collection[str],
    body_ids: Collection[int] | None,
) -> StandIn:
    """Assign the shift to an agent without asking, for a coordinator who read the obstacles.

    `accepted`: the obstacles that the author read; `body_ids`: the bodies whose agents they may
    assign, None for all. Raises AgentOfAnotherBody, AlreadyTaken, NoLongerLooking, CannotTake,
    BreaksMore.
    """
    refuse_agent_of_another_body(agent, body_ids)
    return _give(act, stand_in, agent, accepted)


def _give(act: Act, stand_in: StandIn, taker: Agent, accepted: Collection[str] | None) -> StandIn:
    edition, holder, shift = taker.edition, stand_in.agent, stand_in.shift
    with act.transaction(get_or_create_rota(edition), holder, taker, stand_in) as session:
        if stand_in.status == StandInStatus.TAKEN and stand_in.taken_by_id == taker.id:
            return stand_in
        rules.check_still_looking(stand_in)
        rules.check_can_be_given_up(shift.status, shift.ends_at, act.now)
        candidate = _candidate(edition, stand_in, taker, act.now)
        rules.check_can_take(candidate, accepted, taker.full_name)
        _note_yes(stand_in, taker, act.now)
        time_left = rest_from(shift, act.now)
        stand_in.taken_by_id, stand_in.taken_by = taker.id, taker
        stand_in.taken_from, stand_in.taken_until = time_left.starts_at, time_left.ends_at
        close_request(session, stand_in, StandInStatus.TAKEN, act.actor.display_name, act.now)
        subject = f"stand_in:{stand_in.id}"
        write_entry(
            session,
            act.actor,
            VillageDayAction.STAND_IN_TAKEN,
            subject,
            agent=taker.id,
            accepted=[obstacle.label for obstacle in candidate.obstacles] if accepted else [],
        )
        notify_waiting(session, stand_in, "standin_taken", taker.full_name)
        _notify_coordinators(act, session, stand_in, taker)
        _hand_over(FairAct.of(act, edition), session, stand_in, moves=accepted is not None)
    return stand_in


def _hand_over(act: FairAct, session: Session, stand_in: StandIn, moves: bool) -> None:
    shift, taker = stand_in.shift, stand_in.taken_by
    assert taker is not None
    note = rules.note_of_stand_in(
        taker.full_name, stand_in.agent.full_name, stand_in.starts_at, stand_in.ends_at
    )
    version = new_publication(act, session, note)
    give = Given(shift, taker, rest_from(shift, act.now))
    hand_over(act, session, version, [give], ShiftOrigin.STAND_IN, moves)


def _candidate(edition: Edition, stand_in: StandIn, taker: Agent, now: datetime) -> Candidate:
    published = queries.published_of(edition, now)
    candidate = published.candidate(stand_in.shift, taker.id, queries.refused_by(stand_in))
    if candidate is None:
        raise rules.NoLongerLooking
    return candidate


def _note_yes(stand_in: StandIn, taker: Agent, now: datetime) -> None:
    ask = next((answer for answer in stand_in.asks if answer.agent_id == taker.id), None)
    if ask is None:
        ask = StandInAsk(agent_id=taker.id, agent=taker, rank=len(stand_in.asks) + 1)
        stand_in.asks.append(ask)
    ask.said_yes, ask.answered_at = True, now


def _notify_coordinators(act: Act, session: Session, stand_in: StandIn, taker: Agent) -> None:
    post_to_coordinators(
        session,
        "standin_found",
        (stand_in.agent, taker),
        bodies_of(stand_in),
        about=f"stand_in:{stand_in.id}",
        event_at=stand_in.shift.starts_at,
        holder=stand_in.agent.full_name,
        taker=taker.full_name,
        actor_name=act.actor.display_name,
        shift=message_context(stand_in, stand_names(taker.edition)),
    )


def _notify_agent(act: Act, session: Session, stand_in: StandIn, kind: str) -> None:
    agent = stand_in.agent
    post_to_agent(
        session,
        kind,
        agent,
        event_at=stand_in.shift.starts_at,
        civility=agent.civility,
        actor_name=act.actor.display_name,
        asked=len(stand_in.asks),
        shift=message_context(stand_in.shift, stand_names(agent.edition)),
    )
