"""French labels of the journal, and looks of states."""

from collections.abc import Mapping

from salon.badges.models.labels import Function
from salon.invitations.engine import InvitationState
from salon.invitations.models import InvitedKind

ACTIONS = {
    "invitations.sent": "Invitations au salon envoyées",
    "invitation.declined": "Invitation déclinée",
    "invitation.reconsidered": "Invitation de nouveau ouverte",
    "invitation.opposed": "Refus d’être encore invité",
    "invitation.allowed": "Invitations de nouveau acceptées",
    "address.opposed": "Adresse à qui ne plus écrire",
    "address.readmitted": "Adresse à qui écrire de nouveau",
    "authorities.imported": "Liste de communes et d’EPCI enregistrée",
    "authorities.exported": "Liste des communes et des EPCI téléchargée",
    "authority.changed": "Coordonnées d’une commune ou d’un EPCI modifiées",
    "authority.erased": "Maire ou président effacé à sa demande",
}

LOOKS = {
    InvitationState.TO_SEND: ("neutral", "envelope"),
    InvitationState.SENT: ("info", "envelope-check"),
    InvitationState.OPENED: ("info", "eye"),
    InvitationState.REFUSED: ("danger", "envelope-slash"),
    InvitationState.STARTED: ("info", "pencil"),
    InvitationState.ANSWERED: ("ok", "check-circle-fill"),
    InvitationState.DECLINED: ("neutral", "slash-circle"),
    InvitationState.OPPOSED: ("danger", "x-octagon-fill"),
}

NO_ANSWER = {
    InvitedKind.EXHIBITOR: (
        "Les candidatures des exposants sont closes, ou n’ont pas encore de dates\u00a0: ils ne "
        "s’invitent pas."
    ),
    InvitedKind.PLACE: (
        "Les inscriptions sont closes\u00a0: les communes et les EPCI ne s’invitent plus."
    ),
}
"""Why nobody of a kind is invited."""


def function_words(functions: Mapping[str, int]) -> str:
    """Return « Maire, Adjoint(e) au maire (2) »: those registered, in the order of the list."""
    return ", ".join(
        function.neutral + (f" ({functions[function]})" if functions[function] > 1 else "")
        for function in Function
        if functions.get(function)
    )
