"""French labels of the journal, and looks of states."""

from salon.invitations.engine import InvitationState
from salon.invitations.models import InvitedKind

ACTIONS = {
    "invitations.sent": "Invitations au salon envoyées",
    "invitation.declined": "Invitation déclinée",
    "invitation.reconsidered": "Invitation de nouveau ouverte",
    "invitation.opposed": "Refus d’être encore invité",
    "invitation.allowed": "Invitations de nouveau acceptées",
}

LOOKS = {
    InvitationState.TO_SEND: ("neutral", "envelope"),
    InvitationState.SENT: ("info", "envelope-check"),
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
