"""Rules of the halls themselves; those of their stands are in `floor`."""

from salon.fair.models import Hall
from salon.platform.errors import RuleBroken
from salon.platform.formats import plural


class HallKnown(RuleBroken):
    message = "Un hall porte déjà ce nom."


class HallStillUsed(RuleBroken):
    pass


def check_hall_is_unused(hall: Hall, stands: int, wishes: int) -> None:
    """No stand is drawn in the hall, and no exhibitor asked for it."""
    words = [
        plural(stands, "stand y est dessiné", "stands y sont dessinés") if stands else "",
        plural(wishes, "exposant l’a demandé", "exposants l’ont demandé") if wishes else "",
    ]
    if any(words):
        raise HallStillUsed(f"Hall {hall.name} : {' et '.join(filter(None, words))}.")
