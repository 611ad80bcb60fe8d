"""What must be true for an exhibitor to be given a stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from salon.exhibitors.models import ApplicationStatus, Exhibitor, PlanProposal
from salon.fair.models import PartnerBody, Stand
from salon.platform.errors import BadInput, RuleBroken
from salon.platform.texts import folded


class NotAccepted(RuleBroken):
    message = "Seul un exposant accepté reçoit un stand."


class PavilionHasNoStand(RuleBroken):
    message = "Un pavillon n’a pas de stand à lui : placez ses membres."


class StandIsReserved(RuleBroken):
    message = "Ce stand est celui d’un organisme du village : il ne se donne pas."


class StandAlreadyGiven(RuleBroken):
    """Somebody is on the stand; `occupant` is its name."""

    def __init__(self, number: str, occupant: str) -> None:
        self.number, self.occupant = number, occupant
        super().__init__(
            f"Le stand {number} est déjà donné à {occupant}. "
            "Rien n’a été enregistré : choisissez-en un autre."
        )


class StandOfAnotherEdition(BadInput):
    message = "Ce stand n’est pas de cette édition."


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
    """Something changed since the plan was computed; `changes` say what, in French."""

    SAID = 3

    def __init__(self, changes: Iterable[str]) -> None:
        self.changes = list(dict.fromkeys(changes))
        said = "\u00a0; ".join(self.changes[: self.SAID])
        more = len(self.changes) - self.SAID
        if more > 0:
            said += f"\u00a0; et {more} autre{'s' if more > 1 else ''}"
        super().__init__(
            f"Depuis ce calcul\u00a0: {said}. Rien n’a été enregistré. Relisez ce qui reste, "
            "ou demandez une nouvelle proposition."
        )


class NothingChosen(BadInput):
    message = "Cochez au moins un exposant à placer."


def check_can_have_a_stand(exhibitor: Exhibitor) -> None:
    """Accepted, and not a pavilion."""
    if exhibitor.status != ApplicationStatus.ACCEPTED:
        raise NotAccepted
    if exhibitor.is_pavilion:
        raise PavilionHasNoStand


def check_stand_can_be_given(stand: Stand, exhibitor: Exhibitor) -> None:
    """Of the same edition, nobody else's, and a partner body's only for this body itself."""
    if stand.edition_id != exhibitor.edition_id:
        raise StandOfAnotherEdition
    check_stand_is_not_reserved(stand, exhibitor)
    if stand.exhibitor is not None and stand.exhibitor.id != exhibitor.id:
        raise StandAlreadyGiven(stand.number, stand.exhibitor.name)


def check_stand_is_not_reserved(stand: Stand, exhibitor: Exhibitor) -> None:
    """A partner body's stand is only for this body itself."""
    if stand.body is not None and exhibitor.name_key not in body_keys(stand.body):
        raise StandIsReserved


def check_can_exchange(one: Exhibitor, other: Exhibitor) -> None:
    """Two accepted exhibitors, each with a stand that the other may have."""
    if one.id == other.id or one.stand is None or other.stand is None:
        raise NothingToExchange
    for exhibitor, stand in ((one, other.stand), (other, one.stand)):
        check_can_have_a_stand(exhibitor)
        check_stand_is_not_reserved(stand, exhibitor)


@dataclass(frozen=True)
class Present:
    """What is known now of an exhibitor to whom a plan proposes a stand."""

    version: int
    status: ApplicationStatus
    stand_id: int | None


def change_since(read: int, present: Present | None) -> str:
    """Why an exhibitor cannot take what was proposed when its version was `read`; "" if it can."""
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
    exhibitors: Mapping[int, Present],
) -> dict[int, str]:
    """Why rows of a proposal can no longer be accepted, by id of exhibitor.

    `halls` holds the id and the present version of each hall, by name.
    """
    found = {}
    for row in rows:
        change = change_since(row["version"], exhibitors.get(row["id"]))
        hall_id, version = halls.get(row["hall"], (0, 0))
        if change:
            found[row["id"]] = f"{row['exhibitor']} {change}"
        elif proposal.hall_versions.get(str(hall_id)) != version:
            found[row["id"]] = f"le plan du hall {row['hall']} a changé"
    return found


def check_can_be_accepted(proposal: PlanProposal) -> None:
    """Computed, and not set aside."""
    if proposal.status == "discarded":
        raise ProposalIsDiscarded
    if proposal.status != "done":
        raise ProposalIsNotReady


def check_can_be_discarded(proposal: PlanProposal) -> None:
    """Nothing of it was accepted."""
    if proposal.accepted_at is not None:
        raise ProposalIsAccepted


def body_keys(body: PartnerBody) -> set[str]:
    """The names, as compared, under which a partner body exhibits."""
    return {folded(body.name), folded(body.short_name)}


def check_is_a_pavilion(parent: Exhibitor, member: Exhibitor) -> None:
    """The parent has no area of its own, is accepted, and the member is not a pavilion itself."""
    fitting = (
        parent.is_pavilion
        and parent.status == ApplicationStatus.ACCEPTED
        and parent.edition_id == member.edition_id
        and not member.is_pavilion
    )
    if not fitting:
        raise NotAPavilion
