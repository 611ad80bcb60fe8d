"""The sending of mailings: recipients drawn at their hour, messages posted a few at a time.

One transaction marks recipients and posts their messages, so that a worker killed at any moment
posts nobody's message twice. What is called off by a stop leaves again, the same message, once the
sending is resumed.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from salon.fair.models import Edition
from salon.fair.queries import live_editions
from salon.fair.services.acts import FairAct
from salon.invitations.services.sending import mark_all_invited, unmark_invited
from salon.mailings.actions import MailingAction
from salon.mailings.engine import Recipient
from salon.mailings.models import Mailing, MailingRecipient, MailingState, RecipientState
from salon.mailings.queries.audiences import AUDIENCES
from salon.mailings.queries.mailings import (
    CHOSEN_NO_MORE,
    OPPOSED,
    gone_filters,
    has_left,
    select_recipients,
)
from salon.mailings.rules import check_state
from salon.mailings.services.letters import KIND, letter_context
from salon.platform.database.db import current_session, transaction
from salon.platform.database.edition_scope import in_edition
from salon.platform.database.identity import SYSTEM
from salon.platform.database.journal import write_entry
from salon.platform.mail import outbox
from salon.platform.mail.oppositions import opposed as opposed_of
from salon.platform.mail.outbox import Message, MessageStatus, queue_again
from salon.platform.settings.clock import real_now

AHEAD = 200
"""Most messages of mailings that wait in the outbox: a stop calls off the others by not posting."""
BATCH = 50
"""Recipients of one transaction, for which no page waits long."""


def send_mailings(now: datetime) -> int:
    """Draw the recipients of mailings whose hour has come, and post what the outbox has room for.

    A planned mailing becomes a draft again when one of its filters is gone, or when its step of the
    campaign leads to a fair without a date. Return how many messages were posted.
    """
    count = 0
    for edition in live_editions():
        with in_edition(edition.id):
            for mailing in _to_send(edition, now):
                if mailing.state == MailingState.PLANNED:
                    _draw(edition, mailing, now)
                if _count_ahead(current_session()) + BATCH <= AHEAD:
                    _leave_out(edition, mailing, now)
                    while posted := _post_batch(edition, mailing, now):
                        count += posted
                _end(mailing, now)
    return count


def stop(act: FairAct, mailing: Mailing) -> int:
    """Stop a sending: return how many messages that were to leave wait for its resumption.

    A message that is being sent leaves. Idempotent. Raises HasMovedOn.
    """
    with act.transaction(mailing) as session:
        if mailing.state == MailingState.STOPPED:
            return 0
        check_state(mailing.state, {MailingState.SENDING})
        waiting = (
            select(MailingRecipient, Message)
            .join(Message, Message.id == MailingRecipient.message_id)
            .where(
                MailingRecipient.mailing_id == mailing.id,
                MailingRecipient.state == RecipientState.POSTED,
                Message.status == MessageStatus.WAITING,
                or_(Message.leased_until.is_(None), Message.leased_until <= real_now()),
            )
            .with_for_update(of=Message)
        )
        rows = session.execute(waiting).all()
        for recipient, message in rows:
            recipient.state, message.status = RecipientState.WAITING, MessageStatus.CALLED_OFF
        if kind := AUDIENCES[mailing.audience].invited_as:
            addresses = [recipient.address for recipient, _ in rows]
            subjects = _other_subjects(session, mailing)
            unmark_invited(session, act.edition, kind, addresses, subjects)
        mailing.state = MailingState.STOPPED
        write_entry(
            session, act.actor, MailingAction.STOPPED, f"mailing:{mailing.id}", count=len(rows)
        )
    return len(rows)


def _other_subjects(session: Session, mailing: Mailing) -> list[str]:
    """Return the subjects of the messages of the other mailings to the same audience."""
    others = select(Mailing.id).where(
        Mailing.edition_id == mailing.edition_id,
        Mailing.audience == mailing.audience,
        Mailing.id != mailing.id,
    )
    return [f"mailing:{number}" for number in session.scalars(others)]


def resume(act: FairAct, mailing: Mailing) -> None:
    """Let a stopped sending go on. Idempotent. Raises HasMovedOn."""
    with act.transaction(mailing) as session:
        if mailing.state == MailingState.SENDING:
            return
        check_state(mailing.state, {MailingState.STOPPED})
        mailing.state = MailingState.SENDING
        write_entry(session, act.actor, MailingAction.RESUMED, f"mailing:{mailing.id}")


def _to_send(edition: Edition, now: datetime) -> Sequence[Mailing]:
    is_due = (Mailing.state == MailingState.PLANNED) & (Mailing.planned_at <= now)
    statement = (
        select(Mailing)
        .where(
            Mailing.edition_id == edition.id,
            or_(is_due, Mailing.state == MailingState.SENDING),
        )
        .order_by(Mailing.planned_at, Mailing.id)
    )
    return current_session().scalars(statement).all()


def _draw(edition: Edition, mailing: Mailing, now: datetime) -> None:
    selection = select_recipients(edition, mailing.audience, mailing.filters, now)
    is_step_of_no_date = mailing.days_before is not None and not edition.is_as_planned
    is_to_reread = is_step_of_no_date or gone_filters(edition, mailing.audience, mailing.filters)
    with transaction(mailing) as session:
        if mailing.state != MailingState.PLANNED:
            return
        if is_to_reread:
            mailing.planned_at, mailing.state = None, MailingState.DRAFT
            write_entry(session, SYSTEM, MailingAction.TAKEN_BACK, f"mailing:{mailing.id}")
            return
        rows = [_row(mailing, recipient, now) for recipient in selection.recipients]
        left_out = [_row(mailing, recipient, now) for recipient in selection.opposed]
        for row in left_out:
            row.state, row.reason, row.path = RecipientState.LEFT_OUT, OPPOSED, ""
        session.add_all([*rows, *left_out])
        mailing.state = MailingState.SENDING
        write_entry(session, SYSTEM, MailingAction.BEGUN, f"mailing:{mailing.id}", count=len(rows))


def _leave_out(edition: Edition, mailing: Mailing, now: datetime) -> None:
    """Leave out those whose turn has not come and whom the filters choose no more: they cancelled,
    answered, were erased."""
    session = current_session()
    waiting = select(MailingRecipient.id, MailingRecipient.key, MailingRecipient.address_key).where(
        MailingRecipient.mailing_id == mailing.id,
        MailingRecipient.state == RecipientState.WAITING,
    )
    rows = session.execute(waiting).all()
    if mailing.state != MailingState.SENDING or not rows:
        return
    selection = select_recipients(edition, mailing.audience, mailing.filters, now)
    chosen = [*selection.recipients, *selection.opposed]
    keys = {recipient.key for recipient in chosen}
    address_keys = {recipient.address.casefold() for recipient in chosen}
    gone = [row.id for row in rows if row.key not in keys and row.address_key not in address_keys]
    if gone:
        with transaction(mailing) as session:
            if mailing.state == MailingState.SENDING:
                session.execute(
                    update(MailingRecipient)
                    .where(MailingRecipient.id.in_(gone))
                    .values(state=RecipientState.LEFT_OUT, reason=CHOSEN_NO_MORE, path="")
                )


def _row(mailing: Mailing, recipient: Recipient, now: datetime) -> MailingRecipient:
    return MailingRecipient(
        mailing_id=mailing.id,
        address_key=recipient.address.casefold(),
        drawn_at=now,
        **asdict(recipient),
    )


def _post_batch(edition: Edition, mailing: Mailing, now: datetime) -> int:
    """Post to the next recipients, if the outbox has room; return how many were looked at."""
    with transaction(mailing) as session:
        if mailing.state != MailingState.SENDING:
            return 0
        room = min(BATCH, AHEAD - _count_ahead(session))
        if room <= 0:
            return 0
        recipients = session.scalars(
            select(MailingRecipient)
            .where(
                MailingRecipient.mailing_id == mailing.id,
                MailingRecipient.state == RecipientState.WAITING,
            )
            .order_by(MailingRecipient.id)
            .limit(room)
        ).all()
        opposed = opposed_of([recipient.address for recipient in recipients])
        keys = {row.key for row in recipients if row.address not in opposed}
        kind = AUDIENCES[mailing.audience].invited_as
        tokens = mark_all_invited(session, edition, kind, keys, now) if kind else {}
        for recipient in recipients:
            if recipient.address in opposed:
                recipient.state, recipient.reason = RecipientState.LEFT_OUT, OPPOSED
            else:
                token = tokens.get(recipient.key)
                path = f"/invitation/{token}" if token else recipient.path
                _post(session, edition, mailing, recipient, path)
                recipient.state = RecipientState.POSTED
            recipient.path = ""  # the message alone has the private address
    return len(recipients)


def _count_ahead(session: Session) -> int:
    """Return the messages of mailings not yet tried; those tried again later hold up nobody."""
    waiting = select(func.count()).where(
        Message.kind == KIND, Message.status == MessageStatus.WAITING, Message.attempts == 0
    )
    return session.scalar(waiting) or 0


def _post(
    session: Session, edition: Edition, mailing: Mailing, recipient: MailingRecipient, path: str
) -> None:
    """Post the message to a recipient, or the one that a stop called off."""
    if recipient.message_id is not None:
        message = session.get_one(Message, recipient.message_id, with_for_update=True)
        if message.status == MessageStatus.CALLED_OFF:
            queue_again(message)
        return
    reader = Recipient(
        recipient.key,
        recipient.address,
        recipient.name,
        recipient.greeting,
        recipient.commune,
        recipient.organisation,
        path,
        recipient.others,
    )
    recipient.message = outbox.post(
        session,
        KIND,
        recipient.address,
        about=f"mailing:{mailing.id}",
        urgent=False,
        **letter_context(edition, mailing, reader),
    )


def _end(mailing: Mailing, now: datetime) -> None:
    """Note the end of a sending once no message of it is to come."""
    if mailing.state == MailingState.SENDING and current_session().scalar(
        select(has_left(mailing.id))
    ):
        with transaction(mailing) as session:
            if mailing.state == MailingState.SENDING:
                mailing.state, mailing.ended_at = MailingState.SENT, now
                write_entry(session, SYSTEM, MailingAction.ENDED, f"mailing:{mailing.id}")
