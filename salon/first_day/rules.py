"""Rules of the first day, and the order of its steps."""

from collections.abc import Sequence
from datetime import datetime

from salon.platform.words.errors import RuleBroken
from salon.platform.words.labels import LabelledEnum


class SetUpStep(LabelledEnum):
    """A step of the set-up; each value is the end of its address."""

    TERRITORY = "territoire", "Territoire"
    ORGANISER = "organisateur", "Organisateur"
    PLACE = "lieu", "Lieu"
    DAYS = "jours", "Jours"
    HALLS = "halls", "Halls"
    VILLAGE = "village", "Village"
    REGISTRATION = "inscription", "Inscription"
    SHARE = "partager", "Partager"

    @property
    def number(self) -> int:
        """Return the place of the step, from 1."""
        return list(SetUpStep).index(self) + 1

    @property
    def following(self) -> "SetUpStep":
        """Return the next step; the last one is its own."""
        steps = list(SetUpStep)
        return steps[min(self.number, len(steps) - 1)]


class RegistrationClosesBeforeOpening(RuleBroken):
    status = 400
    message = "Les inscriptions ouvrent avant de fermer."


class HallTwice(RuleBroken):
    status = 400

    def __init__(self, name: str) -> None:
        super().__init__(f"Le hall {name} est indiqué deux fois.")


class NoHall(RuleBroken):
    status = 400
    message = "Indiquez au moins un hall, avec sa largeur et sa profondeur."


def check_registration(opens_at: datetime, closes_at: datetime) -> None:
    """Registration opens before it closes."""
    if opens_at >= closes_at:
        raise RegistrationClosesBeforeOpening


def check_halls(names: Sequence[str]) -> None:
    """There is a hall at least, and each has its own name."""
    if not names:
        raise NoHall
    for name in names:
        if names.count(name) > 1:
            raise HallTwice(name)
