"""What a stand may need."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from salon.platform.errors import BadInput, RuleBroken
from salon.platform.formats import hour
from salon.staffing.engine.half_hours import DayFrame

MOST = 99
"""Agents on a stand at once."""


class Wanted(Protocol):
    @property
    def starts_at(self) -> datetime: ...
    @property
    def minimum(self) -> int: ...
    @property
    def wished(self) -> int: ...
    @property
    def maximum(self) -> int: ...


class NeedsNotInOrder(BadInput):
    """Also a constraint of `needs`."""

    def __init__(self, at: datetime | None = None) -> None:
        where = f"À {hour(at)}\u00a0: le" if at else "Le"
        super().__init__(
            f"{where} minimum ne dépasse pas le nombre souhaité, qui ne dépasse pas le maximum."
        )


class TooMany(BadInput):
    message = f"Un stand reçoit de 0 à {MOST} agents à la fois."


class NeedOutsideHours(RuleBroken):
    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"Les stands ne sont pas tenus à {hour(at)}\u00a0: choisissez une autre heure."
        )


class NeedTwice(BadInput):
    message = "Une même demi-heure est dite deux fois."


class NoSuchNeededTheme(BadInput):
    message = "Un des thèmes demandés n’est pas un thème du village."


class StandOfAnotherBody(RuleBroken):
    status = 404
    message = "Ce stand n’est pas celui de votre organisme."


class RangeBackwards(BadInput):
    message = "La plage finit avant d’avoir commencé\u00a0: corrigez l’heure de fin."


class NothingToCopy(RuleBroken):
    message = "Il n’y a pas encore de besoins à reprendre\u00a0: choisissez une autre source."


class NeedsChanged(RuleBroken):
    """The stand's needs are no longer those that were read (R-12); nothing was written."""

    message = (
        "Quelqu’un d’autre vient de changer les besoins de ce stand. "
        "Les voici à jour\u00a0: refaites votre changement s’il tient toujours."
    )


def check_needs(needs: Sequence[Wanted], frames: Sequence[DayFrame]) -> None:
    """Each half hour is staffed, said once, and its three numbers are in order.

    Raises TooMany, NeedsNotInOrder, NeedOutsideHours, NeedTwice.
    """
    known = {start for frame in frames for start in frame.starts}
    for one in needs:
        check_numbers(one.minimum, one.wished, one.maximum, one.starts_at)
        if one.starts_at not in known:
            raise NeedOutsideHours(one.starts_at)
    if len({one.starts_at for one in needs}) < len(needs):
        raise NeedTwice


def check_numbers(minimum: int, wished: int, maximum: int, at: datetime | None = None) -> None:
    """0 ≤ minimum ≤ wished ≤ maximum ≤ MOST. Raises TooMany, NeedsNotInOrder."""
    if not all(0 <= one <= MOST for one in (minimum, wished, maximum)):
        raise TooMany
    if not minimum <= wished <= maximum:
        raise NeedsNotInOrder(at)


def check_needs_stamp(read: str, current: str) -> None:
    """The needs are still those that were read. Raises NeedsChanged."""
    if read != current:
        raise NeedsChanged
