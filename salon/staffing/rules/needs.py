"""Rules about the needs of a stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import hour
from salon.staffing.engine.half_hours import DayFrame

MOST = 99
"""The most agents on a stand at once."""


class NeedNumbers(Protocol):
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
        subject = f"À {hour(at)}\u00a0: le" if at else "Le"
        super().__init__(
            f"{subject} minimum ne dépasse pas le nombre souhaité, qui ne dépasse pas le maximum."
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


def check_needs(needs: Sequence[NeedNumbers], frames: Sequence[DayFrame]) -> None:
    """Check that each half hour is staffed, given once, with its three numbers in order.

    Raises TooMany, NeedsNotInOrder, NeedOutsideHours, NeedTwice.
    """
    staffed_starts = {start for frame in frames for start in frame.starts}
    for need in needs:
        check_numbers(need.minimum, need.wished, need.maximum, need.starts_at)
        if need.starts_at not in staffed_starts:
            raise NeedOutsideHours(need.starts_at)
    if len({need.starts_at for need in needs}) < len(needs):
        raise NeedTwice


def check_numbers(minimum: int, wished: int, maximum: int, at: datetime | None = None) -> None:
    """Check that 0 ≤ minimum ≤ wished ≤ maximum ≤ MOST. Raises TooMany, NeedsNotInOrder."""
    if not all(0 <= number <= MOST for number in (minimum, wished, maximum)):
        raise TooMany
    if not minimum <= wished <= maximum:
        raise NeedsNotInOrder(at)
