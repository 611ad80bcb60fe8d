"""What the audiences of invited organisations share: their states, and who may be written to."""

from salon.invitations.engine import InvitationState
from salon.invitations.queries.invitations import InvitedOrganisation

SILENT = "silent"
"""Invited, without answer: the page was opened or not."""
NO_ANSWER = (InvitationState.SENT, InvitationState.OPENED)
LEFT_OUT = (InvitationState.REFUSED, InvitationState.DECLINED, InvitationState.OPPOSED)
"""No mail reaches them, or they said no."""


def states(invited: str) -> tuple[tuple[str, str], ...]:
    """Return the values and the labels of the filter; `invited`: how several are said to be."""
    return (
        (InvitationState.TO_SEND.value, "À inviter"),
        (SILENT, f"{invited}, sans réponse"),
        (InvitationState.OPENED.value, "Sans réponse, page ouverte"),
        (InvitationState.SENT.value, "Sans réponse, page jamais ouverte"),
        (InvitationState.ANSWERED.value, "Des personnes sont inscrites"),
    )


def is_written_to(organisation: InvitedOrganisation, state: str) -> bool:
    """Return whether an organisation did not say no, and is in a state of the filter ("": any)."""
    if organisation.state in LEFT_OUT:
        return False
    return organisation.state in NO_ANSWER if state == SILENT else state in ("", organisation.state)
