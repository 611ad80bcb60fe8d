"""Rules of a change of the days of opening."""

from salon.platform.errors import RuleBroken


class ChangeNoLongerUndone(RuleBroken):
    status = 409
    message = (
        "Les jours du salon ont changé depuis : ce changement ne s’annule plus. "
        "Indiquez vous-même les jours et les heures."
    )


def check_change_is_the_last(read: object, current: object) -> None:
    if read is None or read != current:
        raise ChangeNoLongerUndone
