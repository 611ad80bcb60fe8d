"""Two people on one form: what was read must still stand (R-12)."""

from salon.platform.errors import RuleBroken


class ChangedMeanwhile(RuleBroken):
    """Somebody changed the object after it was read."""

    message = (
        "Quelqu’un d’autre vient de modifier ces informations. "
        "Relisez-les ci-dessous, puis validez de nouveau si votre réponse tient toujours."
    )


def check_version(read: int, current: int) -> None:
    """What was read is still what stands. Raises ChangedMeanwhile."""
    if read != current:
        raise ChangedMeanwhile
