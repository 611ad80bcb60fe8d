"""Invite organisations of an earlier edition and of the book."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.services.acts import FairAct
from salon.invitations.actions import InvitationAction
from salon.invitations.models import InvitedKind, OrganisationInvitation
from salon.invitations.queries.candidates import (
    Candidate,
    candidates_of,
    find_past_edition,
    invitations_of,
)
from salon.invitations.queries.invitations import (
    find_answer_dates,
    invited_organisations,
    kinds_that_can_answer,
)
from salon.invitations.rules import check_invites, may_be_invited
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.mail import outbox
from salon.platform.mail.oppositions import address_hash
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.words import formats
from salon.platform.words.tokens import new_token


def send_invitations(
    act: FairAct, keys: Collection[str], kinds: Collection[InvitedKind], key: str
) -> int:
    """Write to the organisations of these keys that may be invited; return their number.

    Those whose registration or applications are closed are left out. Idempotent for one `key`.
    Raises EditionNotPublished, EditionHasNoDate, EditionIsOver, SubmissionDiffers.
    """
    check_invites(act.edition, act.now)
    with act.transaction(act.edition) as session:
        earlier = claim_submission(session, key, {"edition": act.edition.id, "keys": sorted(keys)})
        if earlier is not None:
            return int(earlier)
        candidates = [
            organisation.candidate
            for organisation in invited_organisations(
                act.edition, kinds_that_can_answer(act.edition, kinds, act.now)
            )
            if organisation.candidate.key in keys
            and may_be_invited(organisation.state, organisation.sent_at, act.now)
        ]
        invitations = invitations_of(act.edition)
        for candidate in candidates:
            _invite(session, act.edition, candidate, invitations, act.now)
        count = len(candidates)
        write_entry(
            session,
            act.actor,
            InvitationAction.INVITATIONS_SENT,
            f"edition:{act.edition.id}",
            count=count,
        )
        settle_submission(session, key, str(count))
    return count


def mark_all_invited(
    session: Session, edition: Edition, kind: InvitedKind, keys: Collection[str], now: datetime
) -> dict[str, str]:
    """Mark organisations of a kind as invited, with those of the same addresses.

    Return the private token of the page of each, by key; one without an address has none.
    """
    candidates, invitations = candidates_of(edition, [kind]), invitations_of(edition)
    emails = {candidates[key].email.casefold() for key in keys if key in candidates}
    return {
        candidate.key: mark_invited(session, edition, candidate, invitations, now).private_token
        for candidate in candidates.values()
        if candidate.email.casefold() in emails
    }


def unmark_invited(
    session: Session,
    edition: Edition,
    kind: InvitedKind,
    addresses: Collection[str],
    subjects: Collection[str],
) -> None:
    """Date the invitations of these addresses, whose message is called off, by the one before.

    `subjects`: those of mailings that invite. One never written to is not invited.
    """
    emails = {address.casefold() for address in addresses}
    invitations = {
        f"invitation:{invitation.id}": invitation
        for invitation in invitations_of(edition).values()
        if invitation.kind == kind and invitation.email.casefold() in emails
    }
    statement = (
        select(Message.recipient, func.max(Message.sent_at))
        .where(
            Message.about.in_({*subjects, *invitations}),
            Message.recipient.in_({invitation.email for invitation in invitations.values()}),
            Message.status == MessageStatus.SENT,
        )
        .group_by(Message.recipient)
    )
    sent = dict(iter(session.execute(statement)))
    for invitation in invitations.values():
        invitation.sent_at = sent.get(invitation.email, invitation.opened_at)


def mark_invited(
    session: Session,
    edition: Edition,
    candidate: Candidate,
    invitations: Mapping[str, OrganisationInvitation],
    now: datetime,
) -> OrganisationInvitation:
    """Write that a candidate is invited now. `invitations`: those of the edition, by key."""
    invitation = invitation_row(session, edition, candidate, invitations)
    invitation.name, invitation.email = candidate.name, candidate.email
    invitation.email_hash = address_hash(candidate.email)
    invitation.sent_at = now
    session.flush()
    return invitation


def _invite(
    session: Session,
    edition: Edition,
    candidate: Candidate,
    invitations: Mapping[str, OrganisationInvitation],
    now: datetime,
) -> None:
    invitation = mark_invited(session, edition, candidate, invitations, now)
    dates = find_answer_dates(edition, candidate.kind)
    assert dates is not None
    opens_at, closes_at = dates
    past_edition = find_past_edition(edition)
    outbox.post(
        session,
        "organisation_invited",
        candidate.email,
        about=f"invitation:{invitation.id}",
        urgent=False,
        invitation_id=invitation.id,
        exhibits=candidate.kind == InvitedKind.EXHIBITOR,
        name=candidate.name,
        past_year=past_edition.starts_at.year if past_edition and candidate.size else None,
        greeting=candidate.greeting or "Madame, Monsieur",
        origin=candidate.origin,
        opens=formats.moment(opens_at) if opens_at > now else "",
        closes=formats.moment(closes_at),
        token=invitation.private_token,
    )


def invitation_row(
    session: Session,
    edition: Edition,
    candidate: Candidate,
    invitations: Mapping[str, OrganisationInvitation],
) -> OrganisationInvitation:
    """Return the invitation of a candidate among those of the edition, else a new one, unsent."""
    if invitation := invitations.get(candidate.key):
        return invitation
    prefix, _, number = candidate.key.partition(":")
    invitation = OrganisationInvitation(
        edition_id=edition.id,
        exhibitor_id=int(number) if prefix == "exhibitor" else None,
        commune_code=number if prefix == "commune" else None,
        epci_siren=number if prefix == "epci" else None,
        guest_id=int(number) if prefix == "guest" else None,
        name=candidate.name,
        email="",
        email_hash="",
        private_token=new_token(),
    )
    session.add(invitation)
    return invitation


def reset_invitation(session: Session, invitation_id: int) -> None:
    """Unmark an invitation whose message was called off, so that it may be sent again."""
    invitation = session.get(OrganisationInvitation, invitation_id)
    if invitation is not None:
        invitation.sent_at = None
