"""Mailings with what became of them, and whom they are for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from salon.fair.models import Edition
from salon.mailings.engine import Recipient, one_per_address
from salon.mailings.models import Mailing, MailingRecipient, MailingState, RecipientState
from salon.mailings.queries.audiences import AUDIENCES
from salon.platform.database.db import current_session
from salon.platform.mail.oppositions import opposed as opposed_of
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.pages.lists.listing import FIRST_PAGE, Column, Listing, Page, PageRequest
from salon.platform.words.labels import LabelledEnum

OPPOSED = "Ne veut plus recevoir de message"
CHOSEN_NO_MORE = "Ne répond plus aux filtres"


class Fate(LabelledEnum):
    """What became of the message to a recipient."""

    SENT = "sent", "Envoyé"
    WAITING = "waiting", "En attente"
    REFUSED = "refused", "Refusé"
    LEFT_OUT = "left_out", "Laissé de côté"


FATE: ColumnElement[str] = case(
    (MailingRecipient.state == RecipientState.LEFT_OUT, Fate.LEFT_OUT.value),
    (MailingRecipient.state == RecipientState.WAITING, Fate.WAITING.value),
    (Message.status == MessageStatus.REFUSED, Fate.REFUSED.value),
    (Message.status == MessageStatus.CALLED_OFF, Fate.LEFT_OUT.value),
    (Message.status == MessageStatus.WAITING, Fate.WAITING.value),
    else_=Fate.SENT.value,
)
"""Of a recipient beside their message, if any: one whose message was destroyed since had it."""

RECIPIENTS = Listing(
    {
        "name": Column("Nom", MailingRecipient.name, MailingRecipient.organisation),
        "address": Column("Adresse", MailingRecipient.address_key),
        "fate": Column("État", FATE),
    },
    ties=(MailingRecipient.id,),
)


@dataclass(frozen=True)
class Selection:
    """Whom a mailing would write to now, and who is left out."""

    recipients: Sequence[Recipient]
    opposed: Sequence[Recipient]
    without_address: Sequence[Recipient]

    @property
    def people(self) -> int:
        """Return how many people or organisations the addresses stand for."""
        return sum(1 + recipient.others for recipient in self.recipients)


def select_recipients(
    edition: Edition, audience: str, filters: Mapping[str, str], now: datetime
) -> Selection:
    """Return whom the filters of an audience choose: one by address, those opposed apart.

    A filter that is gone chooses nobody.
    """
    is_known = not gone_filters(edition, audience, filters)
    everybody = AUDIENCES[audience].find(edition, filters, now) if is_known else ()
    by_address = one_per_address(everybody)
    opposed = opposed_of([recipient.address for recipient in by_address])
    return Selection(
        [recipient for recipient in by_address if recipient.address not in opposed],
        [recipient for recipient in by_address if recipient.address in opposed],
        [recipient for recipient in everybody if not recipient.address],
    )


def gone_filters(edition: Edition, audience: str, filters: Mapping[str, str]) -> list[str]:
    """Return the labels of the filters whose value the edition has no more, as a day or a hall."""
    chosen = AUDIENCES[audience]
    kept = chosen.filters_among(edition, filters)
    return [filter_.label for filter_ in chosen.filters if filter_.name in filters.keys() - kept]


def get_mailing(edition: Edition, mailing_id: int) -> Mailing:
    """Return a mailing of an edition. Raises NoResultFound."""
    statement = select(Mailing).where(Mailing.id == mailing_id, Mailing.edition_id == edition.id)
    return current_session().scalars(statement).one()


def mailings_of(edition: Edition, audiences: Collection[str]) -> Sequence[Mailing]:
    """Return the mailings to these audiences: those to finish or to come first, then the latest."""
    statement = (
        select(Mailing)
        .where(Mailing.edition_id == edition.id, Mailing.audience.in_(list(audiences)))
        .order_by(Mailing.state == MailingState.SENT, Mailing.id.desc())
    )
    return current_session().scalars(statement).all()


def fates_of(mailing_ids: Collection[int]) -> dict[int, dict[Fate, int]]:
    """Return the number of recipients by fate, for each of these mailings."""
    fates = {number: dict.fromkeys(Fate, 0) for number in mailing_ids}
    statement = (
        select(MailingRecipient.mailing_id, FATE, func.count())
        .outerjoin(Message, Message.id == MailingRecipient.message_id)
        .where(MailingRecipient.mailing_id.in_(list(mailing_ids)))
        .group_by(MailingRecipient.mailing_id, FATE)
    )
    for mailing_id, fate, count in current_session().execute(statement):
        fates[mailing_id][Fate(fate)] = count
    return fates


def recipients_page(mailing: Mailing, fate: Fate | None, request: PageRequest = FIRST_PAGE) -> Page:
    """Return a page of the recipients of a mailing with their fates, in the order of sending."""
    statement: Any = (
        select(MailingRecipient, FATE)
        .outerjoin(Message, Message.id == MailingRecipient.message_id)
        .where(MailingRecipient.mailing_id == mailing.id)
        .order_by(MailingRecipient.id)
    )
    if fate is not None:
        statement = statement.where(FATE.in_([fate.value]))
    return RECIPIENTS.page(statement, request, joinedload(MailingRecipient.message))


def keys_written_to(mailing: Mailing) -> Sequence[str]:
    """Return the keys of those whose message was handed over."""
    statement = select(MailingRecipient.key).where(
        MailingRecipient.mailing_id == mailing.id,
        MailingRecipient.state == RecipientState.POSTED,
    )
    return current_session().scalars(statement).all()


def has_left(mailing_id: int) -> ColumnElement[bool]:
    """Return the SQL condition that no message of a mailing is to come."""
    pending = (
        select(MailingRecipient.id)
        .outerjoin(Message, Message.id == MailingRecipient.message_id)
        .where(
            MailingRecipient.mailing_id == mailing_id,
            or_(
                MailingRecipient.state == RecipientState.WAITING,
                and_(
                    MailingRecipient.state == RecipientState.POSTED,
                    Message.status == MessageStatus.WAITING,
                ),
            ),
        )
    )
    return ~pending.exists()
