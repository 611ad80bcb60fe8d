"""Who wants no message sent to many: on the list of addresses, and on their invitations."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from salon.invitations.actions import InvitationAction
from salon.invitations.models import OrganisationInvitation
from salon.platform.database.act import Act
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.edition_walls import retention
from salon.platform.database.journal import write_entry
from salon.platform.mail.oppositions import OppositionSource, oppose_hash, readmit


@across_editions()
def oppose_address(act: Act, hash_of_address: str, source: OppositionSource) -> None:
    """Stop the messages sent to many to the address of this hash. Idempotent."""
    with act.transaction() as session, retention(session):
        if set_opposition(session, hash_of_address, source, act.now):
            subject = subject_of(hash_of_address)
            write_entry(
                session, act.actor, InvitationAction.ADDRESS_OPPOSED, subject, how=source.label
            )


@across_editions()
def readmit_address(act: Act, hash_of_address: str, reason: str = "") -> None:
    """Let messages sent to many go to the address of this hash again. Idempotent."""
    with act.transaction() as session, retention(session):
        if clear_opposition(session, hash_of_address):
            subject = subject_of(hash_of_address)
            write_entry(
                session, act.actor, InvitationAction.ADDRESS_READMITTED, subject, reason=reason
            )


def set_opposition(
    session: Session, hash_of_address: str, source: OppositionSource, at: datetime
) -> bool:
    """Put an address on the list inside the caller's transaction; its invitations say the same.

    Return whether it was not there.
    """
    is_new = oppose_hash(session, hash_of_address, source, at)
    _mark_invitations(session, hash_of_address, at)
    return is_new


def clear_opposition(session: Session, hash_of_address: str) -> bool:
    """Take an address off the list (see `set_opposition`); return whether it was there."""
    was_listed = readmit(session, hash_of_address)
    _mark_invitations(session, hash_of_address, None)
    return was_listed


def subject_of(hash_of_address: str) -> str:
    """Return the subject of journal entries, which do not name the address."""
    return f"address:{hash_of_address[:12]}"


def _mark_invitations(session: Session, hash_of_address: str, at: datetime | None) -> None:
    session.execute(
        update(OrganisationInvitation)
        .where(OrganisationInvitation.email_hash == hash_of_address)
        .values(opposed_at=at)
    )
