"""Rules of a rescue."""

from salon.platform.errors import RuleBroken


class PlanChanged(RuleBroken):
    message = (
        "La situation a changé pendant votre lecture. Voici le plan à jour\u00a0: "
        "relisez-le, puis confirmez."
    )


class NothingToRescue(RuleBroken):
    message = "Tous les rendez-vous ont de nouveau un agent\u00a0: il n’y a rien à confirmer."


def check_something_to_rescue(count: int) -> None:
    """At least one appointment has no agent. Raises NothingToRescue."""
    if not count:
        raise NothingToRescue


def check_same_plan(read: str, current: str) -> None:
    """The confirmed plan is the one that was read. Raises PlanChanged."""
    if read != current:
        raise PlanChanged
