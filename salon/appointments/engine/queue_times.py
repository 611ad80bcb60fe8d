"""Estimate when each number of a stand's queue is received. Pure, in whole minutes.

Appointments keep their time: numbers are served in the time left between them, each by the server
who is free first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

Span = tuple[int, int]
"""(start, end excluded) in minutes since 1970."""


def minute(at: datetime) -> int:
    """Return the minute that contains an instant."""
    return int(at.timestamp()) // 60


def instant(number: int) -> datetime:
    """Return the instant (UTC) at which a minute begins."""
    return datetime.fromtimestamp(number * 60, UTC)


@dataclass(frozen=True)
class Server:
    """An agent on the stand. `present`: their spans on duty; `taken`: their appointments."""

    id: int
    present: Sequence[Span]
    taken: Sequence[Span] = field(default=())


@dataclass(frozen=True)
class Turn:
    """The server of a number, and the minute from which it is received."""

    server_id: int
    start: int


def estimated_turns(
    servers: Iterable[Server], lengths: Sequence[int], now: int
) -> list[Turn | None]:
    """Return the turn of each number of the queue, in order; None once no time is left.

    `lengths`: minutes of each number. A number never begins before the one ahead of it, and goes to
    the server who is free first; in a tie, to the first of `servers`.
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
    """Return a `queued_from` that puts a number next, behind those put back before it.

    `waiting`: (queued_from, whether it was put back) of the waiting numbers, in order.
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
    """Return the spans without an appointment, from now on."""
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
    """Merge spans that touch: two consecutive shifts are one presence."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
