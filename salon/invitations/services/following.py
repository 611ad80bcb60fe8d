"""What the team notes of a commune or an EPCI in an edition; the filters that it saves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Delete, delete

from salon.fair.services.acts import FairAct
from salon.invitations.actions import InvitationAction
from salon.invitations.models import BookFilterSet
from salon.invitations.queries.book_filters import filter_sets_of
from salon.invitations.queries.candidates import Candidate, invitations_of
from salon.invitations.rules import check_room_for_filter
from salon.invitations.services.sending import invitation_row
from salon.platform.database.journal import write_entry


@dataclass(frozen=True)
class FollowUp:
    """`is_declined`: the place said that it does not come, for `decline_reason`."""

    follower_id: int | None = None
    next_call_on: date | None = None
    note: str = ""
    is_declined: bool = False
    decline_reason: str = ""


def save_follow_up(act: FairAct, place: Candidate, follow_up: FollowUp) -> None:
    """Write who follows a place, its note, its next call, and whether it said no."""
    with act.transaction(act.edition) as session:
        invitation = invitation_row(session, act.edition, place, invitations_of(act.edition))
        invitation.follower_id = follow_up.follower_id
        invitation.next_call_on, invitation.note = follow_up.next_call_on, follow_up.note
        if not follow_up.is_declined:
            invitation.declined_at = None
        elif invitation.declined_at is None:
            invitation.declined_at = act.now
        invitation.decline_reason = follow_up.decline_reason if follow_up.is_declined else ""
        session.flush()
        write_entry(session, act.actor, InvitationAction.FOLLOWED, place.key)


def assign_places(act: FairAct, places: Sequence[Candidate], follower_id: int | None) -> None:
    """Give places to one follower, or to nobody."""
    with act.transaction(act.edition) as session:
        invitations = invitations_of(act.edition)
        for place in places:
            invitation_row(session, act.edition, place, invitations).follower_id = follower_id
        session.flush()
        write_entry(
            session,
            act.actor,
            InvitationAction.INVITATIONS_ASSIGNED,
            f"edition:{act.edition.id}",
            count=len(places),
        )


def save_filter(act: FairAct, name: str, query: str) -> None:
    """Save filters under a name for the team; the same name replaces them.

    Raises TooManyFilters.
    """
    with act.transaction(act.edition) as session:
        session.execute(_of_name(act, name))
        check_room_for_filter(len(filter_sets_of(act.edition)))
        session.add(BookFilterSet(edition_id=act.edition.id, name=name, query=query))
        write_entry(
            session, act.actor, InvitationAction.BOOK_FILTERS_SAVED, f"edition:{act.edition.id}"
        )


def _of_name(act: FairAct, name: str) -> Delete:
    return delete(BookFilterSet).where(
        BookFilterSet.edition_id == act.edition.id, BookFilterSet.name == name
    )


def delete_filter(act: FairAct, name: str) -> None:
    """Delete the saved filters of this name. Idempotent."""
    with act.transaction(act.edition) as session:
        session.execute(_of_name(act, name))
        write_entry(
            session, act.actor, InvitationAction.BOOK_FILTERS_DELETED, f"edition:{act.edition.id}"
        )
