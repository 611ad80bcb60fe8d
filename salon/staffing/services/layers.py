"""Shifts of both layers follow a change of the fair: they move, or are withdrawn, and come back."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from salon.fair.models import Edition, Stand
from salon.fair.queries import body_id_at, find_stand_of_body
from salon.fair.services.acts import FairAct
from salon.platform.database.consequences import Change, Consequence, Facts, Fate
from salon.platform.database.moments import OfDayGivenUp
from salon.staffing.engine.excesses import worse_words
from salon.staffing.engine.half_hours import DayFrame, half_hours
from salon.staffing.engine.shift_changes import Matched, Placed, PlannedShift, planned_shift_of
from salon.staffing.models import Agent, Shift, ShiftOrigin, ShiftStatus
from salon.staffing.queries.limits import limits_of_agent
from salon.staffing.queries.rota import frames, rota_of, shifts_of
from salon.staffing.rules.legal import past_words
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
    Undoing gives back what the rota was, within the staffed hours; a shift that its agent cannot
    hold stays away. What stays away, or comes back shorter, stays pending.
    """
    edition = session.get_one(Edition, change.edition_id)
    former = _former_shifts(session, edition, change)
    for layer, label in LAYERS:
        whole_layer = shifts_of(edition, layer)
        shifts = [shift for shift in whole_layer if with_past or shift.ends_at > change.at]
        targets = [(shift, target_of(shift)) for shift in shifts]
        if change.is_undo:
            targets = [
                (shift, _former_shift(shift, former.get((layer, shift.id)), target))
                for shift, target in targets
            ]
            restored = _withdrawn(session, layer, former, targets)
            targets += restored.values()
            yield _left_out(session, layer, label, former, restored)
        touched = [
            (shift, target)
            for shift, target in targets
            if target != planned_shift_of(shift) or shift.status == ShiftStatus.WITHDRAWN
        ]
        passed = _limits_passed(edition, whole_layer, touched)
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
        if passed:
            yield Consequence(Fate.LEFT_TO_DO, f"{label}, temps de travail", passed)


def _limits_passed(edition: Edition, shifts: Sequence[Shift], touched: Touched) -> list[str]:
    """Return the limits of working time that the change makes worse, agent by agent."""
    rota, targets = rota_of(edition), dict(touched)
    agents = {shift.agent_id: shift.agent for shift in targets}
    sentences = []
    for agent in agents.values():
        before = [shift for shift in shifts if shift.agent_id == agent.id]
        after = [
            target
            for shift in dict.fromkeys([*before, *targets])
            if shift.agent_id == agent.id
            and (target := targets.get(shift, planned_shift_of(shift)))
        ]
        worse = worse_words(before, after, limits_of_agent(agent, rota))
        sentences += [past_words(agent.full_name, breach) for breach in worse]
    return sentences


@dataclass(frozen=True)
class FormerShift:
    """A shift as undo data have it; `target`: as it comes back, None while it cannot."""

    facts: Facts
    agent: Agent
    target: PlannedShift | None

    @property
    def is_whole(self) -> bool:
        """Return whether the shift comes back as long as it was."""
        if self.target is None or self.agent.removed_at is not None:
            return False
        return [self.target.starts_at, self.target.ends_at] == self.facts[1:3]


def _former_shifts(
    session: Session, edition: Edition, change: Change
) -> dict[tuple[str, int], FormerShift]:
    """Return the shifts of undo data by layer and row; the latest facts of a row win."""
    layers = {layer.value for layer, _ in LAYERS}
    facts_by_row = {
        (kind, row_id): facts
        for kind, row_id, *facts in change.former.get(FOLLOWER, ())
        if kind in layers
    }
    day_frames = frames(edition)
    return {
        key: FormerShift(facts, session.get_one(Agent, facts[4]), _target(facts, day_frames))
        for key, facts in facts_by_row.items()
    }


def _target(facts: Facts, day_frames: Sequence[DayFrame]) -> PlannedShift | None:
    """Return the former shift on the stand of its body, within the staffed hours of its day."""
    stand_id, starts_at, ends_at, is_locked, _, _, *body_ids = facts
    stand = find_stand_of_body(stand_id, *body_ids)
    if stand is None or isinstance(starts_at, OfDayGivenUp):
        return None
    return within_frames(PlannedShift(stand.id, starts_at, ends_at, is_locked), day_frames)


