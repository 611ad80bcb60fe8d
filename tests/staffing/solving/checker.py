"""Re-reads a solved rota as `flask solve-rota` writes it, without any of the solver's code.

`faults(answer)` says in words what is wrong with it: an empty list means that no hard rule is
broken and that what is said uncovered is exactly what the needs lack.
"""

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
Answer = dict[str, Any]
Span = tuple[datetime, datetime]

MOST_WORK = timedelta(hours=10)
MOST_WIDTH = timedelta(hours=12)
NO_BREAK = timedelta(hours=6)
BREAK = timedelta(minutes=20)
NIGHT = timedelta(hours=11)


def faults(answer: Answer) -> list[str]:
    """Everything that is wrong, one sentence each."""
    results = [*_unreadable(answer)]
    if results:
        return results
    return [
        *_placed_twice(answer),
        *_misplaced(answer),
        *_beyond_the_law(answer),
        *_miscounted(answer),
    ]


def _unreadable(answer: Answer) -> Iterator[str]:
    agents = [agent["agent"] for agent in answer["agents"]]
    if len(set(agents)) < len(agents):
        yield "two agents have the same name"
    for shift in answer["shifts"]:
        if shift["agent"] not in agents:
            yield f"unknown agent: {shift}"
        if _span(shift)[0] >= _span(shift)[1]:
            yield f"a shift ends before it starts: {shift}"
    for needs in _by("stand", answer["needs"]).values():
        for need, other_need in itertools.combinations(needs, 2):
            if _meet(_span(need), _span(other_need)):
                yield f"two needs for one stand at one time: {need}, {other_need}"


def _placed_twice(answer: Answer) -> Iterator[str]:
    for shifts in _by("agent", answer["shifts"]).values():
        for first_shift, other_shift in itertools.combinations(shifts, 2):
            if _meet(_span(first_shift), _span(other_shift)):
                yield f"at two places at one time: {first_shift}, {other_shift}"


def _misplaced(answer: Answer) -> Iterator[str]:
    agents = {agent["agent"]: agent for agent in answer["agents"]}
    for shift in answer["shifts"]:
        agent = agents[shift["agent"]]
        if shift["stand"] not in agent["stands"]:
            yield f"not allowed on this stand: {shift}"
        starts_at, ends_at = _span(shift)
        available = _joined([(_at(a), _at(b)) for a, b in agent["available"]], timedelta(0))
        if not any(a <= starts_at and ends_at <= b for a, b in available):
            yield f"not available: {shift}"


def _beyond_the_law(answer: Answer) -> Iterator[str]:
    """Décret 2000-815, art. 3-I: 10 h of work, 12 h of width, a break before 6 h, 11 h of rest."""
    for agent, shifts in _by("agent", answer["shifts"]).items():
        spans = sorted(map(_span, shifts))
        days: dict[object, list[Span]] = {}
        for span in spans:
            days.setdefault(span[0].astimezone(PARIS).date(), []).append(span)
        for day, worked in days.items():
            if sum((b - a for a, b in worked), timedelta(0)) > MOST_WORK:
                yield f"more than 10 h: {agent}, {day}"
            if worked[-1][1] - worked[0][0] > MOST_WIDTH:
                yield f"more than 12 h from first to last: {agent}, {day}"
            if any(b - a >= NO_BREAK for a, b in _joined(worked, BREAK)):
                yield f"6 h without a break: {agent}, {day}"
        for before, after in itertools.pairwise(days.values()):
            if after[0][0] - before[-1][1] < NIGHT:
                yield f"less than 11 h of rest: {agent}, before {after[0][0]}"


def _miscounted(answer: Answer) -> Iterator[str]:
    """Yield the moments whose lack differs from the one that the answer reports.

    Themes are compared when the needs tell theirs.
    """
    tells_themes = any("themes" in need for need in answer["needs"])
    themes = {agent["agent"]: set(agent.get("themes", ())) for agent in answer["agents"]}
    spans = [*answer["needs"], *answer["shifts"], *answer["uncovered"]]
    moments = sorted({moment for item in spans for moment in _span(item)})
    kinds = [_by("stand", answer[kind]) for kind in ("needs", "shifts", "uncovered")]
    for stand in _by("stand", spans):
        for starts_at, ends_at in itertools.pairwise(moments):
            needs, shifts, uncovered = (
                [item for item in kind.get(stand, ()) if _meet(_span(item), (starts_at, ends_at))]
                for kind in kinds
            )
            demand = sum(need["minimum"] for need in needs)
            lacks = max(0, demand - len(shifts))
            if lacks != sum(item["missing"] for item in uncovered):
                yield f"{stand}, {starts_at}: {lacks} lack, said: {uncovered}"
            facts = set().union(*(themes[shift["agent"]] for shift in shifts))
            expected_values = {
                theme for need in needs for theme in need.get("themes", ()) if demand
            }
            steps = {theme for item in uncovered for theme in item.get("themes", ())}
            if tells_themes and expected_values - facts != steps:
                yield f"{stand}, {starts_at}: {expected_values - facts} lack, said: {uncovered}"


def _by(key: str, rows: Iterable[Answer]) -> dict[str, list[Answer]]:
    groups: dict[str, list[Answer]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def _span(answer: Answer) -> Span:
    return _at(answer["starts_at"]), _at(answer["ends_at"])


@cache
def _at(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone: {text}")
    return moment


def _meet(span: Span, other_span: Span) -> bool:
    return span[0] < other_span[1] and other_span[0] < span[1]


def _joined(spans: list[Span], pause: timedelta) -> list[Span]:
    """Return the spans, those that a shorter pause than this parts (or none) made one."""
    joined: list[Span] = []
    for starts_at, ends_at in sorted(spans):
        if joined and (starts_at <= joined[-1][1] or starts_at - joined[-1][1] < pause):
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends_at))
        else:
            joined.append((starts_at, ends_at))
    return joined
