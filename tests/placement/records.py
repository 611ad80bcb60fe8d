"""Messages posted and journal entries written."""

from typing import Any

from sqlalchemy import select

from salon.exhibitors.models import Exhibitor
from salon.fair.models import Stand
from salon.placement import services
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.identity import Identity, Role
from salon.platform.mail.outbox import Message

ORGANISER = Identity(Role.ORGANISER, 1, "Olivia", "192.0.2.9")


def give(exhibitor: Exhibitor, stand: Stand, version: int | None = None) -> Exhibitor:
    version = exhibitor.version if version is None else version
    return services.give_stand(Act(ORGANISER), exhibitor.id, version, stand.id)


def messages(exhibitor: Exhibitor) -> list[dict[str, Any]]:
    stored_messages = current_session().scalars(
        select(Message)
        .where(Message.kind == "stand_given", Message.about == f"exhibitor:{exhibitor.id}")
        .order_by(Message.id)
    )
    return [message.context for message in stored_messages]


def state() -> list[tuple[str, int | None]]:
    current_session().rollback()
    rows = current_session().execute(
        select(Exhibitor.name, Exhibitor.stand_id).order_by(Exhibitor.id)
    )
    return [(name, stand_id) for name, stand_id in rows]
