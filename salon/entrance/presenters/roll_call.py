"""The roll-call of an evacuation: the people inside, by the place where each was last seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from salon.badges.models.labels import Need
from salon.entrance.queries.inside import PersonInside, count_inside, people_inside
from salon.entrance.rules.inside import Inside
from salon.fair.models import Edition
from salon.fair.queries import doors_of
from salon.platform.words.formats import hour
from salon.platform.words.texts import folded

ROOM, HALL, DOOR = range(3)


@dataclass(frozen=True)
class RollCallLine:
    """A person of the roll-call. `more`: where to find them; `badge`: the hash of the code that was
    read, else `key`.
    """

    key: str
    name: str
    more: str
    needs: str
    badge: str


@dataclass(frozen=True)
class RollCallGroup:
    """The people last seen in one place, by name."""

    label: str
    lines: Sequence[RollCallLine]


@dataclass(frozen=True)
class RollCall:
    """The people inside, and how many they are, with what that number leaves out."""

    count: Inside
    groups: Sequence[RollCallGroup]


def roll_call(edition: Edition, now: datetime, real_now: datetime) -> RollCall:
    """Return the roll-call of a moment; `now` is the fair's, `real_now` the world's."""
    doors = {door.code: door.label for door in doors_of(edition)}
    people = people_inside(edition.id, now)
    return RollCall(count_inside(edition.id, now, real_now), groups_of(people, doors))


def groups_of(people: Sequence[PersonInside], doors: Mapping[str, str]) -> list[RollCallGroup]:
    """Return the people by place: rooms, halls of the stands, doors. `doors`: labels by code."""

    def order(person: PersonInside) -> tuple[int, str, str]:
        kind, label = _place(person, doors)
        return kind, label, folded(f"{person.last_name} {person.first_name}")

    by_place = groupby(sorted(people, key=order), lambda person: _place(person, doors))
    return [
        RollCallGroup(label, [_line(person) for person in members])
        for (_, label), members in by_place
    ]


def _place(person: PersonInside, doors: Mapping[str, str]) -> tuple[int, str]:
    if person.zone:
        return ROOM, person.zone
    if person.hall:
        return HALL, f"Hall {person.hall}, équipes des stands"
    if not person.door:
        return DOOR, "Vus sans passer une porte du salon"
    door = " – ".join(filter(None, (person.door, doors.get(person.door))))
    return DOOR, f"Entrés par la porte {door}"


def _line(person: PersonInside) -> RollCallLine:
    name = f"{person.last_name} {person.first_name}".strip() or "Sans nom"
    place = f"stand {person.stand}" if person.stand and not person.zone else ""
    seen = f"à {hour(person.seen_at)}"
    needs = [Need(need).label for need in person.needs if need in set(Need)]
    return RollCallLine(
        person.key,
        name,
        ", ".join(filter(None, (person.place, place, seen))),
        ", ".join(needs),
        person.code_hash or person.key,
    )
