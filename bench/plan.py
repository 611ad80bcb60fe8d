"""A plan for the exhibitors of the demonstration: time, who is placed, what is met, beside whom.

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
from salon.platform.words.texts import folded

INVENTED = {60: 10.0, 100: 10.0, 160: 10.0, 1_160: 60.0}
"""Seconds at most, by how many exhibitors are added to the forty of the demonstration."""
RUNS = 3
NEAR = 6.0
TINY = 0.006
Rect = tuple[float, float, float, float]
Row = dict[str, Any]


@dataclass
class Facts:
    """The facts of the database, read without the application."""

    halls: dict[str, Row]
    stands: list[Row]
    exhibitors: dict[int, Row]
    themes: dict[int, set[int]]

    @property
    def waiting(self) -> list[Row]:
        return [
            exhibitor
            for exhibitor in self.exhibitors.values()
            if exhibitor["stand_id"] is None and exhibitor["area"]
        ]


@dataclass
class Measured:
    seconds: list[float]
    placed: int
    to_place: int
    faults: list[str] = field(default_factory=list)
    met: dict[str, tuple[int, int]] = field(default_factory=dict)
    rivals: int = 0


def run() -> None:
    for count, limit in INVENTED.items():
        step(f"plan: {count} exhibitors more than the demonstration's")
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            _flask(data, "db", "upgrade")
            _flask(data, "seed", "--exhibitors", str(count))
            plans = [_proposed(data) for _ in range(RUNS)]
            facts = _read(data / "salon.sqlite")
        ours = _ours(plans[0], facts)
        ours.seconds = [plan["seconds"] for plan in plans]
        if any(plan["placed"] != plans[0]["placed"] for plan in plans):
            ours.faults.append("the same fair gave two plans")
        _print(limit, ours, _greedy(facts), plans[0]["unplaced"])


def _proposed(data: Path) -> Row:
    output = data / "plan.json"
    _flask(data, "propose-plan", "--output", str(output))
    proposal: Row = json.loads(output.read_text())
    return proposal


def _flask(data: Path, *words: str) -> None:
    line = [sys.executable, "-m", "flask", "--app", "app", *words]
    variables = environment(data, SALON_DEMONSTRATION="1")
    subprocess.run(line, cwd=ROOT, env=variables, check=True, capture_output=True)


def _read(path: Path) -> Facts:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row

    def rows(query: str) -> list[Row]:
        return [dict(row) for row in connection.execute(query)]

    halls = rows(
        "SELECT * FROM halls WHERE edition_id = (SELECT id FROM editions WHERE is_current)"
    )
    stands = rows("SELECT s.*, h.name AS hall FROM stands s JOIN halls h ON h.id = s.hall_id")
    exhibitors = rows("SELECT * FROM exhibitors WHERE status = 'accepted'")
    themes: dict[int, set[int]] = {}
    for row in rows("SELECT * FROM exhibitor_themes"):
        themes.setdefault(row["exhibitor_id"], set()).add(row["theme_id"])
    connection.close()
    by_name = {hall["name"]: hall for hall in halls}
    stands_of_hall = [
        stand for stand in stands if stand["hall_id"] in {hall["id"] for hall in halls}
    ]
    return Facts(
        by_name, stands_of_hall, {exhibitor["id"]: exhibitor for exhibitor in exhibitors}, themes
    )


def _ours(plan: Row, facts: Facts) -> Measured:
    new = [row for row in plan["placed"] if row["proposed"]]
    measured = Measured([plan["seconds"]], len(new), len(facts.waiting))
    listed = {row["id"] for row in (*plan["placed"], *plan["unplaced"])}
    expected = {exhibitor["id"] for exhibitor in facts.exhibitors.values() if exhibitor["area"]}
    if listed != expected:
        measured.faults.append(f"{len(listed ^ expected)} exhibitors forgotten or invented")
    places = {row["id"]: (row["hall"], _rect(row)) for row in new}
    drawn = {row["id"]: row["stand"] for row in new if row["stand_id"] is not None}
    _check(measured, facts, places, drawn)
    return measured


def _rect(row: Row) -> Rect:
    return row["x"], row["y"], row["x"] + row["width"], row["y"] + row["depth"]


def _check(
    measured: Measured, facts: Facts, places: dict[int, tuple[str, Rect]], drawn: dict[int, str]
) -> None:
    """Add the faults of each hall and the wishes met to what was measured."""
    corners = powers = 0
    by_number = {stand["number"]: stand for stand in facts.stands}
    for name, hall in facts.halls.items():
        old = [_rect(stand) for stand in facts.stands if stand["hall"] == name]
        rects = {place: rect for place, (place_hall, rect) in places.items() if place_hall == name}
        for place, rect in rects.items():
            exhibitor = facts.exhibitors[place]
            others = [*old, *(box for key, box in rects.items() if key != place)]
            if place in drawn:
                others.remove(rect)
            else:
                measured.faults += _faults_of(rect, others, hall)
            corners += bool(exhibitor["wants_corner"]) and _is_corner(rect, others, hall)
            gives = by_number[drawn[place]]["power_kw"] if place in drawn else hall["power_kw"]
            powers += bool(exhibitor["power_kw"]) and gives >= exhibitor["power_kw"]
    wanting = [facts.exhibitors[place] for place in places]
    measured.met["corners"] = (corners, sum(bool(box["wants_corner"]) for box in wanting))
    measured.met["power"] = (powers, sum(bool(box["power_kw"]) for box in wanting))
    wished = [(box, places[box["id"]][0]) for box in wanting if box["wished_hall_id"]]
    names = {hall["id"]: name for name, hall in facts.halls.items()}
    right = sum(names[box["wished_hall_id"]] == hall for box, hall in wished)
    measured.met["halls wished"] = (right, len(wished))
    _check_company(measured, facts, places)


def _check_company(measured: Measured, facts: Facts, places: dict[int, tuple[str, Rect]]) -> None:
    """Measure the wishes of neighbours, exhibitors placed by hand included."""
    seated = {stand["id"]: stand for stand in facts.stands}
    everyone = dict(places)
    for place, exhibitor in facts.exhibitors.items():
        if exhibitor["stand_id"] is not None:
            stand = seated[exhibitor["stand_id"]]
            everyone[place] = (stand["hall"], _rect(stand))
    by_key = {exhibitor["name_key"]: place for place, exhibitor in facts.exhibitors.items()}

    def gap(exhibitor: int, second: int) -> float:
        (hall, rect), (other_hall, other_rect) = everyone[exhibitor], everyone[second]
        return _gap(rect, other_rect) if hall == other_hall else float("inf")

    wishes: dict[str, list[bool]] = {"neighbours wished": [], "kept apart": [], "near a theme": []}
    for place in places:
        for column, kind in (("near", "neighbours wished"), ("apart", "kept apart")):
            typed = {
                by_key.get(folded(name)) for name in json.loads(facts.exhibitors[place][column])
            }
            for other in typed & everyone.keys() - {place}:
                is_near = gap(place, other) <= NEAR + TINY
                wishes[kind].append(is_near == (column == "near"))
        own_themes = facts.themes.get(place, set())
        near = (
            near_place
            for near_place in everyone
            if near_place != place and own_themes & facts.themes.get(near_place, set())
        )
        if own_themes:
            wishes["near a theme"].append(
                any(gap(place, near_place) <= NEAR + TINY for near_place in near)
            )
    measured.met |= {
        kind: (sum(wishes_met), len(wishes_met)) for kind, wishes_met in wishes.items()
    }
    for place in places:
        own_facts = facts.exhibitors[place]
        for other in everyone:
            is_same_sector = facts.exhibitors[other]["sector"] == own_facts["sector"] is not None
            is_first = other not in places or other < place
            pavilion = facts.exhibitors[other]["parent_id"]
            together = pavilion is not None and pavilion == own_facts["parent_id"]
            if other != place and is_same_sector and is_first and not together:
                measured.rivals += gap(place, other) <= TINY and _touch(
                    everyone[place][1], everyone[other][1]
                )


def _touch(first: Rect, second: Rect) -> bool:
    """Return whether they share a length of side, not a corner alone."""
    across = max(first[0], second[0]) - min(first[2], second[2])
    return min(across, max(first[1], second[1]) - min(first[3], second[3])) < -TINY


def _gap(first: Rect, second: Rect) -> float:
    across = max(first[0], second[0]) - min(first[2], second[2])
    return max(across, max(first[1], second[1]) - min(first[3], second[3]))


def _faults_of(rect: Rect, others: list[Rect], hall: Row) -> list[str]:
    faults = []
    if min(rect) < -TINY or rect[2] > hall["width"] + TINY or rect[3] > hall["depth"] + TINY:
        faults.append(f"{rect} leaves hall {hall['name']}")
    for neighbour in others:
        gap = _gap(rect, neighbour)
        if gap < -TINY:
            faults.append(f"{rect} overlaps {neighbour}")
        elif TINY < gap < hall["aisle"] - TINY:
            faults.append(f"{rect} leaves {gap:.2f} m before {neighbour}")
    return faults


def _is_corner(rect: Rect, others: list[Rect], hall: Row) -> bool:
    """Return whether an aisle runs along two neighbouring sides."""
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
    for exhibitor in facts.waiting:
        width = max(3.0, exhibitor["area"] / 3)
        for name, hall in facts.halls.items():
            if width >= too_wide[name]:
                continue
            if (
                exhibitor["power_kw"] > hall["power_kw"]
                or exhibitor["wants_water"] > hall["has_water"]
            ):
                continue
            rect = _first_fit(width, hall, taken[name])
            if rect is None:
                too_wide[name] = width
                continue
            places[exhibitor["id"]] = (name, rect)
            taken[name].append(rect)
            break
    measured = Measured([time.perf_counter() - started], len(places), len(facts.waiting))
    _check(measured, facts, places, {})
    return measured


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


def _print(limit: float, ours: Measured, floor: Measured, unplaced: list[Row]) -> None:
    def share(pair: tuple[int, int]) -> float:
        return 100 * pair[0] / pair[1] if pair[1] else 100.0

    everybody = at_least(ours.to_place) if limit <= 10 else at_least(floor.placed)
    faults, bad = [len(ours.faults)], [len(floor.faults)]
    lines = [
        Line("seconds", ours.seconds, floor.seconds, at_most(limit, "s"), 1),
        Line("placed", [ours.placed], [floor.placed], everybody),
        Line("overlaps and aisles too narrow", faults, bad, at_most(0)),
    ]
    for kind, pair in ours.met.items():
        target = at_least(90) if kind in ("corners", "power") else None
        words = f"{kind}, %"
        lines.append(Line(words, [share(pair)], [share(floor.met[kind])], target))
    lines.append(Line("rivals side by side", [ours.rivals], [floor.rivals]))
    counts = ", ".join(
        f"{kind} {met} of {requested}" for kind, (met, requested) in ours.met.items()
    )
    title = f"A plan for {ours.to_place} exhibitors who wait (floor: first fit, in rows)"
    print_table(
        title, lines, f"{counts}.", *ours.faults[:3], *(row["reason"] for row in unplaced[:3])
    )
