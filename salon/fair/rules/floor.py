"""Rules of the stands of a hall. All the faults of a layout are reported at once."""

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
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import metres, plural

SMALLEST_SIDE = 0.5
LARGEST_SIDE = 60.0
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,7}")
NUMBER_WORDS = "de 1 à 8 chiffres ou lettres sans accent"
MOST_STANDS = 600
"""Stands of one hall: twice the fullest hall of the national fair."""
MOST_FAULTS_SAID = 30


class PlanNoLongerUndone(RuleBroken):
    message = "Le plan a changé depuis : corrigez vous-même les stands."


@dataclass(frozen=True)
class Fault:
    """A fault of the stands named, in words; `lines` of the file that gives them, if any."""

    numbers: tuple[str, ...]
    text: str
    lines: tuple[int, ...] = ()


class FloorFaults(RuleBroken):
    """A layout breaks rules; `faults` are all of them."""

    status = 400

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(self.texts))

    @property
    def texts(self) -> list[str]:
        """Return the faults in words, at most MOST_FAULTS_SAID."""
        messages = [fault.text for fault in self.faults[:MOST_FAULTS_SAID]]
        left = len(self.faults) - MOST_FAULTS_SAID
        if left > 0:
            messages.append(f"Et {left} autre{'s' if left > 1 else ''}.")
        return messages


class NumberTaken(RuleBroken):
    message = "Un autre stand de l’édition porte déjà ce numéro."


class StandHasOccupant(RuleBroken):
    pass


class HallTooSmall(RuleBroken):
    def __init__(self, hall: Hall, stand: NewStand, room: int) -> None:
        size = f"{metres(stand.width)} m sur {metres(stand.depth)} m"
        left = f"que pour {plural(room, 'stand')}" if room else "pour aucun stand"
        super().__init__(f"Le hall {hall.name} n’a plus de place {left} de {size}.")


class PlanNotUnderstood(BadInput):
    message = "Le plan envoyé ne se lit pas. Rechargez la page et recommencez."


def check_stands_are_free(stands: Iterable[Stand]) -> None:
    """An occupied stand cannot be removed."""
    occupied = sorted(stand.number for stand in stands if stand.body or stand.exhibitor)
    if occupied:
        word = "Le stand" if len(occupied) == 1 else "Les stands"
        state = "est occupé" if len(occupied) == 1 else "sont occupés"
        raise StandHasOccupant(
            f"{word} {_and(occupied)} {state} : libérez d’abord la place. "
            "Vous pouvez le déplacer ou changer son numéro."
        )


def check_stands_fit(hall: Hall, stand: NewStand, count: int, room: int) -> None:
    """The free floor of the hall has room for `count` such stands."""
    if room < count:
        raise HallTooSmall(hall, stand, room)


def check_floor(hall: Hall, stands: Sequence[NewStand], elsewhere: Collection[str] = ()) -> None:
    """The layout has no fault; `elsewhere` are the numbers of other halls."""
    if faults := faults_of(hall, stands, elsewhere):
        raise FloorFaults(faults)


def faults_of(
    hall: Hall, stands: Sequence[NewStand], elsewhere: Collection[str] = ()
) -> list[Fault]:
    """Return all the faults of a layout, the most basic ones first."""
    if len(stands) > MOST_STANDS:
        return [Fault((), f"Hall {hall.name} : au plus {MOST_STANDS} stands.")]
    faults = [fault for stand in stands for fault in _stand_faults(hall, stand)]
    faults += _number_faults(stands, elsewhere)
    sized = [stand for stand in stands if _is_sized(stand)]
    return faults + list(_pair_faults(hall, sized)) + list(_closed_faults(hall, sized))


def _is_sized(stand: Rectangle) -> bool:
    return all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (stand.width, stand.depth))


def _stand_faults(hall: Hall, stand: NewStand) -> Iterator[Fault]:
    if not _is_sized(stand):
        yield Fault(
            (stand.number,),
            f"Stand {stand.number} : chaque côté mesure entre 0,5 m et 60 m.",
        )
    elif not inside(stand, hall.width, hall.depth):
        yield Fault((stand.number,), f"Le stand {stand.number} dépasse du hall {hall.name}.")
    if not 0 <= stand.power_kw <= hall.power_kw:
        yield Fault(
            (stand.number,),
            f"Stand {stand.number} : le hall {hall.name} fournit au plus {hall.power_kw} kW.",
        )
    if stand.has_water and not hall.has_water:
        yield Fault((stand.number,), f"Stand {stand.number} : le hall {hall.name} n’a pas d’eau.")


def _number_faults(stands: Sequence[NewStand], elsewhere: Collection[str]) -> Iterator[Fault]:
    for number, count in Counter(stand.number for stand in stands).items():
        if not NUMBER.fullmatch(number):
            yield Fault(
                (number,), f"« {number[:20]} » n’est pas un numéro de stand : {NUMBER_WORDS}."
            )
        elif count > 1:
            yield Fault((number,), f"Le numéro {number} est donné à {count} stands.")
        elif number in elsewhere:
            yield Fault((number,), f"Le numéro {number} est déjà pris dans un autre hall.")


def _pair_faults(hall: Hall, stands: Sequence[NewStand]) -> Iterator[Fault]:
    pairs = list(pairs_within(stands, hall.aisle))
    near: list[list[NewStand]] = [[] for _ in stands]
    for i, j in pairs:
        near[i].append(stands[j])
        near[j].append(stands[i])
    for i, j in pairs:
        first, second = stands[i], stands[j]
        numbers = (first.number, second.number)
        if overlap(first, second):
            yield Fault(numbers, f"Les stands {_and(numbers)} se recouvrent.")
        elif not leaves_aisle(first, second, hall.aisle) and not is_filled(
            between(first, second), near[i]
        ):
            yield Fault(
                numbers,
                f"L’allée entre les stands {_and(numbers)} fait moins de {_metres(hall.aisle)}.",
            )


def _closed_faults(hall: Hall, stands: Sequence[NewStand]) -> Iterator[Fault]:
    for stand, sides in zip(stands, plan_frames.open_sides(hall, stands), strict=True):
        if not sides and inside(stand, hall.width, hall.depth):
            yield Fault((stand.number,), f"Le stand {stand.number} n’a aucun côté sur une allée.")


def _metres(length: float) -> str:
    return f"{length:g} m".replace(".", ",")


def _and(numbers: Sequence[str]) -> str:
    return " et ".join(filter(None, [", ".join(numbers[:-1]), numbers[-1]]))
