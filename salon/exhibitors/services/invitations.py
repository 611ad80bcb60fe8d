"""Invitation codes that an exhibitor gives to its customers."""

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.engine.invitation_codes import new_code
from salon.exhibitors.models import ApplicationStatus, Invitation
from salon.exhibitors.queries import invitations as queries
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.exhibitors.rules.invitations import check_may_invite
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, save_new_row


def create_invitation(act: Act, exhibitor_id: int, label: str, quota: int | None, key: str) -> int:
    """Create a code; return the id of its invitation. Idempotent for one `key`.

    Raises TooManyCodes, NotExhibitingAnyMore.
    """
    exhibitor = get_exhibitor(exhibitor_id)
    with act.transaction(exhibitor) as session:
        content = {"exhibitor": exhibitor_id, "label": label, "quota": quota}
        earlier = claim_submission(session, key, content)
        if earlier is not None:
            return int(earlier)
        is_accepted = exhibitor.status == ApplicationStatus.ACCEPTED
        check_may_invite(is_accepted, queries.count_live(exhibitor_id))
        invitation = Invitation(
            exhibitor_id=exhibitor_id, code=new_code(), label=label, quota=quota, created_at=act.now
        )
        save_new_row(session, key, invitation)
        subject = f"exhibitor:{exhibitor_id}"
        write_entry(
            session,
            act.actor,
            ExhibitorAction.INVITATION_CREATED,
            subject,
            label=label,
            quota=quota,
        )
    return invitation.id


def revoke_invitation(act: Act, exhibitor_id: int, invitation_id: int) -> None:
    """Revoke a code; people registered by it stay registered. Idempotent."""
    invitation = queries.get_invitation(exhibitor_id, invitation_id)
    with act.transaction(invitation) as session:
        if invitation.revoked_at is not None:
            return
        invitation.revoked_at = act.now
        subject = f"exhibitor:{exhibitor_id}"
        write_entry(
            session, act.actor, ExhibitorAction.INVITATION_REVOKED, subject, label=invitation.label
        )
