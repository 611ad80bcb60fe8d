"""Rules about the limits of working time."""

from collections.abc import Collection, Sequence

from salon.platform.words.errors import RuleBroken

NBSP = "\u00a0"


class WorseForAgents(RuleBroken):
    """The change takes agents past a limit, or further past it; `sentences` say who and which."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(f"{NBSP}; ".join(sentences) + ".")


def check_none_worse(sentences: Sequence[str], accepted: Collection[str]) -> None:
    """Check that the author accepted what the change makes worse. Raises WorseForAgents."""
    if not set(sentences) <= set(accepted):
        raise WorseForAgents(sentences)
