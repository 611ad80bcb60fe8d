"""Rules about the limits of working time."""

from collections.abc import Collection, Sequence

from salon.platform.words.errors import BadInput, RuleBroken

NBSP = "\u00a0"


class WorseForAgents(RuleBroken):
    """The change takes agents past a limit, or further past it; `sentences` say who and which."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(f"{NBSP}; ".join(sentences) + ".")


def past_words(name: str, breach: str) -> str:
    """Return « Mme X aurait plus de 10 h de travail dans la journée (…) »."""
    return f"{name} aurait {breach}"


def check_none_worse(sentences: Sequence[str], accepted: Collection[str] = ()) -> None:
    """Check that the author accepted what the change makes worse. Raises WorseForAgents."""
    if not set(sentences) <= set(accepted):
        raise WorseForAgents(sentences)


class LimitsNeedAReason(BadInput):
    message = (
        "Des agents dépassent une limite du temps de travail\u00a0: écrivez pourquoi. "
        "Ils liront cette raison."
    )


def check_limits_have_a_reason(is_passed: bool, reason: str) -> None:
    """Check that a publication past a limit says why. Raises LimitsNeedAReason."""
    if is_passed and not reason:
        raise LimitsNeedAReason
