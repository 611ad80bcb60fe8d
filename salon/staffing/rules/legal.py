"""Rules about the limits of working time."""

from collections.abc import Collection, Mapping, Sequence

from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import NBSP
from salon.staffing.engine.working_time import OF_BODIES, TABLE, Age, Bound, Employer, is_looser


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


class LooserThanTheLaw(BadInput):
    """A rule of a body, or a limit of an agent, allows more than the law."""

    def __init__(self, bound: Bound) -> None:
        super().__init__(f"La loi ne le permet pas\u00a0: {bound.rule}.")


def check_body_limits(employer: Employer, limits: Mapping[str, int]) -> None:
    """Check that a body's rules are stricter than the law, or loosened as an agreement may.

    Raises LooserThanTheLaw.
    """
    for row in TABLE:
        value = limits.get(row.limit)
        if value is None or row.age != Age.ADULT or employer not in row.employers:
            continue
        farthest = row.value if row.farthest is None else row.farthest
        if is_looser(row.limit, value, farthest):
            raise LooserThanTheLaw(Bound(row.limit, farthest, row.agreement or row.article))


class UnknownLimit(BadInput):
    message = "Une limite du temps de travail n’est pas de celles qu’un organisme fixe."


def check_read_limits(rules: object) -> None:
    """Check the employer and the limits of a body, as a file gives them.

    Raises UnknownLimit, LooserThanTheLaw.
    """
    if not isinstance(rules, Mapping):
        raise UnknownLimit
    limits = {name: value for name, value in rules.items() if name != "employer"}
    names = {limit.value for limit in OF_BODIES}
    employer = rules.get("employer", Employer.TERRITORIAL)
    if employer not in set(Employer) or not all(
        name in names and type(value) is int and value > 0 for name, value in limits.items()
    ):
        raise UnknownLimit
    check_body_limits(Employer(employer), limits)
