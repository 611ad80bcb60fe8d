"""What allows an invitation."""

from datetime import datetime, timedelta

from salon.fair.models import EditionState
from salon.invitations.engine import InvitationState
from salon.platform.errors import RuleBroken

AGAIN_AFTER = timedelta(days=7)
"""An invitation without answer may be repeated after this time."""


class EditionNotPublished(RuleBroken):
    message = (
        "Le public ne voit pas encore cette édition : ouvrez-la dans « Éditions » avant d’inviter."
    )


class EditionIsOver(RuleBroken):
    message = "Ce salon est terminé : on n’y invite plus."


def check_invites(state: EditionState, ends_at: datetime, now: datetime) -> None:
    """The invited find the pages of the edition open, and the fair to come."""
    if state == EditionState.DRAFT:
        raise EditionNotPublished
    if ends_at <= now:
        raise EditionIsOver


def may_be_invited(state: InvitationState, sent_at: datetime | None, now: datetime) -> bool:
    """Return whether an organisation may be written to: it neither answered nor said no."""
    if state == InvitationState.SENT:
        return sent_at is not None and sent_at + AGAIN_AFTER <= now
    return state == InvitationState.TO_SEND
