"""State of an invitation, from what is known of its organisation."""

from salon.platform.words.labels import LabelledEnum


class InvitationState(LabelledEnum):
    TO_SEND = "to_send", "À inviter"
    SENT = "sent", "Invité, sans réponse"
    STARTED = "started", "Candidature commencée"
    ANSWERED = "answered", "A répondu"
    DECLINED = "declined", "Ne viendra pas"
    OPPOSED = "opposed", "Ne veut plus être invité"


def state_of(
    *, is_sent: bool, is_started: bool, is_answered: bool, is_declined: bool, is_opposed: bool
) -> InvitationState:
    """Return the state; a registration or an application counts whatever was said before."""
    if is_answered:
        return InvitationState.ANSWERED
    if is_opposed:
        return InvitationState.OPPOSED
    if is_declined:
        return InvitationState.DECLINED
    if is_started:
        return InvitationState.STARTED
    return InvitationState.SENT if is_sent else InvitationState.TO_SEND
