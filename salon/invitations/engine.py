"""State of an invitation, from what is known of its organisation."""

from dataclasses import dataclass

from salon.platform.words.labels import LabelledEnum


class InvitationState(LabelledEnum):
    TO_SEND = "to_send", "À inviter"
    SENT = "sent", "Invitation sans réponse"
    OPENED = "opened", "A ouvert sa page"
    REFUSED = "refused", "Courriel refusé"
    STARTED = "started", "Candidature commencée"
    ANSWERED = "answered", "A répondu"
    CAME = "came", "A participé"
    DECLINED = "declined", "Ne viendra pas"
    OPPOSED = "opposed", "Ne veut plus d’invitation"


@dataclass(frozen=True)
class Facts:
    """What is known of an organisation: of its invitation, of its answer."""

    is_sent: bool = False
    is_refused: bool = False
    is_opened: bool = False
    is_started: bool = False
    is_answered: bool = False
    is_come: bool = False
    is_declined: bool = False
    is_opposed: bool = False


def state_of(facts: Facts) -> InvitationState:
    """Return the state; a registration or an application counts whatever was said before."""
    if facts.is_come:
        return InvitationState.CAME
    if facts.is_answered:
        return InvitationState.ANSWERED
    if facts.is_opposed:
        return InvitationState.OPPOSED
    if facts.is_declined:
        return InvitationState.DECLINED
    if facts.is_started:
        return InvitationState.STARTED
    if facts.is_refused:
        return InvitationState.REFUSED
    if facts.is_sent:
        return InvitationState.OPENED if facts.is_opened else InvitationState.SENT
    return InvitationState.TO_SEND
