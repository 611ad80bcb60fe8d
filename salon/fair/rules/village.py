"""Rules of the village: bodies on their stands, themes, and what still needs them."""

from salon.fair.models import Edition, PartnerBody, Stand, Theme
from salon.platform.words.errors import RuleBroken


class StandNotFree(RuleBroken):
    message = "Ce stand vient d’être donné : choisissez-en un autre."


class AlreadyWithdrawn(RuleBroken):
    message = "C’est déjà retiré."


class AlreadyThere(RuleBroken):
    message = "C’est déjà au village."


class MoveNoLongerUndone(RuleBroken):
    message = "Cet organisme a changé depuis : choisissez vous-même son stand."


class BodyNotThere(RuleBroken):
    message = "L’organisme qui répond à ce thème est retiré : rétablissez-le d’abord."


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
