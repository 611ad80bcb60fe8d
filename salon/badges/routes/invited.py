"""Exhibitors' invitations: `?invitation=CODE` in the address of the forms."""

from dataclasses import dataclass

from flask import g, request

from salon.exhibitors.engine.invitation_codes import LENGTH
from salon.exhibitors.queries.invitations import find_invitation, places_left
from salon.fair.access import get_request_edition
from salon.platform.web.access import network, settings
from salon.platform.web.limits import count_try
from salon.platform.words.errors import TooManyTries


@dataclass(frozen=True)
class Invited:
    """The code of the address, with its exhibitor while the invitation has room."""

    code: str
    exhibitor: str = ""


def requested_invitation() -> Invited | None:
    """Return the invitation of the address, or None. Read once per request.

    Guesses are counted; beyond the limit a code counts as unknown, and registration still works.
    """
    if "invited" not in g:
        text = request.args.get("invitation", "").upper()
        code = "".join(
            character for character in text if character.isascii() and character.isalnum()
        )[:LENGTH]
        g.invited = _look(code) if code else None
    invited: Invited | None = g.invited
    return invited


def _look(code: str) -> Invited:
    try:
        count_try(f"invitation:{network()}", settings().searches_per_minute, 60)
    except TooManyTries:
        return Invited(code)
    invitation = find_invitation(get_request_edition(), code)
    if invitation is None or places_left(invitation) == 0:
        return Invited(code)
    return Invited(code, invitation.exhibitor.name)


def invitation_message(invited: Invited, left_out: int) -> tuple[str, str]:
    """Return the sentence after a registration, and its kind.

    It does not reveal earlier registrations.
    """
    if not invited.exhibitor:
        return "L’inscription est faite sans l’invitation, qui ne sert plus.", "info"
    if left_out:
        return "L’invitation est complète\u00a0: l’inscription est faite sans elle.", "info"
    return f"Invitation prise en compte\u00a0: {invited.exhibitor}.", "success"
