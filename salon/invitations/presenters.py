"""French labels of the journal, and looks of states."""

from collections.abc import Mapping

from salon.badges.models.labels import Function
from salon.invitations.engine import InvitationState
from salon.invitations.models import InvitedKind
from salon.invitations.queries.territory import PastOutcome
from salon.platform.words.formats import plural

LOOKS = {
    InvitationState.TO_SEND: ("neutral", "envelope"),
    InvitationState.SENT: ("info", "envelope-check"),
    InvitationState.OPENED: ("info", "eye"),
    InvitationState.REFUSED: ("danger", "envelope-slash"),
    InvitationState.STARTED: ("info", "pencil"),
    InvitationState.ANSWERED: ("ok", "check-circle-fill"),
    InvitationState.CAME: ("ok", "box-arrow-in-right"),
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
    InvitedKind.OTHER: "Les inscriptions sont closes\u00a0: les autres invités ne s’invitent plus.",
}
"""Why nobody of a kind is invited."""


def outcome_words(past: PastOutcome) -> str:
    """Return what became of a place at the edition before: « 3 inscrits, 2 venus »."""
    if past.registered:
        came = f", {past.came} venu{'s' if past.came > 1 else ''}" if past.came else ""
        return plural(past.registered, "inscrit") + came
    if past.is_declined and past.invitation is not None:
        reason = past.invitation.decline_reason
        return f"avait dit non ({reason})" if reason else "avait dit non"
    return "invitée, non inscrite" if past.invitation and past.invitation.sent_at else ""


def function_words(functions: Mapping[str, int]) -> str:
    """Return « Maire, Adjoint(e) au maire (2) »: those registered, in the order of the list."""
    return ", ".join(
        function.neutral + (f" ({functions[function]})" if functions[function] > 1 else "")
        for function in Function
        if functions.get(function)
    )
