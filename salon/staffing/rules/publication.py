"""Rules for publishing the draft."""

from collections.abc import Sized

from salon.platform.errors import RuleBroken


class NothingToPublish(RuleBroken):
    message = "Le planning publié est déjà celui-ci\u00a0: rien n’a changé."


class DraftChanged(RuleBroken):
    """The draft is no longer what the author read."""

    message = (
        "Le brouillon vient de changer. "
        "Relisez les différences ci-dessous, puis publiez de nouveau."
    )


def check_something_changes(changes: Sized) -> None:
    """Check that publishing changes a shift. Raises NothingToPublish."""
    if not changes:
        raise NothingToPublish


def check_still_the_same(read: str, current: str) -> None:
    """Check that the changes are those that were read. Raises DraftChanged."""
    if read != current:
        raise DraftChanged
