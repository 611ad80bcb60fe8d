"""Rules for an exchange of shifts between two agents."""

from collections.abc import Sequence
from datetime import datetime

from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import day_hour
from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.models import ExchangeStatus, ShiftStatus
from salon.village_day.rules.replacing import (
    AnyObstacle,
    Duty,
    missing_of,
    obstacles_of,
    without_duty,
)


class HasBegun(RuleBroken):
    message = (
        "Une vacation commencée ne s’échange plus. "
        "Pour partir avant la fin, demandez à être remplacé."
    )


class ShiftsChanged(RuleBroken):
    """One of the two shifts moved, was removed, or now belongs to another agent."""

    message = (
        "Le planning a changé depuis\u00a0: une de ces deux vacations n’est plus celle qui était "
        "proposée. L’échange ne tient plus."
    )


class AlreadyProposed(RuleBroken):
    """Two shifts have at most one open exchange (also a unique index)."""

    message = "Cet échange est déjà proposé et attend une réponse."


class ExchangeIsOver(RuleBroken):
    """The exchange was withdrawn, refused or accepted meanwhile."""

    def __init__(self, status: ExchangeStatus) -> None:
        words = {
            ExchangeStatus.ACCEPTED: "Cet échange est déjà fait.",
            ExchangeStatus.REFUSED: "Cet échange a déjà été refusé.",
            ExchangeStatus.WITHDRAWN: "Cet échange vient d’être retiré par qui le proposait.",
        }
        super().__init__(words.get(status, ShiftsChanged.message))


class CannotExchange(RuleBroken):
    """After the exchange, one of the two agents would break a hard rule."""

    def __init__(self, name: str, obstacles: Sequence[AnyObstacle]) -> None:
        reasons = ", ".join(obstacle.label for obstacle in obstacles)
        super().__init__(f"Cet échange n’est pas possible. {name}\u00a0: {reasons}.")


def check_can_be_exchanged(status: ShiftStatus, starts_at: datetime, now: datetime) -> None:
    """Check that the shift is published and has not begun. Raises ShiftsChanged, HasBegun."""
    if status != ShiftStatus.PUBLISHED:
        raise ShiftsChanged
    if starts_at <= now:
        raise HasBegun


def check_waits(status: ExchangeStatus) -> None:
    """Check that the exchange waits for an answer. Raises ExchangeIsOver."""
    if status != ExchangeStatus.OPEN:
        raise ExchangeIsOver(status)


def swap_obstacles(
    problem: Problem, rota: Rota, offered: Duty, requested: Duty
) -> tuple[list[AnyObstacle], list[AnyObstacle]]:
    """Return what keeps each of the two holders from the other's duty; limits of working time are
    compared with what each works today.
    """
    left = without_duty(
        without_duty(rota, offered.holder, offered.span), requested.holder, requested.span
    )

    def side(taker: Duty, duty: Duty) -> list[AnyObstacle]:
        missing = missing_of(problem, left, duty)
        return obstacles_of(problem, left, taker.holder, duty, missing, rota[taker.holder])

    return side(offered, requested), side(requested, offered)


def is_a_change(offered: Duty, requested: Duty) -> bool:
    """Return whether the exchange changes anything: another agent, and another stand or other
    hours.
    """
    if offered.holder == requested.holder:
        return False
    return offered.post != requested.post or offered.span != requested.span


def note_of_exchange(first: str, second: str, starts_at: datetime, other_at: datetime) -> str:
    """Return the note of the publication that the exchange makes."""
    hours = day_hour(starts_at), day_hour(other_at)
    return f"{first} ({hours[0]}) et {second} ({hours[1]}) échangent leurs vacations"
