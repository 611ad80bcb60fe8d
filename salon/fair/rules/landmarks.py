"""Rules of the landmarks of the plan."""

from salon.fair.models import Hall
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import metres


class LandmarkKnown(RuleBroken):
    message = "Un repère porte déjà ce nom."


class LandmarkOutsideHall(RuleBroken):
    status = 400


def check_landmark_is_inside(hall: Hall, x: float, y: float) -> None:
    """The point lies on the floor of its hall."""
    if x > hall.width or y > hall.depth:
        raise LandmarkOutsideHall(
            f"Le hall {hall.name} mesure {metres(hall.width)} × {metres(hall.depth)} m : "
            "un repère serait dehors."
        )
