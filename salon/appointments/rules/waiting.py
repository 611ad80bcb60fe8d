"""Rules of the waiting lists."""

from datetime import datetime, timedelta

from salon.platform.words.errors import RuleBroken


class AlreadyWaiting(RuleBroken):
    message = (
        "Cette personne est déjà sur la liste d’attente de ce thème\u00a0: "
        "un message part dès qu’une heure se libère."
    )


class StillFree(RuleBroken):
    message = (
        "Des heures sont libres sur ce thème\u00a0: choisissez-en une, il n’y a pas à attendre."
    )


class NoLongerWaiting(RuleBroken):
    message = "Cette place sur la liste d’attente n’existe plus."


class OfferIsOver(RuleBroken):
    message = (
        "Cette heure n’est plus gardée pour vous. Vous restez sur la liste\u00a0: "
        "un message part dès qu’une autre se libère."
    )


def check_is_waiting(is_live: bool) -> None:
    """The entry was neither served nor left. Raises NoLongerWaiting."""
    if not is_live:
        raise NoLongerWaiting


def check_is_offered(expires_at: datetime | None, now: datetime) -> None:
    """The offered time is still held. Raises OfferIsOver."""
    if expires_at is None or expires_at <= now:
        raise OfferIsOver


def check_nothing_is_free(free_slots: int) -> None:
    """A waiting list is joined only when no time is free. Raises StillFree."""
    if free_slots:
        raise StillFree


def answer_by(now: datetime, starts_at: datetime, minutes: int) -> datetime:
    """Return the deadline of an offer: after `minutes`, at most five minutes before the start."""
    return min(now + timedelta(minutes=minutes), starts_at - timedelta(minutes=5))
