"""Answers to an invitation, given by its private link."""

from salon.exhibitors.models import Exhibitor
from salon.exhibitors.services.former_exhibitors import start_from_former
from salon.fair.models import EditionState
from salon.fair.services.acts import FairAct
from salon.invitations.actions import InvitationAction
from salon.invitations.models import OrganisationInvitation
from salon.invitations.queries.invitations import edition_of
from salon.invitations.services.oppositions import clear_opposition, set_opposition
from salon.platform.database.act import Act
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.edition_walls import retention
from salon.platform.database.journal import write_entry
from salon.platform.mail.oppositions import OppositionSource


def note_opening(act: Act, invitation: OrganisationInvitation) -> None:
    """Record when the page of an invitation was first opened, unless its edition is closed.
    Idempotent."""
    if invitation.opened_at is None and edition_of(invitation).state != EditionState.CLOSED:
        with act.transaction(invitation):
            invitation.opened_at = invitation.opened_at or act.now


def decline(
    act: Act, invitation: OrganisationInvitation, is_declined: bool, reason: str = ""
) -> None:
    """Record that the organisation does not come this time, and why, or comes after all.
    Idempotent."""
    with act.transaction(invitation) as session:
        if (invitation.declined_at is not None) == is_declined:
            return
        invitation.declined_at = act.now if is_declined else None
        invitation.decline_reason = reason if is_declined else ""
        action = InvitationAction.DECLINED if is_declined else InvitationAction.RECONSIDERED
        write_entry(session, act.actor, action, f"invitation:{invitation.id}")


@across_editions()
def oppose(act: Act, invitation: OrganisationInvitation, is_opposed: bool) -> None:
    """Record that this address wants no more invitations, or wants them again. Idempotent.

    So say the list of addresses, and its invitations to every edition.
    """
    with act.transaction(invitation) as session, retention(session):
        if (invitation.opposed_at is not None) == is_opposed:
            return
        if is_opposed:
            source = OppositionSource.INVITATION
            set_opposition(session, invitation.email_hash, source, act.now)
        else:
            clear_opposition(session, invitation.email_hash)
        action = InvitationAction.OPPOSED if is_opposed else InvitationAction.ALLOWED
        write_entry(session, act.actor, action, f"invitation:{invitation.id}")


def begin_application(
    act: Act, invitation: OrganisationInvitation, former: Exhibitor
) -> Exhibitor | None:
    """Start the application of an invited exhibitor (see `start_from_former`)."""
    edition = edition_of(invitation)
    return start_from_former(FairAct.of(act, edition), former, invitation.name, invitation.email)
