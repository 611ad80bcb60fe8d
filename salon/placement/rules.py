"""Rules for giving stands to exhibitors, and for accepting proposed plans."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import PartnerBody, Stand
from salon.placement.models import PlanProposal
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.texts import folded


class NotAccepted(RuleBroken):
    message = "Seul un exposant accepté reçoit un stand."


class PavilionHasNoStand(RuleBroken):
    message = "Un pavillon n’a pas de stand à lui : placez ses membres."


class StandIsReserved(RuleBroken):
    message = "Ce stand est celui d’un organisme du village : il ne se donne pas."


class StandAlreadyGiven(RuleBroken):
    """Another exhibitor has the stand; `occupant` is its name."""

    def __init__(self, number: str, occupant: str) -> None:
        self.number, self.occupant = number, occupant
        super().__init__(
            f"Le stand {number} est déjà donné à {occupant}. "
            "Rien n’a été enregistré : choisissez-en un autre."
        )


class StandOfAnotherEdition(BadInput):
    message = "Ce stand n’est pas de cette édition."


class StandInAClosedHall(RuleBroken):
    message = "Ce stand est dans un hall fermé : choisissez-en un autre."


class NoStandToFree(RuleBroken):
    message = "Cet exposant n’a déjà plus de stand."


class NothingToExchange(RuleBroken):
    message = "Deux exposants échangent leurs stands quand chacun en a un : ce n’est plus le cas."


class NotAPavilion(BadInput):
    message = "Choisissez un pavillon : une candidature acceptée qui n’a pas de surface à elle."


class ProposalIsNotReady(RuleBroken):
    message = "Ce plan n’est pas encore calculé."


class ProposalIsDiscarded(RuleBroken):
    message = "Cette proposition a été écartée. Demandez-en une nouvelle."


class ProposalIsAccepted(RuleBroken):
    message = "Cette proposition est acceptée, en tout ou partie : elle ne s’écarte plus."


class ProposalIsStale(RuleBroken):
    """The plan or an exhibitor changed since the plan was computed; `changes` are in French."""

    SAID = 3

    def __init__(self, changes: Iterable[str]) -> None:
        self.changes = list(dict.fromkeys(changes))
        summary = "\u00a0; ".join(self.changes[: self.SAID])
        left_out = len(self.changes) - self.SAID
        if left_out > 0:
            summary += f"\u00a0; et {left_out} autre{'s' if left_out > 1 else ''}"
        super().__init__(
            f"Depuis ce calcul\u00a0: {summary}. Rien n’a été enregistré. Relisez ce qui reste, "
            "ou demandez une nouvelle proposition."
        )


class NothingChosen(BadInput):
    message = "Cochez au moins un exposant à placer."


def check_can_have_a_stand(exhibitor: Exhibitor) -> None:
    """Only an accepted exhibitor that is not a pavilion has a stand."""
    if exhibitor.status != ApplicationStatus.ACCEPTED:
        raise NotAccepted
    if exhibitor.is_pavilion:
        raise PavilionHasNoStand


def check_stand_can_be_given(stand: Stand, exhibitor: Exhibitor) -> None:
    """The stand is of the same edition, free, and not reserved for another body."""
    if stand.edition_id != exhibitor.edition_id:
        raise StandOfAnotherEdition
    if stand.hall.closed_at is not None:
        raise StandInAClosedHall
    check_stand_is_not_reserved(stand, exhibitor)
    if stand.exhibitor is not None and stand.exhibitor.id != exhibitor.id:
        raise StandAlreadyGiven(stand.number, stand.exhibitor.name)


def check_stand_is_not_reserved(stand: Stand, exhibitor: Exhibitor) -> None:
    """A partner body's stand is only for this body itself."""
    if stand.body is not None and exhibitor.name_key not in body_keys(stand.body):
        raise StandIsReserved


def check_can_exchange(first: Exhibitor, second: Exhibitor) -> None:
    """Two accepted exhibitors, each with a stand that the other may have."""
    if first.id == second.id or first.stand is None or second.stand is None:
        raise NothingToExchange
    for exhibitor, stand in ((first, second.stand), (second, first.stand)):
        check_can_have_a_stand(exhibitor)
        check_stand_is_not_reserved(stand, exhibitor)


@dataclass(frozen=True)
class CurrentState:
    """Current version, status and stand of an exhibitor in a proposed plan."""

    version: int
    status: ApplicationStatus
    stand_id: int | None


def change_since(read: int, present: CurrentState | None) -> str:
    """Return the change since version `read` that prevents placing an exhibitor; "" without."""
    if present is None or present.status != ApplicationStatus.ACCEPTED:
        return "n’est plus accepté"
    if present.stand_id is not None:
        return "a reçu un stand"
    if present.version != read:
        return "a changé sa demande ou sa fiche"
    return ""


def changes_since(
    proposal: PlanProposal,
    rows: Iterable[Mapping[str, Any]],
    halls: Mapping[str, tuple[int, int]],
    exhibitors: Mapping[int, CurrentState],
) -> dict[int, str]:
    """Return the reasons why rows of a proposal can no longer be accepted, by exhibitor id.

    `halls` holds the id and the present version of each hall, by name.
    """
    changes = {}
    for row in rows:
        change = change_since(row["version"], exhibitors.get(row["id"]))
        hall_id, version = halls.get(row["hall"], (0, 0))
        if change:
            changes[row["id"]] = f"{row['exhibitor']} {change}"
        elif proposal.hall_versions.get(str(hall_id)) != version:
            changes[row["id"]] = f"le plan du hall {row['hall']} a changé"
    return changes


def check_can_be_accepted(proposal: PlanProposal) -> None:
    """The proposal is finished and was not discarded."""
    if proposal.status == "discarded":
        raise ProposalIsDiscarded
    if proposal.status != "done":
        raise ProposalIsNotReady


def check_can_be_discarded(proposal: PlanProposal) -> None:
    """No row of the proposal was accepted."""
    if proposal.accepted_at is not None:
        raise ProposalIsAccepted


def body_keys(body: PartnerBody) -> set[str]:
    """Return the folded names under which a partner body exhibits."""
    return {folded(body.name), folded(body.short_name)}


def check_is_a_pavilion(parent: Exhibitor, member: Exhibitor) -> None:
    """The parent is an accepted pavilion of the edition and the member is not a pavilion."""
    fitting = (
        parent.is_pavilion
        and parent.status == ApplicationStatus.ACCEPTED
        and parent.edition_id == member.edition_id
        and not member.is_pavilion
    )
    if not fitting:
        raise NotAPavilion
