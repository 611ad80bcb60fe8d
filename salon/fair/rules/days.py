"""Rules of a change of the days of opening."""

from salon.platform.words.errors import RuleBroken


class ChangeNoLongerUndone(RuleBroken):
    message = (
        "Les jours du salon ont changé depuis : ce changement ne s’annule plus. "
        "Indiquez vous-même les jours et les heures."
    )


class PlaceNoLongerUndone(ChangeNoLongerUndone):
    message = (
        "Le lieu du salon a changé depuis : ce changement ne s’annule plus. "
        "Indiquez vous-même le lieu."
    )


def check_change_is_the_last(
    read: object, current: object, refusal: type[RuleBroken] = ChangeNoLongerUndone
) -> None:
    if read is None or read != current:
        raise refusal
