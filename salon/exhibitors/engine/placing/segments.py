"""Second choice, by CP-SAT: who goes to which row of a hall, and who is at its ends."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from salon.exhibitors.engine.placing.filling import INSIDE, Filling, front_of, is_deep
from salon.exhibitors.engine.placing.problem import Wishes
from salon.exhibitors.engine.placing.rows import STEP, Segment
from salon.exhibitors.engine.placing.weighing import (
    APART,
    CORNER,
    NEAR,
    PAVILION,
    PLACED,
    THEME,
    fewest,
    solved,
)

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel

ROW_TIME = 0.3


def choose_rows(everyone: Sequence[Wishes], segments: Sequence[Segment]) -> list[Filling]:
    """Who goes to which segment of one hall, and whether at one of its ends."""
    from ortools.sat.python import cp_model

    hint = fill_greedily(everyone, [Filling(one) for one in segments])
    model = cp_model.CpModel()
    inside: dict[tuple[int, int], Any] = {}
    at_end: dict[tuple[int, int, int], Any] = {}
    for wishes in everyone:
        for rank in range(len(segments)):
            inside[wishes.id, rank] = model.new_bool_var("")
            for end in (0, 1):
                at_end[wishes.id, rank, end] = model.new_bool_var("")
        model.add_at_most_one(
            [inside[wishes.id, rank] for rank in range(len(segments))]
            + [at_end[wishes.id, rank, end] for rank in range(len(segments)) for end in (0, 1)]
        )
    used = [
        _length_used(model, rank, segment, everyone, inside, at_end)
        for rank, segment in enumerate(segments)
    ]
    gain = _row_gain(model, everyone, len(segments), inside, at_end)
    model.maximize(sum(gain) - sum(used))
    _start_from(model, hint, inside, at_end)
    solver = solved(model, ROW_TIME)
    if solver is None:
        return hint
    found = [Filling(one) for one in segments]
    for wishes in everyone:
        for rank, filling in enumerate(found):
            if solver.value(inside[wishes.id, rank]):
                filling.add(wishes, INSIDE)
            for end in (0, 1):
                if solver.value(at_end[wishes.id, rank, end]):
                    filling.add(wishes, end)
    return found


def _start_from(
    model: "CpModel",
    hint: Sequence[Filling],
    inside: Mapping[tuple[int, int], Any],
    at_end: Mapping[tuple[int, int, int], Any],
) -> None:
    within = {(one.id, rank) for rank, it in enumerate(hint) for one in it.inner}
    ends = {
        (one.id, rank, end)
        for rank, it in enumerate(hint)
        for end in (0, 1)
        for one in it.ends[end]
    }
    for key, var in inside.items():
        model.add_hint(var, key in within)
    for place, var in at_end.items():
        model.add_hint(var, place in ends)


def _length_used(
    model: "CpModel",
    rank: int,
    segment: Segment,
    everyone: Sequence[Wishes],
    inside: Mapping[tuple[int, int], Any],
    at_end: Mapping[tuple[int, int, int], Any],
) -> Any:
    """Half-metres that its columns and ends take; they are not longer than it is."""
    lengths: list[Any] = []
    fronts: dict[int, list[Any]] = defaultdict(list)
    for wishes in everyone:
        front = front_of(wishes, segment)
        if is_deep(wishes, segment.rows):
            lengths.append(front * inside[wishes.id, rank])
        else:
            fronts[front].append(inside[wishes.id, rank])
    for front, them in sorted(fronts.items()):
        columns = model.new_int_var(0, len(them), "")
        model.add(segment.rows * columns >= sum(them))
        lengths.append(front * columns)
    for end in (0, 1):
        width = model.new_int_var(0, segment.length, "")
        places: list[Any] = []
        for wishes in everyone:
            var = at_end[wishes.id, rank, end]
            model.add(width >= front_of(wishes, segment) * var)
            places.append((2 if is_deep(wishes, segment.rows) else 1) * var)
        model.add(sum(places) <= segment.rows)
        lengths.append(width)
    used = model.new_int_var(0, segment.length // STEP, "")
    model.add(sum(lengths) <= STEP * used)
    return used


def _row_gain(
    model: "CpModel",
    everyone: Sequence[Wishes],
    count: int,
    inside: Mapping[tuple[int, int], Any],
    at_end: Mapping[tuple[int, int, int], Any],
) -> list[Any]:
    gain: list[Any] = []
    here: dict[tuple[int, int], Any] = {}
    for wishes in everyone:
        for rank in range(count):
            ends = at_end[wishes.id, rank, 0] + at_end[wishes.id, rank, 1]
            here[wishes.id, rank] = inside[wishes.id, rank] + ends
            gain.append(PLACED * here[wishes.id, rank] + (CORNER if wishes.corner else -4) * ends)
    known = {one.id for one in everyone}
    for wishes in everyone:
        for other in sorted(wishes.near & known):
            for rank in range(count):
                both = model.new_bool_var("")
                model.add(both <= here[wishes.id, rank])
                model.add(both <= here[other, rank])
                gain.append(NEAR * both)
        for other in sorted(wishes.apart & known):
            for rank in range(count):
                together = model.new_bool_var("")
                model.add(here[wishes.id, rank] + here[other, rank] <= 1 + together)
                gain.append(-APART * together)
    for groups, cost in ((_by_pavilion(everyone), PAVILION), (_by_theme(everyone), THEME)):
        for them in groups:
            gain += fewest(
                model, [[here[one.id, rank] for one in them] for rank in range(count)], cost
            )
    return gain


def _by_pavilion(everyone: Iterable[Wishes]) -> list[list[Wishes]]:
    found: dict[int, list[Wishes]] = defaultdict(list)
    for one in everyone:
        if one.pavilion is not None:
            found[one.pavilion].append(one)
    return [found[key] for key in sorted(found) if len(found[key]) > 1]


def _by_theme(everyone: Iterable[Wishes]) -> list[list[Wishes]]:
    found: dict[int, list[Wishes]] = defaultdict(list)
    for one in everyone:
        if one.themes:
            found[one.themes[0]].append(one)
    return [found[key] for key in sorted(found) if len(found[key]) > 1]


def fill_greedily(everyone: Sequence[Wishes], fillings: list[Filling]) -> list[Filling]:
    """Corners first, then the largest, each where the row grows least."""
    for wishes in sorted(everyone, key=lambda one: (not one.corner, -one.area, one.id)):
        places = [
            (best, rank) for rank, one in enumerate(fillings) if (best := one.best_place(wishes))
        ]
        if places:
            (_, place), rank = min(places)
            fillings[rank].add(wishes, place)
    return fillings
