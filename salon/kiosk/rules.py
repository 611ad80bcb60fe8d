"""What a kiosk and a print station may do."""

from datetime import timedelta
from difflib import SequenceMatcher

from salon.badges.matching import name_key
from salon.errors import RuleBroken

VISIT_LASTS = timedelta(minutes=2)
"""A visit's token opens nothing more that long after it was given."""

VISIT_RENEWED_UNTIL = timedelta(minutes=30)
"""Who takes their time has new tokens, for that long after the badge was read."""

LEASE = timedelta(seconds=60)
"""A print station that took a badge and says nothing more for that long does not have it."""

REGISTRATIONS_AN_HOUR = 90
CORRECTIONS_AN_HOUR = 180
SEARCHES_A_MINUTE = 120
"""Of places, while one types the name of a commune."""

CLOSEST = 0.5
"""Of two names, 1 when they are the same: under this it is no longer the same name respelt."""


class VisitOver(RuleBroken):
    status = 410
    message = "Votre visite à la borne est terminée\u00a0: présentez de nouveau votre badge."


class BadgeNoLongerValid(RuleBroken):
    message = "Ce badge est annulé ou remplacé. Adressez-vous à l’accueil."


class NotARespelling(RuleBroken):
    message = (
        "Ce nom est trop différent de celui du badge. Pour mettre le badge à un autre nom, "
        "adressez-vous à l’accueil."
    )


class RegisterAtTheDesk(RuleBroken):
    """Somebody of that name and place is registered: a kiosk never hands over another's badge."""

    message = (
        "La borne ne peut pas finir cette inscription. L’accueil s’en occupe avec vous, "
        "en un instant."
    )


class JobDiffers(RuleBroken):
    status = 422
    message = "Cette impression a déjà été demandée pour un autre badge."


class TakenElsewhere(RuleBroken):
    message = "Ce badge a été confié à un autre poste d’impression."


def check_badge_is_valid(is_valid: bool) -> None:
    """A badge that was cancelled or replaced is not printed. Raises BadgeNoLongerValid."""
    if not is_valid:
        raise BadgeNoLongerValid


def check_is_a_respelling(former: tuple[str, str], now: tuple[str, str]) -> None:
    """A kiosk corrects how a name (first, last) is written; it does not give the badge to
    somebody else. Raises NotARespelling."""
    one, other = name_key(*former), name_key(*now)
    if SequenceMatcher(None, one, other, autojunk=False).ratio() < CLOSEST:
        raise NotARespelling


def check_is_new(added: int) -> None:
    """A kiosk registers who is not registered yet. Raises RegisterAtTheDesk."""
    if not added:
        raise RegisterAtTheDesk


def check_same_job(asked_for: int, badge_id: int) -> None:
    """A print job asked twice is for the same badge. Raises JobDiffers."""
    if asked_for != badge_id:
        raise JobDiffers


def check_holds_job(taken_by: int | None, station_id: int) -> None:
    """Only who took a badge to print says that it is printed. Raises TakenElsewhere."""
    if taken_by != station_id:
        raise TakenElsewhere
