"""Messages that an organiser reads: those about the edition, and for those with all rights, all."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, func, literal, or_, select

from salon.appointments.models import Appointment, WaitingEntry
from salon.badges.models import Attendee, Group
from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition, PartnerBody
from salon.invitations.models import OrganisationInvitation
from salon.mailings.models import Mailing
from salon.platform.database.db import current_session
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.pages.lists.listing import FIRST_PAGE, Column, Listing, Page, PageRequest
from salon.staffing.models import Agent, Exchange, StandIn

SUBJECTS = {
    "agent": Agent.id,
    "appointment": Appointment.id,
    "attendee": Attendee.id,
    "body": PartnerBody.id,
    "exchange": Exchange.id,
    "exhibitor": Exhibitor.id,
    "group": Group.id,
    "invitation": OrganisationInvitation.id,
    "mailing": Mailing.id,
    "stand_in": StandIn.id,
    "waiting": WaitingEntry.id,
}
"""Rows of an edition that a message is about (`exhibitor:12`)."""

MESSAGES = Listing(
    {
        "created": Column("Date", Message.id),
        "recipient": Column("Destinataire", Message.recipient),
        "status": Column("État", Message.status),
    },
    sort="-created",
    ties=(Message.id.desc(),),
)


@dataclass(frozen=True)
class MessageFilter:
    """Filters of the messages. `text`: part of the recipient's address."""

    text: str = ""
    status: str = ""


def about_edition(edition: Edition) -> ColumnElement[bool]:
    """Return the condition that a message is about an edition, which the session works in."""
    subjects = (
        Message.about.in_(select(literal(f"{kind}:") + cast(key, String)))
        for kind, key in SUBJECTS.items()
    )
    return or_(Message.about == f"edition:{edition.id}", *subjects)


def messages_page(
    readable: ColumnElement[bool], filters: MessageFilter, request: PageRequest = FIRST_PAGE
) -> Page:
    """Return a page of the readable messages, newest first."""
    statement = select(Message).where(readable).order_by(Message.id.desc())
    if filters.text:
        statement = statement.where(Message.recipient.icontains(filters.text, autoescape=True))
    if filters.status:
        statement = statement.where(Message.status == MessageStatus(filters.status))
    return MESSAGES.page(statement, request)


def get_message(readable: ColumnElement[bool], message_id: int) -> Message:
    """Return a readable message. Raises NoResultFound."""
    statement = select(Message).where(Message.id == message_id, readable)
    return current_session().scalars(statement).one()


def counts_by_status(readable: ColumnElement[bool]) -> dict[str, int]:
    """Return the number of readable messages by status."""
    statement = select(Message.status, func.count()).where(readable).group_by(Message.status)
    counts = {status.value: count for status, count in current_session().execute(statement)}
    return {status.value: counts.get(status.value, 0) for status in MessageStatus}
