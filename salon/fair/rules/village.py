"""Rules of the village: bodies on their stands, themes, and what still needs them."""

from collections.abc import Mapping

from salon.fair.models import Edition, PartnerBody, Stand, Theme
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


class AlreadyWithdrawn(RuleBroken):
    status = 409
    message = "C’est déjà retiré."


class AlreadyThere(RuleBroken):
    status = 409
    message = "C’est déjà au village."


class BodyNotThere(RuleBroken):
    message = "L’organisme qui répond à ce thème est retiré : rétablissez-le d’abord."


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
    """The stand is of a hall of the edition in use, without exhibitor or other body."""
    is_taken = stand.exhibitor is not None or (stand.body is not None and stand.body is not body)
    is_taken = is_taken or stand.hall.closed_at is not None
    if stand.edition_id != edition.id or is_taken:
        raise StandNotFree


def check_takes_part(row: PartnerBody | Theme) -> None:
    if row.withdrawn_at is not None:
        raise AlreadyWithdrawn


def check_is_withdrawn(row: PartnerBody | Theme) -> None:
    if row.withdrawn_at is None:
        raise AlreadyThere


def check_body_is_there(body: PartnerBody) -> None:
    """The body that answers a theme takes part."""
    if body.withdrawn_at is not None:
        raise BodyNotThere
