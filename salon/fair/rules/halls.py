"""Rules of the halls themselves; those of their stands are in `floor`."""

from collections.abc import Collection

from salon.fair.models import Hall
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural


class HallKnown(RuleBroken):
    message = "Un hall porte déjà ce nom."


class HallStillUsed(RuleBroken):
    pass


class HallClosed(RuleBroken):
    message = "Ce hall est déjà fermé."


class HallOpen(RuleBroken):
    message = "Ce hall est déjà ouvert."


class StandChosenTwice(RuleBroken):
    message = "Deux organismes vont au même stand : donnez à chacun le sien."


def check_hall_is_unused(hall: Hall, stands: int, wishes: int) -> None:
    """No stand is drawn in the hall, and no exhibitor asked for it."""
    words = [
        plural(stands, "stand y est dessiné", "stands y sont dessinés") if stands else "",
        plural(wishes, "exposant l’a demandé", "exposants l’ont demandé") if wishes else "",
    ]
    if any(words):
        raise HallStillUsed(f"Hall {hall.name} : {' et '.join(filter(None, words))}.")


def check_hall_is_open(hall: Hall) -> None:
    if hall.closed_at is not None:
        raise HallClosed


def check_hall_is_closed(hall: Hall) -> None:
    if hall.closed_at is None:
        raise HallOpen


def check_stands_are_apart(stand_ids: Collection[int]) -> None:
    if len(set(stand_ids)) < len(stand_ids):
        raise StandChosenTwice
