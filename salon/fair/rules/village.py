"""Rules of the village: bodies on their stands, themes, and what still needs them."""

from collections.abc import Mapping

from salon.fair.models import Edition, PartnerBody, Stand
from salon.platform.errors import RuleBroken
from salon.platform.formats import plural

USES: Mapping[str, tuple[str, str]] = {
    "themes": ("thème", "thèmes"),
    "agents": ("agent", "agents"),
    "agent_themes": ("agent qui le connaît", "agents qui le connaissent"),
    "agent_stands": ("agent qui peut y tenir", "agents qui peuvent y tenir"),
    "needs": ("plage de besoins", "plages de besoins"),
    "need_themes": ("besoin de stand", "besoins de stand"),
    "shifts": ("vacation", "vacations"),
    "topic_themes": ("besoin en mots de maire", "besoins en mots de maire"),
    "exhibitor_themes": ("exposant", "exposants"),
    "appointments": ("rendez-vous", "rendez-vous"),
    "appointment_holds": ("rendez-vous en cours de prise", "rendez-vous en cours de prise"),
    "booking_requests": ("demande de rendez-vous", "demandes de rendez-vous"),
    "waiting_entries": ("personne en liste d’attente", "personnes en liste d’attente"),
    "queue_tickets": ("numéro de file", "numéros de file"),
}
"""What refers to a theme, to a body or to its stand, by table, in words."""


class StillUsed(RuleBroken):
    pass


class StandNotFree(RuleBroken):
    message = "Ce stand vient d’être donné : choisissez-en un autre."


class BodyWithoutStand(RuleBroken):
    message = "Tous les stands sont occupés : dessinez-en un sur le plan, puis ajoutez l’organisme."


def check_is_unused(name: str, uses: Mapping[str, int], act: str) -> None:
    """Nothing of `uses` (rows by table) refers to what `act` would take away."""
    words = [plural(count, *USES[table]) for table, count in uses.items() if count]
    if words:
        raise StillUsed(
            f"« {name} » sert encore : {', '.join(words)}. {act} attend qu’il n’en reste plus."
        )


def check_stand_is_free(stand: Stand, edition: Edition, body: PartnerBody | None = None) -> None:
    """The stand is of the edition, without exhibitor or other body."""
    is_taken = stand.exhibitor is not None or (stand.body is not None and stand.body is not body)
    if stand.edition_id != edition.id or is_taken:
        raise StandNotFree