def within_frames(planned: PlannedShift, day_frames: Sequence[DayFrame]) -> PlannedShift | None:
    """Return what the staffed hours of a day leave of a shift; None when that is nothing."""
    for frame in day_frames:
        start, end = max(planned.starts_at, frame.starts_at), min(planned.ends_at, frame.ends_at)
        if start < end:
            return replace(planned, starts_at=start, ends_at=end)
    return None


def _former_shift(
    shift: Shift, former: FormerShift | None, target: PlannedShift | None
) -> PlannedShift | None:
    """Return the former shift for a live one that is a part of it, else its target."""
    if former is None or former.target is None or former.agent.id != shift.agent_id:
        return target
    is_part = target is None or (
        target.stand_id == former.target.stand_id
        and former.target.starts_at <= target.starts_at
        and target.ends_at <= former.target.ends_at
    )
    return former.target if is_part else target


def _withdrawn(
    session: Session,
    layer: ShiftStatus,
    former: Mapping[tuple[str, int], FormerShift],
    targets: Touched,
) -> dict[int, tuple[Shift, PlannedShift | None]]:
    """Return the shifts that the change removed, with what they were, by the row that they had.

    A draft one is made again.
    """
    busy = {
        (shift.agent_id, at)
        for shift, target in targets
        if target is not None
        for at in half_hours(target.starts_at, target.ends_at)
    }
    present_ids = {shift.id for shift, _ in targets}
    restored: dict[int, tuple[Shift, PlannedShift | None]] = {}
    for (kind, row_id), shift_before in former.items():
        agent, target = shift_before.agent, shift_before.target
        if kind != layer.value or target is None or agent.removed_at:
            continue
        hours = {(agent.id, at) for at in half_hours(target.starts_at, target.ends_at)}
        if busy & hours:
            continue
        shift = session.get(Shift, row_id)
        if layer == ShiftStatus.PUBLISHED and shift and shift.status == ShiftStatus.WITHDRAWN:
            restored[row_id] = shift, target
        elif layer == ShiftStatus.DRAFT and row_id not in present_ids:
            restored[row_id] = _drafted(session, row_id, shift_before, target), target
        else:
            continue
        busy |= hours
    return restored


def _left_out(
    session: Session,
    layer: ShiftStatus,
    label: str,
    former: Mapping[tuple[str, int], FormerShift],
    restored: Collection[int],
) -> Consequence:
    """Name the shifts that do not come back; those that come back shorter stay pending, too."""
    names, pending = [], []
    for (kind, row_id), shift_before in former.items():
        if kind != layer.value:
            continue
        if not shift_before.is_whole:
            pending.append([kind, row_id, *shift_before.facts])
        row = session.get(Shift, row_id)
        is_there = row is not None and row.status == layer
        if row_id not in restored and not is_there:
            number = session.get_one(Stand, shift_before.facts[0]).number
            names.append(f"{shift_before.agent.full_name}, stand {number}")
    return Consequence(Fate.LEFT_OUT, label, names, pending=pending)


def _drafted(session: Session, row_id: int, former: FormerShift, planned: PlannedShift) -> Shift:
    """Make a draft shift again, under its number, by which other undo data name it."""
    agent = former.agent
    shift = Shift(
        id=row_id if session.get(Shift, row_id) is None else None,
        edition_id=agent.edition_id,
        agent_id=agent.id,
        agent=agent,
        stand=session.get_one(Stand, planned.stand_id),
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        status=ShiftStatus.DRAFT,
        origin=ShiftOrigin(former.facts[5]),
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
    publication = new_publication(FairAct(change.actor, change.at, edition=edition), session, note)
    by_agent: dict[Agent, list[tuple[Shift, PlannedShift | None]]] = defaultdict(list)
    for shift, target in touched:
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
        shift.stand_id = target.stand_id
        shift.starts_at, shift.ends_at = target.starts_at, target.ends_at
    drop_shifts(session, removed)
    put_claims(session, [shift for shift, _ in moved])
    for agent in {shift.agent for shift, _ in touched}:
        agent.rota_version += 1


def _facts_of_shift(shift: Shift) -> Facts:
    place = shift.stand_id, shift.starts_at, shift.ends_at, shift.is_locked
    return [*place, shift.agent_id, shift.origin.value, body_id_at(shift.stand)]


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
        publication = new_publication(
            FairAct(change.actor, change.at, edition=edition), session, note
        )
        for shift in shifts:
            shift.sequence += 1
            shift.publication_id = publication.id
            uids_by_agent[shift.agent].append(shift.uid)
    for agent, uids in uids_by_agent.items():
        post_to_agent(
            session, kind, agent, agent_id=agent.id, uids=uids, words=change.words, **context
        )
    return [shift_name(shift) for shift in shifts]
