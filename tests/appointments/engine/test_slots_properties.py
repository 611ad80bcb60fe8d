"""Slots against brute force: whatever the rota and what is taken."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from salon.appointments.engine.slots import (
    Demand,
    Duty,
    Reason,
    Situation,
    Slot,
    agents_at,
    reason_against,
    slots,
)

MANY = settings(max_examples=150)
FEW = settings(max_examples=60)
LENGTHS = (3, 4, 6, 9)
"""15, 20, 30 and 45 minutes."""
DAY = 48
STANDS = (10, 11)


@dataclass(frozen=True)
class Day:
    """A situation, and what each theme asks: {length: Ask}."""

    situation: Situation
    asks: dict[int, Demand]


@st.composite
def days(draw: st.DrawFn, most_agents: int = 3, *, covered: bool = True) -> Day:
    """Agents with one or two duties and a break between, what is booked by the rules; `covered`:
    absences and a minimum too, of which the waste knows nothing."""
    agents = draw(st.integers(1, most_agents))
    duties = []
    for agent in range(1, agents + 1):
        start = draw(st.integers(0, 12))
        end = draw(st.integers(start + 2, 30))
        duties.append(Duty(agent, draw(st.sampled_from(STANDS)), start, end))
        if draw(st.booleans()):
            start = draw(st.integers(end + 2, end + 6))
            duties.append(
                Duty(
                    agent,
                    draw(st.sampled_from(STANDS)),
                    start,
                    draw(st.integers(start + 1, DAY)),
                    draw(st.integers(0, 9)) == 0,
                )
            )
    stored_values = {
        (stand, at): draw(st.integers(0, 1))
        for stand in STANDS
        for at in range(0, DAY, 6)
        if covered
    }
    away = {1: [(5, 9)]} if covered and draw(st.booleans()) else {}
    first, buffer = draw(st.integers(0, 8)), draw(st.integers(0, 2))
    themes = draw(st.lists(st.sampled_from(LENGTHS), min_size=1, max_size=3, unique=True))
    competent = {
        length: frozenset(a for a in range(1, agents + 1) if a == 1 or draw(st.booleans()))
        for length in themes
    }
    answered = {
        agent: frozenset(text for text, ids in competent.items() if agent in ids)
        for agent in range(1, agents + 1)
    }
    asks = {length: Demand(length, ids, answered) for length, ids in competent.items()}
    situation = Situation(duties, {}, {}, stored_values, away, first, buffer)
    for agent, start, length in draw(
        st.lists(
            st.tuples(st.integers(1, agents), st.integers(0, DAY), st.sampled_from(themes)),
            max_size=6,
        )
    ):
        duty = situation.duty_during(agent, start, start + length)
        if duty and reason_against(situation, asks[length], agent, start, is_now=True) is None:
            situation.take(Slot(agent, duty.stand_id, start, start + length))
    return Day(situation, asks)


def is_possible(situation: Situation, ask: Demand, agent: int, start: int) -> bool:
    """Return whether an agent can receive, written again from what the rules say, tick by tick."""
    minutes = range(start, start + ask.length)
    duties = [
        duty
        for duty in situation.duties
        if duty.agent_id == agent and set(minutes) <= set(range(duty.start, duty.end))
    ]
    if (
        agent not in ask.agents
        or len(duties) != 1
        or duties[0].is_leaving
        or start < situation.first
    ):
        return False
    busy = situation.busy.get(agent, set())
    if busy & set(range(start, start + ask.length + situation.buffer)):
        return False
    if any(a <= at < b for at in minutes for a, b in situation.away.get(agent, ())):
        return False
    stand = duties[0].stand_id
    for at in minutes:
        staffed = {
            duty.agent_id
            for duty in situation.duties
            if duty.stand_id == stand
            and duty.start <= at < duty.end
            and not any(a <= at < b for a, b in situation.away.get(duty.agent_id, ()))
        }
        taken = situation.engaged.get((stand, at), 0)
        if len(staffed) - taken - 1 < situation.reserved.get((stand, at // 6 * 6), 0):
            return False
    return True


def possible(situation: Situation, ask: Demand) -> set[tuple[int, int]]:
    """(agent, start) of all that could be booked."""
    return {
        (agent, start)
        for agent in ask.agents
        for start in range(DAY)
        if is_possible(situation, ask, agent, start)
    }


def gap_of(situation: Situation, agent: int, start: int) -> tuple[int, int]:
    """Return the time that nothing takes around a start, within its duty."""
    duty = situation.duty_during(agent, start, start + 1)
    assert duty is not None
    busy = situation.busy.get(agent, set())
    first = last = start
    while first - 1 >= max(duty.start, situation.first) and first - 1 not in busy:
        first -= 1
    while last < duty.end and last not in busy:
        last += 1
    return first, last


def most_time(situation: Situation, agent: int, lengths: frozenset[int]) -> int:
    """Return the most ticks of duty that appointments and their buffers can still fill, by trying
    all.
    """
    best = [0] * (DAY + 20)
    for start in range(DAY, -1, -1):
        best[start] = best[start + 1]
        for length in lengths:
            if is_possible(situation, Demand(length, frozenset({agent})), agent, start):
                after = start + length + situation.buffer
                duty = situation.duty_during(agent, start, start + length)
                assert duty is not None
                best[start] = max(best[start], min(after, duty.end) - start + best[after])
    return best[0]


def loss_at(situation: Situation, ask: Demand, agent: int, start: int) -> int:
    """Return how many ticks of duty nothing can fill any more once a start is taken."""
    duty = situation.duty_during(agent, start, start + ask.length)
    assert duty is not None
    slot = Slot(agent, duty.stand_id, start, start + ask.length)
    lengths = ask.lengths[agent]
    before = most_time(situation, agent, lengths)
    own = min(slot.end + situation.buffer, duty.end) - start
    situation.take(slot)
    after = most_time(situation, agent, lengths)
    situation.take(slot, -1)
    return before - own - after


@MANY
@given(days())
def test_a_time_has_no_reason_against_it_when_nothing_forbids_it(day: Day) -> None:
    situation = day.situation
    for ask in day.asks.values():
        for agent in range(1, 4):
            for start in range(DAY):
                reason = reason_against(situation, ask, agent, start)
                assert (reason is None) == is_possible(situation, ask, agent, start), reason


@MANY
@given(days())
def test_what_is_offered_can_be_booked_and_what_can_be_booked_is_reached(day: Day) -> None:
    """No reason against what is shown; in each free time in which something is possible, something
    is shown; what is shown of one agent does not overlap."""
    situation = day.situation
    for ask in day.asks.values():
        stored_slots = slots(situation, ask)
        free = possible(situation, ask)
        assert {(slot.agent_id, slot.start) for slot in stored_slots} <= free
        shown = {
            (slot.agent_id, *gap_of(situation, slot.agent_id, slot.start)) for slot in stored_slots
        }
        assert shown == {(agent, *gap_of(situation, agent, start)) for agent, start in free}
        for agent in ask.agents:
            own = [slot for slot in stored_slots if slot.agent_id == agent]
            ends = [slot.end + situation.buffer for slot in own[:-1]]
            assert all(end <= item.start for end, item in zip(ends, own[1:], strict=True))
        assert stored_slots == sorted(stored_slots, key=lambda item: (item.start, item.agent_id))


@FEW
@given(days(covered=False))
def test_what_is_shown_is_what_is_confirmed(day: Day) -> None:
    """At a start that is shown, who is chosen loses there no more than those of whom it was."""
    situation = day.situation
    for ask in day.asks.values():
        shown: dict[int, set[int]] = {}
        for other_slot in slots(situation, ask):
            shown.setdefault(other_slot.start, set()).add(other_slot.agent_id)
        for start, agents in shown.items():
            chosen = agents_at(situation, ask, start)[0]
            if chosen.agent_id not in agents:
                own = Demand(ask.length, frozenset({chosen.agent_id}), ask.lengths)
                gap = gap_of(situation, chosen.agent_id, start)
                others = [
                    slot.start
                    for slot in slots(situation, own)
                    if gap_of(situation, chosen.agent_id, slot.start) == gap
                ]
                losses = {
                    loss_at(situation, own, chosen.agent_id, value) for value in (start, *others)
                }
                assert len(losses) == 1


@FEW
@given(days(most_agents=1, covered=False))
def test_a_start_that_is_shown_loses_the_least_for_all_themes(day: Day) -> None:
    """The flaw of rdv-service-public #3977: the first booking freezes the grid for the others.

    The time of the duty that can still be filled by whatever mix of 15, 20, 30 and 45 minutes the
    agent answers, pauses included, is as much after a start that is shown as after the best of all
    the starts in the same free time.
    """
    situation = day.situation
    for ask in day.asks.values():
        least: dict[tuple[int, int], int] = {}
        shown: dict[tuple[int, int], set[int]] = {}
        offered = {slot.start for slot in slots(situation, ask)}
        for _, start in sorted(possible(situation, ask)):
            gap, loss = gap_of(situation, 1, start), loss_at(situation, ask, 1, start)
            least[gap] = min(least.get(gap, loss), loss)
            if start in offered:
                shown.setdefault(gap, set()).add(loss)
        for gap, losses in shown.items():
            assert losses == {least[gap]}, (gap, losses)


def test_the_checks_above_can_fail() -> None:
    """An hour and a half, appointments of 20 and 45 minutes: 9:10 loses what 9:00 does not."""
    situation = Situation([Duty(1, 10, 0, 15)], {}, {}, {}, {}, 0, 1)
    ask = Demand(4, frozenset({1}), {1: frozenset({4, 9})})
    assert most_time(situation, 1, frozenset({4, 9})) == 15
    assert loss_at(situation, ask, 1, 0) == 0
    assert loss_at(situation, ask, 1, 2) == 5
    situation.take(Slot(1, 10, 2, 6))
    assert reason_against(situation, ask, 1, 0) == Reason.TAKEN
