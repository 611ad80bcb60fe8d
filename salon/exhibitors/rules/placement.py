"""What must be true for an exhibitor to be given a stand."""

from salon.errors import BadInput, RuleBroken
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import PartnerBody, Stand
from salon.texts import folded


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


class NotAPavilion(BadInput):
    message = "Choisissez un pavillon : une candidature acceptée qui n’a pas de surface à elle."


class ProposalIsNotReady(RuleBroken):
    message = "Ce plan n’est pas encore calculé."


class ProposalIsStale(RuleBroken):
    message = (
        "Le plan ou un exposant a changé depuis ce calcul : rien n’a été enregistré. "
        "Demandez une nouvelle proposition."
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
    if stand.body is not None and exhibitor.name_key not in body_keys(stand.body):
        raise StandIsReserved
    if stand.exhibitor is not None and stand.exhibitor.id != exhibitor.id:
        raise StandAlreadyGiven(stand.number, stand.exhibitor.name)


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
