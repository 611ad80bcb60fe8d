"""A plan for the exhibitors of the demonstration: time, who is placed, what is met.

The plan is what `flask propose-plan` writes; it is checked again here on what the database says,
pair by pair, with nothing of the solver. The floor is the plan of somebody in a hurry: single
rows an aisle apart, each exhibitor in the first place that fits.
"""

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.report import Line, at_least, at_most, print_table, step
from bench.web import ROOT, environment

COUNTS = (100, 1_200)
LIMITS_S = {100: 10.0, 1_200: 60.0}
TINY = 0.006
Rect = tuple[float, float, float, float]
Row = dict[str, Any]


@dataclass
class Facts:
    """What the database says, read without the application."""

    halls: dict[str, Row]
    stands: list[Row]
    exhibitors: dict[int, Row]

    @property
    def waiting(self) -> list[Row]:
        return [one for one in self.exhibitors.values() if one["stand_id"] is None and one["area"]]


@dataclass
class Measured:
    seconds: float
    placed: int
    to_place: int
    faults: list[str] = field(default_factory=list)
    corners: tuple[int, int] = (0, 0)
    powers: tuple[int, int] = (0, 0)


def run() -> None:
    for count in COUNTS:
        step(f"plan: {count} exhibitors")
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            _flask(data, "db", "upgrade")
            _flask(data, "seed", "--exhibitors", str(count))
            output = data / "plan.json"
            _flask(data, "propose-plan", "--output", str(output))
            facts = _read(data / "salon.sqlite")
            plan = json.loads(output.read_text())
        _print(count, facts, _ours(plan, facts), _greedy(facts))


def _flask(data: Path, *words: str) -> None:
    line = [sys.executable, "-m", "flask", "--app", "app", *words]
    known = environment(data, SALON_DEMONSTRATION="1")
    subprocess.run(line, cwd=ROOT, env=known, check=True, capture_output=True)


def _read(path: Path) -> Facts:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row

    def rows(query: str) -> list[Row]:
        return [dict(one) for one in connection.execute(query)]

    halls = rows(
        "SELECT * FROM halls WHERE edition_id = (SELECT id FROM editions WHERE is_current)"
    )
    stands = rows("SELECT s.*, h.name AS hall FROM stands s JOIN halls h ON h.id = s.hall_id")
    exhibitors = rows("SELECT * FROM exhibitors WHERE status = 'accepted'")
    connection.close()
    by_name = {one["name"]: one for one in halls}
    here = [one for one in stands if one["hall_id"] in {hall["id"] for hall in halls}]
    return Facts(by_name, here, {one["id"]: one for one in exhibitors})


def _ours(plan: Row, facts: Facts) -> Measured:
    new = [row for row in plan["placed"] if row["proposed"]]
    found = Measured(plan["seconds"], len(new), len(facts.waiting))
    known = {row["id"] for row in (*plan["placed"], *plan["unplaced"])}
    expected = {one["id"] for one in facts.exhibitors.values() if one["area"]}
    if known != expected:
        found.faults.append(f"{len(known ^ expected)} exhibitors forgotten or invented")
    places = {row["id"]: (row["hall"], _rect(row)) for row in new}
    drawn = {row["id"]: row["stand"] for row in new if row["stand_id"] is not None}
    _check(found, facts, places, drawn)
    return found


def _rect(row: Row) -> Rect:
    return row["x"], row["y"], row["x"] + row["width"], row["y"] + row["depth"]


def _check(
    found: Measured, facts: Facts, places: dict[int, tuple[str, Rect]], drawn: dict[int, str]
) -> None:
    """Adds the faults of each hall and the wishes met to what was measured."""
    corners = powers = 0
    by_number = {one["number"]: one for one in facts.stands}
    for name, hall in facts.halls.items():
        old = [_rect(one) for one in facts.stands if one["hall"] == name]
        here = {who: rect for who, (where, rect) in places.items() if where == name}
        for who, rect in here.items():
            asked = facts.exhibitors[who]
            others = [*old, *(one for key, one in here.items() if key != who)]
            if who in drawn:
                others.remove(rect)
            else:
                found.faults += _faults_of(rect, others, hall)
            corners += bool(asked["wants_corner"]) and _is_corner(rect, others, hall)
            gives = by_number[drawn[who]]["power_kw"] if who in drawn else hall["power_kw"]
            powers += bool(asked["power_kw"]) and gives >= asked["power_kw"]
    wanting = [facts.exhibitors[who] for who in places]
    found.corners = (corners, sum(bool(one["wants_corner"]) for one in wanting))
    found.powers = (powers, sum(bool(one["power_kw"]) for one in wanting))


