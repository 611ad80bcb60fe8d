"""Second stage, by CP-SAT: assign the exhibitors of a hall to its rows and to row ends."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from salon.placement.engine.filling import INSIDE, Filling, front_of, is_deep
from salon.placement.engine.problem import Wishes
from salon.placement.engine.rows import STEP, Segment
from salon.placement.engine.weighing import (
    APART,
    CORNER,
    NEAR,
    PAVILION,
    PLACED,
    THEME,
    group_penalties,
    solve_model,
)

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExpr

ROW_TIME = 0.3


def choose_rows(members: Sequence[Wishes], segments: Sequence[Segment]) -> list[Filling]:
    """Return the segments of one hall with their exhibitors, inside or at an end."""
    from ortools.sat.python import cp_model

    hint = fill_greedily(members, [Filling(segment) for segment in segments])
    model = cp_model.CpModel()
    inside: dict[tuple[int, int], IntVar] = {}
    at_end: dict[tuple[int, int, int], IntVar] = {}
    for wishes in members:
        for rank in range(len(segments)):
            inside[wishes.id, rank] = model.new_bool_var("")
            for end in (0, 1):
                at_end[wishes.id, rank, end] = model.new_bool_var("")
        model.add_at_most_one(
            [inside[wishes.id, rank] for rank in range(len(segments))]
            + [at_end[wishes.id, rank, end] for rank in range(len(segments)) for end in (0, 1)]
        )
    used = [
        _length_used(model, rank, segment, members, inside, at_end)
        for rank, segment in enumerate(segments)
    ]
    gain = _row_gain(model, members, len(segments), inside, at_end)
    model.maximize(sum(gain) - sum(used))
    _start_from(model, hint, inside, at_end)
    solver = solve_model(model, ROW_TIME)
    if solver is None:
        return hint
    fillings = [Filling(segment) for segment in segments]
    for wishes in members:
        for rank, filling in enumerate(fillings):
            if solver.value(inside[wishes.id, rank]):
                filling.add(wishes, INSIDE)
            for end in (0, 1):
                if solver.value(at_end[wishes.id, rank, end]):
                    filling.add(wishes, end)
    return fillings


def _start_from(
    model: "CpModel",
    hint: Sequence[Filling],
    inside: Mapping[tuple[int, int], "IntVar"],
    at_end: Mapping[tuple[int, int, int], "IntVar"],
) -> None:
    within = {(wishes.id, rank) for rank, filling in enumerate(hint) for wishes in filling.inner}
    ends = {
        (wishes.id, rank, end)
        for rank, filling in enumerate(hint)
        for end in (0, 1)
        for wishes in filling.ends[end]
    }
    for key, var in inside.items():
        model.add_hint(var, key in within)
    for place, var in at_end.items():
        model.add_hint(var, place in ends)


def _length_used(
    model: "CpModel",
    rank: int,
    segment: Segment,
    members: Sequence[Wishes],
    inside: Mapping[tuple[int, int], "IntVar"],
    at_end: Mapping[tuple[int, int, int], "IntVar"],
) -> "LinearExpr":
    """Return the half-metres that columns and ends take, at most the length of the segment."""
    lengths: list[LinearExpr] = []
    fronts: dict[int, list[LinearExpr]] = defaultdict(list)
    for wishes in members:
        front = front_of(wishes, segment)
        if is_deep(wishes, segment.rows):
            lengths.append(front * inside[wishes.id, rank])
        else:
            fronts[front].append(inside[wishes.id, rank])
    for front, column in sorted(fronts.items()):
        columns = model.new_int_var(0, len(column), "")
        model.add(segment.rows * columns >= sum(column))
        lengths.append(front * columns)
    for end in (0, 1):
        width = model.new_int_var(0, segment.length, "")
        places: list[LinearExpr] = []
        for wishes in members:
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
    members: Sequence[Wishes],
    count: int,
    inside: Mapping[tuple[int, int], "IntVar"],
    at_end: Mapping[tuple[int, int, int], "IntVar"],
) -> "list[LinearExpr]":
    gain: list[LinearExpr] = []
    presence: dict[tuple[int, int], LinearExpr | int] = {}
    for wishes in members:
        for rank in range(count):
            ends = at_end[wishes.id, rank, 0] + at_end[wishes.id, rank, 1]
            presence[wishes.id, rank] = inside[wishes.id, rank] + ends
            gain.append(
                PLACED * presence[wishes.id, rank] + (CORNER if wishes.corner else -4) * ends
            )
    member_ids = {wishes.id for wishes in members}
    for wishes in members:
        for neighbour_id in sorted(wishes.near & member_ids):
            for rank in range(count):
                joined = model.new_bool_var("")
                model.add(joined <= presence[wishes.id, rank])
                model.add(joined <= presence[neighbour_id, rank])
                gain.append(NEAR * joined)
        for neighbour_id in sorted(wishes.apart & member_ids):
            for rank in range(count):
                together = model.new_bool_var("")
                model.add(presence[wishes.id, rank] + presence[neighbour_id, rank] <= 1 + together)
                gain.append(-APART * together)
    for groups, cost in ((_by_pavilion(members), PAVILION), (_by_theme(members), THEME)):
        for group in groups:
            gain += group_penalties(
                model,
                [[presence[wishes.id, rank] for wishes in group] for rank in range(count)],
                cost,
            )
    return gain


def _by_pavilion(members: Iterable[Wishes]) -> list[list[Wishes]]:
    groups: dict[int, list[Wishes]] = defaultdict(list)
    for wishes in members:
        if wishes.pavilion is not None:
            groups[wishes.pavilion].append(wishes)
    return [groups[key] for key in sorted(groups) if len(groups[key]) > 1]


def _by_theme(members: Iterable[Wishes]) -> list[list[Wishes]]:
    groups: dict[int, list[Wishes]] = defaultdict(list)
    for wishes in members:
        if wishes.themes:
            groups[wishes.themes[0]].append(wishes)
    return [groups[key] for key in sorted(groups) if len(groups[key]) > 1]


def fill_greedily(candidates: Sequence[Wishes], fillings: list[Filling]) -> list[Filling]:
    """Place corner wishes first, then the largest areas, each where the row grows least."""
    for wishes in sorted(
        candidates, key=lambda candidate: (not candidate.corner, -candidate.area, candidate.id)
    ):
        places = [
            (best, rank)
            for rank, filling in enumerate(fillings)
            if (best := filling.best_place(wishes))
        ]
        if places:
            (_, place), rank = min(places)
            fillings[rank].add(wishes, place)
    return fillings
