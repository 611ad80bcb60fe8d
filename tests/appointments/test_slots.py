"""Slots: what the rota leaves free, and why a time is not offered."""

import pytest

from salon.appointments.engine.slots import (
    Demand,
    Duty,
    Reason,
    Situation,
    Slot,
    agents_at,
    instant,
    reason_against,
    slots,
    tick,
    tick_from,
)

A, B, STAND = 1, 2, 10


def situation(*duties: Duty, **changes: object) -> Situation:
    values: dict[str, object] = {
        "duties": duties or (Duty(A, STAND, 0, 24),),
        "busy": {},
        "engaged": {},
        "reserved": {},
        "away": {},
        "first": 0,
        "buffer": 1,
        **changes,
    }
    return Situation(**values)  # type: ignore[arg-type]


def ask(length: int = 4, *agents: int, lengths: frozenset[int] = frozenset()) -> Demand:
    agent_ids = frozenset(agents or (A,))
    return Demand(length, agent_ids, dict.fromkeys(agent_ids, lengths))


def starts(free_slots: list[Slot], agent: int = A) -> list[int]:
    return [slot.start for slot in free_slots if slot.agent_id == agent]


def test_an_instant_is_in_its_tick() -> None:
    assert tick(instant(7)) == tick_from(instant(7)) == 7


def test_appointments_of_twenty_minutes_follow_one_another_with_their_buffer() -> None:
    assert starts(slots(situation(), ask())) == [0, 5, 10, 15, 20]


def test_the_last_buffer_may_end_after_the_duty() -> None:
    assert starts(slots(situation(Duty(A, STAND, 0, 4)), ask())) == [0]


def test_the_first_booking_does_not_freeze_the_grid_for_other_durations() -> None:
    """45 minutes taken in the middle: 15-minute slots fill what is left on both sides."""
    day = situation()
    day.take(Slot(A, STAND, 8, 17))
    assert starts(slots(day, ask(3, lengths=frozenset({3, 9})))) == [0, 4, 18]


def test_a_start_that_would_leave_a_hole_is_not_offered() -> None:
    """Ten ticks between two taken times hold two of four with their buffer, not one in between."""
    day = situation(busy={A: {10, 11}})
    assert starts(slots(day, ask())) == [0, 5, 12, 17] or starts(slots(day, ask()))[:2] == [
        0,
        5,
    ]


def test_two_agents_are_offered_at_the_same_time() -> None:
    day = situation(Duty(A, STAND, 0, 5), Duty(B, STAND, 0, 5))
    assert [(slot.start, slot.agent_id) for slot in slots(day, ask(4, A, B))] == [(0, A), (0, B)]


def test_who_is_less_taken_comes_first() -> None:
    day = situation(Duty(A, STAND, 0, 20), Duty(B, STAND, 0, 20), busy={A: {15, 16, 17, 18, 19}})
    assert agents_at(day, ask(4, A, B), 0)[0].agent_id == B


@pytest.mark.parametrize(
    ("changes", "start", "reason"),
    [
        ({}, 21, Reason.NOT_ON_DUTY),
        ({"first": 3}, 2, Reason.TOO_SOON),
        ({"busy": {A: {4}}}, 0, Reason.TAKEN),
        ({"away": {A: [(2, 6)]}}, 4, Reason.AWAY),
        ({"reserved": {(STAND, 0): 1}}, 0, Reason.COVER),
        ({"reserved": {(STAND, 6): 1}}, 1, None),
        ({"engaged": {(STAND, 3): 1}}, 0, Reason.COVER),
    ],
)
def test_a_time_is_refused_for_a_reason(
    changes: dict[str, object], start: int, reason: Reason | None
) -> None:
    assert reason_against(situation(**changes), ask(), A, start) == reason


def test_who_looks_for_a_stand_in_is_not_offered() -> None:
    day = situation(Duty(A, STAND, 0, 24, is_leaving=True))
    assert slots(day, ask()) == []
    assert reason_against(day, ask(), A, 0) == Reason.LEAVING


def test_the_minimum_of_the_stand_stays_free() -> None:
    """Two on duty, one stays free: one may be booked, then nobody at that time."""
    day = situation(
        Duty(A, STAND, 0, 24),
        Duty(B, STAND, 0, 24),
        reserved={(STAND, at): 1 for at in (0, 6, 12, 18)},
    )
    free_slots = slots(day, ask(4, A, B))
    assert starts(free_slots, A) == starts(free_slots, B) == [0, 5, 10, 15, 20]
    day.take(Slot(A, STAND, 0, 4))
    assert starts(slots(day, ask(4, A, B)), B)[0] >= 4
