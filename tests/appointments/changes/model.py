"""What the fair should be: the acts that still stand, replayed on what it was at first."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time

from tests.appointments.changes.acts import At, Picture

EARLY = time(15)
FIRST_HOUR, LAST_HOUR, EARLY_LAST_HOUR = time(8, 30), time(18), time(15, 30)
"""Stands are staffed from half an hour before the fair opens to half an hour after it closes."""


@dataclass(frozen=True)
class Act:
    """An act that stands: what it took (`withdrawn`), or what it did to the days.

    `day`: the one given up, as it was named at first. `moved`: the new stand of bodies.
    """

    name: str
    withdrawn: frozenset[str] = frozenset()
    day: int | None = None
    moved: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_of_days(self) -> bool:
        return self.name in ("move", "give up", "close early")


@dataclass
class Model:
    """`bodies`: the stand, agent and theme of each, by name; `base`: the fair at first."""

    base: Picture
    bodies: dict[str, tuple[int, int, int]]
    acts: list[Act] = field(default_factory=list)
    standing: str = "as_planned"
    former_standings: list[str] = field(default_factory=list)
    last_dated: str = ""
    before_cancelled: str = "as_planned"

    @property
    def is_cancelled(self) -> bool:
        return self.standing == "cancelled"

    @property
    def days(self) -> list[int]:
        given_up = {act.day for act in self.acts if act.name == "give up"}
        return [day for day in (0, 1) if day not in given_up]

    @property
    def is_early(self) -> bool:
        return any(act.name == "close early" for act in self.acts)

    def find(self, name: str) -> Act | None:
        return next((act for act in self.acts if act.name == name), None)

    def is_there(self, body: str) -> bool:
        return not any(f"body {body}" in act.withdrawn for act in self.acts)

    def has_theme(self, body: str) -> bool:
        return self.is_there(body) and self.find(f"theme {body}") is None

    def lost_appointments(self) -> set[int]:
        """Return the appointments that the hours or days that stand leave without their time."""
        return {row[0] for row in self.base.appointments if not self._holds(row[4], row[4])}

    def stand_of(self, body: str) -> int:
        stand = self.bodies[body][0]
        for act in self.acts:
            stand = act.moved.get(body, stand)
        return stand

    def expected(self) -> Picture:
        there = {body: self.is_there(body) for body in self.bodies}
        stands = {
            stand: self.stand_of(body) for body, (stand, _, _) in self.bodies.items() if there[body]
        }
        agents = {agent for body, (_, agent, _) in self.bodies.items() if there[body]}
        themes = {theme for body, (_, _, theme) in self.bodies.items() if self.has_theme(body)}
        answered = {self.bodies[body][1] for body in self.bodies if self.has_theme(body)}
        shifts = set()
        for layer, agent, stand, start, end in self.base.shifts:
            is_there = agent in agents and start[0] in self.days
            if not is_there or (layer == "published" and self.is_cancelled):
                continue
            last = EARLY_LAST_HOUR if self.is_early else LAST_HOUR
            if start[1] < last:
                clipped = end[0], min(end[1], last)
                place = stands[stand]
                shifts.add((layer, agent, place, self._now(start), self._now(clipped)))
        return Picture(
            frozenset(shifts),
            frozenset(
                (*row[:3], stands[row[3]], self._now(row[4]))
                for row in self.base.appointments
                if row[2] in answered and self._holds(row[4], row[4]) and not self.is_cancelled
            ),
            frozenset(
                (stands[stand], self._now(at), minimum)
                for stand, at, minimum in self.base.needs
                if stand in stands and self._is_staffed(at)
            ),
            frozenset(agents),
            frozenset(row for row in self.base.themes if row[0] in themes),
            frozenset(
                (agent, self._now(at)) for agent, at in self.base.arrivals if agent in agents
            ),
        )

    def _holds(self, start: At, end: At) -> bool:
        closes = EARLY if self.is_early else LAST_HOUR
        return start[0] in self.days and end[1] < closes

    def _is_staffed(self, at: At) -> bool:
        return at[0] in self.days and at[1] < (EARLY_LAST_HOUR if self.is_early else LAST_HOUR)

    def _now(self, at: At) -> At:
        return (self.days.index(at[0]) if at[0] in self.days else -1), at[1]


def without(picture: Picture, appointment_ids: set[int]) -> Picture:
    """Return the picture without some appointments, whose visitors may have another time."""
    rows = frozenset(row for row in picture.appointments if row[0] not in appointment_ids)
    return replace(picture, appointments=rows)
