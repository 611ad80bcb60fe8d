"""When a draft may be published."""

from collections.abc import Sized

from salon.platform.errors import RuleBroken


class NothingToPublish(RuleBroken):
    message = "Le planning publié est déjà celui-ci\u00a0: rien n’a changé."


class DraftChanged(RuleBroken):
    """What would be published is no longer what the author read (R-12)."""

    message = (
        "Le brouillon vient de changer. "
        "Relisez les différences ci-dessous, puis publiez de nouveau."
    )


def check_something_changes(changes: Sized) -> None:
    """Publishing changes something for somebody. Raises NothingToPublish."""
    if not changes:
        raise NothingToPublish


def check_still_the_same(read: str, current: str) -> None:
    """What is published is what was read. Raises DraftChanged."""
    if read != current:
        raise DraftChanged
