"""What must be true of the stands of a hall. All the faults of a layout are said at once."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from salon.fair.engine import plan_frames
from salon.fair.engine.geometry import (
    Rectangle,
    between,
    inside,
    is_filled,
    leaves_aisle,
    overlap,
    pairs_within,
)
from salon.fair.engine.layout import NewStand
from salon.fair.models import Hall, Stand
from salon.platform.errors import BadInput, RuleBroken

SMALLEST_SIDE = 0.5
LARGEST_SIDE = 60.0
MOST_POWER_KW = 400
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,7}")
NUMBER_WORDS = "de 1 à 8 chiffres ou lettres sans accent"
MOST_STANDS = 600
"""Stands of one hall: twice the fullest hall of the national fair."""
MOST_FAULTS_SAID = 30


@dataclass(frozen=True)
class Fault:
    """What is wrong with the stands named, in words."""

    numbers: tuple[str, ...]
    text: str


class FloorFaults(RuleBroken):
    """A layout breaks rules; `faults` are all of them."""

    status = 400

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(self.texts))

    @property
    def texts(self) -> list[str]:
        """The faults in words, as many as a person reads."""
        said = [fault.text for fault in self.faults[:MOST_FAULTS_SAID]]
        left = len(self.faults) - MOST_FAULTS_SAID
        if left > 0:
            said.append(f"Et {left} autre{'s' if left > 1 else ''}.")
        return said


class NumberTaken(RuleBroken):
    message = "Un autre stand de l’édition porte déjà ce numéro."


class StandHasOccupant(RuleBroken):
    pass


class PlanHasChanged(RuleBroken):
    message = "Le plan de ce hall a changé pendant que vous y travailliez."


class PlanNotUnderstood(BadInput):
    message = "Le plan envoyé ne se lit pas. Rechargez la page et recommencez."


def check_plan_is_the_same(expected: int, hall: Hall) -> None:
    """Nobody changed the hall since it was read."""
    if expected != hall.version:
        raise PlanHasChanged


def check_stands_are_free(stands: Iterable[Stand]) -> None:
    """A stand that carries a body or an exhibitor stays."""
    held = sorted(one.number for one in stands if one.body or one.exhibitor)
    if held:
        word = "Le stand" if len(held) == 1 else "Les stands"
        what = "est occupé" if len(held) == 1 else "sont occupés"
        raise StandHasOccupant(
            f"{word} {_and(held)} {what} : libérez d’abord la place. "
            "Vous pouvez le déplacer ou changer son numéro."
        )


def check_floor(hall: Hall, stands: Sequence[NewStand], elsewhere: Collection[str] = ()) -> None:
    """The stands make a sound layout of the hall; `elsewhere` are the numbers of other halls."""
    if faults := faults_of(hall, stands, elsewhere):
        raise FloorFaults(faults)


def faults_of(
    hall: Hall, stands: Sequence[NewStand], elsewhere: Collection[str] = ()
) -> list[Fault]:
    """All that is wrong with a layout, first what makes the rest meaningless."""
    if len(stands) > MOST_STANDS:
        return [Fault((), f"Hall {hall.name} : au plus {MOST_STANDS} stands.")]
    found = [fault for one in stands for fault in _of_one(hall, one)]
    found += _of_numbers(stands, elsewhere)
    sized = [one for one in stands if _is_sized(one)]
    return found + list(_of_pairs(hall, sized)) + list(_of_closed(hall, sized))


def _is_sized(one: Rectangle) -> bool:
    return all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (one.width, one.depth))


def _of_one(hall: Hall, one: NewStand) -> Iterator[Fault]:
    if not _is_sized(one):
        yield Fault(
            (one.number,),
            f"Stand {one.number} : chaque côté mesure entre 0,5 m et 60 m.",
        )
    elif not inside(one, hall.width, hall.depth):
        yield Fault((one.number,), f"Le stand {one.number} dépasse du hall {hall.name}.")
    if not 0 <= one.power_kw <= hall.power_kw:
        yield Fault(
            (one.number,),
            f"Stand {one.number} : le hall {hall.name} fournit au plus {hall.power_kw} kW.",
        )
    if one.has_water and not hall.has_water:
        yield Fault((one.number,), f"Stand {one.number} : le hall {hall.name} n’a pas d’eau.")


def _of_numbers(stands: Sequence[NewStand], elsewhere: Collection[str]) -> Iterator[Fault]:
    for number, count in Counter(one.number for one in stands).items():
        if not NUMBER.fullmatch(number):
            yield Fault(
                (number,), f"« {number[:20]} » n’est pas un numéro de stand : {NUMBER_WORDS}."
            )
        elif count > 1:
            yield Fault((number,), f"Le numéro {number} est donné à {count} stands.")
        elif number in elsewhere:
            yield Fault((number,), f"Le numéro {number} est déjà pris dans un autre hall.")


def _of_pairs(hall: Hall, stands: Sequence[NewStand]) -> Iterator[Fault]:
    pairs = list(pairs_within(stands, hall.aisle))
    near: list[list[NewStand]] = [[] for _ in stands]
    for i, j in pairs:
        near[i].append(stands[j])
        near[j].append(stands[i])
    for i, j in pairs:
        one, other = stands[i], stands[j]
        numbers = (one.number, other.number)
        if overlap(one, other):
            yield Fault(numbers, f"Les stands {_and(numbers)} se recouvrent.")
        elif not leaves_aisle(one, other, hall.aisle) and not is_filled(
            between(one, other), near[i]
        ):
            yield Fault(
                numbers,
                f"L’allée entre les stands {_and(numbers)} fait moins de {_metres(hall.aisle)}.",
            )


def _of_closed(hall: Hall, stands: Sequence[NewStand]) -> Iterator[Fault]:
    for one, sides in zip(stands, plan_frames.open_sides(hall, stands), strict=True):
        if not sides and inside(one, hall.width, hall.depth):
            yield Fault((one.number,), f"Le stand {one.number} n’a aucun côté sur une allée.")


def _metres(length: float) -> str:
    return f"{length:g} m".replace(".", ",")


def _and(numbers: Sequence[str]) -> str:
    return " et ".join(filter(None, [", ".join(numbers[:-1]), numbers[-1]]))
