"""How the fair is postponed or cancelled, and takes place again."""

from datetime import datetime

from salon.fair.models import Edition, EditionState
from salon.platform.database.consequences import Standing
from salon.platform.words.errors import RuleBroken
from salon.platform.words.labels import LabelledEnum


class StandingAct(LabelledEnum):
    """Act of an organiser that changes whether the fair takes place."""

    POSTPONE = "postpone", "Reporter, date à venir"
    CANCEL = "cancel", "Annuler le salon"
    REINSTATE = "reinstate", "Revenir en arrière"


class StandingActRefused(RuleBroken):
    message = (
        "Le salon a changé d’état, ou ses jours sont passés\u00a0: relisez cette page, "
        "elle montre ce qui reste possible."
    )


class VillageOfCancelledFair(RuleBroken):
    message = (
        "Le salon est annulé\u00a0: son village et ses halls ne changent plus. Rouvrez-le d’abord "
        "à la page «\u00a0Reporter ou annuler\u00a0»."
    )


class FairIsCancelled(RuleBroken):
    message = (
        "Le salon est annulé\u00a0: ses jours ne changent plus. Rouvrez-le d’abord à la page "
        "«\u00a0Reporter ou annuler\u00a0»."
    )


def standing_acts(edition: Edition, now: datetime) -> list[StandingAct]:
    """Return the acts that are allowed; a fair that took place is neither postponed nor undone."""
    if edition.state in (EditionState.HELD, EditionState.CLOSED):
        return []
    is_past = edition.ends_at <= now
    match edition.standing:
        case Standing.AS_PLANNED:
            return [] if is_past else [StandingAct.POSTPONE, StandingAct.CANCEL]
        case Standing.POSTPONED:
            return [StandingAct.CANCEL, *([] if is_past else [StandingAct.REINSTATE])]
        case Standing.CANCELLED:
            return [StandingAct.REINSTATE]


def check_standing_act(edition: Edition, act: StandingAct, now: datetime) -> None:
    if act not in standing_acts(edition, now):
        raise StandingActRefused


def reinstated_standing(edition: Edition, former: Standing, now: datetime) -> Standing:
    """Return the standing before; without a day to come, the fair waits for a date."""
    return Standing.POSTPONED if edition.ends_at <= now else former


def check_village_may_change(edition: Edition) -> None:
    """Bodies, themes and halls of a cancelled fair stay. Raises VillageOfCancelledFair."""
    if edition.is_cancelled:
        raise VillageOfCancelledFair


def check_is_not_cancelled(edition: Edition) -> None:
    """Only a fair that takes place gets other days. Raises FairIsCancelled."""
    if edition.is_cancelled:
        raise FairIsCancelled
