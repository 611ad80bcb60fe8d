"""Rules of the practical information."""

from salon.platform.errors import RuleBroken


class PracticalInformationChanged(RuleBroken):
    message = (
        "Ces informations ont été enregistrées par quelqu’un d’autre pendant votre travail. "
        "Rien n’est perdu\u00a0: relisez vos réponses ci-dessous, puis enregistrez de nouveau."
    )


def check_practical_information_is_the_same(stamp_read: str, stamp: str) -> None:
    """Raise PracticalInformationChanged unless the stamp read is the current one."""
    if stamp_read != stamp:
        raise PracticalInformationChanged
