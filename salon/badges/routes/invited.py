"""Who comes by an exhibitor's invitation: `?invitation=CODE` in the address of the forms."""

from dataclasses import dataclass

from flask import g, request

from salon.exhibitors.engine.invitation_codes import LENGTH
from salon.exhibitors.queries.invitations import find_invitation, room_of
from salon.platform.access import network, settings
from salon.platform.errors import TooManyTries
from salon.platform.limits import count_try


@dataclass(frozen=True)
class Invited:
    """The code asked for; whose it is, when it still counts somebody."""

    code: str
    exhibitor: str = ""


def invitation_asked() -> Invited | None:
    """The invitation of the address; None when there is none. Read once a request.

    Guesses are counted; beyond the limit a code is taken for unknown, nobody is kept out.
    """
    if "invited" not in g:
        typed = request.args.get("invitation", "").upper()
        code = "".join(one for one in typed if one.isascii() and one.isalnum())[:LENGTH]
        g.invited = _look(code) if code else None
    found: Invited | None = g.invited
    return found


def _look(code: str) -> Invited:
    try:
        count_try(f"invitation:{network()}", settings().searches_per_minute, 60)
    except TooManyTries:
        return Invited(code)
    found = find_invitation(code)
    if found is None or room_of(found) == 0:
        return Invited(code)
    return Invited(code, found.exhibitor.name)


def said_of_invitation(invited: Invited, left_out: int) -> tuple[str, str]:
    """The sentence after a registration, and its kind. It says nothing of who was there before."""
    if not invited.exhibitor:
        return "L’inscription est faite sans l’invitation, qui ne sert plus.", "info"
    if left_out:
        return "L’invitation est complète\u00a0: l’inscription est faite sans elle.", "info"
    return f"Invitation prise en compte\u00a0: {invited.exhibitor}.", "success"
