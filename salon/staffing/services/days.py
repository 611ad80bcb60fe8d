"""Follow a change of the days: needs, shifts, and the times when agents are not there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Edition, Stand, Theme
from salon.platform.consequences import Consequence, Consequences, DaysChange, Fate
from salon.platform.db import current_session
from salon.staffing.engine.half_hours import DayFrame
from salon.staffing.engine.shift_changes import Matched, Placed, PlannedShift, planned_shift_of
from salon.staffing.models import Agent, Need, Rota, Shift, ShiftStatus
from salon.staffing.queries.rota import frames, needs_of, shifts_of
from salon.staffing.services.claims import drop_shifts, put_claims
from salon.staffing.services.publication import new_publication, put_matched

ASIDE = timedelta(days=20_000)
"""Where rows wait while they move, so that none passes through the place of another."""
MOVED_NOTE = "Le salon change de date. Dites-nous vite si ce jour ne vous convient pas."
HOURS_NOTE = "Les heures d’ouverture du salon changent."
RESTORED_NOTE = "Le salon garde finalement ses jours et ses heures."
LAYERS = ((ShiftStatus.PUBLISHED, "Vacations publiées"), (ShiftStatus.DRAFT, "Vacations préparées"))


class RotaFollower:
    """The rota: a shift moves with its day, and ends when the stands close."""

    name = "staffing"

    def gates(self, edition_id: int) -> Sequence[Any]:
        rota = current_session().get(Rota, edition_id)
        return [rota] if rota is not None else []

    def follow(self, session: Session, change: DaysChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        former = {(kind, row_id): rest for kind, row_id, *rest in change.former.get(self.name, ())}
        done = [*self._follow_needs(session, edition, change)]
        done += self._follow_shifts(session, edition, change, former)
        done.append(self._follow_presence(session, edition, change))
        if change.is_undo:
            _restore_needs(session, change.former.get(self.name, ()))
        return done

    def _follow_needs(
        self, session: Session, edition: Edition, change: DaysChange
    ) -> Iterator[Consequence]:
        needs = [need for of_stand in needs_of(edition).values() for need in of_stand]
        staffed = {start for frame in frames(edition) for start in frame.starts}
        targets = [(need, change.moved(need.starts_at)) for need in needs]
        moving = [(need, at) for need, at in targets if at != need.starts_at and at in staffed]
        ending = [need for need, at in targets if at not in staffed]
        for need, _ in moving:
            need.starts_at += ASIDE
        session.flush()
        for need, at in moving:
            need.starts_at = at
        former = [["need", need.id, *_facts_of_need(need)] for need in ending]
        names_of_ending = [_need_name(need) for need in ending]
        for need in ending:
            session.delete(need)
        session.flush()
        yield Consequence(
            Fate.MOVED, "Besoins des stands", [_need_name(need) for need, _ in moving]
        )
        yield Consequence(Fate.REMOVED, "Besoins des stands", names_of_ending, former)

    def _follow_shifts(
        self, session: Session, edition: Edition, change: DaysChange, former: dict[Any, Any]
    ) -> Iterator[Consequence]:
        day_frames = frames(edition)
        for layer, label in LAYERS:
            shifts = [shift for shift in shifts_of(edition, layer) if shift.ends_at > change.at]
            targets = [(shift, _target(shift, change, day_frames)) for shift in shifts]
            if change.is_undo:
                targets = [
                    (shift, _former_shift(former.get((layer, shift.id)), target))
                    for shift, target in targets
                ]
                targets += _withdrawn(session, layer, former)
            touched = [
                (shift, target)
                for shift, target in targets
                if target != planned_shift_of(shift) or shift.status == ShiftStatus.WITHDRAWN
            ]
            names: dict[Fate, list[str]] = defaultdict(list)
            kept: dict[Fate, list[Any]] = defaultdict(list)
            for shift, target in touched:
                fate = _fate(shift, target, change)
                names[fate].append(_shift_name(shift))
                if fate != Fate.MOVED:
                    kept[fate].append([layer.value, shift.id, *_facts_of_shift(shift)])
            if layer == ShiftStatus.PUBLISHED:
                _publish(session, edition, change, touched)
            else:
                _redraft(session, touched)
            for fate in (Fate.MOVED, Fate.SHORTENED, Fate.REMOVED):
                yield Consequence(fate, label, names[fate], kept[fate])

    def _follow_presence(
        self, session: Session, edition: Edition, change: DaysChange
    ) -> Consequence:
        """Move what agents said of their day; on another date, each has to be asked again."""
        statement = select(Agent).where(Agent.edition_id == edition.id, Agent.removed_at.is_(None))
        names = []
        for agent in session.scalars(statement.order_by(Agent.name_key, Agent.id)).all():
            has_said = bool(agent.periods or agent.arrives_at or agent.leaves_at)
            if not change.moves_days or not has_said:
                continue
            names.append(agent.full_name)
            for name in ("arrives_at", "leaves_at"):
                at = getattr(agent, name)
                setattr(agent, name, change.moved(at) if at else None)
            for period in agent.periods:
                period.starts_at, period.ends_at = (
                    change.moved(period.starts_at),
                    change.moved(period.ends_at),
                )
        session.flush()
        return Consequence(Fate.ASKED, "Disponibilités des agents", names)


def _target(
    shift: Shift, change: DaysChange, day_frames: Sequence[DayFrame]
) -> PlannedShift | None:
    """Return the shift on its new day, within the staffed hours; None when nothing is left."""
    starts_at, ends_at = change.moved(shift.starts_at), change.moved(shift.ends_at)
    for frame in day_frames:
        start, end = max(starts_at, frame.starts_at), min(ends_at, frame.ends_at)
        if start < end:
            return replace(planned_shift_of(shift), starts_at=start, ends_at=end)
    return None


def _fate(shift: Shift, target: Placed | None, change: DaysChange) -> Fate:
    if target is None:
        return Fate.REMOVED
    moved = change.moved(shift.starts_at), change.moved(shift.ends_at)
    return Fate.MOVED if moved == (target.starts_at, target.ends_at) else Fate.SHORTENED


def _former_shift(facts: Sequence[Any] | None, target: PlannedShift | None) -> PlannedShift | None:
    return _planned(facts) if facts else target


def _withdrawn(
    session: Session, layer: ShiftStatus, former: dict[Any, Any]
) -> list[tuple[Shift, PlannedShift | None]]:
    """Return the shifts that the change removed, with what they were; a draft one is made again."""
    restored: list[tuple[Shift, PlannedShift | None]] = []
    for (kind, row_id), facts in former.items():
        if kind != layer.value:
            continue
        shift = session.get(Shift, row_id)
        if layer == ShiftStatus.PUBLISHED and shift and shift.status == ShiftStatus.WITHDRAWN:
            restored.append((shift, _planned(facts)))
        elif layer == ShiftStatus.DRAFT and shift is None:
            restored.append((_drafted(session, facts), _planned(facts)))
    return restored


def _drafted(session: Session, facts: Sequence[Any]) -> Shift:
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
    change: DaysChange,
    touched: Sequence[tuple[Shift, PlannedShift | None]],
) -> None:
    if not touched:
        return
    note = MOVED_NOTE if change.moves_days else HOURS_NOTE
    if change.is_undo:
        note = RESTORED_NOTE
    if change.words:
        note = f"{note} {change.words}"
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


def _redraft(session: Session, touched: Sequence[tuple[Shift, PlannedShift | None]]) -> None:
    removed = [shift for shift, target in touched if target is None]
    moved = [(shift, target) for shift, target in touched if target is not None]
    for shift, target in moved:
        shift.starts_at, shift.ends_at = target.starts_at, target.ends_at
    drop_shifts(session, removed)
    put_claims(session, [shift for shift, _ in moved])
    for agent in {shift.agent for shift, _ in touched}:
        agent.rota_version += 1


def _facts_of_shift(shift: Shift) -> list[Any]:
    times = shift.starts_at.isoformat(), shift.ends_at.isoformat()
    return [shift.stand_id, *times, shift.is_locked, shift.agent_id, shift.origin.value]


def _planned(facts: Sequence[Any]) -> PlannedShift:
    stand_id, starts_at, ends_at, is_locked = facts[:4]
    start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    return PlannedShift(stand_id, start, end, is_locked)


def _facts_of_need(need: Need) -> list[Any]:
    figures = need.minimum, need.wished, need.maximum
    return [need.stand_id, need.starts_at.isoformat(), *figures, [t.id for t in need.themes]]


def _restore_needs(session: Session, former: Sequence[Any]) -> None:
    for kind, _, *facts in former:
        if kind != "need":
            continue
        stand_id, starts_at, minimum, wished, maximum, theme_ids = facts
        at = datetime.fromisoformat(starts_at)
        taken = select(Need.id).where(Need.stand_id == stand_id, Need.starts_at == at)
        if session.scalar(taken) is not None:
            continue
        themes = session.scalars(select(Theme).where(Theme.id.in_(theme_ids))).all()
        need = Need(stand_id=stand_id, starts_at=at, themes=list(themes))
        need.minimum, need.wished, need.maximum = minimum, wished, maximum
        session.add(need)
    session.flush()


def _need_name(need: Need) -> str:
    return f"stand {need.stand.number}"


def _shift_name(shift: Shift) -> str:
    return f"{shift.agent.full_name}, stand {shift.stand.number}"
