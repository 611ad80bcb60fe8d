"""Rules for making the draft: from a run of the solver; and for publishing it."""

from collections.abc import Iterable, Mapping, Sized

from salon.platform.words.errors import RuleBroken
from salon.staffing.models import RotaRun


class RunIsNotReady(RuleBroken):
    message = "Ce planning n’est pas encore calculé."


class RunIsStale(RuleBroken):
    """The draft changed since the solver read it."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"Le brouillon a changé depuis le calcul ({', '.join(names)}). "
            "Demandez un nouveau calcul\u00a0: il peut garder ce qui est posé."
        )


class RunIsOver(RuleBroken):
    message = "Ce calcul est déjà terminé\u00a0: lisez ce qu’il propose."


def check_can_be_accepted(run: RotaRun) -> None:
    """Check that the run is done. Raises RunIsNotReady."""
    if run.status != "done":
        raise RunIsNotReady


def check_draft_is_the_same(
    read: Mapping[str, int], present: Mapping[str, int], names: Mapping[str, str]
) -> None:
    """Check that each agent's row is as the solver read it. Raises RunIsStale."""
    changed_keys = [key for key in {**read, **present} if read.get(key) != present.get(key)]
    if changed_keys:
        raise RunIsStale(sorted(names.get(key, "un agent retiré") for key in changed_keys))


def check_can_be_stopped(run: RotaRun) -> None:
    """Check that the run is waiting or running. Raises RunIsOver."""
    if not run.is_in_hand:
        raise RunIsOver


class NoSuchRemedy(RuleBroken):
    status = 404
    message = "Ce remède n’est pas de ceux du calcul."


class RemedyNoLongerHelps(RuleBroken):
    message = (
        "Depuis le calcul, ce remède ne suffit plus, ou n’est plus possible. "
        "Demandez un nouveau calcul."
    )


def check_remedy_helps(missing_before: int, missing_after: int, is_legal: bool) -> None:
    """Check that less lacks once the remedy is applied, within the limits of agents and stands.

    Raises RemedyNoLongerHelps.
    """
    if missing_after >= missing_before or not is_legal:
        raise RemedyNoLongerHelps


class ChangedSinceApplied(RuleBroken):
    message = (
        "Ce que le remède avait changé a changé encore\u00a0: corrigez-le à la main, "
        "puis demandez un nouveau calcul."
    )


def check_is_as_applied(is_same: bool) -> None:
    """Check that what a remedy changed is still so. Raises ChangedSinceApplied."""
    if not is_same:
        raise ChangedSinceApplied


class NothingToPublish(RuleBroken):
    message = "Le planning publié est déjà celui-ci\u00a0: rien n’a changé."


class FairIsCancelled(RuleBroken):
    message = "Le salon est annulé\u00a0: le planning ne se publie plus. Il reste en brouillon."


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


def check_fair_takes_place(is_cancelled: bool) -> None:
    """Nobody is told of shifts of a cancelled fair. Raises FairIsCancelled."""
    if is_cancelled:
        raise FairIsCancelled
