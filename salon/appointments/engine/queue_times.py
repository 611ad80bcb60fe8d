"""When each number of a stand's queue is received, about. A pure algorithm, in whole minutes.

Appointments keep their hour: whoever has none is received in the time that is left between them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

Span = tuple[int, int]
"""From a minute to another (excluded), counted since 1970."""


def minute(at: datetime) -> int:
    """The minute that an instant lies in."""
    return int(at.timestamp()) // 60


def instant(number: int) -> datetime:
    """When a minute begins (UTC)."""
    return datetime.fromtimestamp(number * 60, UTC)


@dataclass(frozen=True)
class Server:
    """An agent who receives at the stand: when they are there, and when somebody is expected."""

    id: int
    present: Sequence[Span]
    taken: Sequence[Span] = field(default=())


@dataclass(frozen=True)
class Turn:
    """Who receives a number, and from which minute."""

    server_id: int
    start: int


def estimated_turns(
    servers: Iterable[Server], lengths: Sequence[int], now: int
) -> list[Turn | None]:
    """The turn of each number of the queue, in its order; None from the first for which no time is
    left.

    `lengths`: the minutes that each is received for. A number never begins before the one ahead of
    it, and is given to who is free first; of two, to the first of `servers`.
    """
    free = {server.id: _gaps(server, now) for server in servers}
    queue_turns: list[Turn | None] = []
    earliest = now
    for length in lengths:
        starts = [
            (start, server_id)
            for server_id, gaps in free.items()
            if (start := _first_start(gaps, earliest, length)) is not None
        ]
        if not starts:
            return [*queue_turns, *([None] * (len(lengths) - len(queue_turns)))]
        earliest, server_id = min(starts, key=lambda candidate: candidate[0])
        free[server_id] = _without(free[server_id], (earliest, earliest + length))
        queue_turns.append(Turn(server_id, earliest))
    return queue_turns


def time_to_put_back(waiting: Sequence[tuple[datetime, bool]], now: datetime) -> datetime:
    """The time that makes somebody the next one: ahead of all, but behind who was put back before.

    `waiting`: those who wait, in order: since when each is queued, and whether it was put back.
    """
    ahead = 0
    while ahead < len(waiting) and waiting[ahead][1]:
        ahead += 1
    if ahead == len(waiting):
        return max(now, waiting[-1][0] + timedelta(microseconds=1)) if waiting else now
    following = waiting[ahead][0]
    if ahead == 0:
        return following - timedelta(seconds=1)
    last = waiting[ahead - 1][0]
    return last + (following - last) / 2


def _gaps(server: Server, now: int) -> list[Span]:
    """The time in which nobody is expected, from now on."""
    gaps = [(max(start, now), end) for start, end in _joined(server.present) if end > now]
    for span in server.taken:
        gaps = _without(gaps, span)
    return gaps


def _first_start(gaps: Sequence[Span], earliest: int, length: int) -> int | None:
    for start, end in gaps:
        if max(start, earliest) + length <= end:
            return max(start, earliest)
    return None


def _without(gaps: Iterable[Span], span: Span) -> list[Span]:
    left: list[Span] = []
    for start, end in gaps:
        left += [(start, min(end, span[0])), (max(start, span[1]), end)]
    return [(start, end) for start, end in left if start < end]


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one: two shifts in a row are one presence."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
