"""When each number is received: the time between appointments, filled in order."""

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from salon.appointments.engine.queue_times import (
    Server,
    Span,
    Turn,
    estimated_turns,
    instant,
    minute,
    time_to_put_back,
)
from salon.platform.settings.clock import real_now

NOW = 600
SPANS = st.tuples(st.integers(540, 1020), st.integers(1, 240)).map(
    lambda item: (item[0], sum(item))
)


@st.composite
def servers(draw: st.DrawFn) -> list[Server]:
    return [
        Server(
            number,
            draw(st.lists(SPANS, max_size=2)),
            draw(st.lists(SPANS, max_size=6)),
        )
        for number in range(draw(st.integers(0, 4)))
    ]


LENGTHS = st.lists(st.sampled_from([5, 15, 20, 30, 45]), max_size=12)


def overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def starts(*server: Server, count: int = 3, length: int = 20) -> list[int | None]:
    turns = estimated_turns(server, [length] * count, NOW)
    return [None if turn is None else turn.start - NOW for turn in turns]


def test_one_agent_receives_them_one_after_the_other() -> None:
    assert starts(Server(1, [(540, 720)])) == [0, 20, 40]


def test_two_agents_receive_two_at_once() -> None:
    assert starts(Server(1, [(540, 720)]), Server(2, [(540, 720)])) == [0, 0, 20]


def test_an_appointment_keeps_its_hour_and_the_time_before_it_is_used() -> None:
    assert starts(Server(1, [(540, 720)], [(625, 645)])) == [0, 45, 65]
    assert starts(Server(1, [(540, 720)], [(619, 639)])) == [39, 59, 79]


def test_who_arrives_later_receives_from_then() -> None:
    assert starts(Server(1, [(630, 720)])) == [30, 50, 70]


def test_what_does_not_fit_before_the_end_has_no_time() -> None:
    assert starts(Server(1, [(540, 645)])) == [0, 20, None]
    assert starts() == [None, None, None]


def test_none_overtakes_who_finds_no_time() -> None:
    turns = estimated_turns([Server(1, [(540, 610)])], [20, 5], NOW)
    assert turns == [None, None]


@given(servers(), LENGTHS)
def test_no_turn_passes_an_appointment_and_no_agent_is_twice_at_once(
    servers: list[Server], lengths: list[int]
) -> None:
    turns = estimated_turns(servers, lengths, NOW)
    assert len(turns) == len(lengths)
    rows_by_id = {server.id: server for server in servers}
    given_spans: dict[int, list[Span]] = {server.id: [] for server in servers}
    for turn, length in zip(turns, lengths, strict=True):
        if turn is None:
            continue
        span = turn.start, turn.start + length
        agent = rows_by_id[turn.server_id]
        assert turn.start >= NOW
        assert all(any(a <= at < b for a, b in agent.present) for at in range(*span))
        assert not any(overlap(span, item) for item in agent.taken)
        assert not any(overlap(span, other_span) for other_span in given_spans[agent.id])
        given_spans[agent.id].append(span)


@given(servers(), LENGTHS)
def test_the_order_of_the_queue_is_kept(servers: list[Server], lengths: list[int]) -> None:
    turns = estimated_turns(servers, lengths, NOW)
    saved_starts = [turn.start for turn in turns if turn is not None]
    assert saved_starts == sorted(saved_starts)
    assert turns[: len(saved_starts)] == [turn for turn in turns if turn is not None]


@given(servers(), st.integers(1, 8))
@example([Server(0, [(540, 601), (601, 620)])], 1)
def test_nobody_waits_while_an_agent_could_receive_them(servers: list[Server], count: int) -> None:
    """The first of the queue begins at the first minute from which somebody is free long enough."""
    turns = estimated_turns(servers, [20] * count, NOW)
    free = [
        at
        for at in range(NOW, 1400)
        if any(
            all(
                any(a <= number < b for a, b in agent.present)
                and not any(a <= number < b for a, b in agent.taken)
                for number in range(at, at + 20)
            )
            for agent in servers
        )
    ]
    first = turns[0]
    assert (None if first is None else first.start) == (free[0] if free else None)


@given(servers(), st.integers(1, 12))
def test_who_leaves_delays_nobody(servers: list[Server], count: int) -> None:
    """Of people who are received for as long as each other."""
    lengths = [20] * count
    turns = estimated_turns(servers, lengths, NOW)
    without = estimated_turns(servers, lengths[1:], NOW)
    last: list[Turn | None] = turns[1:]
    for before, after in zip(last, without, strict=True):
        assert before is None or (after is not None and after.start <= before.start)


def test_who_is_put_back_is_next_behind_those_put_back_before() -> None:
    at = real_now()
    line = [(at, False), (at + timedelta(minutes=1), False)]
    first = time_to_put_back(line, at)
    assert first < at
    second = time_to_put_back([(first, True), *line], at)
    assert first < second < at
    alone = time_to_put_back([(at, True)], at - timedelta(minutes=1))
    assert alone > at
    assert time_to_put_back([], at) == at


def test_minutes_are_those_of_the_clock() -> None:
    at = real_now().replace(second=40, microsecond=0)
    assert instant(minute(at)) == at.replace(second=0)
