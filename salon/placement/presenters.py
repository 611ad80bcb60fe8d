"""A proposal as shown: new stands, wishes met, one drawing per hall."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salon.placement.engine import Room
from salon.placement.models import PlanProposal
from salon.placement.queries.placement import Floor
from salon.placement.rules import CurrentState, changes_since

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shape:
    """A stand drawn; `kind` is new, drawn (a stand of the plan, given), held or free."""

    x: float
    y: float
    width: float
    depth: float
    number: str
    kind: str
    name: str = ""


@dataclass(frozen=True)
class HallView:
    room: Room
    shapes: list[Shape]
    rows: list[Row]


@dataclass(frozen=True)
class ProposalView:
    halls: list[HallView]
    to_accept: list[Row]
    changes: dict[int, str]
    """Why a row can no longer be accepted, by id of exhibitor."""
    unplaced: list[Row]
    wishes: list[tuple[str, int, int]]
    """(kind of wish, met, asked), over the new places."""
    missing_area: float

    @property
    def is_stale(self) -> bool:
        """Return whether no row can be accepted any more."""
        return bool(self.to_accept) and len(self.changes) == len(self.to_accept)


WORDS = {"angle": "Angles", "hall": "Hall souhaité", "kW": "Électricité", "eau": "Eau"}
NEIGHBOURS = (("près de", "Voisins souhaités"), ("à l’écart", "Voisins à éviter"))


def view_of(
    proposal: PlanProposal, floor: Floor, present: Mapping[int, CurrentState]
) -> ProposalView:
    """Return the proposal compared with the plan and the exhibitors as they are now."""
    placed: list[Row] = proposal.result.get("placed", [])
    new_rows = [row for row in placed if row["proposed"] and not row.get("accepted")]
    halls = {room.name: (room.id, floor.versions[room.id]) for room in floor.rooms}
    unplaced = proposal.result.get("unplaced", [])
    return ProposalView(
        halls=[_hall_view(room, floor, new_rows) for room in floor.rooms],
        to_accept=new_rows,
        changes=changes_since(proposal, new_rows, halls, present),
        unplaced=unplaced,
        wishes=_wishes(new_rows),
        missing_area=sum(row["area"] for row in unplaced),
    )


def _hall_view(room: Room, floor: Floor, new_rows: list[Row]) -> HallView:
    rows = [row for row in new_rows if row["hall"] == room.name]
    rows_by_stand = {row["stand_id"]: row for row in rows if row["stand_id"] is not None}
    shapes = []
    for stand in floor.stands_in(room.id):
        row = rows_by_stand.get(stand.id)
        kind = "drawn" if row else "free" if stand.is_free else "held"
        box, name = stand.box, row["exhibitor"] if row else ""
        shapes.append(Shape(box.x, box.y, box.width, box.depth, stand.number, kind, name))
    shapes += [
        Shape(row["x"], row["y"], row["width"], row["depth"], row["stand"], "new", row["exhibitor"])
        for row in rows
        if row["stand_id"] is None
    ]
    return HallView(room, shapes, rows)


def _kind_of(wish: str) -> str:
    for beginning, words in NEIGHBOURS:
        if wish.startswith(beginning):
            return words
    for mark, words in WORDS.items():
        if mark in wish.split(" ") or wish == mark:
            return words
    return wish


def _wishes(rows: list[Row]) -> list[tuple[str, int, int]]:
    met = Counter(_kind_of(wish) for row in rows for wish in row["met"])
    unmet = Counter(_kind_of(wish) for row in rows for wish in row["unmet"])
    order = [*WORDS.values(), *(words for _, words in NEIGHBOURS)]
    return [(kind, met[kind], met[kind] + unmet[kind]) for kind in order if met[kind] + unmet[kind]]
