"""Rules of invitation codes."""

from salon.platform.words.errors import RuleBroken

MOST_CODES = 40
"""Codes of one exhibitor that work at the same time."""


class TooManyCodes(RuleBroken):
    message = (
        f"Un stand a au plus {MOST_CODES} codes à la fois. Arrêtez-en un pour en créer un autre."
    )


class NotExhibitingAnyMore(RuleBroken):
    message = "Ce stand n’expose plus au salon\u00a0: il n’envoie plus d’invitations."


def check_may_invite(is_accepted: bool, live_codes: int) -> None:
    """An accepted exhibitor has at most MOST_CODES live codes."""
    if not is_accepted:
        raise NotExhibitingAnyMore
    if live_codes >= MOST_CODES:
        raise TooManyCodes
