"""What a kiosk and a print station may do."""

from datetime import timedelta

from rapidfuzz.distance import OSA

from salon.platform.errors import RuleBroken
from salon.platform.texts import folded

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

MISTAKES = ((8, 2), (4, 1))
"""(letters, mistakes): how many letters a kiosk may correct in a name at least so long.

In a shorter one it corrects accents, capitals and hyphens only.
"""


class VisitOver(RuleBroken):
    status = 410
    message = "Votre visite à la borne est terminée\u00a0: présentez de nouveau votre badge."


class BadgeNoLongerValid(RuleBroken):
    message = "Ce badge est annulé ou remplacé. Adressez-vous à l’accueil."


class NotARespelling(RuleBroken):
    message = (
        "La borne corrige une faute de frappe\u00a0; ce nom est trop différent de celui du badge. "
        "Adressez-vous au bureau d’accueil."
    )


class AlreadyRespelt(RuleBroken):
    message = (
        "Ce badge a déjà été corrigé à une borne. "
        "Pour le changer encore, adressez-vous au bureau d’accueil."
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


def check_is_a_respelling(former: tuple[str, str], typed: tuple[str, str]) -> None:
    """A kiosk corrects how a name (first, last) is written, or exchanges its two parts; it does not
    give the badge to somebody else. Raises NotARespelling."""
    if not (_is_respelt(former, typed) or _is_respelt(former, typed[::-1])):
        raise NotARespelling


def _is_respelt(former: tuple[str, str], typed: tuple[str, str]) -> bool:
    for one, other in zip(map(folded, former), map(folded, typed), strict=True):
        length = min(len(one), len(other))
        allowed = next((count for letters, count in MISTAKES if length >= letters), 0)
        if OSA.distance(one, other) > allowed:
            return False
    return True


def check_is_the_first_respelling(corrections: int) -> None:
    """A kiosk corrects a person's name once, else one letter after the other would give another
    name. Raises AlreadyRespelt."""
    if corrections:
        raise AlreadyRespelt


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
