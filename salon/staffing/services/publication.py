"""Publishing: what agents hold becomes what the draft says, and each is told what changes."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.db import transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.submissions import claim_submission, settle_submission
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.engine.shift_changes import Matched, Placed, PlannedShift, match, without
from salon.staffing.models import Agent, Publication, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries.rota import by_agent, find_publication, shifts_of
from salon.staffing.rules import publication as rules
from salon.staffing.services.claims import put_claims
from salon.staffing.services.overtaken import close_overtaken
from salon.staffing.services.rows import put_row
from salon.staffing.services.settings import keep_rota
from salon.staffing.services.telling import stand_names, told


@dataclass(frozen=True)
class AgentChanges:
    """What a publication changes for one agent: published shifts before, draft shifts after."""

    agent: Agent
    matched: Matched[Shift, Shift]
    after: Sequence[Shift]


def differences(edition: Edition) -> list[AgentChanges]:
    """What publishing the draft would change, agent by agent, only those for whom it does."""
    published = by_agent(shifts_of(edition, ShiftStatus.PUBLISHED))
    draft = by_agent(shifts_of(edition, ShiftStatus.DRAFT))
    agents = {
        one.agent_id: one.agent for rows in (*published.values(), *draft.values()) for one in rows
    }
    found = []
    for agent_id, agent in agents.items():
        after = draft.get(agent_id, [])
        matched = match(published.get(agent_id, []), after)
        if matched.changes:
            found.append(AgentChanges(agent, matched, after))
    return sorted(found, key=lambda one: (one.agent.body_id, one.agent.name_key, one.agent.id))


def stamp_of(changes: Sequence[AgentChanges]) -> str:
    """Says a list of changes in sixteen letters: what is published is what was read (R-12)."""
    facts = [
        (
            one.agent.id,
            [_facts(it) for it in one.after],
            [_facts(it) for it in one.matched.removed],
            [_facts(before) for before, _ in one.matched.moved],
        )
        for one in changes
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def publish_rota(
    edition: Edition, stamp: str, note: str, by: Identity, now: datetime, key: str = ""
) -> Publication:
    """Publishes the draft; each agent whose shifts change is sent these changes, nobody else.

    `stamp`: of the changes that the author read. A `key` that comes back gives the publication of
    its first sending. Raises NothingToPublish, DraftChanged, SubmissionDiffers.
    """
    agents = [one.agent for one in differences(edition)]
    rota = keep_rota(edition)
    with transaction(rota, *agents) as session:
        content = {"publish": edition.id, "stamp": stamp, "note": note}
        earlier = claim_submission(session, key, content) if key else None
        if earlier is not None:
            return session.get_one(Publication, int(earlier))
        changes = differences(edition)
        rules.check_something_changes(changes)
        rules.check_still_the_same(stamp, stamp_of(changes))
        publication = new_publication(session, edition, note, by, now)
        for one in changes:
            put_published(session, publication, one.agent, one.after, None, edition)
        if key:
            settle_submission(session, key, str(publication.id))
    return publication


def hand_over(
    session: Session,
    edition: Edition,
    publication: Publication,
    gives: Sequence[tuple[Shift, Agent]],
    origin: ShiftOrigin,
    by: Identity,
    now: datetime | None = None,
    moves: bool = False,
) -> None:
    """Gives published shifts to other agents, at once in both layers, and tells all of them.

    `gives`: (shift, who takes it); the rota and the rows of all these agents are locked by the
    caller. What is over by `now` stays as it was. In the draft the change is made too, whatever it
    said of these hours; with `moves`, in the published layer too, else it raises AgentElsewhere.
    """
    agents = {one.id: one for shift, taker in gives for one in (shift.agent, taker)}
    hours = {shift.id: rest_from(shift, now) for shift, _ in gives}
    lost = {
        one.id: [hours[shift.id] for shift, _ in gives if shift.agent_id == one.id]
        for one in agents.values()
    }
    gained = {
        one.id: [hours[shift.id] for shift, taker in gives if taker.id == one.id]
        for one in agents.values()
    }
    for status in (ShiftStatus.PUBLISHED, ShiftStatus.DRAFT):
        held = by_agent(shifts_of(edition, status, list(agents)))
        for agent in sorted(agents.values(), key=lambda one: one.id):
            left = [wanted_of(one) for one in held.get(agent.id, [])]
            for given in lost[agent.id]:
                left = without(left, given)
            if moves or status == ShiftStatus.DRAFT:
                for taken in gained[agent.id]:
                    left = without(left, taken)
            if status == ShiftStatus.DRAFT:
                put_row(session, agent, [*left, *gained[agent.id]], origin, by)
            else:
                after = [*left, *gained[agent.id]]
                put_published(session, publication, agent, after, origin, edition)


def put_published(
    session: Session,
    publication: Publication,
    agent: Agent,
    wanted: Sequence[Placed],
    origin: ShiftOrigin | None,
    edition: Edition,
) -> None:
    """Makes an agent's published shifts what is wanted, and tells the agent what changes.

    A shift that moves keeps its UID and its SEQUENCE grows; one that goes is withdrawn, and stays
    in the agent's feed as cancelled. What the day noted stays while stand and start do. `origin`
    None: that of the draft. The rows are locked.
    """
    before = session.scalars(
        select(Shift).where(Shift.agent_id == agent.id, Shift.status == ShiftStatus.PUBLISHED)
    ).all()
    found = match(before, wanted)
    if not found.changes:
        return
    close_overtaken(session, publication, [*(shift for shift, _ in found.moved), *found.removed])
    names = stand_names(edition)
    moved = [[told(shift, names), told(asked, names)] for shift, asked in found.moved]
    came = [told(asked, names) for asked in found.added]
    went = [told(shift, names) for shift in found.removed]
    event_at = min(
        each.starts_at for each in (*chain.from_iterable(found.moved), *found.added, *found.removed)
    )
    touched = []
    for shift, asked in found.moved:
        if (asked.stand_id, asked.starts_at) != (shift.stand_id, shift.starts_at):
            shift.arrived_at = shift.absent_at = shift.told_at = None
        _put(shift, asked, origin)
        touched.append(shift)
    for asked in found.added:
        shift = Shift(
            edition_id=agent.edition_id,
            agent_id=agent.id,
            status=ShiftStatus.PUBLISHED,
            uid=secrets.token_hex(16),
            sequence=-1,
        )
        _put(shift, asked, origin)
        session.add(shift)
        touched.append(shift)
    for shift in found.removed:
        shift.status = ShiftStatus.WITHDRAWN
        touched.append(shift)
    for shift in touched:
        shift.sequence += 1
        shift.publication_id = publication.id
    put_claims(session, touched)
    publication.changes += found.changes
    outbox.post(
        session,
        "rota_changed",
        agent.email,
        about=f"agent:{agent.id}",
        event_at=event_at,
        agent_id=agent.id,
        first_name=agent.first_name,
        number=publication.number,
        note=publication.note,
        is_first=not before,
        uids=[one.uid for one in touched],
        moved=moved,
        came=came,
        went=went,
    )


def new_publication(
    session: Session, edition: Edition, note: str, by: Identity, now: datetime
) -> Publication:
    """The next version; the row of the rota is locked, so that numbers follow one another."""
    latest = find_publication(edition)
    publication = Publication(
        edition_id=edition.id,
        number=latest.number + 1 if latest else 1,
        published_at=now,
        published_by=by.display_name,
        note=note,
        changes=0,
    )
    session.add(publication)
    session.flush()
    subject = f"publication:{publication.id}"
    write_entry(session, by, "rota.published", subject, number=publication.number, note=note)
    return publication


def wanted_of(one: Shift) -> PlannedShift:
    """A shift as something that is wanted: where and when, not which row."""
    return PlannedShift(one.stand_id, one.starts_at, one.ends_at, one.is_locked)


def rest_from(one: Shift, now: datetime | None) -> PlannedShift:
    """What remains of a shift, from the half hour that `now` is in; None for all of it."""
    wanted = wanted_of(one)
    if now is None:
        return wanted
    return replace(wanted, starts_at=max(wanted.starts_at, half_hours(now, one.ends_at)[0]))


def _put(shift: Shift, asked: Placed, origin: ShiftOrigin | None) -> None:
    shift.stand_id, shift.starts_at, shift.ends_at = asked.stand_id, asked.starts_at, asked.ends_at
    given = asked.origin if isinstance(asked, Shift) else ShiftOrigin.BY_HAND
    shift.origin = origin or given


def _facts(one: Shift) -> tuple[int, str, str]:
    return one.stand_id, one.starts_at.isoformat(), one.ends_at.isoformat()
