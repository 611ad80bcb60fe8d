"""Conditions of an invitation."""

from datetime import datetime, timedelta

from salon.fair.models import Edition, EditionState
from salon.invitations.engine import InvitationState
from salon.platform.words.errors import RuleBroken

AGAIN_AFTER = timedelta(days=7)
"""An invitation without answer may be repeated after this time."""

MOST_FILTERS = 40
"""Saved filters of an edition: its page offers each of them."""


class EditionNotPublished(RuleBroken):
    message = (
        "Le public ne voit pas encore cette édition : ouvrez-la dans « Éditions » avant d’inviter."
    )


class EditionIsOver(RuleBroken):
    message = "Ce salon est terminé : on n’y invite plus."


class EditionHasNoDate(RuleBroken):
    """The fair is postponed or cancelled."""

    message = "Ce salon est reporté ou annulé : on y invitera quand il aura de nouveau une date."


class GuestIsKnown(RuleBroken):
    message = "Un autre invité porte déjà ce nom."


class TooManyFilters(RuleBroken):
    message = f"L’équipe a déjà {MOST_FILTERS} filtres enregistrés : supprimez-en un d’abord."


def check_invites(edition: Edition, now: datetime) -> None:
    """The invited find the pages of the edition open, and a fair to come on a known day.

    Raises EditionNotPublished, EditionHasNoDate, EditionIsOver.
    """
    if edition.state == EditionState.DRAFT:
        raise EditionNotPublished
    if not edition.is_as_planned:
        raise EditionHasNoDate
    if edition.is_over(now):
        raise EditionIsOver


def check_room_for_filter(count: int) -> None:
    if count >= MOST_FILTERS:
        raise TooManyFilters


def can_answer(closes_at: datetime | None, now: datetime) -> bool:
    """Return whether an invitation could be followed: until registration or applications close.

    `closes_at` is None while applications have no dates.
    """
    return closes_at is not None and now < closes_at


def may_be_invited(state: InvitationState, sent_at: datetime | None, now: datetime) -> bool:
    """Return whether an organisation may be written to: it neither answered nor said no, and the
    mail server did not refuse its address."""
    if state in (InvitationState.SENT, InvitationState.OPENED):
        return sent_at is not None and sent_at + AGAIN_AFTER <= now
    return state == InvitationState.TO_SEND
