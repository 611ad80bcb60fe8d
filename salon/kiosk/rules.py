"""Rules for kiosks and print stations."""

from datetime import timedelta

from salon.platform.words.errors import RuleBroken
from salon.platform.words.texts import folded

VISIT_LASTS = timedelta(minutes=2)
"""A visit's token expires that long after it was issued."""

VISIT_RENEWED_UNTIL = timedelta(minutes=30)
"""A visit can be renewed for that long after the badge was read."""

LEASE = timedelta(seconds=60)
"""A print station silent for that long loses the badge it took."""

REGISTRATIONS_AN_HOUR = 90
CORRECTIONS_AN_HOUR = 180
SEARCHES_A_MINUTE = 120
"""Searches of places, while a visitor types the name of a commune."""

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
    """A person of that name and place is registered: a kiosk never hands over another's badge."""

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
    """Check that the badge was neither cancelled nor replaced. Raises BadgeNoLongerValid."""
    if not is_valid:
        raise BadgeNoLongerValid


def check_is_a_respelling(former_names: tuple[str, str], new_names: tuple[str, str]) -> None:
    """Check that a correction only respells a name (first, last), or exchanges its two parts, and
    does not give the badge to another person. Raises NotARespelling.
    """
    if not (_is_respelt(former_names, new_names) or _is_respelt(former_names, new_names[::-1])):
        raise NotARespelling


def _is_respelt(former_names: tuple[str, str], new_names: tuple[str, str]) -> bool:
    from rapidfuzz.distance import OSA

    for former_part, typed_part in zip(
        map(folded, former_names), map(folded, new_names), strict=True
    ):
        length = min(len(former_part), len(typed_part))
        allowed = next((count for letters, count in MISTAKES if length >= letters), 0)
        if OSA.distance(former_part, typed_part) > allowed:
            return False
    return True


def check_is_the_first_respelling(corrections: int) -> None:
    """Check that a kiosk corrects a person's name once: repeated, corrections of a letter would
    make another name. Raises AlreadyRespelt.
    """
    if corrections:
        raise AlreadyRespelt


def check_is_new(added: int) -> None:
    """Check that the person was not registered yet. Raises RegisterAtTheDesk."""
    if not added:
        raise RegisterAtTheDesk


def check_same_job(asked_for: int, badge_id: int) -> None:
    """Check that a print job requested twice is for the same badge. Raises JobDiffers."""
    if asked_for != badge_id:
        raise JobDiffers


def check_holds_job(taken_by: int | None, station_id: int) -> None:
    """Check that the station holds the badge it reports as printed. Raises TakenElsewhere."""
    if taken_by != station_id:
        raise TakenElsewhere