def _gap(one: Rect, other: Rect) -> float:
    across = max(one[0], other[0]) - min(one[2], other[2])
    return max(across, max(one[1], other[1]) - min(one[3], other[3]))


def _faults_of(rect: Rect, others: list[Rect], hall: Row) -> list[str]:
    faults = []
    if min(rect) < -TINY or rect[2] > hall["width"] + TINY or rect[3] > hall["depth"] + TINY:
        faults.append(f"{rect} leaves hall {hall['name']}")
    for other in others:
        gap = _gap(rect, other)
        if gap < -TINY:
            faults.append(f"{rect} overlaps {other}")
        elif TINY < gap < hall["aisle"] - TINY:
            faults.append(f"{rect} leaves {gap:.2f} m before {other}")
    return faults


def _is_corner(rect: Rect, others: list[Rect], hall: Row) -> bool:
    """Whether an aisle runs along two neighbouring sides."""
    x, y, right, bottom = rect
    aisle = hall["aisle"] - 2 * TINY
    strips = [(x, y - aisle, right, y), (x, bottom, right, bottom + aisle)]
    strips += [(x - aisle, y, x, bottom), (right, y, right + aisle, bottom)]
    north, south, west, east = (
        strip[0] >= -TINY
        and strip[1] >= -TINY
        and strip[2] <= hall["width"] + TINY
        and strip[3] <= hall["depth"] + TINY
        and all(_gap(strip, other) > -TINY for other in others)
        for strip in strips
    )
    return (north or south) and (west or east)


def _greedy(facts: Facts) -> Measured:
    """First fit, in the order of the list: rows 3 m deep, an aisle before each."""
    started = time.perf_counter()
    places: dict[int, tuple[str, Rect]] = {}
    taken = {name: [_rect(s) for s in facts.stands if s["hall"] == name] for name in facts.halls}
    too_wide = dict.fromkeys(facts.halls, float("inf"))
    for one in facts.waiting:
        width = max(3.0, one["area"] / 3)
        for name, hall in facts.halls.items():
            if width >= too_wide[name]:
                continue
            if one["power_kw"] > hall["power_kw"] or one["wants_water"] > hall["has_water"]:
                continue
            rect = _first_fit(width, hall, taken[name])
            if rect is None:
                too_wide[name] = width
                continue
            places[one["id"]] = (name, rect)
            taken[name].append(rect)
            break
    found = Measured(time.perf_counter() - started, len(places), len(facts.waiting))
    _check(found, facts, places, {})
    return found


def _first_fit(width: float, hall: Row, taken: list[Rect]) -> Rect | None:
    aisle = hall["aisle"]
    y = aisle
    while y + 3 + aisle <= hall["depth"]:
        x = aisle
        while x + width + aisle <= hall["width"] + TINY:
            rect = (x, y, x + width, y + 3)
            if not _faults_of(rect, taken, hall):
                return rect
            x += 0.5
        y += 3 + aisle
    return None


def _print(count: int, facts: Facts, ours: Measured, floor: Measured) -> None:
    def share(pair: tuple[int, int]) -> float:
        return 100 * pair[0] / pair[1] if pair[1] else 100.0

    everybody = at_least(ours.to_place) if count == COUNTS[0] else at_least(floor.placed)
    print_table(
        f"A plan for {ours.to_place} exhibitors (floor: rows filled in the order of the list)",
        [
            Line("seconds", [ours.seconds], [floor.seconds], at_most(LIMITS_S[count], "s"), 1),
            Line("placed", [ours.placed], [floor.placed], everybody),
            Line(
                "overlaps and aisles too narrow",
                [len(ours.faults)],
                [len(floor.faults)],
                at_most(0),
            ),
            Line("corners met, %", [share(ours.corners)], [share(floor.corners)], at_least(90)),
            Line("power met, %", [share(ours.powers)], [share(floor.powers)], at_least(90)),
        ],
        f"corner wishes {ours.corners[0]} of {ours.corners[1]} placed, floor {floor.corners[0]} of "
        f"{floor.corners[1]}; power {ours.powers[0]} of {ours.powers[1]}.",
        *ours.faults[:3],
    )
