"""When open data are published, and withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from salon.fair.models import Edition
from salon.platform.words.errors import RuleBroken
from salon.platform.words.small_counts import SMALLEST, tells_of_few


class FairIsNotOver(RuleBroken):
    message = "Les données se publient après la fin du salon : la fréquentation n’est pas complète."


class NothingChosen(RuleBroken):
    status = 400
    message = "Cochez au moins un fichier à publier."


class DataChanged(RuleBroken):
    message = (
        "Les données ont changé depuis que vous avez lu cette page : rien n’a été publié. "
        "Relisez-les, puis publiez."
    )


class CountMovesByFew(RuleBroken):
    """`name` and `number`: the file, and the version online that it is compared with."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(
            f"Dans {name}, un nombre s’écarterait de moins de {SMALLEST} de celui de la version "
            f"{number}, en ligne : la différence parlerait de quelques personnes. Publiez sans ce "
            f"fichier, ou retirez d’abord la version {number}."
        )


class AlreadyWithdrawn(RuleBroken):
    message = "Cette version est déjà retirée."


class AlreadyPublished(RuleBroken):
    message = "Cette version est déjà en ligne."


def check_fair_is_over(edition: Edition, now: datetime) -> None:
    """Raise FairIsNotOver before the end of the last day, or while the fair has no date."""
    if not edition.is_over(now):
        raise FairIsNotOver


def check_chosen(files: Sequence[object]) -> None:
    if not files:
        raise NothingChosen


def check_same(read: object, current: object) -> None:
    """Raise DataChanged unless the data that the organiser read are those to publish."""
    if read != current:
        raise DataChanged


def check_counts_move_by_many(name: str, number: int, moves: Sequence[int]) -> None:
    """Raise CountMovesByFew where a count moves by 1 to 4 people between two versions online."""
    if tells_of_few(moves):
        raise CountMovesByFew(name, number)


def check_is_published(withdrawn_at: datetime | None) -> None:
    if withdrawn_at is not None:
        raise AlreadyWithdrawn


def check_is_withdrawn(withdrawn_at: datetime | None) -> None:
    if withdrawn_at is None:
        raise AlreadyPublished
