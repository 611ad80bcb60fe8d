"""Shifts of both layers follow a change of the fair: they move, or are withdrawn, and come back."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from salon.fair.models import Edition, Stand
from salon.platform.database.consequences import Change, Consequence, Facts, Fate
from salon.staffing.engine.half_hours import half_hours
from salon.staffing.engine.shift_changes import Matched, Placed, PlannedShift, planned_shift_of
from salon.staffing.models import Agent, Shift, ShiftStatus
from salon.staffing.queries.rota import shifts_of
from salon.staffing.services.claims import drop_shifts, put_claims
from salon.staffing.services.messages import post_to_agent
from salon.staffing.services.publication import new_publication, put_matched

FOLLOWER = "staffing"
"""The name under which a change keeps what the rota was."""
LAYERS = ((ShiftStatus.PUBLISHED, "Vacations publiées"), (ShiftStatus.DRAFT, "Vacations préparées"))
REVERSIBLE = (Fate.MOVED, Fate.RELOCATED)
"""Fates that the opposite change takes back: nothing has to be kept."""

TargetOf = Callable[[Shift], PlannedShift | None]
FateOf = Callable[[Shift, PlannedShift | None], Fate]
Touched = Sequence[tuple[Shift, PlannedShift | None]]


def follow_shifts(
    session: Session,
    change: Change,
    note: str,
    target_of: TargetOf,
    fate_of: FateOf,
    with_past: bool = False,
) -> Iterator[Consequence]:
    """Give each shift to come its target, None to withdraw it; publish what was published.

    `with_past`: past ones, too, of a fair that did not take place on its days.
    Undoing gives back what the rota was; a shift that its agent can no longer hold stays away.
    """
    edition = session.get_one(Edition, change.edition_id)
    former = {(kind, row_id): values for kind, row_id, *values in change.former.get(FOLLOWER, ())}
    for layer, label in LAYERS:
        shifts = [
            shift for shift in shifts_of(edition, layer) if with_past or shift.ends_at > change.at
        ]
        targets = [(shift, target_of(shift)) for shift in shifts]
        if change.is_undo:
            targets = [
                (shift, _former_shift(shift, former.get((layer, shift.id)), target))
                for shift, target in targets
            ]
            targets += _withdrawn(session, layer, former, targets)
        touched = [
            (shift, target)
            for shift, target in targets
            if target != planned_shift_of(shift) or shift.status == ShiftStatus.WITHDRAWN
        ]
        names: dict[Fate, list[str]] = defaultdict(list)
        former_facts: dict[Fate, list[Facts]] = defaultdict(list)
        for shift, target in touched:
            fate = fate_of(shift, target)
            names[fate].append(shift_name(shift))
            if fate not in REVERSIBLE:
                former_facts[fate].append([layer.value, shift.id, *_facts_of_shift(shift)])
        if layer == ShiftStatus.PUBLISHED:
            _publish(session, edition, change, note, touched)
        else:
            _redraft(session, touched)
        for fate in Fate:
            if names[fate]:
                yield Consequence(fate, label, names[fate], former_facts[fate])


def _former_shift(
    shift: Shift, facts: Facts | None, target: PlannedShift | None
) -> PlannedShift | None:
    return _planned(facts) if facts and facts[4] == shift.agent_id else target


def _withdrawn(
    session: Session, layer: ShiftStatus, former: dict[Any, Any], targets: Touched
) -> list[tuple[Shift, PlannedShift | None]]:
    """Return the shifts that the change removed, with what they were; a draft one is made again."""
    busy = {
        (shift.agent_id, at)
        for shift, target in targets
        if target is not None
        for at in half_hours(target.starts_at, target.ends_at)
    }
    present_ids = {shift.id for shift, _ in targets}
    restored: list[tuple[Shift, PlannedShift | None]] = []
    for (kind, row_id), facts in former.items():
        if kind != layer.value:
            continue
        planned, agent = _planned(facts), session.get_one(Agent, facts[4])
        hours = half_hours(planned.starts_at, planned.ends_at)
        if agent.removed_at or busy & {(agent.id, at) for at in hours}:
            continue
        shift = session.get(Shift, row_id)
        if layer == ShiftStatus.PUBLISHED and shift and shift.status == ShiftStatus.WITHDRAWN:
            restored.append((shift, planned))
        elif layer == ShiftStatus.DRAFT and row_id not in present_ids:
            restored.append((_drafted(session, facts), planned))
    return restored


def _drafted(session: Session, facts: Facts) -> Shift:
    planned, agent_id, origin = _planned(facts), facts[4], facts[5]
    agent = session.get_one(Agent, agent_id)
    shift = Shift(
        edition_id=agent.edition_id,
        agent_id=agent_id,
        agent=agent,
        stand=session.get_one(Stand, planned.stand_id),
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        status=ShiftStatus.DRAFT,
        origin=origin,
        is_locked=planned.is_locked,
    )
    session.add(shift)
    session.flush()
    put_claims(session, [shift])
    return shift


def _publish(
    session: Session,
    edition: Edition,
    change: Change,
    note: str,
    touched: Touched,
) -> None:
    if not touched:
        return
    publication = new_publication(session, edition, note, change.actor, change.at)
    by_agent: dict[Agent, list[tuple[Shift, PlannedShift | None]]] = defaultdict(list)
    for shift, target in touched:
        if target is not None:
            shift.status = ShiftStatus.PUBLISHED
        by_agent[shift.agent].append((shift, target))
    for agent, pairs in by_agent.items():
        moved: list[tuple[Shift, Placed]] = [
            (shift, target) for shift, target in pairs if target is not None
        ]
        removed = [shift for shift, target in pairs if target is None]
        matched: Matched[Shift, Placed] = Matched([], moved, [], removed)
        put_matched(session, publication, agent, matched, None)


def _redraft(session: Session, touched: Touched) -> None:
    removed = [shift for shift, target in touched if target is None]
    moved = [(shift, target) for shift, target in touched if target is not None]
    for shift, target in moved:
        shift.starts_at, shift.ends_at = target.starts_at, target.ends_at
    drop_shifts(session, removed)
    put_claims(session, [shift for shift, _ in moved])
    for agent in {shift.agent for shift, _ in touched}:
        agent.rota_version += 1


def _facts_of_shift(shift: Shift) -> Facts:
    times = shift.starts_at.isoformat(), shift.ends_at.isoformat()
    return [shift.stand_id, *times, shift.is_locked, shift.agent_id, shift.origin.value]


def _planned(facts: Facts) -> PlannedShift:
    stand_id, starts_at, ends_at, is_locked = facts[:4]
    start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    return PlannedShift(stand_id, start, end, is_locked)


def shift_name(shift: Shift) -> str:
    return f"{shift.agent.full_name}, stand {shift.stand.number}"


def renew_events(
    session: Session,
    edition: Edition,
    change: Change,
    shifts: Sequence[Shift],
    note: str,
    kind: str,
    **context: Any,
) -> list[str]:
    """Publish shifts at their time with a new SEQUENCE, and tell each agent once.

    Return their names.
    """
    uids_by_agent: dict[Agent, list[str | None]] = defaultdict(list)
    if shifts:
        publication = new_publication(session, edition, note, change.actor, change.at)
        for shift in shifts:
            shift.sequence += 1
            shift.publication_id = publication.id
            uids_by_agent[shift.agent].append(shift.uid)
    for agent, uids in uids_by_agent.items():
        post_to_agent(
            session, kind, agent, agent_id=agent.id, uids=uids, words=change.words, **context
        )
    return [shift_name(shift) for shift in shifts]
