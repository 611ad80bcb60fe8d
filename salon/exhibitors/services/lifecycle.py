"""Moves of an application and their consequences, inside the caller's transaction."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from salon.accounts.actions import AccountAction
from salon.accounts.models import Account
from salon.accounts.queries import email_key_of
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.engine.slugs import NAMELESS, catalogue_slug
from salon.exhibitors.models import ApplicationStatus, Contact, ContactKind, Exhibitor
from salon.exhibitors.rules.lifecycle import (
    Decision,
    Move,
    check_is_accepted,
    check_move,
    check_offer_is_live,
)
from salon.fair.models import Edition, Hall, Stand
from salon.platform.database.act import Act
from salon.platform.database.db import upsert
from salon.platform.database.identity import Role
from salon.platform.database.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.mail.wording import Context
from salon.platform.words import formats
from salon.platform.words.people import salutation
from salon.platform.words.slugs import slug_base


def move_exhibitor(act: Act, session: Session, exhibitor: Exhibitor, decision: Decision) -> None:
    """Apply a decision to `exhibitor`, which the caller has locked, with its consequences.

    Accepted: a catalogue address and accounts for its contacts. No longer accepted: its stand is
    freed. The main contact is notified. Raises MoveRefused, ReasonMissing, OfferExpired.
    """
    former, move = exhibitor.status, decision.move
    target = check_move(former, move, decision.actor_kind, decision.reason)
    if move == Move.TAKE_OFFER:
        check_offer_is_live(exhibitor.offer_expires_at, act.now)
    if target == ApplicationStatus.ACCEPTED:
        _give_slug(session, exhibitor)
    exhibitor.status = target
    exhibitor.status_reason = decision.reason.strip()
    exhibitor.status_at = act.now
    is_offer = target == ApplicationStatus.OFFERED
    exhibitor.offer_expires_at = decision.offer_ends_at if is_offer else None
    if target == ApplicationStatus.SUBMITTED and exhibitor.submitted_at is None:
        exhibitor.submitted_at = act.now
    if former == ApplicationStatus.ACCEPTED:
        _free_stand(session, exhibitor)
    if target == ApplicationStatus.ACCEPTED:
        open_accounts(act, session, exhibitor)
    session.flush()
    details = {"reason": exhibitor.status_reason} if exhibitor.status_reason else {}
    if exhibitor.offer_expires_at is not None:
        details["until"] = exhibitor.offer_expires_at.isoformat()
    write_entry(
        session,
        act.actor,
        ExhibitorAction(f"exhibitor.{move}"),
        f"exhibitor:{exhibitor.id}",
        **details,
    )
    notify_exhibitor(
        session,
        exhibitor,
        f"exhibitor_{move}",
        until=formats.moment(exhibitor.offer_expires_at) if exhibitor.offer_expires_at else "",
    )


def refuse_unless_accepted(exhibitor: Exhibitor) -> None:
    """Raise NoLongerAccepted unless the exhibitor is accepted."""
    check_is_accepted(exhibitor.status == ApplicationStatus.ACCEPTED)


def notify_exhibitor(session: Session, exhibitor: Exhibitor, kind: str, **context: object) -> None:
    """Post a message with the private link to the main contact, if it has an address."""
    contact = main_contact(session, exhibitor)
    if contact is None or not contact.email:
        return
    outbox.post(
        session,
        kind,
        contact.email,
        about=f"exhibitor:{exhibitor.id}",
        **message_context(exhibitor, contact, exhibitor.status_reason, **context),
    )


def post_to_main_contact(session: Session, exhibitor: Exhibitor, kind: str, **context: Any) -> None:
    """Post a message to the main contact, if it has an address."""
    contact = main_contact(session, exhibitor)
    if contact is not None and contact.email:
        about = f"exhibitor:{exhibitor.id}"
        outbox.post(session, kind, contact.email, about=about, **context)


def message_context(
    exhibitor: Exhibitor, contact: Contact | None, reason: str, **context: object
) -> Context:
    """Return the variables of the mail templates `exhibitor_<move>`."""
    return {
        "salutation": salutation(contact.civility if contact else ""),
        "name": exhibitor.name,
        "token": exhibitor.private_token,
        "reason": reason,
        **context,
    }


def main_contact(session: Session, exhibitor: Exhibitor) -> Contact | None:
    return session.scalars(
        select(Contact).where(
            Contact.exhibitor_id == exhibitor.id, Contact.kind == ContactKind.MAIN
        )
    ).one_or_none()


def open_accounts(act: Act, session: Session, exhibitor: Exhibitor) -> None:
    """Create an exhibitor account for each contact whose address has no account of any role."""
    contacts = session.scalars(
        select(Contact).where(Contact.exhibitor_id == exhibitor.id).order_by(Contact.id)
    ).all()
    # In the order of their keys: two acceptances that share addresses cannot wait for each other.
    for contact in sorted(contacts, key=lambda candidate: email_key_of(candidate.email)):
        if not contact.email:
            continue
        existing_account = session.scalar(
            upsert(Account)
            .values(
                email=contact.email,
                email_key=email_key_of(contact.email),
                role=Role.EXHIBITOR,
                display_name=contact.full_name or exhibitor.name,
                password_hash="",
                totp_secret="",
                totp_last_counter=0,
                created_at=act.now,
            )
            .on_conflict_do_nothing()
            .returning(Account.id)
        )
        if existing_account is not None:
            write_entry(
                session,
                act.actor,
                AccountAction.CREATED,
                f"account:{existing_account}",
                role=Role.EXHIBITOR,
            )


def _give_slug(session: Session, exhibitor: Exhibitor) -> None:
    """Set the catalogue address, once for all."""
    if exhibitor.slug:
        return
    edition = Edition.id == exhibitor.edition_id
    # One at a time in an edition: two homonyms accepted at once get two addresses.
    session.execute(select(Edition.id).where(edition).with_for_update(key_share=True))
    base = slug_base(exhibitor.name, NAMELESS)
    taken_slugs = session.scalars(
        select(Exhibitor.slug).where(
            Exhibitor.edition_id == exhibitor.edition_id, Exhibitor.slug.startswith(base)
        )
    ).all()
    exhibitor.slug = catalogue_slug(exhibitor.name, [slug for slug in taken_slugs if slug])


def _free_stand(session: Session, exhibitor: Exhibitor) -> None:
    if exhibitor.stand_id is None:
        return
    hall = select(Stand.hall_id).where(Stand.id == exhibitor.stand_id).scalar_subquery()
    exhibitor.stand_id = None
    session.flush()
    session.expire(exhibitor, ["stand"])
    session.execute(
        update(Hall)
        .where(Hall.id == hall)
        .values(version=Hall.version + 1)
        .execution_options(synchronize_session="fetch")
    )
