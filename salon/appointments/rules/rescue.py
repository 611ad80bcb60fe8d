"""What a rescue needs."""

from salon.platform.errors import RuleBroken


class PlanChanged(RuleBroken):
    message = (
        "La situation a changé pendant votre lecture. Voici le plan à jour\u00a0: "
        "relisez-le, puis confirmez."
    )


class NothingToRescue(RuleBroken):
    message = "Tous les rendez-vous ont de nouveau un agent\u00a0: il n’y a rien à confirmer."


def check_something_to_rescue(count: int) -> None:
    """An appointment lost its agent. Raises NothingToRescue."""
    if not count:
        raise NothingToRescue


def check_same_plan(read: str, current: str) -> None:
    """What is confirmed is what was read (R-12). Raises PlanChanged."""
    if read != current:
        raise PlanChanged
