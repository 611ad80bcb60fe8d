"""When two agents may exchange their shifts."""

from datetime import datetime

from salon.platform.errors import RuleBroken
from salon.platform.formats import hour
from salon.staffing.engine.solving.problem import Problem, Rota
from salon.staffing.models import ExchangeStatus, ShiftStatus
from salon.staffing.rules.replacing import Duty, Obstacle, freed, missing_of, obstacles_of


class HasBegun(RuleBroken):
    message = (
        "Une vacation commencée ne s’échange plus. "
        "Pour partir avant la fin, demandez à être remplacé."
    )


class ShiftsChanged(RuleBroken):
    """One of the two shifts moved, went, or is somebody else's."""

    message = (
        "Le planning a changé depuis\u00a0: une de ces deux vacations n’est plus celle qui était "
        "proposée. L’échange ne tient plus."
    )


class AlreadyProposed(RuleBroken):
    """One open exchange of two shifts (also a unique index)."""

    message = "Cet échange est déjà proposé et attend une réponse."


class ExchangeIsOver(RuleBroken):
    """It was withdrawn, refused or accepted meanwhile."""

    def __init__(self, status: ExchangeStatus) -> None:
        words = {
            ExchangeStatus.ACCEPTED: "Cet échange est déjà fait.",
            ExchangeStatus.REFUSED: "Cet échange a déjà été refusé.",
            ExchangeStatus.WITHDRAWN: "Cet échange vient d’être retiré par qui le proposait.",
        }
        super().__init__(words.get(status, ShiftsChanged.message))


class CannotExchange(RuleBroken):
    """After the exchange one of the two would break a hard rule."""

    def __init__(self, name: str, obstacles: set[Obstacle]) -> None:
        why = ", ".join(one.label for one in Obstacle if one in obstacles)
        super().__init__(f"Cet échange n’est pas possible. {name}\u00a0: {why}.")


def check_can_be_exchanged(status: ShiftStatus, starts_at: datetime, now: datetime) -> None:
    """A published shift that has not begun. Raises ShiftsChanged, HasBegun."""
    if status != ShiftStatus.PUBLISHED:
        raise ShiftsChanged
    if starts_at <= now:
        raise HasBegun


def check_waits(status: ExchangeStatus) -> None:
    """The exchange waits for an answer. Raises ExchangeIsOver."""
    if status != ExchangeStatus.OPEN:
        raise ExchangeIsOver(status)


def swap_obstacles(
    problem: Problem, rota: Rota, one: Duty, other: Duty
) -> tuple[set[Obstacle], set[Obstacle]]:
    """The hard rules that the holder of `one`, then that of `other`, would break by holding each
    what the other holds."""
    left = freed(freed(rota, one.holder, one.span), other.holder, other.span)
    return (
        obstacles_of(problem, left, one.holder, other, missing_of(problem, left, other)),
        obstacles_of(problem, left, other.holder, one, missing_of(problem, left, one)),
    )


def is_worth_it(one: Duty, other: Duty) -> bool:
    """Whether it changes anything: another agent, and another stand or other hours."""
    if one.holder == other.holder:
        return False
    return one.post != other.post or one.span != other.span


def note_of_exchange(first: str, second: str, starts_at: datetime, other_at: datetime) -> str:
    """What the publication that it makes was for."""
    return f"{first} ({hour(starts_at)}) et {second} ({hour(other_at)}) échangent leurs vacations"
