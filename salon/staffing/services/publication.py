"""Publish the draft and notify each agent of their changes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.database import versions
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import earlier_row, settle_submission
from salon.staffing.actions import StaffingAction
from salon.staffing.engine.excesses import breach_words
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.engine.shift_changes import (
    Matched,
    Placed,
    PlannedShift,
    match,
    planned_shift_of,
    shifts_outside,
)
from salon.staffing.models import Agent, Publication, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries.limits import limits_of_agent
from salon.staffing.queries.rota import by_agent, find_publication, rota_of, shifts_of
from salon.staffing.rules import runs as rules
from salon.staffing.rules.legal import check_limits_have_a_reason
from salon.staffing.services.claims import put_claims
from salon.staffing.services.messages import message_context, post_to_agent, stand_names
from salon.staffing.services.overtaken import close_overtaken
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import get_or_create_rota


class Given(NamedTuple):
    """A published shift for another agent: `taker` has what `rest` covers of it."""

    shift: Shift
    taker: Agent
    rest: PlannedShift


@dataclass(frozen=True)
class AgentChanges:
    """The changes of a publication for one agent: published shifts before, draft shifts after."""

    agent: Agent
    matched: Matched[Shift, Shift]
    after: Sequence[Shift]


def differences(edition: Edition) -> list[AgentChanges]:
    """Return what publishing the draft would change, for each agent with changes."""
    published = by_agent(shifts_of(edition, ShiftStatus.PUBLISHED))
    draft = by_agent(shifts_of(edition, ShiftStatus.DRAFT))
    agents = {
        shift.agent_id: shift.agent
        for rows in (*published.values(), *draft.values())
        for shift in rows
    }
    changed_agents = []
    for agent_id, agent in agents.items():
        after = draft.get(agent_id, [])
        matched = match(published.get(agent_id, []), after)
        if matched.changes:
            changed_agents.append(AgentChanges(agent, matched, after))
    return sorted(
        changed_agents,
        key=lambda entry: (entry.agent.body_id, entry.agent.name_key, entry.agent.id),
    )


def limits_passed(edition: Edition, changes: Sequence[AgentChanges]) -> dict[Agent, list[str]]:
    """Return the limits of working time that agents with changes pass, each with its article."""
    rota = rota_of(edition)
    passed = {
        entry.agent: breach_words(entry.after, limits_of_agent(entry.agent, rota))
        for entry in changes
    }
    return {agent: breaches for agent, breaches in passed.items() if breaches}


def stamp_of(changes: Sequence[AgentChanges]) -> str:
    """Return a digest of a list of changes, to refuse publishing changes not read."""
    facts = [
        (
            entry.agent.id,
            [_facts(shift) for shift in entry.after],
            [_facts(shift) for shift in entry.matched.removed],
            [_facts(before) for before, _ in entry.matched.moved],
        )
        for entry in changes
    ]
    return versions.stamp_of(facts)


def publish_rota(
    act: FairAct, stamp: str, note: str, key: str = "", reason: str = ""
) -> Publication:
    """Publish the draft and send each agent whose shifts change these changes.

    `stamp`: of the changes that the author read. `reason`: why agents are past a limit of working
    time, where some are; they read it. Idempotent per `key`. Raises NothingToPublish, DraftChanged,
    FairIsCancelled, LimitsNeedAReason, SubmissionDiffers.
    """
    agents = [entry.agent for entry in differences(act.edition)]
    rota = get_or_create_rota(act.edition)
    with act.transaction(rota, *agents) as session:
        content = {"publish": act.edition.id, "stamp": stamp, "note": note, "reason": reason}
        if earlier := earlier_row(session, Publication, key, content):
            return earlier
        rules.check_fair_takes_place(act.edition.is_cancelled)
        changes = differences(act.edition)
        rules.check_something_changes(changes)
        rules.check_still_the_same(stamp, stamp_of(changes))
        passed = limits_passed(act.edition, changes)
        check_limits_have_a_reason(bool(passed), reason)
        publication = new_publication(act, session, note, reason if passed else "")
        for agent, breaches in passed.items():
            subject, details = f"agent:{agent.id}", {"limits": breaches, "reason": reason}
            write_entry(
                session, act.actor, StaffingAction.ROTA_LIMITS_PUBLISHED, subject, **details
            )
        for entry in changes:
            put_published(session, publication, entry.agent, entry.after, None)
        settle_submission(session, key, str(publication.id))
    return publication


def hand_over(
    act: Act,
    session: Session,
    publication: Publication,
    gives: Sequence[Given],
    origin: ShiftOrigin,
    moves: bool = False,
) -> None:
    """Give published shifts to other agents, at once in both layers, and notify all of them.

    The rota and the rows of all these agents are locked by the caller. What `gives` leaves of a
    shift stays as it was. In the draft the change is made whatever it held
    at these hours; with `moves`, in the published layer too, else it raises AgentElsewhere.
    """
    agents = {agent.id: agent for give in gives for agent in (give.shift.agent, give.taker)}
    edition = gives[0].taker.edition
    lost: dict[int, list[PlannedShift]] = {agent_id: [] for agent_id in agents}
    gained: dict[int, list[PlannedShift]] = {agent_id: [] for agent_id in agents}
    for shift, taker, time_left in gives:
        lost[shift.agent_id].append(time_left)
        gained[taker.id].append(time_left)
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        shifts_by_agent = by_agent(shifts_of(edition, status, list(agents)))
        for agent in sorted(agents.values(), key=lambda agent: agent.id):
            left = [planned_shift_of(shift) for shift in shifts_by_agent.get(agent.id, [])]
            for lost_shift in lost[agent.id]:
                left = shifts_outside(left, lost_shift)
            if moves or status == ShiftStatus.DRAFT:
                for gained_shift in gained[agent.id]:
                    left = shifts_outside(left, gained_shift)
            if status == ShiftStatus.DRAFT:
                put_row(act, session, agent, [*left, *gained[agent.id]], origin)
            else:
                after = [*left, *gained[agent.id]]
                put_published(session, publication, agent, after, origin)


def put_published(
    session: Session,
    publication: Publication,
    agent: Agent,
    after: Sequence[Placed],
    origin: ShiftOrigin | None,
) -> None:
    """Replace an agent's published shifts and notify the agent of the changes.

    `origin` None: that of the draft. The rows are locked.
    """
    before = session.scalars(
        select(Shift).where(Shift.agent_id == agent.id, Shift.status == ShiftStatus.PUBLISHED)
    ).all()
    passed = breach_words(after, limits_of_agent(agent, rota_of(agent.edition)))
    matched = match(before, after)
    put_matched(session, publication, agent, matched, origin, passed)


def put_matched(
    session: Session,
    publication: Publication,
    agent: Agent,
    matched: Matched[Shift, Placed],
    origin: ShiftOrigin | None,
    passed: Sequence[str] = (),
) -> None:
    """Turn an agent's published shifts into those they are matched with, and notify the agent.

    `passed`: the limits of working time that the agent's rota passes.

    A shift that moves keeps its UID and its SEQUENCE grows; one that is removed is withdrawn, and
    stays in the agent's feed as cancelled. Marks of the day stay while stand and start do.
    """
    if not matched.changes:
        return
    close_overtaken(
        session, publication, [*(shift for shift, _ in matched.moved), *matched.removed]
    )
    names = stand_names(agent.edition)
    given_back = [shift for shift, planned in matched.moved if planned == planned_shift_of(shift)]
    moved = [
        [message_context(shift, names), message_context(planned, names)]
        for shift, planned in matched.moved
        if shift not in given_back
    ]
    came = [message_context(shift, names) for shift in (*matched.added, *given_back)]
    went = [message_context(shift, names) for shift in matched.removed]
    event_at = min(
        matched_shift.starts_at
        for matched_shift in (*chain.from_iterable(matched.moved), *matched.added, *matched.removed)
    )
    touched = []
    for shift, planned in matched.moved:
        if (planned.stand_id, planned.starts_at) != (shift.stand_id, shift.starts_at):
            shift.arrived_at = shift.absent_at = shift.told_at = None
        _put(shift, planned, origin)
        touched.append(shift)
    for planned in matched.added:
        shift = Shift(
            edition_id=agent.edition_id,
            agent_id=agent.id,
            uid=secrets.token_hex(16),
            sequence=-1,
        )
        _put(shift, planned, origin)
        session.add(shift)
        touched.append(shift)
    for shift in matched.removed:
        shift.status = ShiftStatus.WITHDRAWN
        touched.append(shift)
    for shift in touched:
        shift.sequence += 1
        shift.publication_id = publication.id
    put_claims(session, touched)
    publication.changes += matched.changes
    post_to_agent(
        session,
        "rota_changed",
        agent,
        event_at=event_at,
        agent_id=agent.id,
        number=publication.number,
        note=publication.note,
        is_first=matched.is_first,
        uids=[shift.uid for shift in touched],
        moved=moved,
        came=came,
        went=went,
        passed=list(passed),
        reason=publication.reason,
    )


def new_publication(act: FairAct, session: Session, note: str, reason: str = "") -> Publication:
    """Create the next version; the pessimistic lock on Rota makes numbers follow one another."""
    latest = find_publication(act.edition)
    publication = Publication(
        edition_id=act.edition.id,
        number=latest.number + 1 if latest else 1,
        published_at=act.now,
        published_by=act.actor.display_name,
        note=note,
        reason=reason,
        changes=0,
    )
    session.add(publication)
    session.flush()
    subject = f"publication:{publication.id}"
    write_entry(
        session,
        act.actor,
        StaffingAction.ROTA_PUBLISHED,
        subject,
        number=publication.number,
        note=note,
    )
    return publication


def rest_from(shift: Shift, now: datetime) -> PlannedShift:
    """Return what remains of a shift, from the half hour of `now`."""
    planned = planned_shift_of(shift)
    return replace(planned, starts_at=max(planned.starts_at, half_hours(now, shift.ends_at)[0]))


def _put(shift: Shift, planned: Placed, origin: ShiftOrigin | None) -> None:
    """Publish a shift at its place and hours; a withdrawn one is so again."""
    shift.status = ShiftStatus.PUBLISHED
    shift.stand_id, shift.starts_at, shift.ends_at = (
        planned.stand_id,
        planned.starts_at,
        planned.ends_at,
    )
    own_origin = planned.origin if isinstance(planned, Shift) else shift.origin
    shift.origin = origin or own_origin


def _facts(shift: Shift) -> tuple[int, str, str]:
    return shift.stand_id, shift.starts_at.isoformat(), shift.ends_at.isoformat()
