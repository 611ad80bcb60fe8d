"""Change what a remedy is about, and change it back: an agent's facts, a stand's needs, a lock."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.platform.settings.clock import overlaps
from salon.staffing.engine.shift_changes import planned_shift_of
from salon.staffing.engine.solving.shortages import RemedyKind
from salon.staffing.models import Need, PeriodKind, ShiftStatus
from salon.staffing.queries.agents import get_agent
from salon.staffing.queries.rota import needs_of, shifts_of
from salon.staffing.rules.runs import check_is_as_applied
from salon.staffing.services.agent_facts import Facts, Period, facts_of
from salon.staffing.services.agents import change_agent
from salon.staffing.services.needs import NewNeed, as_new, set_needs
from salon.staffing.services.rows import NewRow, set_rows

State = list[Any]
"""What a remedy is about, as JSON."""


@dataclass(frozen=True)
class StoredRemedy:
    """A remedy of a run, with the rows of the database it is about; see `Remedy`."""

    kind: RemedyKind
    starts_at: datetime
    ends_at: datetime
    agent_id: int | None
    stand_id: int | None
    theme_id: int | None
    amount: int


def make_change(act: FairAct, remedy: StoredRemedy) -> State:
    """Change what the remedy is about; return what it was, and what it has become."""
    before = _state(act.edition, remedy)
    _put(act, remedy, _changed(remedy, before))
    return [before, _state(act.edition, remedy)]


def undo_change(act: FairAct, remedy: StoredRemedy, states: State) -> None:
    """Make what the remedy is about as it was. Raises ChangedSinceApplied."""
    before, after = states
    check_is_as_applied(_state(act.edition, remedy) == after)
    _put(act, remedy, before)


def _state(edition: Edition, remedy: StoredRemedy) -> State:
    if remedy.kind == RemedyKind.UNLOCK:
        return [
            [shift.starts_at.isoformat(), shift.is_locked]
            for shift in shifts_of(edition, ShiftStatus.DRAFT, [remedy.agent_id or 0])
            if shift.starts_at < remedy.ends_at and remedy.starts_at < shift.ends_at
        ]
    if remedy.agent_id is None:
        return [_need_state(need) for need in _needs(edition, remedy)]
    facts = facts_of(get_agent(edition, remedy.agent_id))
    if remedy.kind == RemedyKind.ALLOW:
        return [facts.stands.get(remedy.stand_id or 0)]
    if remedy.kind == RemedyKind.TEACH:
        return [remedy.theme_id in facts.theme_ids]
    away = [
        [_text(period.starts_at), _text(period.ends_at)]
        for period in facts.periods
        if period.kind == PeriodKind.UNAVAILABLE
    ]
    return [_text(facts.arrives_at), _text(facts.leaves_at), away]


def _changed(remedy: StoredRemedy, state: State) -> State:
    """Return what the remedy makes of what it is about."""
    match remedy.kind:
        case RemedyKind.UNLOCK:
            return [[starts_at, False] for starts_at, _ in state]
        case RemedyKind.ALLOW:
            return [False]
        case RemedyKind.TEACH:
            return [True]
        case RemedyKind.EXTEND:
            arrives_at, leaves_at, away = state
            start, end = _text(remedy.starts_at), _text(remedy.ends_at)
            return [
                min(arrives_at, start) if arrives_at else None,
                max(leaves_at, end) if leaves_at else None,
                [piece for period in away for piece in _around(period, start, end)],
            ]
        case _:
            return [_changed_need(remedy, *need) for need in state]


def _changed_need(
    remedy: StoredRemedy, at: str, minimum: int, wished: int, maximum: int, themes: list[int]
) -> State:
    match remedy.kind:
        case RemedyKind.LOWER:
            minimum = max(0, minimum - remedy.amount)
        case RemedyKind.ENLARGE:
            maximum += remedy.amount
        case _:
            themes = [theme for theme in themes if theme != remedy.theme_id]
    return [at, minimum, wished, maximum, themes]


def _put(act: FairAct, remedy: StoredRemedy, state: State) -> None:
    if remedy.kind == RemedyKind.UNLOCK:
        _put_locks(act, remedy, dict(state))
    elif remedy.agent_id is None:
        _put_needs(act, remedy, state)
    else:
        agent = get_agent(act.edition, remedy.agent_id)
        facts = _facts_with(remedy, facts_of(agent), state)
        change_agent(act, agent, agent.version, facts)


def _facts_with(remedy: StoredRemedy, facts: Facts, state: State) -> Facts:
    if remedy.kind == RemedyKind.ALLOW:
        stands = dict(facts.stands)
        stands.pop(remedy.stand_id or 0, None)
        (is_wished,) = state
        added = {} if is_wished is None else {remedy.stand_id or 0: is_wished}
        return replace(facts, stands=stands | added)
    if remedy.kind == RemedyKind.TEACH:
        theme = frozenset({remedy.theme_id or 0})
        return replace(
            facts, theme_ids=facts.theme_ids | theme if state[0] else facts.theme_ids - theme
        )
    arrives_at, leaves_at, away = state
    kept = [period for period in facts.periods if period.kind != PeriodKind.UNAVAILABLE]
    periods = [
        _period(datetime.fromisoformat(start), datetime.fromisoformat(end), facts)
        for start, end in away
    ]
    return replace(
        facts,
        arrives_at=datetime.fromisoformat(arrives_at) if arrives_at else None,
        leaves_at=datetime.fromisoformat(leaves_at) if leaves_at else None,
        periods=sorted([*kept, *periods], key=lambda period: period.starts_at),
    )


def _period(starts_at: datetime, ends_at: datetime, facts: Facts) -> Period:
    """Return a time when the agent is away, with the note of the one it is a part of, or holds.

    The note itself is not kept with the run: it is the agent's.
    """
    notes = [
        period.note
        for period in facts.periods
        if period.kind == PeriodKind.UNAVAILABLE
        and overlaps(period.starts_at, period.ends_at, starts_at, ends_at)
    ]
    return Period(starts_at, ends_at, note=next(iter(notes), ""))


def _put_locks(act: FairAct, remedy: StoredRemedy, locks: Mapping[str, bool]) -> None:
    agent = get_agent(act.edition, remedy.agent_id or 0)
    shifts = [
        replace(planned, is_locked=locks.get(planned.starts_at.isoformat(), planned.is_locked))
        for planned in map(planned_shift_of, shifts_of(act.edition, ShiftStatus.DRAFT, [agent.id]))
    ]
    set_rows(act, [NewRow(agent.id, agent.rota_version, shifts)])


def _put_needs(act: FairAct, remedy: StoredRemedy, state: State) -> None:
    changed = {}
    for at, minimum, wished, maximum, themes in state:
        start = datetime.fromisoformat(at)
        changed[start] = NewNeed(start, minimum, wished, maximum, frozenset(themes))
    stand_id = remedy.stand_id or 0
    needs = as_new(needs_of(act.edition).get(stand_id, []))
    new_needs = [changed.get(need.starts_at, need) for need in needs]
    set_needs(act, stand_id, new_needs, None)


def _needs(edition: Edition, remedy: StoredRemedy) -> list[Need]:
    needs = needs_of(edition).get(remedy.stand_id or 0, [])
    return [need for need in needs if remedy.starts_at <= need.starts_at < remedy.ends_at]


def _need_state(need: Need) -> State:
    themes = sorted(theme.id for theme in need.themes)
    return [_text(need.starts_at), need.minimum, need.wished, need.maximum, themes]


def _around(period: State, start: str | None, end: str | None) -> list[State]:
    """Return what is left of a period outside a time."""
    starts_at, ends_at = period
    pieces = [[starts_at, min(ends_at, start)], [max(starts_at, end), ends_at]]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _text(at: datetime | None) -> str | None:
    """Return an instant as text that sorts in time."""
    return None if at is None else at.astimezone(UTC).isoformat()
