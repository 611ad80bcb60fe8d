"""Optimistic lock: a form is saved only on the version it was read at."""

from salon.platform.errors import RuleBroken


class ChangedMeanwhile(RuleBroken):
    """The object was changed after it was read."""

    message = (
        "Quelqu’un d’autre vient de modifier ces informations. "
        "Relisez-les ci-dessous, puis validez de nouveau si votre réponse tient toujours."
    )


def check_version(read: int, current: int) -> None:
    """Raise ChangedMeanwhile unless the version read is the current one."""
    if read != current:
        raise ChangedMeanwhile
