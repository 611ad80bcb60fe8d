"""Rules about agents: naming, changing and removing them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from salon.platform.settings.clock import Timed
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import hour, plural

MOST_PERIODS = 12


class AgentAlreadyNamed(RuleBroken):
    """Also a constraint: `uq_agents_email`."""

    message = "Un agent est déjà nommé avec cette adresse électronique."


class AddressOfAnExhibitor(RuleBroken):
    """An account has one role; an exhibitor's cannot become an agent's."""

    message = (
        "Cette adresse est celle d’un exposant ou de l’organisation\u00a0: "
        "donnez à l’agent une autre adresse électronique."
    )


class AccountClosed(RuleBroken):
    message = (
        "Le compte de cette adresse a été fermé par l’organisation\u00a0: "
        "demandez-lui de nommer cet agent avec une autre adresse."
    )


class NoSuchBody(BadInput):
    message = "Cet organisme n’est pas du village."


class NoSuchTheme(BadInput):
    message = "Un des thèmes n’est pas un thème du village."


class NotHalfHours(BadInput):
    message = "Les heures des agents se donnent à l’heure ou à la demie."


class LeavesBeforeArriving(BadInput):
    message = "L’heure de départ vient avant l’heure d’arrivée\u00a0: corrigez l’une des deux."


class PeriodEndsBeforeStart(BadInput):
    def __init__(self, period: Timed) -> None:
        super().__init__(
            f"Une absence finit à {hour(period.ends_at)} sans avoir commencé\u00a0: "
            f"elle commence à {hour(period.starts_at)}."
        )


class PeriodSaidTwice(BadInput):
    message = "La même absence est dite deux fois\u00a0: gardez-en une."


class TooManyPeriods(BadInput):
    message = f"Au plus {MOST_PERIODS} absences par agent."


class OnlyOrganisersChooseCoordinators(RuleBroken):
    status = 403
    message = "La coordination d’un organisme est confiée par l’organisation du salon."


class ShiftsToCome(RuleBroken):
    """Removing an agent with published shifts to come needs a confirmation."""

    def __init__(self, name: str, count: int) -> None:
        self.count = count
        shifts = plural(count, "vacation publiée et à venir", "vacations publiées et à venir")
        super().__init__(
            f"{name} tient encore {shifts}. Confirmez pour les retirer du planning publié\u00a0: "
            "l’agent est prévenu et les stands perdent ces heures."
        )


def check_presence(arrives_at: datetime | None, leaves_at: datetime | None) -> None:
    """Check that the agent leaves after arriving. Raises LeavesBeforeArriving."""
    if arrives_at is not None and leaves_at is not None and leaves_at <= arrives_at:
        raise LeavesBeforeArriving


def check_periods(periods: Sequence[Timed]) -> None:
    """Check that each absence ends after it starts, and is given once.

    Raises TooManyPeriods, PeriodEndsBeforeStart, PeriodSaidTwice.
    """
    if len(periods) > MOST_PERIODS:
        raise TooManyPeriods
    for period in periods:
        if period.ends_at <= period.starts_at:
            raise PeriodEndsBeforeStart(period)
    if len({(period.starts_at, period.ends_at) for period in periods}) < len(periods):
        raise PeriodSaidTwice


def check_all_exist(
    ids: Collection[int], existing: Collection[int], refusal: type[RuleBroken]
) -> None:
    """Check that each id exists. Raises `refusal`."""
    if not set(ids) <= set(existing):
        raise refusal


def check_coordinator(was: bool, becomes: bool, body_ids: Collection[int] | None) -> None:
    """Check that only an organiser (`body_ids` None) makes or unmakes a coordinator.

    Raises OnlyOrganisersChooseCoordinators.
    """
    if body_ids is not None and was != becomes:
        raise OnlyOrganisersChooseCoordinators


def check_may_go(name: str, to_come: int, confirmed: bool) -> None:
    """Check that withdrawing shifts to come was confirmed. Raises ShiftsToCome."""
    if to_come and not confirmed:
        raise ShiftsToCome(name, to_come)
