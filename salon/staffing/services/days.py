"""Follow a change of the days: needs, shifts, and the times when agents are not there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.platform.database.consequences import (
    Consequence,
    Consequences,
    DaysChange,
    Fate,
    Follower,
)
from salon.platform.settings.clock import local, paris
from salon.staffing.engine.half_hours import DayFrame
from salon.staffing.engine.shift_changes import Placed, PlannedShift, planned_shift_of
from salon.staffing.models import Agent, Need, Rota, Shift, ShiftStatus
from salon.staffing.queries.rota import frames, needs_of, shifts_of
from salon.staffing.services.former_needs import facts_of_need, need_name, restore_needs
from salon.staffing.services.layers import FOLLOWER, follow_shifts, within_frames

MOVED_NOTE = "Le salon change de date. Dites-nous vite si ce jour ne vous convient pas."
HOURS_NOTE = "Les heures d’ouverture du salon changent."
RESTORED_NOTE = "Le salon garde finalement ses jours et ses heures."


class RotaFollower(Follower[DaysChange]):
    """The rota: a shift moves with its day, and ends when the stands close."""

    name = FOLLOWER
    gate = Rota

    def follow(self, session: Session, change: DaysChange) -> Consequences:
        edition = session.get_one(Edition, change.edition_id)
        consequences = [*self._follow_needs(session, edition, change)]
        sequences = {shift: shift.sequence for shift in shifts_of(edition, ShiftStatus.PUBLISHED)}
        consequences += self._follow_shifts(session, edition, change)
        if change.settles_date:
            _renew_unchanged(sequences)
        consequences.append(self._follow_presence(session, edition, change))
        if change.is_undo:
            consequences += restore_needs(session, edition, change.former.get(self.name, ()))
        return consequences

    def _follow_needs(
        self, session: Session, edition: Edition, change: DaysChange
    ) -> Iterator[Consequence]:
        needs = [need for of_stand in needs_of(edition).values() for need in of_stand]
        staffed = {start for frame in frames(edition) for start in frame.starts}
        targets = [(need, change.moved(need.starts_at)) for need in needs]
        moving = [(need, at) for need, at in targets if at != need.starts_at and at in staffed]
        ending = [need for need, at in targets if at not in staffed]
        former = [["need", need.id, *facts_of_need(need)] for need in ending]
        names_of_ending = [need_name(need) for need in ending]
        for need in ending:
            session.delete(need)
        session.flush()
        by_day: dict[date, list[tuple[Need, datetime]]] = {}
        for need, at in moving:
            by_day.setdefault(local(need.starts_at).date(), []).append((need, at))
        for day in _in_turn(change.moves):
            for need, at in by_day.get(day, ()):
                need.starts_at = at
            session.flush()
        yield Consequence(Fate.MOVED, "Besoins des stands", [need_name(need) for need, _ in moving])
        yield Consequence(Fate.REMOVED, "Besoins des stands", names_of_ending, former)
        if change.repeats_needs:
            yield _repeat_needs(session, edition, change.added_days)

    def _follow_shifts(
        self, session: Session, edition: Edition, change: DaysChange
    ) -> Iterator[Consequence]:
        note = MOVED_NOTE if change.moves_days else HOURS_NOTE
        if change.is_undo:
            note = RESTORED_NOTE
        day_frames = frames(edition)
        return follow_shifts(
            session,
            change,
            f"{note} {change.words}".strip(),
            lambda shift: _target(shift, change, day_frames),
            lambda shift, target: _fate(shift, target, change),
            with_past=change.settles_date,
        )

    def _follow_presence(
        self, session: Session, edition: Edition, change: DaysChange
    ) -> Consequence:
        """Move what agents said of their day; on another date, each has to be asked again.

        Removed ones too, who come back with their body.
        """
        statement = select(Agent).where(Agent.edition_id == edition.id)
        names = []
        for agent in session.scalars(statement.order_by(Agent.name_key, Agent.id)).all():
            has_said = bool(agent.periods or agent.arrives_at or agent.leaves_at)
            if not change.moves_days or not has_said:
                continue
            if agent.removed_at is None:
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


def _in_turn(moves: Mapping[date, date]) -> list[date]:
    """Return the former days that move, each after the one whose place it takes."""
    earlier = sorted(day for day, new_day in moves.items() if new_day < day)
    later = sorted((day for day, new_day in moves.items() if new_day > day), reverse=True)
    return [*earlier, *later]


def _repeat_needs(session: Session, edition: Edition, days: Sequence[date]) -> Consequence:
    """Give stands on added days the needs that they have on the first one, while they are
    staffed."""
    first = edition.days[0].day_on
    staffed = {start for frame in frames(edition) for start in frame.starts}
    names: dict[str, None] = {}
    for day in (day for day in days if day != first):
        for need in (need for of_stand in needs_of(edition).values() for need in of_stand):
            wall_time = local(need.starts_at)
            at = paris(day, wall_time.time())
            if wall_time.date() != first or at not in staffed:
                continue
            figures = {name: getattr(need, name) for name in ("minimum", "wished", "maximum")}
            themes = list(need.themes)
            session.add(Need(stand_id=need.stand_id, starts_at=at, themes=themes, **figures))
            names[need_name(need)] = None
    session.flush()
    return Consequence(Fate.UPDATED, "Besoins des stands, repris sur le jour ajouté", list(names))


def _renew_unchanged(sequences: Mapping[Shift, int]) -> None:
    """Give the events of shifts that keep their time a new SEQUENCE."""
    for shift, sequence in sequences.items():
        if shift.sequence == sequence:
            shift.sequence += 1


def _target(
    shift: Shift, change: DaysChange, day_frames: Sequence[DayFrame]
) -> PlannedShift | None:
    """Return the shift on its new day, within the staffed hours; None when nothing is left."""
    starts_at, ends_at = change.moved(shift.starts_at), change.moved(shift.ends_at)
    planned = replace(planned_shift_of(shift), starts_at=starts_at, ends_at=ends_at)
    return within_frames(planned, day_frames)


def _fate(shift: Shift, target: Placed | None, change: DaysChange) -> Fate:
    if target is None:
        return Fate.REMOVED
    moved = change.moved(shift.starts_at), change.moved(shift.ends_at)
    return Fate.MOVED if moved == (target.starts_at, target.ends_at) else Fate.SHORTENED
