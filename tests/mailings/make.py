"""Mailings made for tests: keyword arguments only, every one with a default."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from salon.fair.models import Edition
from salon.mailings.models import Mailing
from salon.mailings.services.drafts import Draft, plan, write_draft
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity, Role
from salon.platform.mail.outbox import Message, MessageStatus
from salon.platform.settings.clock import now
from tests.factories import act_in, new_key

BY = Identity(Role.ORGANISER, 1, "Dominique Roque")


def make_mailing(edition: Edition, **overrides: Any) -> Mailing:
    values: dict[str, Any] = {
        "subject": "Le parking change, {commune}",
        "text": "{civilité},\n\nLe parking **change**.\n\n{lien}",
        "audience": "people",
        "filters": {},
        **overrides,
    }
    return write_draft(act_in(edition, BY), Draft(**values), new_key())


def make_due(edition: Edition, at: datetime | None = None, **overrides: Any) -> Mailing:
    """Make a mailing that leaves at the worker's next turn."""
    mailing = make_mailing(edition, **overrides)
    plan(act_in(edition, BY, at or now()), mailing, None, new_key())
    return mailing


def posted(*statuses: MessageStatus) -> list[Message]:
    current_session().rollback()
    of_mailings = select(Message).where(Message.kind == "mailing").order_by(Message.id)
    messages = current_session().scalars(of_mailings).all()
    return [message for message in messages if not statuses or message.status in statuses]
