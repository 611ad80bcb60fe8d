"""How an edition passes from draft to closed."""

from datetime import datetime

from salon.fair.models import Edition, EditionState
from salon.platform.words.errors import RuleBroken
from salon.platform.words.labels import LabelledEnum


class EditionAct(LabelledEnum):
    """Act of an organiser that changes the state of an edition."""

    OPEN = "open", "Ouvrir au public"
    WITHDRAW = "withdraw", "Retirer de la vue du public"
    HOLD = "hold", "Noter que le salon a eu lieu"
    CLOSE = "close", "Clôturer"
    REOPEN = "reopen", "Rouvrir pour corriger"


class EditionActRefused(RuleBroken):
    message = "L’état de cette édition ne le permet pas, ou ne le permet plus."


def acts_on(edition: Edition, now: datetime) -> list[EditionAct]:
    """Return the acts that the state of an edition allows."""
    is_over = edition.is_over(now)
    match edition.state:
        case EditionState.DRAFT:
            return [EditionAct.OPEN]
        case EditionState.OPEN:
            return [EditionAct.HOLD if is_over else EditionAct.WITHDRAW]
        case EditionState.HELD:
            return [EditionAct.OPEN] if edition.is_current else [EditionAct.OPEN, EditionAct.CLOSE]
        case EditionState.CLOSED:
            return [EditionAct.REOPEN]


def check_act_is_allowed(edition: Edition, act: EditionAct, now: datetime) -> None:
    if act not in acts_on(edition, now):
        raise EditionActRefused


def state_once_replaced(edition: Edition, now: datetime) -> EditionState:
    """Return the state of the public edition once another one is opened in its place."""
    return EditionState.HELD if edition.is_over(now) else EditionState.DRAFT
